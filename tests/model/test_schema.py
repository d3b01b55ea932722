"""The published schema of scenarios, and their strict reading."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Call, Certificate, Connect, Scenario, TargetSpec, Use
from connect_contracts.model.schema import (
    PATH,
    VERSION,
    BadScenario,
    read_scenario,
    schema_text,
    write_scenario,
)
from connect_contracts.search.strategies.covering import ladder


def test_the_published_schema_is_that_of_the_code() -> None:
    assert PATH.name == f"scenario-{VERSION}.json"
    assert PATH.read_text(encoding="utf-8") == schema_text()


def test_every_object_of_the_schema_is_closed() -> None:
    definitions = json.loads(schema_text())["$defs"]
    assert {"Scenario", "TargetSpec", "Chain", "Call", "Own"} <= set(definitions)
    open_ones = [name for name, one in definitions.items() if one["additionalProperties"]]
    assert open_ones == []


def test_every_scenario_of_a_case_and_of_the_ladder_survives_a_file() -> None:
    cases = catalogue().cases.values()
    scenarios = [one for case in cases for one in (case.scenario, case.twin) if one is not None]
    assert len(scenarios) > len(cases)
    scenarios += [one for profile in Profile for one in ladder(profile)]
    assert [one for one in scenarios if read_scenario(write_scenario(one)) != one] == []


PLAIN = Scenario((TargetSpec(),), (Connect(Call(authentication=Certificate())),))


@pytest.mark.parametrize(
    ("place", "named"),
    [
        ((), "nonsense"),
        (("targets", 0, "chain"), "$.targets[0].chain.nonsense"),
        (
            ("steps", 0, "call", "authentication", "chain"),
            "$.steps[0].call.authentication.chain.nonsense",
        ),
    ],
)
def test_unknown_fields_are_refused(place: tuple[str | int, ...], named: str) -> None:
    raw: Any = json.loads(write_scenario(PLAIN))
    found = raw
    for one in place:
        found = found[one]
    found["nonsense"] = 1
    with pytest.raises(BadScenario) as refused:
        read_scenario(json.dumps(raw))
    assert named in str(refused.value)
    del found["nonsense"]
    assert read_scenario(json.dumps(raw)) == PLAIN


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"targets": []}',
        '{"targets": [], "steps": [{"type": "dance"}]}',
        '{"targets": [{"chain": {"names": ["UPPER"]}}], "steps": []}',
    ],
)
def test_what_is_no_scenario_is_refused(text: str) -> None:
    with pytest.raises(BadScenario, match="no scenario"):
        read_scenario(text)


NO_SESSIONS = ("", " ", "\t\n", "owner", "all")


@pytest.mark.parametrize("name", NO_SESSIONS)
@pytest.mark.parametrize("kind", ["connect", "use"])
def test_a_session_has_a_name_of_its_own(name: str, kind: str) -> None:
    with pytest.raises(ValueError, match="no session can be called"):
        Connect(session=name) if kind == "connect" else Use("close", session=name)
    more = {} if kind == "connect" else {"action": "close"}
    step = {"type": kind, "session": name, **more}
    written = json.dumps({"targets": [{}], "steps": [step]})
    with pytest.raises(BadScenario):
        read_scenario(written)
    for text in (schema_text(), PATH.read_text(encoding="utf-8")):
        pattern = json.loads(text)["$defs"][kind.title()]["properties"]["session"]["pattern"]
        assert re.search(pattern, name) is None


@pytest.mark.parametrize("name", ["owner 2", "the owner", "Owner", "allen", "é", " a"])
def test_any_other_name_will_do(name: str) -> None:
    scenario = Scenario((TargetSpec(),), (Connect(session=name), Use("close", session=name)))
    assert read_scenario(write_scenario(scenario)) == scenario
