"""Cases grouped by what was wrong with them: each cause once, with its plainest case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from connect_contracts.checks.causes import broken_by
from connect_contracts.model.cause import Cause, CodeLine
from connect_contracts.model.clause import Depth, Level
from connect_contracts.model.verdict import Verdict

if TYPE_CHECKING:
    from connect_contracts.report.model import CaseReport


class CauseReport(msgspec.Struct, frozen=True):
    """What is said of one cause.

    A case has as many causes as it has mistakes of different kinds: a leaked secret is one beside
    whatever else is wrong.

    Parameters:
        key, demanded, seen: As of ``Cause``; the words are those of the plainest case.
        verdict: The heaviest verdict of its cases.
        plainest: The id of the case that shows it best: one that broke the contract if any did;
            whose first mistake it is; of the lowest depth; of the strictest level; with the
            shortest scenario.
        cases: The ids of all its cases, the plainest first.
        clauses: The ids of the clauses that they break, in the same order.
        known: Why it is expected, where none of its cases fails by it.
    """

    key: str
    verdict: str
    demanded: str
    seen: str
    plainest: str
    cases: tuple[str, ...]
    clauses: tuple[str, ...]
    known: str | None = None


def causes_of(case: CaseReport) -> tuple[Cause, ...]:
    """The causes of a case that failed or was not decided; one that has none is its own cause."""
    verdict = Verdict.of(case.verdict)
    if not verdict.status or verdict is Verdict.NOT_RUN:
        return ()
    if case.causes:
        return case.causes
    lines = case.observed.strip().split("\n")
    # That of a harness error is a traceback.
    said = lines[-1] if verdict is Verdict.HARNESS_ERROR else lines[0]
    return (Cause(f"{case.verdict} | {said}", case.expected, said),)


def clause_of(case: CaseReport, cause: Cause) -> str:
    """The id of the clause that ``case`` breaks by ``cause``."""
    return broken_by(cause.key, case.broken or case.clause)


def where_of(cause: CauseReport, plainest: CaseReport | None) -> tuple[CodeLine, ...]:
    """The client's own lines of ``cause``, innermost last, as its plainest case has them."""
    own = () if plainest is None else causes_of(plainest)
    return next((each.where for each in own if each.key == cause.key), ())


def cause_reports(cases: Iterable[CaseReport]) -> tuple[CauseReport, ...]:
    """The causes of all ``cases``: failures first, then by the strictest level, then by count.

    What is expected beside them comes last.
    """
    by_key: dict[str, list[tuple[CaseReport, Cause]]] = {}
    for case in cases:
        for cause in causes_of(case):
            by_key.setdefault(cause.key, []).append((case, cause))
    return tuple(_report(found) for found in sorted(by_key.values(), key=_place))


def _report(found: list[tuple[CaseReport, Cause]]) -> CauseReport:
    ordered = sorted(found, key=lambda each: _plainness(*each))
    (plainest, cause), cases = ordered[0], [case for case, _ in ordered]
    clauses = dict.fromkeys(clause_of(*each) for each in ordered)
    verdict = max((Verdict.of(case.verdict) for case in cases), key=lambda each: each.weight)
    return CauseReport(
        cause.key,
        verdict.word,
        cause.demanded,
        cause.seen,
        plainest.id,
        tuple(case.id for case in cases),
        tuple(clauses),
        cause.known if _all_known(found) else None,
    )


def _all_known(found: list[tuple[CaseReport, Cause]]) -> bool:
    return all(cause.known is not None for _, cause in found)


def _strictness(case: CaseReport) -> int:
    return list(Level).index(Level(case.level))


def _plainness(case: CaseReport, cause: Cause) -> tuple[int, bool, int, int, int, str]:
    first = not case.causes or case.causes[0].key == cause.key
    return (
        Verdict.of(case.verdict).status,
        not first,
        list(Depth).index(Depth(case.depth)),
        _strictness(case),
        len(case.scenario),
        case.id,
    )


def _place(found: list[tuple[CaseReport, Cause]]) -> tuple[bool, int, int, int, str]:
    status, level = min((Verdict.of(case.verdict).status, _strictness(case)) for case, _ in found)
    return _all_known(found), status, level, -len(found), found[0][1].key
