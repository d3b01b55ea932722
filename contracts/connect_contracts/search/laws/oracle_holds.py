"""The oracle's verdict holds."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from msgspec.structs import replace

from connect_contracts.chapters.case import Case
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.checks.expectation import Expectation, GivesRows
from connect_contracts.judging.judge import judge
from connect_contracts.model.clause import Profile
from connect_contracts.model.host_names import is_redirected
from connect_contracts.model.observation import Observation
from connect_contracts.model.scenario import (
    AuthorityFile,
    Basic,
    Call,
    Connect,
    Scenario,
    TargetSpec,
    calls_of,
    without_defects,
)
from connect_contracts.oracle import decisions, oracle
from connect_contracts.search.laws.law import Breach, Law
from connect_contracts.search.laws.signature import Signature, how_it_failed, step_name
from connect_harness.certificates import Chain

NAME = "oracle-holds"
SENTENCE = "Every step ends as the documentation decides, and the targets see what they must."


def plain_twin(scenario: Scenario) -> Scenario:
    """The twin of what has no defect: who is refused there too has shown nothing by a refusal.

    It is under a name that nobody else knows, where ``scenario`` is: who resolves names by other
    means comes to no target there.
    """
    call, target = Call(authentication=Basic()), TargetSpec()
    named = [one.host for _, one in calls_of(scenario) if is_redirected(one.host)]
    if named:
        chain = Chain(names=(*Chain().names, named[0]))
        call = replace(call, host=named[0], authority_file=AuthorityFile())
        target = replace(target, scheme="https", chain=chain)
    return Scenario((target,), (Connect(call),), limit=scenario.limit)


def case_of(scenario: Scenario, profile: Profile, clause: str, name: str = NAME) -> Case:
    """``scenario`` as a case: it is judged as a hand-written one, its twin included."""
    of = catalogue().clauses[clause]
    twin = without_defects(scenario) or plain_twin(scenario)
    return Case(
        clause=of,
        name=name,
        description=SENTENCE,
        scenario=scenario,
        expectations=oracle(scenario, profile),
        twin=twin,
        level=of.level,
        profiles=(profile,),
        sets_up=False,
        of_twin=oracle(twin, profile),
    )


def look(scenario: Scenario, observation: Observation, profile: Profile) -> Iterator[Breach]:
    """How each step that went wrong went wrong; a hang comes first."""
    # Under which clause it stands does not matter to how it is judged.
    case = case_of(scenario, profile, "SIG-1")
    while True:
        judgement = judge(case, observation)
        how = how_it_failed(case, observation, judgement)
        step = judgement.step
        if how is None or step is None:
            return
        signature = Signature(
            NAME,
            decisions(scenario, profile)[step].clause_of(how.demand),
            step_name(observation, step),
            how.kind,
            how.exception,
            how.demand,
        )
        yield Breach(signature, step, judgement.expected, judgement.seen)
        # What else is wrong is seen without that step.
        left = tuple(one for one in case.expectations if one.step != step)
        result = observation.result((step,))
        if result is not None and result.how == "raised":
            # Rows that it or a step after it should have added are missing: a consequence.
            left = tuple(one for one in left if not _gives_rows(one))
        case = dataclasses.replace(case, expectations=left)
        ended = tuple(one for one in observation.results if one.how != "hung")
        observation = dataclasses.replace(observation, results=ended)


def _gives_rows(expectation: Expectation) -> bool:
    return any(isinstance(one.outcome, GivesRows) for one in expectation.alternatives)


ORACLE_HOLDS = Law(NAME, SENTENCE, look)
