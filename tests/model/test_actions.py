"""Each action is known wherever it must be: a new one fails here by its name."""

from __future__ import annotations

from typing import get_args

import pytest

from connect_contracts.chapters.builder import AS_ADMIN, connect_tls, https, story
from connect_contracts.execution.loading import load
from connect_contracts.execution.run import run
from connect_contracts.model.actions import ACTIONS, OWNER_ACTIONS, Action, OwnerAction
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import ADMIN, Own, Scenario, TableSpec, Use
from connect_contracts.oracle import oracle
from connect_contracts.report.scenario_line import scenario_line
from connect_harness.certificates import Chain

STEPS: list[Use | Own] = [Use(action) for action in get_args(Action)]
STEPS += [
    Own(action, spec=TableSpec("New"), fault="noop", user=ADMIN, chain=Chain())
    for action in get_args(OwnerAction)
]


def name_of(step: Use | Own) -> str:
    return f"{type(step).__name__} {step.action}"


@pytest.fixture(params=STEPS, ids=name_of)
def scenario(request: pytest.FixtureRequest) -> Scenario:
    return story(https(), connect_tls(AS_ADMIN), request.param).scenario


def test_every_action_has_a_row_and_nothing_else_has_one() -> None:
    assert tuple(ACTIONS) == get_args(Action)
    assert tuple(OWNER_ACTIONS) == get_args(OwnerAction)


def test_it_is_executed(scenario: Scenario) -> None:
    observation = run(scenario, load("connect_contracts.reference.v6_2"), Profile.V6_2)
    assert observation.harness_error is None
    assert observation.result((1,)) is not None


@pytest.mark.parametrize("profile", Profile)
def test_the_oracle_decides_it(scenario: Scenario, profile: Profile) -> None:
    oracle(scenario, profile)


def test_it_is_told_to_a_reader(scenario: Scenario) -> None:
    assert "{" not in scenario_line(scenario)
