"""Values on the wire, held against the protocol's own client library."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connect_harness.protocols.py4j.containers import Iterator
from connect_harness.protocols.py4j.objects import Bean, CallError, Registry
from connect_harness.protocols.py4j.values import decode, encode

protocol = pytest.importorskip("py4j.protocol")

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(),
    st.text(alphabet="\\\r\nrne"),
)


@given(VALUES)
def test_what_the_library_sends_is_read_as_it_was(value: object) -> None:
    part = protocol.get_command_part(value).removesuffix("\n")
    assert "\n" not in part
    assert decode(part, Registry()) == value


@given(VALUES)
def test_what_is_sent_is_read_by_the_library_as_it_was(value: object) -> None:
    text = encode(value, Registry())
    assert "\n" not in text
    assert protocol.OUTPUT_CONVERTER[text[0]](text[1:], None) == value


def test_bytes_decimals_and_not_a_number_cross_in_both_directions() -> None:
    registry = Registry()
    for value in (b"\x00\xff", Decimal("1.10")):
        assert decode(protocol.get_command_part(value).removesuffix("\n"), registry) == value
    assert encode(b"\x00\xff", registry) == "jAP8="
    assert repr(decode("dNaN", registry)) == "nan"
    assert encode(float("nan"), registry) == "dNaN"


@pytest.mark.parametrize(
    ("value", "letter"),
    [({}, "a"), ([], "l"), (set(), "h"), (Iterator([]), "g"), (Bean("a.B"), "r")],
)
def test_an_object_goes_out_by_its_kind_and_comes_back_itself(value: object, letter: str) -> None:
    registry = Registry()
    text = encode(value, registry)
    assert text[0] == letter
    assert decode(f"r{text[1:]}", registry) is value


@pytest.mark.parametrize("part", ["", "q", "iseven", "dx", "Dx", "j!", "ro99"])
def test_what_is_no_value_is_an_error_of_the_command(part: str) -> None:
    with pytest.raises(CallError):
        decode(part, Registry())
