"""A capsule is replayed: what it describes is fixed, fails still, or fails otherwise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import msgspec

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.checks.secrets.leaks import leaks
from connect_contracts.checks.secrets.redaction import Redaction
from connect_contracts.execution.capture.output_capture import output_unshown
from connect_contracts.execution.processes import ImplementationEnded, as_task, worker_processes
from connect_contracts.judging.settings import Elsewhere, UnderTest, subject_of
from connect_contracts.judging.verify import Verified, verify
from connect_contracts.model.verdict import Verdict
from connect_contracts.regressions.capsule import Capsule
from connect_contracts.regressions.folder import BadCapsule, pinned, read_capsule
from connect_contracts.search.laws.every_law import LAWS, laws_named
from connect_contracts.search.laws.examine import breaches_of, broken, examine
from connect_contracts.search.laws.law import Signature, failure_of, step_name
from connect_harness.transcript import one_line


class Outcome(StrEnum):
    """What is said of a capsule."""

    FIXED = "fixed"
    STILL_FAILING = "still failing"
    FAILING_OTHERWISE = "failing otherwise"
    KNOWN = "known"
    NOT_JUDGED = "not judged"

    @property
    def verdict(self) -> Verdict:
        """The verdict as which a capsule is counted together with cases."""
        verdicts = {
            Outcome.FIXED: Verdict.PASSED,
            Outcome.KNOWN: Verdict.KNOWN,
            Outcome.NOT_JUDGED: Verdict.INCONCLUSIVE,
        }
        return verdicts.get(self, Verdict.FAILED)


@dataclass(frozen=True)
class Replayed:
    """A capsule that was replayed.

    Without ``capsule`` the file could not be read; ``verified`` is what was seen, as a case under
    the clause that is broken.
    """

    path: Path
    outcome: Outcome
    why: str
    capsule: Capsule | None = None
    verified: Verified | None = None


def replay(path: Path, subject: UnderTest) -> Replayed:
    """Replay the file at ``path`` on an implementation, whichever it was found on.

    The documentation that is demanded is the capsule's, not the implementation's.
    """
    try:
        capsule = read_capsule(path)
    except BadCapsule as error:
        return Replayed(path, Outcome.NOT_JUDGED, str(error))
    subject = UnderTest(subject.implementation, capsule.profile, "asked for")
    verified, signatures = _failures(capsule, subject)
    outcome, why = _outcome(capsule, verified, signatures)
    if outcome is Outcome.KNOWN and (besides := _besides(path, capsule, verified, subject)):
        outcome, why = Outcome.FAILING_OTHERWISE, f"as it is known, and besides: {besides}"
    redacted = Redaction(*filter(None, (verified.observation, verified.twin)))
    return Replayed(path, outcome, one_line(redacted(why)), capsule, verified)


def _outcome(
    capsule: Capsule, verified: Verified, signatures: list[Signature]
) -> tuple[Outcome, str]:
    if capsule.signature in signatures:
        if capsule.known is not None:
            return Outcome.KNOWN, capsule.known
        return Outcome.STILL_FAILING, verified.judgement.seen
    if signatures:
        return Outcome.FAILING_OTHERWISE, verified.judgement.seen
    verdict = verified.judgement.verdict
    if verdict in (Verdict.PASSED, Verdict.OBSERVED):
        return Outcome.FIXED, "what must be seen was seen"
    why = verified.judgement.seen
    if verdict is Verdict.HARNESS_ERROR:
        # The last line of a traceback says what is wrong, as a rule with the file.
        why = why.strip().rpartition("\n")[2]
    return Outcome.NOT_JUDGED, f"{verdict.word}: {why}"


def _besides(path: Path, capsule: Capsule, verified: Verified, subject: UnderTest) -> str:
    """What else is wrong, and not pinned in the same folder; empty if nothing is."""
    accepted = {capsule.signature, *pinned(path.parent, capsule.profile)}
    if capsule.case is not None:
        found = dict.fromkeys(leak.describe() for leak in leaks(verified.observation))
        return "; ".join(leak for leak in found if leak not in capsule.observed)
    breaches = breaches_of(verified.observation, subject, LAWS, accepted)
    shown = [breach.step for breach in breaches if breach.signature in accepted]
    shown.append(capsule.step - 1)
    return "; ".join(breach.seen for breach in breaches if breach.step not in shown)


def _failures(capsule: Capsule, subject: UnderTest) -> tuple[Verified, list[Signature]]:
    """What was seen, and the ways in which the scenario of ``capsule`` fails."""
    if capsule.case is not None:
        case = replace(catalogue().cases[capsule.case], scenario=capsule.scenario)
        verified = verify(case, subject.implementation, subject.profile)
        found = signature_of_case(verified)
        return verified, [] if found is None else [found]
    own = laws_named([capsule.law or ""])
    examined = examine(capsule.scenario, subject, own)
    breaches = examined.breaches or breaches_of(examined.verified.observation, subject, LAWS)
    if not breaches:
        return examined.verified, []
    same = (breach for breach in breaches if breach.signature == capsule.signature)
    shown = next(same, breaches[0])
    return broken(examined, shown), [breach.signature for breach in breaches]


def signature_of_case(verified: Verified) -> Signature | None:
    """By what the failure of a case is known again; ``None`` if it did not fail."""
    case, observation, judgement = verified.case, verified.observation, verified.judgement
    if judgement.of_twin and verified.twin is not None:
        # Each of its steps is taken for granted.
        case, observation = replace(case, expectations=()), verified.twin
    how = failure_of(case, observation, judgement)
    if how is None or judgement.step is None:
        return None
    step = step_name(observation, judgement.step)
    return Signature(case.id, judgement.broken or case.clause.id, step, *how)


def shows_again(capsule: Capsule, subject: UnderTest) -> bool:
    """Whether ``capsule`` fails in the same way in a fresh interpreter, where nothing ran before.

    An implementation may remember in its module what an earlier scenario left there. One that
    cannot be found by its name is not asked.
    """
    if subject.implementation.reference is None:
        return True
    asked = replace(subject, profile=capsule.profile)
    try:
        with worker_processes(1) as pool:
            shown = pool.submit(as_task, _shows, asked.elsewhere, capsule.text())
            return bool(shown.result())
    except ImplementationEnded:
        # It ended the process, which is not fixed.
        return True


def _shows(given: Elsewhere, text: bytes) -> bool:
    capsule = msgspec.json.decode(text, type=Capsule)
    with output_unshown():
        return capsule.signature in _failures(capsule, subject_of(given))[1]
