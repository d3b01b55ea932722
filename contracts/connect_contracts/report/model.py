"""The data of a report: plain, so that it travels between processes and into JSON files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from connect_contracts.chapters.catalogue import Catalogue
from connect_contracts.model.cause import Cause
from connect_contracts.model.clause import Level
from connect_contracts.model.evidence import Strength
from connect_contracts.model.parts import PARTS, part_of, with_sub_parts
from connect_contracts.model.verdict import Verdict
from connect_contracts.report.causes import CauseReport
from connect_contracts.report.comparison import Comparison
from connect_contracts.report.laws import SearchSummary

SCHEMA = 1
"""The version of the schema of reports, ``schemas/report-1.json``."""


EventKind = Literal["step", "twin", "connected", "handshake", "request", "answer", "note", "closed"]
Sender = Literal["client", "target"]


class ExchangeEvent(msgspec.Struct, frozen=True):
    """Something that happened between the client and the targets; without secrets.

    Parameters:
        at: Milliseconds since the first event.
        sender: Whose it is; ``None`` for what both or neither did.
        details: What belongs to it at length: headers, a body.
    """

    kind: EventKind
    text: str
    at: float = 0.0
    target: str = ""
    connection: int | None = None
    sender: Sender | None = None
    details: tuple[str, ...] = ()


class CaseReport(msgspec.Struct, frozen=True):
    """What is said of one case.

    Parameters:
        verdict: The word of its verdict.
        expected, observed: What must have been seen, and what was.
        evidence, strength: By what a refusal was decided, and the word of its ``Strength``.
        broken: The clause that was broken, where it is not the case's own; the level is that
            clause's then.
        transcript: What went over the wire, for a case that did not pass.
        replay: The command that judges this case alone.
        outcome: How the judged step ended, in words; also given of a case that passed.
        alert: The first fatal alert of that step, and who sent it: ``unknown_ca by client``.
        lacks: The documented part that was not found, for which it is not testable.
        not_offered: The part that the adapter says is not offered, for which it is not applicable.
        undecided: Why it is inconclusive, if it is.
        causes: What is wrong with it; without secrets.
        exchange: What ``transcript`` has, as data.
        would_be: The word of the verdict that it would have, if its clause were not newer than
            what is pinned; its verdict is ``observed``.
        law: The law that it breaks, if a search found it.
        reasons: Why it is known, if it is: of each expected failure that declares it.
        not_served: The operations that the client asked for and the targets do not serve.
    """

    id: str
    clause: str
    level: str
    description: str
    verdict: str
    scenario: str = ""
    expected: str = ""
    observed: str = ""
    evidence: str | None = None
    transcript: tuple[str, ...] = ()
    replay: str = ""
    seconds: float = 0.0
    depth: str = "core"
    recipe: str | None = None
    outcome: str = ""
    alert: str | None = None
    strength: str | None = None
    broken: str | None = None
    lacks: str | None = None
    not_offered: str | None = None
    undecided: str | None = None
    causes: tuple[Cause, ...] = ()
    exchange: tuple[ExchangeEvent, ...] = ()
    would_be: str | None = None
    law: str | None = None
    reasons: tuple[str, ...] = ()
    not_served: tuple[str, ...] = ()

    @property
    def why(self) -> tuple[str, ...]:
        """Why it is known, or was not judged: what cases of one verdict are grouped by."""
        return self.reasons or (self.observed,)


class JudgedCase(msgspec.Struct, frozen=True):
    """A case as it travels: with the implementation that it is about.

    ``depth`` is that of the run; ``search`` is the name of the search settings of a law, and
    ``found`` has what breaks it.
    """

    implementation: str
    profile: str
    because: str
    case: CaseReport
    depth: str = "default"
    remarks: tuple[str, ...] = ()
    search: str = ""
    found: tuple[CaseReport, ...] = ()


PROPERTY = "connect_contract"
"""The name under which a ``JudgedCase``, as plain JSON, stands in a report's user properties."""


def judged_case(properties: Iterable[tuple[str, object]]) -> JudgedCase | None:
    """The case that the user properties of a test report tell about; ``None`` without one."""
    for name, value in properties:
        if name == PROPERTY:
            return msgspec.convert(value, JudgedCase)
    return None


class ClauseReport(msgspec.Struct, frozen=True):
    """What is said of one clause, and of each of its cases."""

    id: str
    level: str
    verdict: str
    statement: str
    source: str
    cases: tuple[CaseReport, ...]


class Summary(msgspec.Struct, frozen=True):
    """Counts of clauses, and of the suite's own cases, by verdict.

    ``levels`` counts cases for each level: a clause may have cases of several, and what is
    documented is never mixed with what is not. ``evidence`` counts passed refusals, the strongest
    first.
    """

    verdicts: dict[str, int]
    levels: dict[str, dict[str, int]]
    cases: dict[str, int]
    evidence: dict[str, int]


class Distribution(msgspec.Struct, frozen=True):
    """An installed distribution."""

    name: str
    version: str


class Machine(msgspec.Struct, frozen=True):
    """What a run ran on: the operating system, the version of Python, Python's TLS library."""

    platform: str
    python: str
    tls: str


class RunSettings(msgspec.Struct, frozen=True):
    """What a run was asked for, besides implementation, profile and depth.

    Parameters:
        select: The ids that were chosen; none for all.
        workers: As ``-n`` was given.
        expected_failures, regressions, compare_with: As they were given, from the working folder.
    """

    select: tuple[str, ...] = ()
    workers: str | None = None
    expected_failures: str | None = None
    regressions: str | None = None
    compare_with: str | None = None
    require_all: bool = False
    require_evidence: bool = False
    max_causes: int | None = None
    since: str | None = None
    search: str | None = None
    known_deviations: bool = True


class Capabilities(msgspec.Struct, frozen=True):
    """The parts of an implementation, by their names in ``without``.

    Parameters:
        declared_missing: What it declares as not offered, with all that is within.
        found_missing: What was not found, and is not declared.
        offered: The others.
    """

    offered: tuple[str, ...]
    declared_missing: tuple[str, ...] = ()
    found_missing: tuple[str, ...] = ()


class RunReport(msgspec.Struct, frozen=True):
    """What is said of one implementation.

    Parameters:
        because: Why it is held to this profile.
        version: Of this suite.
        notes: What else the reader must know, for instance that the run was interrupted.
        regressions: The capsules that were replayed, each as a case; its id is its file's name.
        deeper: How many cases of the selection each greater depth would add to the one before it.
        remarks: What else the head of the run says of the implementation.
        causes: What is wrong, each cause once, with the ids of all its cases.
        reasons: Why the exit status is not 0, in a few words each.
        schema: The version of the form of the report.
        clients: The distributions that the implementation's module comes from, where known.
        started: When the run began, in UTC, as in RFC 3339; empty in reports that say nothing.
        seconds: How long it took.
        capabilities: What the implementation offers, as far as the run knows.
        search: What the search says besides; its failures are cases of the clauses they break.
    """

    implementation: str
    profile: str
    because: str
    depth: str
    version: str
    exit_status: int
    summary: Summary
    clauses: tuple[ClauseReport, ...]
    notes: tuple[str, ...] = ()
    deeper: dict[str, int] = msgspec.field(default_factory=dict)
    regressions: tuple[CaseReport, ...] = ()
    comparison: Comparison | None = None
    remarks: tuple[str, ...] = ()
    causes: tuple[CauseReport, ...] = ()
    reasons: tuple[str, ...] = ()
    schema: int = SCHEMA
    clients: tuple[Distribution, ...] = ()
    machine: Machine | None = None
    settings: RunSettings | None = None
    started: str = ""
    seconds: float = 0.0
    capabilities: Capabilities | None = None
    search: SearchSummary | None = None

    @property
    def runs(self) -> tuple[RunReport, ...]:
        """This one alone: as of several runs together."""
        return (self,)

    @property
    def cases(self) -> tuple[CaseReport, ...]:
        """The cases of all clauses, without the capsules."""
        return tuple(case for clause in self.clauses for case in clause.cases)

    @property
    def judged(self) -> tuple[CaseReport, ...]:
        """The cases, and the capsules."""
        return (*self.cases, *self.regressions)


class RunReports(msgspec.Struct, frozen=True):
    """Several runs together."""

    runs: tuple[RunReport, ...]


def verdict_of_clause(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict of a clause whose cases have ``verdicts``: the heaviest."""
    return max(verdicts, key=lambda verdict: verdict.weight)


def clause_reports(cases: Sequence[CaseReport], of: Catalogue) -> tuple[ClauseReport, ...]:
    """The clauses that ``cases`` belong to, in the order of the catalogue; of laws at the end."""
    by_clause: dict[str, list[CaseReport]] = {}
    for case in cases:
        by_clause.setdefault(case.clause, []).append(case)
    order = list(of.cases)

    def place(case: CaseReport) -> int:
        return len(order) if case.law is not None else order.index(case.id)

    return tuple(
        ClauseReport(
            id=clause.id,
            level=clause.level,
            verdict=verdict_of_clause(
                Verdict.of(case.verdict) for case in by_clause[clause.id]
            ).word,
            statement=clause.statement,
            source=clause.source,
            cases=tuple(sorted(by_clause[clause.id], key=place)),
        )
        for clause in of.clauses.values()
        if clause.id in by_clause
    )


def summarise(clauses: Sequence[ClauseReport]) -> Summary:
    cases = [case for clause in clauses for case in clause.cases if case.law is None]
    levels = [level.value for level in Level if any(case.level == level for case in cases)]
    return Summary(
        verdicts=counted(clause.verdict for clause in clauses),
        levels={
            level: counted(case.verdict for case in cases if case.level == level)
            for level in levels
        },
        cases=counted(case.verdict for case in cases),
        evidence=_by_strength(cases),
    )


def _by_strength(cases: Sequence[CaseReport]) -> dict[str, int]:
    given = [case.strength for case in cases if case.verdict == Verdict.PASSED.word]
    return {
        strength.word: given.count(strength.word) for strength in Strength if strength.word in given
    }


def parts_not_found(cases: Iterable[CaseReport]) -> list[str]:
    """The documented parts for whose lack some of ``cases`` are not testable."""
    return sorted({case.lacks for case in cases if case.lacks is not None})


def capabilities(
    declared: Iterable[str], not_found: Iterable[str], cases: Sequence[CaseReport]
) -> Capabilities:
    """The parts of an implementation: ``declared`` as missing, ``not_found`` by name, the others.

    What a case was not testable for was not found either, and an adapter may say in a case that a
    part is not offered.
    """
    said = filter(None, (case.not_offered for case in cases))
    missing = with_sub_parts([*declared, *said])
    names = filter(None, map(part_of, [*not_found, *parts_not_found(cases)]))
    found = [part for part in with_sub_parts(names) if part not in missing]
    offered = [part for part in PARTS if part not in (*missing, *found)]
    return Capabilities(tuple(offered), missing, tuple(found))


def counted(words: Iterable[str]) -> dict[str, int]:
    """How often each word comes; verdicts in the order of their table, others by number."""
    counts: Mapping[str, int] = Counter(words)
    order = [verdict.word for verdict in Verdict]

    def place(word: str) -> tuple[int, int, str]:
        return (order.index(word) if word in order else len(order), -counts[word], word)

    return {word: counts[word] for word in sorted(counts, key=place)}
