"""Whole scenarios as they are generated: plain data for the oracle and for the reference."""

from __future__ import annotations

import pytest
from hypothesis import find, given, settings

from connect_contracts.clauses import Profile
from connect_contracts.oracle import oracle
from connect_contracts.scenario import Basic, Call, Connect, Scenario, TargetSpec
from connect_contracts.schemas import read_scenario, write_scenario
from connect_contracts.strategies import dimensions_in, dimensions_of, scenarios
from connect_contracts.strategies.constraints import space

EACH_PROFILE = pytest.mark.parametrize("profile", Profile)


def bounded(count: int) -> settings:
    return settings(max_examples=count, derandomize=True, database=None, deadline=None)


@EACH_PROFILE
def test_the_oracle_answers_every_scenario_and_each_survives_a_file(profile: Profile) -> None:
    seen = []

    @bounded(1500)
    @given(scenarios(profile))
    def holds(scenario: Scenario) -> None:
        seen.append(scenario)
        said = oracle(scenario, profile)
        assert {one.step for one in said} <= set(range(len(scenario.steps)))
        assert oracle(scenario, profile) == said
        assert read_scenario(write_scenario(scenario)) == scenario
        assert 0 < scenario.limit <= 30

    holds()
    values = [dimensions_of(one) for one in seen]
    for one in dimensions_in(profile):
        missing = set(one.values) - {getattr(each, one.name) for each in values}
        # Of the many recipes the ladder has every one.
        most = len(one.values) // 2 if one.name == "certificate" else 0
        assert len(missing) <= most, (one.name, missing)


@EACH_PROFILE
def test_the_reference_is_as_the_oracle_says(profile: Profile, wrong: object) -> None:
    assert callable(wrong)
    ran = []

    @bounded(200)
    @given(scenarios(profile))
    def holds(scenario: Scenario) -> None:
        ran.append(scenario)
        assert wrong(scenario, profile) == []

    holds()
    assert len(ran) >= 200


@EACH_PROFILE
def test_they_shrink_to_the_plain_scenario(profile: Profile) -> None:
    found = find(scenarios(profile), lambda _: True, settings=bounded(50))
    assert found == Scenario((TargetSpec(),), (Connect(Call(authentication=Basic())),), limit=10.0)


@EACH_PROFILE
def test_what_does_not_matter_shrinks_to_the_plain(profile: Profile) -> None:
    found = find(
        scenarios(profile),
        lambda scenario: scenario.targets[0].scheme == "https" and len(scenario.steps) > 1,
        settings=bounded(1000),
    )
    every = space(profile)
    assert (every.chosen(dimensions_of(found)) & every.odd).bit_count() <= 1
    assert len(found.steps) == 2
    assert found.targets[0].chain.defect is None
    assert found.targets[0].users == TargetSpec().users


def test_the_same_settings_give_the_same_scenarios() -> None:
    assert generated() == generated()


def generated() -> list[Scenario]:
    seen: list[Scenario] = []

    @bounded(60)
    @given(scenarios(Profile.V6_2))
    def collect(scenario: Scenario) -> None:
        seen.append(scenario)

    collect()
    return seen
