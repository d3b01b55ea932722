"""The gateway line by line, and lines and values as the protocol's own client library has them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connect_harness.protocols.py4j import Conversation, Gateway, containers
from connect_harness.protocols.py4j.objects import Bean, CallError, Registry
from connect_harness.protocols.py4j.values import decode, encode
from connect_harness.protocols.routing import Target
from connect_harness.server import Journal
from connect_harness.server.listener import Listener

py4j = pytest.importorskip("py4j.java_gateway")
py4j_protocol = pytest.importorskip("py4j.protocol")


@pytest.fixture
def administrators() -> set[str]:
    return {"admin"}


@pytest.fixture
def shut_down_by() -> list[str]:
    return []


@pytest.fixture
def gateway(target: Target, administrators: set[str], shut_down_by: list[str]) -> Gateway:
    return Gateway(
        target,
        may_change=lambda user: user in administrators,
        read_file=lambda path: [],
        shut_down=shut_down_by.append,
    )


@pytest.fixture
def conversation(gateway: Gateway) -> Conversation:
    conversation = gateway.conversation()
    assert say(conversation, "A", gateway.issue_token("admin")) == "!yv"
    assert (conversation.user, conversation.closed) == ("admin", False)
    assert gateway.issue_token("admin") != gateway.issue_token("user")
    return conversation


def say(conversation: Conversation, *lines: str) -> str | None:
    """Feeds lines, of which only the last may be answered, and returns that answer."""
    *first, last = lines
    assert [conversation.line(line) for line in first] == [None] * len(first)
    return conversation.line(last)


@pytest.mark.parametrize(
    ("lines", "reply"),
    [
        ("c", "!xsAuthentication error: unexpected command."),
        ("A wrong-token", "!xsAuthentication error: bad auth token received."),
    ],
)
def test_without_the_token_nothing_is_served(gateway: Gateway, lines: str, reply: str) -> None:
    conversation = gateway.conversation()
    assert say(conversation, *lines.split()) == reply
    assert conversation.closed
    assert conversation.line("A") is None


@pytest.mark.parametrize(
    ("lines", "reply"),
    [
        ("zzz", "!zsUnknown command received: zzz"),
        ("j c view e", "!xsCommand 'j' is not served by this target session"),
        ("c o0 isReady i1 e", "!xsMethod isReady([class java.lang.Integer]) does not exist"),
        *(
            (f"c o0 {name} e", f"!xsMethod {name}([]) does not exist")
            for name in ("__init__", "_target", "call", "nope", "isReadyy", "is_ready_", "e")
        ),
        # A few bytes ask for it, and ten thousand million elements would be 80 GB.
        ("a c java.lang.String i10000000000 e", "!xsjava.lang.OutOfMemoryError: Java heap space"),
    ],
)
def test_what_is_not_served(conversation: Conversation, lines: str, reply: str) -> None:
    assert say(conversation, "c", "t", "api", "e") == "!yro0"
    assert say(conversation, *lines.split()) == reply
    assert conversation.closed == (lines == "zzz")


def test_a_released_object_is_gone_for_all_connections(
    gateway: Gateway, conversation: Conversation
) -> None:
    assert say(conversation, "i", "java.util.HashSet", "e") == "!yho0"
    other = gateway.conversation()
    say(other, "A", gateway.issue_token("admin"))
    assert say(other, "c", "o0", "size", "e") == "!yi0"
    assert say(other, "m", "d", "o0", "e") == "!yv"
    assert say(conversation, "c", "o0", "size", "e") == (
        "!xsTarget Object ID does not exist for this gateway :o0"
    )
    assert say(conversation, "m", "d", "o0", "e") == "!yv"


def test_a_user_who_lost_the_right_may_still_release_and_nothing_else(
    administrators: set[str], shut_down_by: list[str], conversation: Conversation
) -> None:
    assert say(conversation, "i", "java.util.HashSet", "e") == "!yho0"
    administrators.clear()
    for command in (["c", "t", "api"], ["i", "java.util.HashSet"], ["r", "u", "java", "rj"]):
        assert say(conversation, *command, "e") == (
            "!xsAccess is denied: admin may not change this session"
        )
    assert say(conversation, "m", "d", "o0", "e") == "!yv"
    assert not conversation.closed
    assert say(conversation, "s") is None
    assert (conversation.closed, shut_down_by) == (True, [])


def test_an_administrator_stops_the_target(
    shut_down_by: list[str], conversation: Conversation
) -> None:
    assert say(conversation, "s") is None
    assert (conversation.closed, shut_down_by) == (True, ["admin"])


@pytest.fixture
def java(gateway: Gateway) -> Iterator[Any]:
    """The protocol's own client, connected to the gateway."""
    with Listener("target", Journal(), gateway) as listener:
        parameters = py4j.GatewayParameters(
            port=listener.port,
            auth_token=gateway.issue_token("admin"),
            auto_convert=True,
            # Else it asks for its objects' release when they are collected, after the target's end.
            enable_memory_management=False,
        )
        client = py4j.JavaGateway(gateway_parameters=parameters)
        yield client
        client.close()


def test_the_protocols_own_library_finds_what_it_expects(java: Any, target: Target) -> None:
    numbers = java.jvm.java.util.ArrayList()
    numbers.append(1)
    numbers.append("two\n\\")
    assert list(numbers) == [1, "two\n\\"]
    assert len(numbers) == 2
    assert numbers[1] == "two\n\\"
    with pytest.raises(IndexError):
        numbers[2]
    # Python's collections are converted on the way.
    assert list(java.jvm.java.util.ArrayList([1, 2**40])) == [1, 2**40]

    prices = java.jvm.java.util.LinkedHashMap()
    prices["a"] = 1.5
    prices["b"] = None
    assert dict(prices) == {"a": 1.5, "b": None}
    assert "a" in prices
    assert "c" not in prices

    names = java.jvm.java.util.HashSet()
    for name in "zyxa":
        names.add(name)
    assert list(names) == ["z", "y", "x", "a"]

    array = java.new_array(java.jvm.java.lang.String, 2)
    array[0] = "first"
    assert list(array) == ["first", None]
    with pytest.raises(IndexError):
        array[2]

    assert java.jvm.a.b.Condition.Operator.EQ.toString() == "EQ"
    assert java.jvm.java.time.LocalDate.of(2024, 2, 29).toString() == "java.time.LocalDate.of"
    server = java.java_gateway_server
    server.resetCallbackClient(server.getCallbackClient().getAddress(), 1)

    api = java.entry_point.api()
    assert api.isReady() is True
    api.setReadiness(False)
    assert target.ready is False
    with pytest.raises(py4j_protocol.Py4JJavaError, match="There is no table 'nope'"):
        api.getStoreSize("nope", None)


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
    part = py4j_protocol.get_command_part(value).removesuffix("\n")
    assert "\n" not in part
    assert decode(part, Registry()) == value


@given(VALUES)
def test_what_is_sent_is_read_by_the_library_as_it_was(value: object) -> None:
    text = encode(value, Registry())
    assert "\n" not in text
    assert py4j_protocol.OUTPUT_CONVERTER[text[0]](text[1:], None) == value


def test_bytes_decimals_and_not_a_number_cross_in_both_directions() -> None:
    registry = Registry()
    for value in (b"\x00\xff", Decimal("1.10")):
        assert decode(py4j_protocol.get_command_part(value).removesuffix("\n"), registry) == value
    assert encode(b"\x00\xff", registry) == "jAP8="
    assert repr(decode("dNaN", registry)) == "nan"
    assert encode(float("nan"), registry) == "dNaN"


@pytest.mark.parametrize(
    ("value", "letter"),
    [
        ({}, "a"),
        ([], "l"),
        (containers.Set(), "h"),
        (containers.Iterator([]), "g"),
        (Bean("a.B"), "r"),
    ],
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
