"""What was wrong in a run, each cause once: its plainest case whole, the others by id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from connect_contracts.checks.wire_checks.check_result import count
from connect_contracts.model.clause import Clause
from connect_contracts.model.verdict import Verdict
from connect_contracts.report.case_report import (
    WIDTH,
    failure_text,
    first_where,
    labelled,
    where_lines,
)
from connect_contracts.report.causes import CauseReport, where_of
from connect_contracts.report.model import CaseReport, counted

MOST_IDS = 4
"""Cases that are named by their ids; of more, the clauses and their numbers. Clauses that are named
as broken, where cases of others broke them."""
MOST_CLAUSES = 12
"""Clauses that are named in a line."""
MOST_OPERATIONS = 6
"""Operations that are named of those that targets do not serve."""


def cause_texts(
    causes: Sequence[CauseReport],
    cases: Iterable[CaseReport],
    clauses: Mapping[str, Clause],
    width: int = WIDTH,
    *,
    whole: bool = True,
) -> Iterator[tuple[CauseReport, str]]:
    """Each cause with its text, no wider than ``width`` where a line may be folded or cut.

    ``whole``: with all that is known of its plainest case.
    """
    by_id = {case.id: case for case in cases}
    told: set[str] = set()
    grouped: set[str] = set()
    for number, cause in enumerate(causes, 1):
        plainest, *others = every = [by_id[name] for name in cause.cases]
        verdicts = counted(case.verdict for case in every)
        extent = ", ".join(f"{times} {word}" for word, times in verdicts.items())
        # Of the cases, as below: all of them may break one other clause, as that about secrets.
        # A law has none, nor has a capsule that was not replayed.
        own = {case.clause for case in every if case.clause}
        within = f", in {count(len(own), 'clause')}" if own else ""
        clauses_of = [clause for clause in cause.clauses if clause]
        elsewhere = own != {*clauses_of} and len(clauses_of) <= MOST_IDS
        broken = f"; broken: {', '.join(clauses_of)}" if elsewhere else ""
        lines = [f"cause {number} of {len(causes)}: {extent}{within}{broken}"]
        lines += labelled("key", cause.key, None)
        lines += labelled("demanded", cause.demanded, width)
        # The key of a case that has no cause of its own says it too.
        seen = "" if cause.key == f"{cause.verdict} | {cause.seen}" else cause.seen
        lines += labelled("seen", seen, width)
        lines += labelled("known", cause.known or "", width)
        # What is wrong besides, in cases that an earlier cause has: their reports have the rest.
        besides = grouped.issuperset(cause.cases)
        short = besides or plainest.id in told or not whole or cause.known is not None
        # A mistake that was found before all of them says nothing of the plainest.
        of_harness = cause.verdict == Verdict.HARNESS_ERROR.word and not plainest.expected
        short = short or (of_harness and bool(others) and plainest.observed == cause.seen)
        where = where_of(cause, plainest)
        # The text of a case has where its first mistake is.
        lines += where_lines(where if short or where != first_where(plainest.causes) else ())
        if short:
            lines += labelled("plainest", plainest.id, width)
        else:
            clause = clauses.get(plainest.broken or plainest.clause)
            lines += ["", failure_text(clause, plainest, width)]
        told.add(plainest.id)
        grouped.update(cause.cases)
        if others:
            lines += labelled("also", named(others), width)
        yield cause, "\n".join(lines)


def by_reason(cases: Iterable[CaseReport]) -> dict[str, list[CaseReport]]:
    """``cases`` by why they are known or were not judged; one with several reasons is in each."""
    found: dict[str, list[CaseReport]] = {}
    for case in cases:
        for reason in case.why:
            found.setdefault(reason, []).append(case)
    return found


def named(cases: Sequence[CaseReport]) -> str:
    """``cases`` in a line: a few by id, more by clause and number."""
    if len(cases) <= MOST_IDS:
        return ", ".join(case.id for case in cases)
    numbers = Counter(case.clause or case.id for case in cases)
    texts = [f"{clause} ({number})" if number > 1 else clause for clause, number in numbers.items()]
    left = len(texts) - MOST_CLAUSES
    more = f" and {count(left, 'more clause')}" if left > 0 else ""
    return f"{len(cases)} cases of {', '.join(texts[:MOST_CLAUSES])}{more}"


def not_served_lines(cases: Iterable[CaseReport]) -> list[str]:
    """What the client asked for in ``cases`` and targets do not serve, in a line.

    What a known failure asked for is told with its reason.
    """
    told = (Verdict.KNOWN.word, Verdict.FLAKY.word)
    others = (case for case in cases if case.verdict not in told)
    asked = Counter(operation for case in others for operation in case.not_served)
    if not asked:
        return []
    shown = [f"{operation} ({count(number, 'case')})" for operation, number in asked.items()]
    left = len(shown) - MOST_OPERATIONS
    more = f" and {count(left, 'more operation')}" if left > 0 else ""
    return [
        f"asked for, and not served by fake targets: {', '.join(shown[:MOST_OPERATIONS])}{more}"
    ]
