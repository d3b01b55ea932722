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
from connect_contracts.model.host_names import as_a_labels, is_redirected
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
from connect_contracts.search.laws.law import Breach, Law, Signature, failure_of, step_name
from connect_harness.certificates import Chain

NAME = "oracle-holds"
SENTENCE = "Every step ends as the documentation decides, and the targets see what they must."


def baseline_twin(scenario: Scenario) -> Scenario:
    """The twin of a scenario without a defect: a client that it refuses shows nothing by a refusal.

    If ``scenario`` has a redirected host name, the twin has it too: a client that resolves names by
    other means reaches neither target.
    """
    call, target = Call(authentication=Basic()), TargetSpec()
    named = [call.host for _, call in calls_of(scenario) if is_redirected(call.host)]
    if named:
        chain = Chain(names=(*Chain().names, as_a_labels(named[0])))
        call = replace(call, host=named[0], authority_file=AuthorityFile())
        target = replace(target, scheme="https", chain=chain)
    return Scenario((target,), (Connect(call),), limit=scenario.limit)


def case_of(scenario: Scenario, profile: Profile, clause: str, name: str = NAME) -> Case:
    """``scenario`` as a case: it is judged as a hand-written one, its twin included."""
    of = catalogue().clauses[clause]
    twin = without_defects(scenario) or baseline_twin(scenario)
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


def check(observation: Observation, profile: Profile) -> Iterator[Breach]:
    """How each step failed that failed; a hang comes first."""
    scenario = observation.as_played
    # Under which clause it stands does not matter to how it is judged.
    case = case_of(scenario, profile, "SIG-1")
    while True:
        judgement = judge(case, observation, profile)
        failure = failure_of(case, observation, judgement)
        step = judgement.step
        if failure is None or step is None:
            return
        _, _, demand = failure
        clause = decisions(scenario, profile)[step].clause_of(demand)
        signature = Signature(NAME, clause, step_name(observation, step), *failure)
        yield Breach(signature, step, judgement.expected, judgement.seen)
        # What else is wrong is seen without that step.
        left = tuple(each for each in case.expectations if each.step != step)
        result = observation.result((step,))
        if result is not None and result.how == "raised":
            # Rows that it or a step after it should have added are missing: a consequence.
            left = tuple(each for each in left if not _gives_rows(each))
        case = dataclasses.replace(case, expectations=left)
        ended = tuple(result for result in observation.results if result.how != "hung")
        observation = dataclasses.replace(observation, results=ended)


def _gives_rows(expectation: Expectation) -> bool:
    return any(isinstance(each.outcome, GivesRows) for each in expectation.alternatives)


ORACLE_HOLDS = Law(NAME, SENTENCE, check)
