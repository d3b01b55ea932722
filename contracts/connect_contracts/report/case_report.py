"""From a case that was judged to what is reported of it."""

from __future__ import annotations

import shlex

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.checks.secrets.redaction import Redaction
from connect_contracts.judging.judge import Judgement
from connect_contracts.judging.settings import UnderTest
from connect_contracts.judging.verify import Verified
from connect_contracts.model.verdict import Verdict
from connect_contracts.report.model import CaseReport
from connect_contracts.report.outcome import alert, judged_result, meaning, outcome
from connect_contracts.report.scenario_line import scenario_line
from connect_contracts.report.transcript import one_line, printable, transcript

LONGEST_TEXT = 4000
"""Characters of what was seen that are kept; the traceback of a harness error is shortened."""


def case_report(
    verified: Verified, judgement: Judgement, *, replay: str, seconds: float
) -> CaseReport:
    """What is reported of a case: without secrets, and of bounded size.

    Parameters:
        verified: The case, and what was seen.
        judgement: What is said of it, expected failures considered.
        replay: The command that judges the case alone.
        seconds: How long it took.
    """
    case = verified.case
    seen = [one for one in (verified.observation, verified.twin) if one is not None]
    redacted = Redaction(*seen)
    lines: tuple[str, ...] = ()
    if judgement.verdict.outcome not in ("passed", "skipped"):
        lines = transcript(verified.observation, redacted)
        if verified.twin is not None:
            lines = (*lines, "the twin, the same without its defect:")
            lines += transcript(verified.twin, redacted)

    def clean(text: str) -> str:
        return shortened(printable(redacted(text)))

    judged = judged_result(case, verified.observation)
    observed = judgement.seen
    if judged is not None and judgement.verdict is Verdict.OBSERVED and meaning(case, judged):
        observed = f"{observed}; that is: {meaning(case, judged)}"
    seen_alert = None if judged is None else alert(verified.observation, judged)
    evidence = judgement.evidence
    broken = None if judgement.broken is None else catalogue().clauses[judgement.broken]
    return CaseReport(
        id=case.id,
        clause=case.clause.id,
        level=case.level if broken is None else broken.level,
        description=case.description,
        verdict=judgement.verdict.word,
        # Names of sessions and targets may be those of a capsule.
        scenario=one_line(clean(scenario_line(case.scenario))),
        expected=one_line(clean(judgement.expected)),
        observed=clean(observed),
        evidence=None if evidence is None else clean(evidence.text),
        strength=None if evidence is None else evidence.strength.word,
        broken=judgement.broken,
        transcript=lines,
        replay=replay,
        seconds=round(seconds, 4),
        depth=case.depth,
        recipe=case.recipe,
        outcome="" if judged is None else clean(outcome(judged)),
        alert=None if seen_alert is None else clean(seen_alert),
        lacks=None if judgement.lacks is None else clean(judgement.lacks),
    )


def shortened(text: str) -> str:
    """``text``, its middle left out where it is too long."""
    if len(text) <= LONGEST_TEXT:
        return text
    half = LONGEST_TEXT // 2
    return f"{text[:half]} ... ({len(text)} characters) ... {text[-half:]}"


def replay_command(case_id: str, under_test: UnderTest) -> str | None:
    """The command that judges one case again; ``None`` for an implementation without a name."""
    reference = under_test.implementation.reference
    if reference is None:
        return None
    words = ["connect-contract", "run", "--connect", reference]
    if under_test.because == "asked for":
        words += ["--profile", under_test.profile]
    return shlex.join([*words, "--select", case_id])
