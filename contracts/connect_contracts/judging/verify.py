"""One case, from its scenario to its verdict: the whole way in one function."""

from __future__ import annotations

from dataclasses import dataclass, replace

from msgspec import structs

from connect_contracts.chapters.case import Case
from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.run import run
from connect_contracts.judging.judge import judge, needs_twin, with_leaks, with_twin
from connect_contracts.judging.judgement import Judgement
from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Observation
from connect_contracts.model.parts import declared_missing, how_to_declare, part_of
from connect_contracts.model.verdict import Verdict


@dataclass(frozen=True, eq=False)
class Verified:
    """A case with its verdict and all that was seen, of its twin too, if that was run."""

    case: Case
    judgement: Judgement
    observation: Observation
    twin: Observation | None


def verify(case: Case, implementation: Implementation, profile: Profile) -> Verified:
    """Run ``case`` on ``implementation``, its twin if the verdict needs one, and judge.

    What is not testable for a part that the implementation declares as not offered is not
    applicable; where nothing declares it, the text says how to.
    """
    verified = _verified(case, implementation, profile)
    judgement = verified.judgement
    part = None if judgement.lacks is None else part_of(judgement.lacks)
    if judgement.verdict is not Verdict.NOT_TESTABLE or part is None:
        return verified
    why = declared_missing(part, implementation.missing_parts)
    if why is not None:
        none = Judgement(Verdict.NOT_APPLICABLE, seen=why, not_offered=part)
        return replace(verified, judgement=none)
    seen = f"{judgement.seen} ({how_to_declare([part])})"
    return replace(verified, judgement=structs.replace(judgement, seen=seen))


def _verified(case: Case, implementation: Implementation, profile: Profile) -> Verified:
    if profile not in case.profiles:
        other = " and ".join(case.profiles)
        judgement = Judgement(Verdict.NOT_APPLICABLE, seen=f"it belongs to the profile {other}")
        return Verified(case, judgement, Observation(case.scenario), None)
    observation = run(case.scenario, implementation, profile)
    judgement = judge(case, observation, profile)
    # Where evidence is missing, the twin may show that nothing is let through at all.
    undecided = judgement.verdict in (Verdict.PASSED, Verdict.INCONCLUSIVE)
    if case.twin is None or not undecided or not needs_twin(case, observation):
        return Verified(case, with_leaks(judgement, case, observation), observation, None)
    twin = run(case.twin, implementation, profile)
    judgement = with_twin(judgement, twin, case, profile)
    judgement = with_leaks(judgement, case, observation, twin)
    return Verified(case, judgement, observation, twin)
