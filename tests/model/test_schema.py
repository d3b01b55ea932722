"""The published schema of scenarios, and what is read as one."""

from __future__ import annotations

import json
import re

import msgspec
import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.model.allowed import disallowed
from connect_contracts.model.clause import Profile
from connect_contracts.model.json_text import json_of
from connect_contracts.model.scenario import Connect, Scenario, TargetSpec, Use
from connect_contracts.model.schema import PATH, VERSION, schema_text
from connect_contracts.search.strategies.covering import ladder


def test_the_published_schema_is_that_of_the_code() -> None:
    assert PATH.name == f"scenario-{VERSION}.json"
    assert PATH.read_text(encoding="utf-8") == schema_text()


def test_every_object_of_the_schema_is_closed() -> None:
    definitions = json.loads(schema_text())["$defs"]
    assert {"Scenario", "TargetSpec", "Chain", "Call", "Own"} <= set(definitions)
    open_ones = [name for name, one in definitions.items() if one["additionalProperties"]]
    assert open_ones == []


def read_again(scenario: Scenario) -> Scenario:
    return msgspec.json.decode(json_of(scenario), type=Scenario)


def test_every_scenario_of_a_case_and_of_the_ladder_survives_a_file() -> None:
    cases = catalogue().cases.values()
    scenarios = [one for case in cases for one in (case.scenario, case.twin) if one is not None]
    assert len(scenarios) > len(cases)
    scenarios += [one for profile in Profile for one in ladder(profile)]
    assert [one for one in scenarios if read_again(one) != one] == []
    assert [why for one in scenarios for why in disallowed(one)] == []


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
    with pytest.raises(msgspec.DecodeError):
        msgspec.json.decode(text, type=Scenario)


NO_SESSIONS = ("", " ", "\t\n", "owner", "all")


@pytest.mark.parametrize("name", NO_SESSIONS)
@pytest.mark.parametrize("kind", ["connect", "use"])
def test_a_session_has_a_name_of_its_own(name: str, kind: str) -> None:
    with pytest.raises(ValueError, match="no session can be called"):
        Connect(session=name) if kind == "connect" else Use("close", session=name)
    more = {} if kind == "connect" else {"action": "close"}
    step = {"type": kind, "session": name, **more}
    written = json.dumps({"targets": [{}], "steps": [step]})
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(written, type=Scenario)
    for text in (schema_text(), PATH.read_text(encoding="utf-8")):
        pattern = json.loads(text)["$defs"][kind.title()]["properties"]["session"]["pattern"]
        assert re.search(pattern, name) is None


@pytest.mark.parametrize("name", ["owner 2", "the owner", "Owner", "allen", "é", " a"])
def test_any_other_name_will_do(name: str) -> None:
    scenario = Scenario((TargetSpec(),), (Connect(session=name), Use("close", session=name)))
    assert read_again(scenario) == scenario
