"""Scenarios as plain data: equal scenarios have one key, and defaults are left out."""

from __future__ import annotations

import msgspec

from connect_contracts.model.scenario import Basic, Call, Connect, Scenario, TableSpec, TargetSpec
from connect_contracts.model.without_defaults import without_defaults
from connect_contracts.upgrades.scenario_data import canonical, key_of
from connect_contracts.upgrades.scenarios import listed_scenarios
from connect_harness.certificates import Chain

PLAIN = Scenario((TargetSpec(),), (Connect(),))


def test_what_has_its_default_is_left_out() -> None:
    assert without_defaults(PLAIN) == {"targets": [{}], "steps": [{"type": "connect"}]}


def test_a_value_that_is_no_default_stays_with_its_tag() -> None:
    steps = (Connect(Call(authentication=Basic("someone"))),)
    told = without_defaults(Scenario((TargetSpec(chain=Chain(defect="leaf expired")),), steps))
    assert told["targets"] == [{"chain": {"defect": "leaf expired"}}]
    assert told["steps"][0]["call"] == {"authentication": {"type": "basic", "username": "someone"}}


def test_one_is_not_true() -> None:
    table = TableSpec(rows=((1,),))
    ones = Scenario((TargetSpec(tables=(table,)),), (Connect(),))
    truth = msgspec.structs.replace(
        ones, targets=(TargetSpec(tables=(TableSpec(rows=((True,),)),)),)
    )
    assert key_of(ones) != key_of(truth)
    assert without_defaults(TargetSpec(secure=1)) == {"secure": 1}  # type: ignore[arg-type]


def test_every_listed_scenario_is_there_once_and_survives_its_plain_form() -> None:
    listed = listed_scenarios()
    keys = {key_of(one.scenario) for one in listed}
    assert len(keys) == len(listed)
    assert any("(twin)" in case for one in listed for case in one.cases)
    assert any(not one.cases for one in listed)
    for one in listed:
        read = msgspec.json.decode(canonical(one.scenario), type=Scenario)
        assert key_of(read) == key_of(one.scenario), one.cases
