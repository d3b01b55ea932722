"""A behaviour record that someone else wrote is data; one that contradicts itself is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connect_contracts.judging.settings import UnderTest
from connect_contracts.model.clause import Depth
from connect_contracts.model.scenario import Basic, Call, Connect, Own, Scenario, TargetSpec
from connect_contracts.upgrades.comparison import comparison_json, comparison_text
from connect_contracts.upgrades.groups import compare
from connect_contracts.upgrades.record import (
    BehaviourRecord,
    UnreadableRecord,
    read_record,
    write_record,
)
from connect_contracts.upgrades.scenarios import Listed, observe

SCENARIO = Scenario((TargetSpec(),), (Connect(Call(authentication=Basic())), Own("rows")))

Change = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def record(reference: UnderTest) -> BehaviourRecord:
    """The record of one scenario."""
    return observe(reference, [Listed(SCENARIO)], Depth.DEFAULT)


@pytest.fixture
def written(record: BehaviourRecord, tmp_path: Path) -> Path:
    """The file of that record."""
    write_record(path := tmp_path / "record.json", record)
    return path


# What else a scenario may not do: ``tests/regressions``.
CHANGES: dict[str, tuple[Change, str]] = {
    "a variable": (
        lambda entry: entry["scenario"].update(surroundings=[["LD_PRELOAD", "/tmp/x.so"]]),
        "sets 'LD_PRELOAD'",
    ),
    "another key": (lambda entry: entry.update(key="\x1b[31m"), "has another key"),
    "a step more": (
        lambda entry: entry["steps"].append(entry["steps"][0]),
        "tells of other steps than it has",
    ),
    "a step less": (lambda entry: entry["steps"].pop(), "tells of other steps than it has"),
    "no number": (lambda entry: entry["steps"][0].update(step="x"), "tells of other steps"),
    "another session": (lambda entry: entry["steps"][0].update(who="x"), "tells of other steps"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_a_record_may_not_do_or_say_gets_one_sentence(written: Path, name: str) -> None:
    change, sentence = CHANGES[name]
    whole = json.loads(written.read_text())
    change(whole["scenarios"][0])
    written.write_text(json.dumps(whole))
    with pytest.raises(UnreadableRecord) as error:
        read_record(written)
    assert sentence in str(error.value)
    assert str(error.value).isprintable()


TEXTS = st.text(max_size=5) | st.sampled_from(
    ["\x1b]0;x\x07", "{0}", "$x", "../../x", "\r\n", "", " ", "http://192.0.2.1/", "%s"]
)
DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=4,
)
RAISED = st.fixed_dictionaries({"type": TEXTS, "bases": st.lists(TEXTS), "text": TEXTS})
REQUEST = st.fixed_dictionaries({"method": TEXTS, "path": TEXTS}, optional={"user": TEXTS})
STEP = st.fixed_dictionaries(
    {},
    optional={
        "how": st.sampled_from(["returned", "raised", "hung", "part missing", "not taken"]) | DATA,
        "value": DATA,
        "raised": RAISED | DATA,
        "part": TEXTS,
        "requests": st.lists(REQUEST, max_size=2) | DATA,
        "connections": st.lists(st.fixed_dictionaries({}, optional={"tls": TEXTS, "alert": TEXTS})),
        "changes": st.lists(TEXTS),
        "secrets_in": st.lists(TEXTS),
        "what": st.just("connect") | DATA,
    },
)


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    STEP,
    st.just({})
    | st.dictionaries(st.sampled_from(["cases", "key", "asked", "steps"]) | TEXTS, DATA),
)
def test_a_record_is_compared_or_refused_whatever_it_holds(
    written: Path, step: dict[str, Any], more: dict[str, Any]
) -> None:
    sound = read_record(written)
    whole = json.loads(written.read_text())
    whole["scenarios"][0]["steps"][0] |= step
    whole["scenarios"][0] |= more
    path = written.with_name("drawn.json")
    path.write_text(json.dumps(whole))
    try:
        drawn = read_record(path)
    except UnreadableRecord as error:
        sentence = str(error)
        assert sentence.isprintable()
    else:
        assert comparison_text(compare(sound, drawn)).startswith("A: ")
        assert json.loads(comparison_json(compare(drawn, sound)))["common"] == 1


def test_a_line_end_in_a_record_begins_no_line(written: Path) -> None:
    whole = json.loads(written.read_text())
    whole["implementation"] = "x\n::error::y\nno difference; exit status 0"
    written.write_text(json.dumps(whole))
    record = read_record(written)
    lines = comparison_text(compare(record, record)).split("\n")
    assert lines[0].startswith("A: x\\n::error::y\\nno difference")
    assert lines[1].startswith("B: x\\n")
