"""Histories and the law of parity: the reference keeps it; what breaks it is found and shrunk."""

from __future__ import annotations

from typing import Any

import pytest

from connect_contracts.execution.implementation import load
from connect_contracts.judging.settings import UnderTest
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
    User,
)
from connect_contracts.model.schema import read_scenario, write_scenario
from connect_contracts.search.budget import SearchSettings
from connect_contracts.search.drawing import scenarios_of_part
from connect_contracts.search.failures import shrink_failure
from connect_contracts.search.laws.examine import examine
from connect_contracts.search.laws.parity import KEYED, PARITY, History
from connect_contracts.search.laws.tables import TableModel
from connect_contracts.search.search import Found
from connect_contracts.selftest import every_broken_implementation

HISTORIES = SearchSettings("histories", scenarios=80, parts=1, derandomised=True, ladder=False)
BROKEN = {broken.name: broken for broken in every_broken_implementation()}
ADMIN = Connect(Call(authentication=Basic()))


def histories(profile: Profile) -> list[Scenario]:
    drawn = scenarios_of_part([PARITY], profile, HISTORIES, 0, 0)
    return [one.scenario for one in drawn if one.values is None]


def reference(profile: Profile) -> UnderTest:
    name = f"connect_contracts.reference.v{profile.replace('.', '_')}"
    return UnderTest(load(name), profile, "asked for")


@pytest.mark.parametrize("profile", Profile)
def test_the_model_knows_every_history_and_the_reference_agrees(profile: Profile) -> None:
    found = histories(profile)
    assert len(found) == 40
    for scenario in found:
        assert History.of(scenario, profile).steps == list(scenario.steps)
        assert examine(scenario, reference(profile), [PARITY]).breaches == ()


@pytest.mark.parametrize(
    ("name", "profile", "kinds"),
    [
        ("brings_rows_back", Profile.V0_9_1, {"add"}),
        ("remembers_what_it_showed", Profile.V6_2, {"head", "add"}),
        ("adds_a_row_once", Profile.V0_9_1, {"add", "rows"}),
    ],
)
def test_what_is_broken_is_found_and_shrunk(name: str, profile: Profile, kinds: set[str]) -> None:
    subject = UnderTest(BROKEN[name].implementation(profile), profile, "asked for")
    found = next(
        Found(scenario, breach)
        for scenario in histories(profile)
        for breach in examine(scenario, subject, [PARITY]).breaches
    )
    failure = shrink_failure(found, subject, [PARITY], HISTORIES)
    scenario = failure.examined.scenario
    assert len(scenario.steps) <= 8
    assert kinds <= {one.action for one in scenario.steps if isinstance(one, Use | Own)}
    # The scenario alone shows it again, also when it comes from a file.
    again = read_scenario(write_scenario(scenario))
    (breach,) = examine(again, subject, [PARITY]).breaches
    assert breach.signature == failure.breach.signature
    assert examine(again, reference(profile), [PARITY]).breaches == ()


# The model, without any implementation.


def test_a_restart_leaves_what_the_owner_did() -> None:
    history = History(Profile.V6_2)
    session = history.connect("admin")
    assert session is not None
    for step in (
        Own("add", table="Keyed", rows=(("a", 1), ("b", 1))),
        Use("add", "Keyed", (("a", 2),), session=session),
        Use("add", rows=(("a",),), session=session),
    ):
        assert history.apply(step)
    # A row takes the place of the one with its key.
    assert history.tables["Keyed"].rows == [("b", 1), ("a", 2)]
    assert history.apply(Own("restart"))
    assert history.tables["Keyed"].rows == [("a", 1), ("b", 1)]
    assert history.tables["Example"].rows == []


def test_a_user_changes_nothing_and_one_without_roles_is_refused() -> None:
    history = History(Profile.V6_2)
    user = history.connect("user")
    assert user is not None
    assert history.apply(Use("add", rows=(("a",),), session=user))
    assert history.tables["Example"].rows == []
    assert [outcome.describe() for outcome in history.allowed[3]] == ["it raises"]
    assert history.apply(Own("set roles", user=User("user")))
    assert history.sessions == {}
    assert history.connect("user") is None


def test_few_rows_are_some_of_those_that_are_there() -> None:
    table = TableModel(KEYED)
    table.add((("a", 1), ("b", 1)), by_owner=True)
    asked = [table.expected(Use("head", n=n)) for n in (1, None)]
    assert [one and one.at_most for one in asked] == [1, None]
    assert [one and one.index for one in asked] == [("Id",), ("Id",)]
    assert not table.fits((("c", "text"),))


def known(*steps: Step, **target: Any) -> int:
    """How many steps of a scenario the model knows, from its beginning."""
    return len(History.of(Scenario((TargetSpec(**target),), steps), Profile.V6_2).steps)


@pytest.mark.parametrize(
    ("count", "steps"),
    [
        (2, (ADMIN, Use("head"), Use("user"), Use("head"))),
        (1, (ADMIN, Use("add", rows=(("a", 1),)), Use("head"))),
        (0, (Own("arm", fault="noop"), ADMIN)),
        (2, (ADMIN, Own("restart"), Use("add", rows=(("a",),)))),
        (0, (Connect(Call(authentication=Basic(), host="127.0.0.1")),)),
        (0, (Connect(Call(authentication=Basic("admin", "wrong"))),)),
    ],
    ids=("user", "wide-row", "fault", "add-after-restart", "address", "wrong-password"),
)
def test_what_the_model_does_not_know_ends_what_it_says(
    count: int, steps: tuple[Step, ...]
) -> None:
    assert known(*steps) == count


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
    assert known(ADMIN) == 1
    assert known(ADMIN, **target) == 0
