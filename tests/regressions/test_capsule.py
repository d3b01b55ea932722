"""Capsules: readable, without secrets and places, in a form that is published."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Scenario, TargetSpec
from connect_contracts.model.without_defaults import without_defaults
from connect_contracts.regressions.capsule import (
    PATH,
    SCHEMA,
    Capsule,
    capsule_schema,
    schema_text,
    without_places,
)
from connect_contracts.regressions.folder import pinned, write_capsule
from connect_contracts.regressions.reading import BadCapsule, capsule_files, read_capsule
from connect_contracts.regressions.validation import problems_of_scenario
from connect_contracts.search.budget import search_settings
from connect_contracts.search.drawing import scenarios_of_part
from connect_contracts.search.laws.every_law import LAWS


def test_the_published_schema_is_that_of_the_code() -> None:
    assert PATH.name == f"capsule-{SCHEMA}.json"
    assert PATH.read_text(encoding="utf-8") == schema_text()
    objects = [one for one in capsule_schema()["$defs"].values() if one.get("type") == "object"]
    assert len(objects) > 10
    assert not any(one["additionalProperties"] for one in objects)


def test_it_reads_back_as_it_was(latin: Path) -> None:
    capsule = read_capsule(latin)
    assert capsule.text() == latin.read_bytes()
    assert latin.name == capsule.file_name
    assert re.fullmatch(r"AUTH-3-[0-9a-f]{8}\.json", latin.name)


def test_what_is_as_by_default_is_left_out(latin: Path) -> None:
    scenario = json.loads(latin.read_text())["scenario"]
    assert scenario == {
        "targets": [{}],
        "steps": [
            {
                "type": "connect",
                "call": {"authentication": {"type": "basic", "password": "geheimnisé"}},
            }
        ],
        "limit": 10.0,
    }


@pytest.mark.parametrize("case", list(catalogue().cases.values()), ids=lambda case: case.id)
def test_every_scenario_comes_back_from_its_bare_form(case) -> None:
    assert (
        msgspec.convert(json.loads(json.dumps(without_defaults(case.scenario))), Scenario)
        == case.scenario
    )


def test_it_tells_no_secret_port_or_folder_in_what_was_seen(latin: Path) -> None:
    capsule = json.loads(latin.read_text())
    told = capsule["expected"] + capsule["observed"]
    assert "geheimnis" not in told
    assert not re.search(r":\d{4,5}\b|/tmp/", told)
    assert without_places("https://localhost:40123/a, [::1]:50000") == (
        "https://localhost:PORT/a, [::1]:PORT"
    )
    assert (
        without_places("no file '/tmp/connect-abc/files-1/a.pem'")
        == "no file 'FOLDER/files-1/a.pem'"
    )


def test_two_failures_of_one_scenario_have_two_files(latin: Path) -> None:
    capsule = read_capsule(latin)
    other = msgspec.structs.replace(
        capsule, signature=msgspec.structs.replace(capsule.signature, kind="hang")
    )
    assert write_capsule(latin.parent, capsule) == latin
    second = write_capsule(latin.parent, other)
    assert second.name == latin.name.replace(".json", "-2.json")
    assert len(capsule_files([latin.parent])) == 2


def test_a_capsule_with_a_reason_is_pinned_and_stays(latin: Path) -> None:
    capsule = read_capsule(latin)
    assert pinned(latin.parent, Profile.V0_9_1) == ()
    known = msgspec.structs.replace(capsule, known="until the next release")
    latin.write_bytes(known.text())
    assert pinned(latin.parent, Profile.V0_9_1) == (capsule.signature,)
    assert pinned(latin.parent, Profile.V6_2) == ()
    write_capsule(latin.parent, capsule)
    assert read_capsule(latin).known == "until the next release"


@pytest.mark.parametrize("there", [True, False])
def test_a_capsule_is_not_written_through_a_link(tmp_path: Path, latin: Path, there: bool) -> None:
    # The folder may be someone else's, and the name can be known beforehand.
    capsule = read_capsule(latin)
    elsewhere = tmp_path / "elsewhere"
    if there:
        elsewhere.write_bytes(capsule.text())
    latin.unlink()
    latin.symlink_to(elsewhere)
    written = write_capsule(latin.parent, msgspec.structs.replace(capsule, observed="now"))
    assert written.name == latin.name.replace(".json", "-2.json")
    assert latin.is_symlink()
    assert elsewhere.exists() is there
    assert not there or elsewhere.read_bytes() == capsule.text()


# What cannot be read.


def changed(path: Path, **fields: object) -> Path:
    whole = json.loads(path.read_text())
    path.write_text(json.dumps(whole | fields))
    return path


def signed(path: Path, **fields: object) -> Path:
    return changed(path, signature=json.loads(path.read_text())["signature"] | fields)


def played(path: Path, *steps: object, targets: Sequence[object] = ({},), **more: object) -> Path:
    return changed(path, step=1, scenario={"targets": [*targets], "steps": [*steps], **more})


def tabled(path: Path, **table: object) -> Path:
    return played(path, {"type": "connect"}, targets=[{"tables": [table]}])


DAMAGES = {
    "no JSON": (lambda path: path.write_text("nonsense"), "is no JSON"),
    "truncated": (
        lambda path: path.write_bytes(path.read_bytes()[:200]),
        "ends too early: restore it, or delete it.",
    ),
    "another file": (lambda path: path.write_text("[1, 2]"), "is JSON, and no capsule"),
    "newer": (
        lambda path: changed(path, schema=SCHEMA + 1),
        "is of the schema 2, and this release reads up to 1: update pytest-connect-contract.",
    ),
    "unknown clause": (lambda path: changed(path, clause="CA-999"), "names the clause 'CA-999'"),
    "unknown law": (lambda path: changed(path, law="gravity"), "names the law 'gravity'"),
    "law and case": (lambda path: changed(path, case="CA-2[x]"), "either a law or a case"),
    "unknown field": (lambda path: changed(path, colour="red"), "colour"),
    "unknown field of a chain": (
        lambda path: changed(path, scenario={"targets": [{"chain": {"colour": 1}}], "steps": []}),
        "$.scenario.targets[0].chain.colour",
    ),
    "unknown defect": (
        lambda path: changed(
            path,
            scenario={"targets": [{}], "steps": [{"type": "connect", "call": {"defect": "x"}}]},
        ),
        "names the defect 'x', which this release does not have",
    ),
    "unknown fault": (
        lambda path: changed(
            path,
            scenario={"targets": [{}], "steps": [{"type": "own", "action": "arm", "fault": "x"}]},
        ),
        "names the fault 'x'",
    ),
    "unknown target": (
        lambda path: changed(
            path,
            scenario={"targets": [{}], "steps": [{"type": "connect", "call": {"target": "x"}}]},
        ),
        "names the target 'x'",
    ),
    "unknown defect of a chain": (
        lambda path: changed(
            path, scenario={"targets": [{"chain": {"defect": "x"}}], "steps": [{"type": "connect"}]}
        ),
        "names the defect 'x'",
    ),
    "nested": (lambda path: path.write_text("[" * 200_000), "is nested too deeply"),
    "another clause in the signature": (
        lambda path: signed(path, clause="CA-2"),
        "its signature names 'CA-2'",
    ),
    "another law in the signature": (
        lambda path: signed(path, law="gravity"),
        "its signature names 'gravity'",
    ),
    "a step that is not there": (lambda path: changed(path, step=99), "tells of step 99"),
    "no step": (lambda path: played(path), "has no steps"),
    "no time": (lambda path: played(path, {"type": "connect"}, limit=0), "gives a step 0.0"),
    "too much time": (
        lambda path: played(path, {"type": "connect"}, limit=1e308),
        "gives a step 1e+308 seconds",
    ),
    "no variable": (
        lambda path: played(path, {"type": "connect"}, surroundings=[["A=B", "c"]]),
        "sets 'A=B'",
    ),
    "two of one name": (
        lambda path: played(path, {"type": "connect"}, targets=[{}, {}]),
        "two targets of one name",
    ),
    "a release to come": (
        lambda path: played(path, {"type": "connect"}, targets=[{"release": "9.9"}]),
        "names the release '9.9', which this release does not have",
    ),
    "a base path that is none": (
        lambda path: played(path, {"type": "connect"}, targets=[{"base_path": "x/"}]),
        "has the base path 'x/'",
    ),
    "an unknown data type": (
        lambda path: tabled(path, data_types=[["Id", "Text"]]),
        "There is no data type 'Text'",
    ),
    "a key of no column": (lambda path: tabled(path, keys=["Key"]), "has a table 'Example' that"),
    "a row too wide": (lambda path: tabled(path, rows=[["a", "b"]]), "has a table 'Example' that"),
    "a default of no column": (
        lambda path: tabled(path, default_values=[["Other", "x"]]),
        "whose defaults are not of its columns",
    ),
    "a session that nobody opened": (
        lambda path: played(path, {"type": "use", "action": "head"}),
        "uses the session 'session', which no step before opens",
    ),
    "a table that is not there": (
        lambda path: played(path, {"type": "own", "action": "rows", "table": "Other"}),
        "looks for the table 'Other'",
    ),
    "a table twice": (
        lambda path: played(path, {"type": "own", "action": "create table"}),
        "creates the table 'Example' a second time",
    ),
    "no fault": (lambda path: played(path, {"type": "own", "action": "arm"}), "its 'fault'"),
    "no user": (lambda path: played(path, {"type": "own", "action": "set roles"}), "its 'user'"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_wrong_is_told_in_one_sentence(latin: Path, damage: str) -> None:
    change, told = DAMAGES[damage]
    change(latin)
    with pytest.raises(BadCapsule) as error:
        read_capsule(latin)
    sentence = str(error.value)
    assert told in sentence
    assert str(latin) in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize("profile", Profile)
def test_nothing_is_wrong_with_what_is_drawn(profile: Profile) -> None:
    settings = search_settings("ci")
    drawn = [
        one.scenario
        for part in range(settings.parts)
        for one in scenarios_of_part(LAWS, profile, settings, part, 0)
    ]
    assert len(drawn) > 500
    assert [found for one in drawn if (found := list(problems_of_scenario(one)))] == []


def test_a_name_that_is_no_path() -> None:
    with pytest.raises(BadCapsule, match="no file or folder"):
        capsule_files([Path("no/such/folder")])


def test_a_capsule_is_small_whatever_its_target() -> None:
    assert without_defaults(TargetSpec()) == {}
    assert without_defaults(TargetSpec(scheme="https")) == {"scheme": "https"}
    assert Capsule.__struct_fields__[0] == "schema"
