"""The failures that a search found are made small, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import msgspec

from connect_contracts.judging.judgement import Judgement
from connect_contracts.judging.settings import UnderTest
from connect_contracts.judging.verify import Verified
from connect_contracts.model.cause import Cause
from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Observation
from connect_contracts.model.scenario import Scenario
from connect_contracts.model.verdict import Verdict
from connect_contracts.oracle import decisions
from connect_contracts.search.budget import SearchSettings
from connect_contracts.search.laws.examine import Examined, broken, examine
from connect_contracts.search.laws.law import Breach, Law, Signature
from connect_contracts.search.laws.oracle_holds import case_of
from connect_contracts.search.search import Found
from connect_contracts.search.shrinking import shrunk


@dataclass(frozen=True)
class Failure:
    """A failure that was made small: its scenario, with all that was seen, and the breach.

    Parameters:
        causes: Why, of one that was left as it was found.
    """

    examined: Examined
    breach: Breach
    causes: tuple[Cause, ...] = ()

    @property
    def verified(self) -> Verified:
        """What was seen, as a case under the clause that is broken."""
        verified = broken(self.examined, self.breach)
        if not self.causes:
            return verified
        judgement = msgspec.structs.replace(verified.judgement, causes=self.causes)
        return replace(verified, judgement=judgement)


@dataclass(frozen=True)
class Failures:
    """The failures of a search, made small.

    Parameters:
        small: Each cause once: two that became the same by being made small are one.
        known: How many became one that is pinned as known.
        interrupted: Whether some are left as they were found, since the process was asked to end.
    """

    small: tuple[Failure, ...] = ()
    known: int = 0
    interrupted: bool = False


def shrink_failures(
    found: Iterable[Found],
    subject: UnderTest,
    laws: Sequence[Law],
    settings: SearchSettings,
    known: Collection[Signature] = (),
    *,
    excused: Callable[[Verified], bool] = lambda _seen: False,
    interrupted: bool = False,
) -> Failures:
    """Make every failure small; after an interrupt the rest is left as it was found.

    Parameters:
        excused: Whether what was seen is known, so that nobody looks for its cause: it is left as
            it was found.
        interrupted: Whether all are left as they were found, without another run.
    """
    by_cause: dict[bytes, Failure] = {}
    pinned = 0
    for unshrunk in found:
        failure = _as_found(unshrunk, subject)
        if not interrupted and not (failure.causes and excused(failure.verified)):
            try:
                failure = shrink_failure(unshrunk, subject, laws, settings, known)
            except KeyboardInterrupt:
                interrupted = True
        signature = failure.breach.signature
        if signature in known:
            pinned += 1
        else:
            by_cause.setdefault(_cause(failure, subject.profile), failure)
    return Failures(tuple(by_cause.values()), pinned, interrupted)


def _cause(failure: Failure, profile: Profile) -> bytes:
    """What is the same of failures with one cause.

    That is the signature. Where the clause is already that of an earlier step, such as a connect
    that read the versions document wrongly, whichever step shows it has the same cause.
    """
    scenario, step = failure.examined.scenario, failure.breach.step
    signature = failure.breach.signature
    if signature.clause not in {each.clause for each in decisions(scenario, profile)[:step]}:
        return msgspec.json.encode(signature)
    before = msgspec.structs.replace(scenario, steps=scenario.steps[:step])
    return msgspec.json.encode((signature.clause, before))


def _as_found(found: Found, subject: UnderTest) -> Failure:
    """``found`` without another run: with what the search itself kept of it."""
    case = case_of(found.scenario, subject.profile, found.breach.signature.clause)
    seen = Verified(case, Judgement(Verdict.FAILED), Observation(found.scenario), None)
    return Failure(Examined(seen, (found.breach,)), found.breach, found.causes)


def shrink_failure(
    found: Found,
    subject: UnderTest,
    laws: Sequence[Law],
    settings: SearchSettings,
    known: Collection[Signature] = (),
) -> Failure:
    """``found`` with the smallest scenario that was seen to fail in the same way.

    The clause may become another one: a failure that stays without what the clause is about does
    not belong to that clause.
    """
    seen: dict[bytes, Failure] = {}
    signature = found.breach.signature

    def fails(scenario: Scenario) -> bool:
        try:
            examined = examine(scenario, subject, laws, known)
        except (LookupError, ValueError):
            # A name of what was left out still stands in it: it is no scenario.
            return False
        same = [breach for breach in examined.breaches if _alike(breach.signature, signature)]
        if same:
            seen[msgspec.json.encode(scenario)] = Failure(examined, same[0])
        return bool(same)

    if not fails(found.scenario):
        # It failed in one run and not in the next: what was seen is reported as it was.
        once = f"{found.breach.seen} (once, and not when it was run again)"
        breach = msgspec.structs.replace(found.breach, seen=once)
        return Failure(examine(found.scenario, subject, laws), breach)
    runs = settings.hangs_to_shrink if signature.kind == "hang" else settings.runs_to_shrink
    return seen[msgspec.json.encode(shrunk(found.scenario, fails, runs))]


def _alike(seen: Signature, found: Signature) -> bool:
    """Whether it is the failure that was found: under another clause, or no more together."""
    step = found.step if found.step == "together" else seen.step
    return msgspec.structs.replace(seen, clause=found.clause, step=step) == found
