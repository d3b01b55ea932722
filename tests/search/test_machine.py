"""The state machine: the reference passes it, and what is broken is found and shrunk."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.run import run
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import (
    Basic,
    Call,
    Connect,
    Own,
    Scenario,
    Step,
    TableSpec,
    TargetSpec,
    Use,
)
from connect_contracts.model.schema import read_scenario, write_scenario
from connect_contracts.reference import v0_9_1, v6_2
from connect_contracts.search.strategies.history import KEYED, Disagreement, History
from connect_contracts.search.strategies.machine import machine, scenarios_of_histories
from connect_contracts.search.strategies.plain_table import PlainTable
from connect_contracts.selftest import every_broken_implementation

MODULES = {Profile.V0_9_1: v0_9_1, Profile.V6_2: v6_2}
BOUNDED = settings(
    max_examples=100,
    stateful_step_count=8,
    derandomize=True,
    database=None,
    deadline=None,
    print_blob=False,
)


def reference(profile: Profile) -> Implementation:
    return Implementation(MODULES[profile].Session, module=MODULES[profile])


@pytest.mark.parametrize("profile", Profile)
def test_the_reference_passes(profile: Profile) -> None:
    run_state_machine_as_test(machine(reference(profile), profile), settings=BOUNDED)


@pytest.mark.parametrize(
    ("name", "profile", "kinds"),
    [
        ("brings_rows_back", Profile.V0_9_1, {"add"}),
        ("remembers_what_it_showed", Profile.V6_2, {"head", "add"}),
        ("adds_a_row_once", Profile.V0_9_1, {"add", "rows"}),
    ],
)
def test_what_is_broken_is_found_and_shrunk(name: str, profile: Profile, kinds: set[str]) -> None:
    broken = next(one for one in every_broken_implementation() if one.name == name)
    implementation = broken.implementation(profile)
    with pytest.raises(Disagreement) as found:
        run_state_machine_as_test(machine(implementation, profile), settings=BOUNDED)
    scenario = found.value.scenario
    assert len(scenario.steps) <= 8
    assert kinds <= {one.action for one in scenario.steps if isinstance(one, Use | Own)}
    # The scenario alone shows it again, also when it comes from a file.
    again = read_scenario(write_scenario(scenario))
    assert last(again, implementation, profile) != last(again, reference(profile), profile)


def last(scenario: Scenario, implementation: Implementation, profile: Profile) -> object:
    result = run(scenario, implementation, profile).results[-1]
    return result.how, result.value, result.frame


# The model, without any implementation.


def test_a_restart_leaves_what_the_owner_did() -> None:
    history = History(Profile.V6_2)
    session = history.connect("admin")
    assert session is not None
    history.owner_adds("Keyed", ("a", 1))
    history.add(session, "Keyed", ("a", 2))
    history.add(session, "Example", ("a",))
    assert history.tables["Keyed"].rows == [("a", 2)]
    history.restart()
    assert history.tables["Keyed"].rows == [("a", 1)]
    assert history.tables["Example"].rows == []


def test_a_user_changes_nothing_and_a_stranger_is_refused() -> None:
    history = History(Profile.V6_2)
    user = history.connect("user")
    assert user is not None
    history.add(user, "Example", ("a",))
    assert history.tables["Example"].rows == []
    assert [one.describe() for one in history.allowed[1]] == ["it raises"]
    history.set_roles("user", ())
    assert history.sessions == {}
    assert history.connect("user") is None


# A scenario of anybody's, as far as the model knows it.


def known(*steps: Step, **target: Any) -> int:
    return len(History.of(Scenario((TargetSpec(**target),), steps), Profile.V6_2).steps)


ADMINISTRATOR = Connect(Call(authentication=Basic()))


@pytest.mark.parametrize("profile", Profile)
def test_a_history_is_told_again_by_its_scenario(profile: Profile) -> None:
    collected: list[Scenario] = []
    run_state_machine_as_test(
        scenarios_of_histories(profile, collected.append),
        settings=settings(BOUNDED, max_examples=20),
    )
    assert len(collected) > 10
    for scenario in collected:
        assert History.of(scenario, profile).steps == list(scenario.steps)


def test_what_the_model_does_not_know_ends_what_it_says() -> None:
    assert known(ADMINISTRATOR, Use("head"), Use("user"), Use("head")) == 2
    assert known(ADMINISTRATOR, Use("add", rows=(("a", 1),)), Use("head")) == 1
    assert known(Own("arm", fault="noop"), ADMINISTRATOR) == 0
    assert known(ADMINISTRATOR, Own("restart"), Use("add", rows=(("a",),))) == 2
    assert known(Connect(Call(authentication=Basic(), host="127.0.0.1"))) == 0
    assert known(Connect(Call(authentication=Basic("admin", "wrong")))) == 0


@pytest.mark.parametrize(
    "target",
    [
        {"scheme": "https"},
        {"secure": False},
        {"base_path": "/one"},
        {"tables": (TableSpec("a/b"),)},
        {"tables": (TableSpec(data_types=(("Id", "double"),)),)},
        {"tables": (TableSpec(rows=((None,),)),)},
        {"tables": (TableSpec(default_values=(("Id", "a"),)),)},
    ],
    ids=str,
)
def test_of_other_targets_the_model_knows_nothing(target: dict[str, Any]) -> None:
    assert known(ADMINISTRATOR) == 1
    assert known(ADMINISTRATOR, **target) == 0


def test_rows_with_keys_replace_those_with_the_same() -> None:
    table = PlainTable.of(KEYED)
    assert table.add((("a", 1), ("b", 1), ("a", 2)), by_owner=True)
    assert not table.add((("c", "text"),), by_owner=True)
    assert table.rows == [("b", 1), ("a", 2)]
    assert table.head(1).at_most == 1
    assert table.head(None).at_most is None
    assert table.head(None).index == ("Id",)


def test_two_machines_in_one_process_know_nothing_of_each_other() -> None:
    one, other = (machine(reference(profile), profile) for profile in Profile)
    assert one is not other
    few = settings(BOUNDED, max_examples=3)
    run_state_machine_as_test(one, settings=few)
    run_state_machine_as_test(other, settings=few)
