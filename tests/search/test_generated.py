"""Whole scenarios as they are generated: plain data for the oracle and for the reference."""

from __future__ import annotations

import pytest
from hypothesis import find, given, settings

from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Basic, Call, Connect, Scenario, TargetSpec
from connect_contracts.model.schema import read_scenario, write_scenario
from connect_contracts.oracle import oracle
from connect_contracts.search.strategies.classifying import dimensions_of
from connect_contracts.search.strategies.constraints import space
from connect_contracts.search.strategies.dimensions import dimensions_in
from connect_contracts.search.strategies.generated import scenarios

EACH_PROFILE = pytest.mark.parametrize("profile", Profile)


def bounded(count: int) -> settings:
    return settings(max_examples=count, derandomize=True, database=None, deadline=None)


@EACH_PROFILE
def test_the_oracle_answers_every_scenario_and_each_survives_a_file(profile: Profile) -> None:
    seen = []

    @bounded(600)
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
    every = {(one.name, value) for one in dimensions_in(profile) for value in one.values}
    met = {(one.name, getattr(each, one.name)) for one in dimensions_in(profile) for each in values}
    # The ladder has every value; what is drawn has nearly every one.
    assert len(every & met) > 0.9 * len(every), sorted(every - met)


@EACH_PROFILE
def test_the_reference_is_as_the_oracle_says(profile: Profile, wrong: object) -> None:
    assert callable(wrong)
    ran = []

    @bounded(100)
    @given(scenarios(profile))
    def holds(scenario: Scenario) -> None:
        ran.append(scenario)
        assert wrong(scenario, profile) == []

    holds()
    assert len(ran) >= 100


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
    assert len(found.steps) <= 3
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
