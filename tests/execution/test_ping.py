"""The harness's own question whether a target still answers."""

from __future__ import annotations

import gc

import pytest

from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.run import run
from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Result
from connect_contracts.model.scenario import Own, Scenario, TargetSpec
from connect_contracts.reference import v6_2


def pinged(target: TargetSpec) -> Result:
    scenario = Scenario((target,), (Own("ping"),))
    observation = run(scenario, Implementation(v6_2.Session, module=v6_2), Profile.V6_2)
    assert observation.harness_error is None
    return observation.results[0]


@pytest.mark.parametrize("base_path", ["", "/one", "/a b", "/d'\u00e9t\u00e9", "/50%"])
def test_it_reaches_a_target_below_any_base_path(base_path: str) -> None:
    assert pinged(TargetSpec(base_path=base_path)).value == 401


def test_who_insists_on_a_client_certificate_refuses_it_and_nothing_stays_open() -> None:
    refused = pinged(TargetSpec(scheme="https", client_certificate="required"))
    assert refused.how == "raised"
    # A socket that was left open is a warning when it is collected, and warnings are errors.
    gc.collect()
