"""Behaviour records: the same for every run, without secrets, read with care; scenarios as data."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from connect_contracts.execution.run import run
from connect_contracts.judging.settings import UnderTest
from connect_contracts.model.clause import Depth
from connect_contracts.model.json_text import canonical, without_defaults
from connect_contracts.model.observation import Said
from connect_contracts.model.scenario import (
    Basic,
    Call,
    Connect,
    Own,
    Scenario,
    TableSpec,
    TargetSpec,
    Together,
    Token,
    Use,
)
from connect_contracts.model.target_spec import PASSWORD
from connect_contracts.upgrades.record import (
    PATH,
    SCHEMA,
    BehaviourRecord,
    RequestSeen,
    UnreadableRecord,
    key_of,
    read_record,
    schema_text,
    write_record,
)
from connect_contracts.upgrades.scenarios import Listed, listed_scenarios, observe, observed
from connect_contracts.upgrades.steps import behaviour_of

AS_ADMIN = Call(authentication=Basic())


def test_two_runs_give_the_same_file_also_under_load(
    reference: UnderTest, busy_processor: Callable[[], AbstractContextManager[None]], tmp_path: Path
) -> None:
    ids = ("AUTH-11[each-in-its-thread]", "KEEP-4[connections-closed]")
    scenarios = listed_scenarios(ids=ids, origin="cases")
    record = observe(reference, scenarios, Depth.DEFAULT)
    write_record(tmp_path / "one.json", record)
    with busy_processor():
        write_record(tmp_path / "two.json", observe(reference, scenarios, Depth.DEFAULT))
    assert (tmp_path / "one.json").read_text() == (tmp_path / "two.json").read_text()
    assert read_record(tmp_path / "one.json") == record


def test_what_runs_together_is_recorded_without_its_order(reference: UnderTest) -> None:
    def adding(name: str) -> tuple[Use, ...]:
        return tuple(Use("add", rows=((f"{name} {number}",),), session=name) for number in range(3))

    scenario = Scenario(
        (TargetSpec(),),
        (
            Connect(AS_ADMIN, "one"),
            Connect(AS_ADMIN, "two"),
            Together((adding("one"), (*adding("two"), Use("head", session="two")))),
            Use("head", n=100, session="one"),
            Own("rows"),
        ),
    )
    behaviours = [observed(reference, Listed(scenario)) for _ in range(4)]
    assert behaviours[1:] == behaviours[:-1]
    steps = {step.step: step for step in behaviours[0].steps}
    assert steps["3.2.4"].value == {"columns": ["Id"], "index": [None]}
    assert len(steps["4"].value["rows"]) == len(steps["5"].value) == 6
    assert steps["3"].requests
    assert not steps["3.1.1"].requests


def test_a_step_with_what_the_target_saw_and_one_that_was_not_taken(reference: UnderTest) -> None:
    listing = (Use("list tables"),)
    scenario = Scenario((TargetSpec(base_path="/base"),), (Connect(AS_ADMIN), *listing))
    connected, listed = observed(reference, Listed(scenario, ("X-1[y]",))).steps
    assert connected.value == {"type": "Session", "is session": True}
    assert listed.value == ["Example"]
    first = RequestSeen("GET", "/base/versions/rest", 200, "admin", "Basic", "localhost")
    assert first in connected.requests
    assert [
        connection.service for connection in connected.connections if connection.http_bytes
    ] == ["http"]
    refused = Connect(Call(authentication=Basic(), defect="wrong password"))
    behaviour = observed(reference, Listed(Scenario((TargetSpec(),), (refused, *listing))))
    assert [step.how for step in behaviour.steps] == ["raised", "not taken"]


def test_a_record_holds_no_token(reference: UnderTest, tmp_path: Path) -> None:
    connect = Connect(Call(authentication=Token()))
    scenario = Scenario((TargetSpec(),), (connect, Use("list tables")), listens=True)
    seen = run(scenario, reference.implementation, reference.profile)
    assert seen.secrets
    record = observe(reference, [Listed(scenario)], Depth.DEFAULT)
    assert record.scenarios[0] == behaviour_of(seen)
    write_record(tmp_path / "record.json", record)
    written = (tmp_path / "record.json").read_text()
    assert not [secret for secret in seen.secrets if secret.value in written]


def test_only_a_secret_of_the_run_itself_stands_in_what_was_said(reference: UnderTest) -> None:
    """Any program may write the documented password into the machine's temporary folder."""
    scenario = Scenario((TargetSpec(),), (Connect(AS_ADMIN),), listens=True)
    seen = run(scenario, reference.implementation, reference.profile)
    source = "a file that was left behind"
    for text, expected in ((PASSWORD, ()), (f"its {seen.secrets[0].value}", (source,))):
        saying = replace(seen, said=(Said(source, text, (0,)),))
        assert behaviour_of(saying).steps[0].secrets_in == expected


def test_the_published_schema_is_that_of_the_code() -> None:
    assert PATH.name == f"behaviour-{SCHEMA}.json"
    assert PATH.read_text(encoding="utf-8") == schema_text()
    definitions = json.loads(schema_text())["$defs"]
    assert BehaviourRecord.__name__ in definitions


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "cannot be read: No such file or directory."),
        ("", "is no JSON"),
        ('{"schema": 1, "implem', "is no JSON"),
        ("[]", "is no behaviour record: `connect-contract observe` writes one."),
        ('{"targets": []}', "is no behaviour record: `connect-contract observe` writes one."),
        ('{"schema": 2}', "has the schema 2 of behaviour records, and 1 is the newest known here"),
        ('{"schema": 1}', "is no behaviour record that can be read (Object missing required field"),
        ('{"schema": 0}', "has the schema 0, which never was: observe anew."),
        ('{"schema": -1}', "has the schema -1, which never was: observe anew."),
        ("a pipe", "cannot be read: it is no regular file"),
    ],
)
def test_a_bad_file_gets_one_sentence(tmp_path: Path, content: str | None, sentence: str) -> None:
    path = tmp_path / "record.json"
    if content == "a pipe":
        os.mkfifo(path)
    elif content is not None:
        path.write_text(content)
    with pytest.raises(UnreadableRecord) as caught:
        read_record(path)
    assert f"{path} {sentence}" in str(caught.value)
    assert "\n" not in str(caught.value)


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
    keys = {key_of(entry.scenario) for entry in listed}
    assert len(keys) == len(listed)
    assert any("(twin)" in case for entry in listed for case in entry.cases)
    assert any(not entry.cases for entry in listed)
    for entry in listed:
        read = msgspec.json.decode(canonical(entry.scenario), type=Scenario)
        assert read == entry.scenario, entry.cases
