"""The failures that a search found, made small one after the other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import msgspec

from connect_contracts.judging.judge import Judgement
from connect_contracts.judging.settings import UnderTest
from connect_contracts.judging.verify import Verified
from connect_contracts.model.observation import Observation
from connect_contracts.model.scenario import Scenario
from connect_contracts.model.verdict import Verdict
from connect_contracts.search.budget import SearchSettings
from connect_contracts.search.laws.every_law import laws_named
from connect_contracts.search.laws.examine import Examined, broken, examine
from connect_contracts.search.laws.law import Breach, Law
from connect_contracts.search.laws.oracle_holds import case_of
from connect_contracts.search.laws.signature import Signature
from connect_contracts.search.search import Found, PartDone, distinct
from connect_contracts.search.shrinking.shrink import shrunk


@dataclass(frozen=True)
class Small:
    """A failure that was made small.

    Parameters:
        examined: Its scenario, with all that was seen.
        breach: How the law is broken by it.
    """

    examined: Examined
    breach: Breach

    @property
    def verified(self) -> Verified:
        """What was seen, as a case under the clause that is broken."""
        (law,) = laws_named([self.breach.signature.law])
        return broken(self.examined, self.breach, law.sentence)


def distinct_failures(parts: Iterable[PartDone]) -> tuple[Found, ...]:
    """The distinct failures of all parts."""
    return distinct(one for part in parts for one in part.found)


@dataclass(frozen=True)
class SmallFailures:
    """The failures of a search, made small.

    Parameters:
        small: Each once: what became the same failure by being made small is one.
        known: How many became one that is pinned as known.
        interrupted: Whether some are left as they were found, since the process was asked to end.
    """

    small: tuple[Small, ...]
    known: int = 0
    interrupted: bool = False


def small_failures(
    failures: Iterable[Found],
    subject: UnderTest,
    laws: Sequence[Law],
    settings: SearchSettings,
    known: Collection[Signature] = (),
    *,
    interrupted: bool = False,
) -> SmallFailures:
    """Every failure made small; after an interrupt the rest is left as it was found.

    Parameters:
        known: The signatures that are pinned.
        interrupted: Whether all are left as they were found, without another run.
    """
    by_signature: dict[Signature, Small] = {}
    pinned = 0
    for failure in failures:
        small = as_found(failure, subject)
        if not interrupted:
            try:
                small = made_small(failure, subject, laws, settings, known)
            except KeyboardInterrupt:
                interrupted = True
        signature = small.breach.signature
        if signature in known:
            pinned += 1
        else:
            by_signature.setdefault(signature, small)
    return SmallFailures(tuple(by_signature.values()), pinned, interrupted)


def as_found(found: Found, subject: UnderTest) -> Small:
    """``found`` without another run: of what was seen there is what the search itself kept."""
    case = case_of(found.scenario, subject.profile, found.signature.clause)
    seen = Verified(case, Judgement(Verdict.FAILED), Observation(found.scenario), None)
    breach = Breach(found.signature, found.step, found.expected, found.seen)
    return Small(Examined(seen, (breach,)), breach)


def made_small(
    found: Found,
    subject: UnderTest,
    laws: Sequence[Law],
    settings: SearchSettings,
    known: Collection[Signature] = (),
) -> Small:
    """``found`` with the smallest scenario that was seen to fail in the same way.

    The clause may become another one: a failure that stays without what the clause is about is
    none of that clause.
    """
    seen: dict[bytes, Small] = {}

    def breaks(scenario: Scenario) -> bool:
        try:
            examined = examine(scenario, subject, laws, known)
        except (LookupError, ValueError):
            # What was left out is named elsewhere in it: nobody wrote such a scenario.
            return False
        same = [one for one in examined.breaches if _alike(one.signature, found.signature)]
        if same:
            seen[msgspec.json.encode(scenario)] = Small(examined, same[0])
        return bool(same)

    if not breaks(found.scenario):
        # It failed in a run and not in the next: what was seen is told as it was.
        return Small(examine(found.scenario, subject, laws), _once(found))
    runs = settings.hangs_to_shrink if found.signature.kind == "hang" else settings.runs_to_shrink
    return seen[msgspec.json.encode(shrunk(found.scenario, breaks, runs))]


def _alike(one: Signature, found: Signature) -> bool:
    """Whether it is the failure that was found: under another clause, or no more together."""
    step = found.step if found.step == "together" else one.step
    return msgspec.structs.replace(one, clause=found.clause, step=step) == found


def _once(found: Found) -> Breach:
    return Breach(
        found.signature,
        found.step,
        found.expected,
        f"{found.seen} (once, and not when it was run again)",
    )
