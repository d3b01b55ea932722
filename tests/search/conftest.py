"""The reference in each profile, and what the oracle finds wrong with a run of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from connect_contracts.checks.expectation import Passed, check
from connect_contracts.checks.step_view import StepView
from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.run import run
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Connect, Scenario, Use, placed_steps
from connect_contracts.oracle import oracle
from connect_contracts.reference import v0_9_1, v6_2

MODULES = {Profile.V0_9_1: v0_9_1, Profile.V6_2: v6_2}

Wrong = Callable[[Scenario, Profile], list[str]]


@pytest.fixture(scope="session")
def wrong() -> Wrong:
    """What is wrong with a scenario run on the reference: with its set-up, or to the oracle."""
    return of_the_reference


def of_the_reference(scenario: Scenario, profile: Profile) -> list[str]:
    module = MODULES[profile]
    expectations = {one.step: one for one in oracle(scenario, profile)}
    observation = run(scenario, Implementation(module.Session, module=module), profile)
    if observation.harness_error is not None:
        return [observation.harness_error]
    found: list[str] = []
    raised = {result.place for result in observation.results if result.how == "raised"}
    refused = {
        step.session
        for place, step in placed_steps(scenario)
        if isinstance(step, Connect) and raised & {place, place[:1]}
    }
    for index, step in enumerate(scenario.steps):
        result = observation.result((index,))
        if result is None:
            # A session that was refused is not used.
            if not isinstance(step, Use) or step.session not in refused:
                found.append(f"step {index + 1} was not reached")
            continue
        if result.how in ("hung", "part missing"):
            found.append(f"step {index + 1} {result.describe()}")
        if index in expectations:
            met = check(expectations[index], StepView(observation, (index,)))
            if not isinstance(met, Passed):
                found.append(f"step {index + 1}: {met.kind}: {met.expected}; {met.seen}")
    return found
