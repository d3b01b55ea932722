"""What a search came to, as data and on the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec
from rich.console import Console

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.checks.wire_checks.check_result import count
from connect_contracts.judging.settings import UnderTest
from connect_contracts.model.verdict import Verdict, exit_status
from connect_contracts.regressions.capsule import without_places
from connect_contracts.regressions.report import ReplayReport
from connect_contracts.report.failure import failure_text
from connect_contracts.report.model import CaseReport, counted
from connect_contracts.report.output import line
from connect_contracts.report.scenario_line import scenario_line
from connect_contracts.report.terminal import STYLES
from connect_contracts.search.search import PartDone, Undecided

INTERRUPTED = (
    "interrupted: only what came before it is told; what was found is as it was found, or partly "
    "made small, and no capsule of it is written"
)


class Coverage(msgspec.Struct, frozen=True):
    """How many pairs of values of a scenario's dimensions were met, of how many there are."""

    met: int
    possible: int


class SearchReport(msgspec.Struct, frozen=True):
    """What a search came to.

    Parameters:
        because: Why the implementation is held to this profile.
        settings: The name of the search settings.
        scenarios: How many distinct scenarios were examined.
        verdicts: How often each verdict came; a scenario that two laws draw is examined twice.
        coverage: The pairs that these scenarios meet.
        found: Each distinct failure, made small.
        files: The files of their capsules, where they were written, in the same order.
        known: How often a way of failing came up that is pinned as known.
        replayed: What became of the capsules that were there before.
        notes: What else the reader must know.
        undecided: The first scenario that could not be judged, and why.
        remarks: What else the head of the search says of the implementation.
    """

    implementation: str
    profile: str
    because: str
    settings: str
    scenarios: int
    verdicts: dict[str, int]
    coverage: Coverage
    found: tuple[CaseReport, ...]
    files: tuple[str, ...]
    known: int
    replayed: tuple[ReplayReport, ...]
    notes: tuple[str, ...]
    undecided: Undecided | None
    exit_status: int
    remarks: tuple[str, ...] = ()


class SearchReports(msgspec.Struct, frozen=True):
    """Several searches together."""

    searches: tuple[SearchReport, ...]


def search_report(
    subject: UnderTest,
    settings: str,
    parts: Sequence[PartDone],
    found: Sequence[CaseReport],
    files: Sequence[str],
    replayed: Sequence[ReplayReport],
    *,
    known: int = 0,
    interrupted: bool = False,
) -> SearchReport:
    """The report of a search of these parts.

    Parameters:
        known: How many distinct failures turned out, made small, to be pinned as known.
        interrupted: Whether it was interrupted after the search of its parts, or before.
    """
    from connect_contracts.search.strategies.covering import pairs_met

    examined = [one for part in parts for one in part.examined]
    verdicts: Counter[str] = Counter()
    for part in parts:
        verdicts.update(part.verdicts)
    pairs = pairs_met((one.values for one in examined if one.values), subject.profile)
    known += sum(part.known for part in parts)
    interrupted = interrupted or any(part.interrupted for part in parts)
    status = _status(parts, found, replayed)
    return SearchReport(
        implementation=subject.implementation.name,
        profile=subject.profile,
        because=subject.because,
        settings=settings,
        scenarios=len({msgspec.json.encode(one.scenario) for one in examined}),
        verdicts=counted(verdicts.elements()),
        coverage=Coverage(pairs.met, pairs.possible),
        found=tuple(found),
        files=tuple(files),
        known=known,
        replayed=tuple(replayed),
        notes=(*((INTERRUPTED,) if interrupted else ()), *_notes(parts)),
        undecided=first_undecided(parts),
        exit_status=2 if interrupted and status == 0 else status,
        remarks=subject.remarks,
    )


def _status(
    parts: Sequence[PartDone], found: Sequence[CaseReport], replayed: Sequence[ReplayReport]
) -> int:
    words = [word for part in parts for word in part.verdicts]
    failing = (Verdict.FAILED.word, Verdict.HANG.word)
    # What failed is counted by what was found: what is pinned as known is not in there.
    verdicts = [Verdict.KNOWN if word in failing else Verdict.of(word) for word in words]
    verdicts += [Verdict.of(one.verdict) for one in found]
    verdicts += [Verdict.of(one.report.verdict) for one in replayed if one.report is not None]
    return exit_status(verdicts)


def _notes(parts: Sequence[PartDone]) -> Iterable[str]:
    if any(part.cut_short for part in parts):
        yield "the search was cut short: too many calls had not ended at their limit"
    undecided = first_undecided(parts)
    if undecided is not None:
        yield undecided_text(undecided)


def first_undecided(parts: Iterable[PartDone]) -> Undecided | None:
    """The first scenario that could not be judged."""
    return next((part.undecided for part in parts if part.undecided), None)


def undecided_text(undecided: Undecided) -> str:
    """A sentence about a scenario that could not be judged, and what is done in it."""
    told = f"some scenarios could not be judged, for instance: {without_places(undecided.why)}"
    return f"{told}\n  {scenario_line(undecided.scenario)}"


def show_replayed(console: Console, replayed: Iterable[ReplayReport], *, at_length: bool) -> None:
    """A line for each capsule, and after it the report of what fails still or otherwise."""
    for one in replayed:
        status = Verdict.of(one.report.verdict).status if one.report is not None else 2
        why = f": {one.why}" if one.why else ""
        line(console, f"{one.file}: {one.outcome}{why}", STYLES[status])
        if at_length and status == 1 and one.report is not None:
            line(console, failure_text(catalogue().clauses[one.report.clause], one.report))
            line(console, "")


def show_search(console: Console, report: SearchReport) -> None:
    """All of a report but its heading."""
    for one in report.found:
        console.rule(style=STYLES[1])
        line(console, failure_text(catalogue().clauses[one.clause], one))
    if report.found:
        console.rule(style=STYLES[1])
    for note in report.notes:
        line(console, note, "yellow")
    for file in report.files:
        line(console, f"written: {file}")
    verdicts = ", ".join(f"{number} {word}" for word, number in report.verdicts.items())
    pairs = report.coverage
    examined = sum(report.verdicts.values())
    times = "" if examined == report.scenarios else f", examined {count(examined, 'time')}"
    line(
        console,
        f"{count(report.scenarios, 'distinct scenario')}{times}: {verdicts}; "
        f"{pairs.met} of {pairs.possible} pairs of values met",
    )
    known = f", {report.known} as known" if report.known else ""
    line(
        console,
        f"{count(len(report.found), 'distinct failure')}{known}; exit status {report.exit_status}",
        STYLES[report.exit_status],
    )
