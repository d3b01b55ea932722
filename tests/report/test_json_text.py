"""A lone surrogate, which UTF-8 has no bytes for, loses nothing but itself."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connect_contracts.model.json_text import MOST_LEVELS, json_of, value_of

ANY_TEXT = st.text(st.characters(exclude_categories=()))
ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | ANY_TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(ANY_TEXT, inner),
    max_leaves=8,
)


class Note(msgspec.Struct, tag="note"):
    text: str
    more: tuple[dict[str, str], ...] = ()


@given(ANY)
def test_everything_can_be_written(value: Any) -> None:
    assert type(json.loads(json_of(value))) is type(value)


def test_a_lone_surrogate_is_written_out() -> None:
    note = Note("a\udcffb\u00e9", ({"\ud800": "\U0001f512"},))
    assert json.loads(json_of(note)) == {
        "type": "note",
        "text": "a\\udcffb\u00e9",
        "more": [{"\\ud800": "\U0001f512"}],
    }
    # What is no plain data is given to the hook.
    texts = json.loads(json_of(["\ud800", object], enc_hook=lambda _: "\udfff"))
    assert texts == ["\\ud800", "\\udfff"]


def test_how_deep_a_text_may_be_nested() -> None:
    assert value_of("[" * MOST_LEVELS + "]" * MOST_LEVELS)
    for levels in (MOST_LEVELS + 1, 100_000):
        with pytest.raises(RecursionError):
            value_of("[" * levels + "]" * levels)
    with pytest.raises(RecursionError):
        value_of('{"a":' * (MOST_LEVELS + 1) + "1" + "}" * (MOST_LEVELS + 1))
