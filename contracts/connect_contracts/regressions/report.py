"""Reports of capsules that were replayed and of searches, as data and on the terminal."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
from rich.console import Console

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.checks.wire_checks.check_result import count
from connect_contracts.judging.settings import UnderTest
from connect_contracts.judging.verify import Verified
from connect_contracts.model.clause import Level
from connect_contracts.model.verdict import Verdict, exit_status
from connect_contracts.regressions.capsule import without_places
from connect_contracts.regressions.replay import Outcome, Replayed
from connect_contracts.report.case_report import case_report, failure_text
from connect_contracts.report.model import CaseReport, counted
from connect_contracts.report.output import line
from connect_contracts.report.scenario_line import scenario_line
from connect_contracts.report.terminal import STYLES
from connect_contracts.search.search import PartDone, Undecided
from connect_contracts.search.strategies.covering import Coverage, pairs_met
from connect_harness.transcript import one_line


class ReplayReport(msgspec.Struct, frozen=True):
    """What is reported of one capsule; ``why`` it is known, or cannot be judged."""

    file: str
    outcome: str
    why: str
    report: CaseReport


def replay_report(replayed: Replayed, subject: UnderTest) -> ReplayReport:
    explained = replayed.outcome in (Outcome.KNOWN, Outcome.NOT_JUDGED)
    why = without_places(replayed.why) if explained else ""
    name, report = one_line(replayed.path.name), capsule_case_report(replayed, subject)
    return ReplayReport(name, replayed.outcome.value, why, report)


def capsule_case_report(replayed: Replayed, subject: UnderTest) -> CaseReport:
    """The report of the case that a capsule is; its id is the name of the file."""
    verdict = replayed.outcome.verdict
    replay = _replay_command(subject, replayed.path)
    if replayed.verified is None or replayed.capsule is None:
        return CaseReport(
            id=one_line(replayed.path.name),
            clause="",
            level=Level.DOCUMENTED,
            description="",
            verdict=verdict.word,
            observed=replayed.why,
            replay=replay,
        )
    judgement = msgspec.structs.replace(replayed.verified.judgement, verdict=verdict)
    if replayed.outcome in (Outcome.KNOWN, Outcome.FAILING_OTHERWISE, Outcome.NOT_JUDGED):
        seen = f"{replayed.outcome}: {replayed.why}"
        judgement = msgspec.structs.replace(judgement, seen=seen)
    report = case_report(replayed.verified, judgement, replay=replay, seconds=0.0)
    return msgspec.structs.replace(
        report, id=one_line(replayed.path.name), clause=replayed.capsule.clause, depth="core"
    )


def _replay_command(subject: UnderTest, path: Path | None) -> str:
    """The command that replays a file; empty without a file, or a name of the implementation."""
    reference = subject.implementation.reference
    if reference is None or path is None:
        return ""
    return shlex.join(["connect-contract", "replay", str(path), "--connect", reference])


def breach_report(verified: Verified, subject: UnderTest, file: Path | None) -> CaseReport:
    """The report of a failure that a search found; ``file`` is its capsule, if it was written."""
    replay = _replay_command(subject, file)
    return case_report(verified, verified.judgement, replay=replay, seconds=0.0)


INTERRUPTED = (
    "interrupted: this report has only what was found before. Scenarios may be larger than they "
    "need to be, and no capsules are written"
)


class SearchReport(msgspec.Struct, frozen=True):
    """The result of a search.

    Parameters:
        scenarios: How many distinct scenarios were examined.
        verdicts: How often each verdict came; a scenario that two laws draw is examined twice.
        found: Each distinct failure, made small.
        files: The files of their capsules, where they were written, in the same order.
        known: How often a way of failing came up that is pinned as known.
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

    ``known`` distinct failures turned out, made small, to be pinned as known.
    """
    examined = [drawn for part in parts for drawn in part.examined]
    verdicts = sum((Counter(part.verdicts) for part in parts), Counter[str]())
    known += sum(part.known for part in parts)
    interrupted = interrupted or any(part.interrupted for part in parts)
    status = _status(parts, found, replayed)
    return SearchReport(
        implementation=subject.implementation.name,
        profile=subject.profile,
        because=subject.because,
        settings=settings,
        scenarios=len({msgspec.json.encode(drawn.scenario) for drawn in examined}),
        verdicts=counted(verdicts.elements()),
        coverage=pairs_met((drawn.values for drawn in examined if drawn.values), subject.profile),
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
    verdicts += [Verdict.of(case.verdict) for case in found]
    verdicts += [Verdict.of(replay.report.verdict) for replay in replayed]
    return exit_status(verdicts)


def _notes(parts: Sequence[PartDone]) -> Iterator[str]:
    if any(part.cut_short for part in parts):
        yield "the search was cut short: too many calls had not ended at their limit"
    if (undecided := first_undecided(parts)) is not None:
        yield undecided_text(undecided)


def first_undecided(parts: Iterable[PartDone]) -> Undecided | None:
    return next((part.undecided for part in parts if part.undecided), None)


def undecided_text(undecided: Undecided) -> str:
    """A sentence about a scenario that could not be judged, and what is done in it."""
    why = f"some scenarios could not be judged, for instance: {without_places(undecided.why)}"
    return f"{why}\n  {scenario_line(undecided.scenario)}"


def show_replayed(console: Console, replay: ReplayReport) -> None:
    status = Verdict.of(replay.report.verdict).status
    why = f": {replay.why}" if replay.why else ""
    line(console, f"{replay.file}: {replay.outcome}{why}", STYLES[status])
    if status == 1:
        line(console, failure_text(catalogue().clauses[replay.report.clause], replay.report))
        line(console, "")


def show_search(console: Console, report: SearchReport) -> None:
    """All of a report but its heading."""
    for case in report.found:
        console.rule(style=STYLES[1])
        line(console, failure_text(catalogue().clauses[case.clause], case))
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
