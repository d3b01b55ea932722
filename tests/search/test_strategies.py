"""Each strategy finds what it is there to find; whole scenarios are plain data."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import msgspec
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from connect_contracts.model.allowed import disallowed
from connect_contracts.model.clause import Profile
from connect_contracts.model.json_text import json_of
from connect_contracts.model.scenario import (
    Basic,
    Call,
    Certificate,
    Connect,
    Scenario,
    TableSpec,
    TargetSpec,
    calls_of,
)
from connect_contracts.oracle import oracle
from connect_contracts.search.budget import undisturbed
from connect_contracts.search.strategies import contents, specifics, texts
from connect_contracts.search.strategies.building import LIMIT, Drawn
from connect_contracts.search.strategies.constraints import space
from connect_contracts.search.strategies.dimensions import CREDENTIALS, OTHER, dimensions_in
from connect_contracts.search.strategies.generated import drawn_scenarios, scenarios
from connect_contracts.search.strategies.specifics import DATA_TYPES
from connect_harness.state import data_type

# The profiles share their strategies, but for a few values; every run has the later one.
EACH_PROFILE = pytest.mark.parametrize(
    "profile", [pytest.param(Profile.V0_9_1, marks=pytest.mark.matrix), Profile.V6_2]
)
ALL = settings(max_examples=4000, derandomize=True, database=None, deadline=None)
SEARCH = settings(ALL, phases=[Phase.generate])
SHRUNK = settings(ALL, max_examples=1000)
SOME = settings(ALL, max_examples=100)


@pytest.fixture(autouse=True)
def drawn_alike() -> Iterator[None]:
    """What is drawn depends on no other module that happens to be loaded."""
    with undisturbed():
        yield


def all_of(strategy: st.SearchStrategy[Any], how: settings) -> list[Any]:
    found: list[Any] = []

    @how
    @given(strategy)
    def collect(value: Any) -> None:
        found.append(value)

    collect()
    return found


# Whole scenarios.


@cache
def drawn(profile: Profile) -> list[Drawn]:
    return all_of(drawn_scenarios(profile), settings(SEARCH, max_examples=500))


def passwords(scenario: Scenario) -> str:
    given = [call.authentication for _, call in calls_of(scenario)]
    return "".join(one.password for one in given if isinstance(one, Basic))


def actions(scenario: Scenario) -> str:
    return " ".join(
        f"{type(step).__name__}:{getattr(step, 'action', '')}" for step in scenario.steps
    )


WANTED: dict[str, Callable[[Scenario], bool]] = {
    "a password beyond ASCII": lambda one: not passwords(one).isascii(),
    "an expired leaf": lambda one: one.targets[0].chain.defect == "leaf expired",
    "a restart": lambda one: "Use:add Own:restart" in actions(one),
    "an encrypted key": lambda one: any(
        isinstance(call.authentication, Certificate) and "encrypted" in call.authentication.layout
        for _, call in calls_of(one)
    ),
}


@EACH_PROFILE
def test_scenarios_find_what_is_wanted_and_nearly_every_value(profile: Profile) -> None:
    found = [one.scenario for one in drawn(profile)]
    assert [name for name, wanted in WANTED.items() if not any(map(wanted, found))] == []
    every = {(one.name, value) for one in dimensions_in(profile) for value in one.values}
    met = {
        (one.name, getattr(each.values, one.name))
        for one in dimensions_in(profile)
        for each in drawn(profile)
    }
    # The ladder has every value.
    assert len(every & met) > 0.8 * len(every), sorted(every - met)


@EACH_PROFILE
def test_the_oracle_answers_every_scenario_and_each_survives_a_file(profile: Profile) -> None:
    for one in drawn(profile)[::2]:
        said = oracle(one.scenario, profile)
        assert {each.step for each in said} <= set(range(len(one.scenario.steps)))
        assert oracle(one.scenario, profile) == said
        assert msgspec.json.decode(json_of(one.scenario), type=Scenario) == one.scenario
        assert list(disallowed(one.scenario)) == []
        assert 0 < one.scenario.limit <= 30


@EACH_PROFILE
def test_a_scenario_has_the_values_that_it_is_said_to_have(profile: Profile) -> None:
    for one in drawn(profile):
        values, target = one.values, one.scenario.targets[0]
        assert values is not None
        assert (values.base_path == "none") == (target.base_path == "")
        assert (values.base_path == "odd letters") == bool(
            set(target.base_path) - set("/abcdefghijklmnopqrstuvwxyz0123456789")
        )
        if values.table == OTHER:
            assert values.rows == OTHER
        else:
            assert target.tables[0].data_types == specifics.TABLES[values.table].data_types
            assert (values.rows == "none") == (target.tables[0].rows == ())
        used = {getattr(step, "action", "") for step in one.scenario.steps}
        if values.writing == "nothing":
            assert not used & {"add", "create table"}
        if values.event == "nothing":
            assert "restart" not in used


@EACH_PROFILE
def test_the_simplest_is_the_plain_scenario(profile: Profile) -> None:
    simplest = find(scenarios(profile), lambda _: True, settings=SOME)
    call = Connect(Call(authentication=Basic()))
    assert simplest == Scenario((TargetSpec(),), (call,), limit=LIMIT)


@pytest.mark.matrix
@pytest.mark.parametrize("profile", Profile)
def test_what_does_not_matter_shrinks(profile: Profile) -> None:
    found = find(
        drawn_scenarios(profile),
        lambda one: one.scenario.targets[0].scheme == "https" and len(one.scenario.steps) > 1,
        settings=SHRUNK,
    )
    assert found.values is not None
    every = space(profile)
    assert (every.chosen(found.values) & every.odd).bit_count() <= 1
    assert len(found.scenario.steps) <= 3
    assert found.scenario.targets[0].chain.defect is None
    assert found.scenario.targets[0].users == TargetSpec().users
    nulls = find(
        contents.tables(), lambda one: any(None in row for row in one.rows), settings=SHRUNK
    )
    assert nulls.rows == ((None,),)
    assert find(texts.base_paths(), lambda one: " " in one, settings=SHRUNK) == "/ "


# What is in them.

OF_A_KIND: dict[str, Callable[[str], bool]] = {
    "plain": str.isalnum,
    "spaces and quotes": lambda one: one.isascii() and not one.isalnum(),
    "colon in the password": lambda one: ":" in one,
    "beyond ASCII": lambda one: not one.isascii() and unicodedata.is_normalized("NFC", one),
    "empty password": lambda one: one == "",
    "long": lambda one: len(one) >= 256,
    "colon in the user name": str.isalnum,
    "not in normal form": lambda one: not unicodedata.is_normalized("NFC", one),
    "control characters": lambda one: any(unicodedata.category(each) == "Cc" for each in one),
}


@pytest.mark.parametrize("kind", CREDENTIALS)
def test_credentials_of_a_kind_are_of_that_kind(kind: str) -> None:
    found = all_of(texts.credentials(kind), SOME)
    assert [one for one in found if not OF_A_KIND[kind](one.password)] == []
    assert {":" in one.username for one in found} == {kind == "colon in the user name"}


def test_credentials_find_the_longest_and_letters_beyond_the_first_plane() -> None:
    for wanted in (
        lambda one: len(one.password) == 4096,
        lambda one: any(ord(letter) > 0xFFFF for letter in one.password),
    ):
        assert wanted(find(texts.credentials(), wanted, settings=SEARCH))


@pytest.mark.parametrize("kind", DATA_TYPES)
def test_values_are_taken_by_the_owner(kind: str) -> None:
    for value in all_of(contents.values(kind), SOME):
        data_type(kind).check(value)
    extreme = specifics.EXTREMES[kind][-1]
    assert find(contents.values(kind), lambda one: one == extreme, settings=SEARCH) == extreme


def test_tables_find_every_data_type_and_the_simplest_is_the_example() -> None:
    assert find(contents.tables(), lambda _: True, settings=SOME) == TableSpec()
    found = all_of(contents.tables(), settings(SEARCH, max_examples=120))
    assert {kind for one in found for _, kind in one.data_types} == set(DATA_TYPES)
    assert any(one.keys and len(one.rows) > 1 for one in found)
    assert all(row[0] is not None for one in found if one.keys for row in one.rows)
    assert any(None in row for one in found for row in one.rows)


def test_base_paths_are_odd_or_not() -> None:
    for wanted in (lambda one: " " in one, lambda one: not one.isascii()):
        assert find(texts.base_paths(), wanted, settings=SEARCH)
    usual = all_of(texts.base_paths(odd=False), SOME)
    assert [one for one in usual if not one.replace("/", "").isalnum()] == []
