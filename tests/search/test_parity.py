"""Histories and the law of parity: what breaks it is found and shrunk; how far its model knows."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from connect_contracts.execution.loading import load
from connect_contracts.judging.settings import UnderTest
from connect_contracts.model.clause import Profile
from connect_contracts.model.json_text import json_of
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
from connect_contracts.search.budget import SearchSettings
from connect_contracts.search.drawing import scenarios_of_part
from connect_contracts.search.failures import shrink_failure
from connect_contracts.search.laws.examine import examine
from connect_contracts.search.laws.parity import PARITY, History
from connect_contracts.search.search import Found
from connect_contracts.selftest import every_broken_implementation

HISTORIES = SearchSettings("histories", scenarios=80, parts=1, derandomised=True, ladder=False)
BROKEN = {broken.name: broken for broken in every_broken_implementation()}
ADMIN = Connect(Call(authentication=Basic()))
ADDS_ONCE = "adds_a_row_once", Profile.V0_9_1, {"add", "rows"}
REMEMBERS = "remembers_what_it_showed", Profile.V6_2, {"head", "add"}


@cache
def histories(profile: Profile) -> list[Scenario]:
    drawn = scenarios_of_part([PARITY], profile, HISTORIES, 0, 0)
    # With more time for a step, no busy machine breaks the law.
    return [replace(one.scenario, limit=60.0) for one in drawn if one.values is None]


def reference(profile: Profile) -> UnderTest:
    name = f"connect_contracts.reference.v{profile.replace('.', '_')}"
    return UnderTest(load(name), profile, "asked for")


@pytest.mark.parametrize("profile", Profile)
def test_the_model_knows_every_history(profile: Profile) -> None:
    found = histories(profile)
    assert len(found) == 40
    assert [one for one in found if History.of(one, profile).steps != list(one.steps)] == []


@pytest.mark.parametrize(
    ("name", "profile", "kinds"),
    [
        ("brings_rows_back", Profile.V0_9_1, {"add"}),
        pytest.param(*ADDS_ONCE, marks=pytest.mark.matrix),
        pytest.param(*REMEMBERS, marks=pytest.mark.matrix),
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
    again = msgspec.json.decode(json_of(scenario), type=Scenario)
    (breach,) = examine(again, subject, [PARITY]).breaches
    assert breach.signature == failure.breach.signature
    assert examine(again, reference(profile), [PARITY]).breaches == ()


# How far the model knows a scenario.


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
