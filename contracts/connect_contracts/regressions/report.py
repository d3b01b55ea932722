"""What is said of a failure that a search found, or of a capsule that was replayed."""

from __future__ import annotations

import shlex
from pathlib import Path

import msgspec

from connect_contracts.chapters.case import Case
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.judging.judge import Judgement
from connect_contracts.judging.settings import UnderTest
from connect_contracts.judging.verify import Verified
from connect_contracts.model.clause import Level
from connect_contracts.model.observation import Observation
from connect_contracts.model.verdict import Verdict
from connect_contracts.regressions.capsule import without_places
from connect_contracts.regressions.replay import Outcome, Replayed
from connect_contracts.report.case_report import case_report
from connect_contracts.report.failure import failure_text
from connect_contracts.report.model import CaseReport
from connect_contracts.report.transcript import one_line

VERDICTS = {
    Outcome.FIXED: Verdict.PASSED,
    Outcome.KNOWN: Verdict.KNOWN,
    Outcome.STILL_FAILING: Verdict.FAILED,
    Outcome.FAILING_OTHERWISE: Verdict.FAILED,
    Outcome.NOT_JUDGED: Verdict.INCONCLUSIVE,
}
"""The verdict that a capsule counts as, where capsules and cases are counted together."""


class ReplayReport(msgspec.Struct, frozen=True):
    """What is said of one capsule.

    Parameters:
        file: The name of its file.
        outcome: ``fixed``, ``still failing``, ``failing otherwise``, ``known``, ``not judged``.
        why: The reason for which it is known, or why it cannot be judged.
        report: What was seen, as of a case; ``None`` if the file could not be read.
    """

    file: str
    outcome: str
    why: str
    report: CaseReport | None = None


def replay_report(replayed: Replayed, subject: UnderTest) -> ReplayReport:
    """What is reported of a capsule that was replayed."""
    told = replayed.outcome in (Outcome.KNOWN, Outcome.NOT_JUDGED)
    return ReplayReport(
        one_line(replayed.path.name),
        replayed.outcome.value,
        without_places(replayed.why) if told else "",
        capsule_case_report(replayed, subject),
    )


def capsule_case_report(replayed: Replayed, subject: UnderTest) -> CaseReport:
    """The report of the case that a capsule is; its id is the name of the file."""
    verdict = VERDICTS[replayed.outcome]
    replay = replay_files_command(subject, replayed.path) or ""
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
        told = f"{replayed.outcome}: {replayed.why}"
        judgement = msgspec.structs.replace(judgement, seen=told)
    report = case_report(replayed.verified, judgement, replay=replay, seconds=0.0)
    return msgspec.structs.replace(
        report, id=one_line(replayed.path.name), clause=replayed.capsule.clause, depth="core"
    )


def replay_files_command(subject: UnderTest, *paths: Path) -> str | None:
    """The command that replays files; ``None`` for an implementation without a name."""
    reference = subject.implementation.reference
    if reference is None:
        return None
    words = ["connect-contract", "replay", *(str(path) for path in paths)]
    return shlex.join([*words, "--connect", reference])


def breach_text(verified: Verified, subject: UnderTest, file: Path | None) -> str:
    """A failure that a search found, as a report to a colleague.

    Parameters:
        file: Where its capsule was written.
    """
    report = breach_report(verified, subject, file)
    return failure_text(catalogue().clauses[report.clause], report)


def breach_report(verified: Verified, subject: UnderTest, file: Path | None) -> CaseReport:
    """The same as data."""
    replay = "" if file is None else replay_files_command(subject, file) or ""
    return case_report(verified, verified.judgement, replay=replay, seconds=0.0)


def unjudged(case: Case, why: str) -> Verified:
    """A case of which nothing can be said."""
    return Verified(
        case, Judgement(Verdict.INCONCLUSIVE, seen=why), Observation(case.scenario), None
    )
