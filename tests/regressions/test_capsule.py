"""Capsules: readable, without secrets and places, in a form that is published."""

from __future__ import annotations

import json
import re
from pathlib import Path

import msgspec
import pytest

from connect_contracts.model.clause import Profile
from connect_contracts.regressions.capsule import PATH, SCHEMA, schema_text, without_places
from connect_contracts.regressions.folder import (
    BadCapsule,
    capsule_files,
    pinned,
    read_capsule,
    write_capsule,
)
from connect_contracts.regressions.validation import problems_of_scenario
from connect_contracts.search.budget import SearchSettings
from connect_contracts.search.drawing import scenarios_of_part
from connect_contracts.search.laws.every_law import LAWS
from connect_harness.temporary import temporary_folder


def test_the_published_schema_is_that_of_the_code() -> None:
    assert PATH.name == f"capsule-{SCHEMA}.json"
    assert PATH.read_text(encoding="utf-8") == schema_text()
    objects = [
        value
        for value in json.loads(schema_text())["$defs"].values()
        if value.get("type") == "object"
    ]
    assert len(objects) > 10
    assert not any(value["additionalProperties"] for value in objects)


def test_it_reads_back_as_it_was_without_defaults(latin: Path) -> None:
    capsule = read_capsule(latin)
    assert capsule.text() == latin.read_bytes()
    assert latin.name == capsule.file_name
    assert re.fullmatch(r"AUTH-3-[0-9a-f]{8}\.json", latin.name)
    assert json.loads(latin.read_text())["scenario"] == {
        "targets": [{}],
        "steps": [
            {
                "type": "connect",
                "call": {"authentication": {"type": "basic", "password": "geheimnisé"}},
            }
        ],
        "limit": 10.0,
    }


def test_it_tells_no_secret_port_or_folder_in_what_was_seen(latin: Path) -> None:
    capsule = json.loads(latin.read_text())
    text = capsule["expected"] + capsule["observed"]
    assert "geheimnis" not in text
    assert not re.search(r":\d{4,5}\b|/tmp/", text)
    with temporary_folder() as folder:
        text = f"https://localhost:40123/a, [::1]:50000, '{folder}/files-1/a.pem'"
    assert without_places(text) == ("https://localhost:PORT/a, [::1]:PORT, 'FOLDER/files-1/a.pem'")


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


CONNECT = {"type": "connect"}


def played(*steps: object, targets: object = ({},), **more: object) -> dict[str, object]:
    """The fields of a capsule with this scenario."""
    return {"step": 1, "scenario": {"targets": targets, "steps": steps, **more}}


def owned(action: str, **more: object) -> dict[str, object]:
    return played({"type": "own", "action": action, **more})


def called(**call: object) -> dict[str, object]:
    return played({**CONNECT, "call": call})


def targeted(**target: object) -> dict[str, object]:
    return played(CONNECT, targets=[target])


def tabled(**table: object) -> dict[str, object]:
    return targeted(tables=[table])


TEXTS = {
    "no JSON": ("nonsense", "is no JSON"),
    "truncated": (None, "ends too early: restore it, or delete it."),
    "another file": ("[1, 2]", "is JSON, and no capsule"),
    "nested": ("[" * 200_000, "is nested too deeply"),
}
"""What a file holds; ``None`` is the beginning of a capsule."""

NEWER = "is of the schema 2, and this release reads up to 1: update pytest-connect-contract."
FIELDS = {
    "newer": ({"schema": SCHEMA + 1}, NEWER),
    "unknown clause": ({"clause": "CA-999"}, "names the clause 'CA-999'"),
    "unknown law": ({"law": "gravity"}, "names the law 'gravity'"),
    "law and case": ({"case": "CA-2[x]"}, "either a law or a case"),
    "unknown field": ({"colour": "red"}, "colour"),
    "unknown field of a chain": (targeted(chain={"colour": 1}), "$.scenario.targets[0].chain."),
    "unknown defect": (called(defect="x"), "names the defect 'x', which this release does not"),
    "unknown fault": (owned("arm", fault="x"), "names the fault 'x'"),
    "unknown target": (called(target="x"), "names the target 'x'"),
    "unknown defect of a chain": (targeted(chain={"defect": "x"}), "There is no defect 'x'"),
    "another clause, signed": ({"signature": {"clause": "CA-2"}}, "its signature names 'CA-2'"),
    "another law, signed": ({"signature": {"law": "gravity"}}, "its signature names 'gravity'"),
    "a step that is not there": ({"step": 99}, "tells of step 99"),
    "no step": (played(), "has no steps"),
    "no time": (played(CONNECT, limit=0), "gives a step 0.0"),
    "too much time": (played(CONNECT, limit=1e308), "gives a step 1e+308 seconds"),
    "no variable": (played(CONNECT, surroundings=[["A=B", "c"]]), "sets 'A=B'"),
    "two of one name": (played(CONNECT, targets=[{}, {}]), "two targets of one name"),
    "a release to come": (targeted(release="9.9"), "names the release '9.9', which this release"),
    "a base path that is none": (targeted(base_path="x/"), "has the base path 'x/'"),
    "an unknown data type": (tabled(data_types=[["Id", "Text"]]), "There is no data type 'Text'"),
    "a key of no column": (tabled(keys=["Key"]), "has a table 'Example' that"),
    "a row too wide": (tabled(rows=[["a", "b"]]), "has a table 'Example' that"),
    "a default of no column": (tabled(default_values=[["Other", "x"]]), "whose defaults are not"),
    "a session that nobody opened": (
        played({"type": "use", "action": "head"}),
        "uses the session 'session', which no step before opens",
    ),
    "a table that is not there": (owned("rows", table="Other"), "looks for the table 'Other'"),
    "a table twice": (owned("create table"), "creates the table 'Example' a second time"),
    "a path of an issuer that is none": (
        played(CONNECT, targets=[{"issuer": {"path": "/x/"}}]),
        "path",
    ),
    "a token of no issuer": (
        played({**CONNECT, "call": {"authentication": {"type": "password grant"}}}),
        "needs an issuer of the target 'target', which has none",
    ),
    "a fault of no issuer": (
        owned("arm", fault="status 500", requests="tokens"),
        "needs an issuer of the target 'target'",
    ),
    "no fault": (owned("arm"), "its 'fault'"),
    "no user": (owned("set roles"), "its 'user'"),
}


@pytest.mark.parametrize("damage", [*TEXTS, *FIELDS])
def test_what_is_wrong_is_told_in_one_sentence(latin: Path, damage: str) -> None:
    whole = json.loads(latin.read_text())
    if damage in TEXTS:
        content, sentence = TEXTS[damage]
        latin.write_text(latin.read_text()[:200] if content is None else content)
    else:
        fields, sentence = FIELDS[damage]
        signature = whole["signature"] | fields.get("signature", {})
        latin.write_text(json.dumps(whole | fields | {"signature": signature}))
    with pytest.raises(BadCapsule) as error:
        read_capsule(latin)
    assert sentence in str(error.value)
    assert str(latin) in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("profile", Profile)
def test_nothing_is_wrong_with_what_is_drawn(profile: Profile) -> None:
    settings = SearchSettings("few", scenarios=60, parts=1, derandomised=True)
    drawn = [drawing.scenario for drawing in scenarios_of_part(LAWS, profile, settings, 0, 0)]
    assert len(drawn) > 200
    assert [found for scenario in drawn if (found := list(problems_of_scenario(scenario)))] == []
