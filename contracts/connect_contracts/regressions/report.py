"""Reports of capsules that were replayed, as data and on the terminal; of what is not judged."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path

import msgspec
from rich.console import Console

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.judging.judgement import Judgement
from connect_contracts.judging.settings import Settings, UnderTest
from connect_contracts.model.clause import Level
from connect_contracts.model.verdict import Verdict
from connect_contracts.regressions.capsule import without_places
from connect_contracts.regressions.replay import Outcome, Replayed
from connect_contracts.report.case_report import case_report, failure_text
from connect_contracts.report.model import CaseReport
from connect_contracts.report.output import line
from connect_contracts.report.scenario_line import scenario_line
from connect_contracts.report.terminal import STYLES
from connect_contracts.search.search import PartDone, Undecided
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


def capsule_case_report(
    replayed: Replayed, subject: UnderTest, settings: Settings | None = None
) -> CaseReport:
    """The report of the case that a capsule is; its id is the name of the file.

    Parameters:
        settings: Say which causes are known, and which version is pinned.
    """
    verdict = replayed.outcome.verdict
    replay = replay_command(subject, replayed.path)
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
    clause = catalogue().clauses[replayed.capsule.clause]
    judgement = (settings or Settings()).judge_found(clause, judgement, subject)
    report = case_report(replayed.verified, judgement, replay=replay, seconds=0.0)
    return msgspec.structs.replace(
        report, id=one_line(replayed.path.name), clause=replayed.capsule.clause, depth="core"
    )


def replay_command(subject: UnderTest, path: Path | None) -> str:
    """The command that replays a file; empty without a file, or a name of the implementation."""
    reference = subject.implementation.reference
    if reference is None or path is None:
        return ""
    return shlex.join(["connect-contract", "replay", str(path), "--connect", reference])


def first_undecided(
    parts: Iterable[PartDone], settings: Settings, subject: UnderTest
) -> Undecided | None:
    """The first scenario that could not be judged for a reason that is not known."""
    for undecided in (one for part in parts for one in part.undecided):
        if undecided.broken is None:
            return undecided
        twin = Judgement(Verdict.FAILED, broken=undecided.broken, causes=undecided.causes)
        clause = catalogue().clauses[undecided.broken]
        if settings.judge_found(clause, twin, subject).verdict.status:
            return undecided
    return None


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
