"""A conversation line by line: who is let in, what ends a command, what ends the conversation."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from connect_harness.protocols.py4j import Conversation, Gateway
from connect_harness.state import Database


@dataclass
class Target:
    """A target session, as far as a gateway needs one."""

    database: Database = field(default_factory=Database)
    ready: bool = True
    administrators: set[str] = field(default_factory=lambda: {"admin"})
    shut_down_by: list[str] = field(default_factory=list)

    def gateway(self) -> Gateway:
        return Gateway(
            self,
            may_change=lambda user: user in self.administrators,
            read_file=lambda path: [],
            shut_down=self.shut_down_by.append,
        )


@pytest.fixture
def target() -> Target:
    return Target()


@pytest.fixture
def gateway(target: Target) -> Gateway:
    return target.gateway()


@pytest.fixture
def conversation(gateway: Gateway) -> Conversation:
    conversation = gateway.conversation()
    assert say(conversation, "A", gateway.issue_token("admin")) == "!yv"
    return conversation


def say(conversation: Conversation, *lines: str) -> str | None:
    """Feeds lines, none of which but the last may be answered, and returns that answer."""
    *first, last = lines
    assert [conversation.line(line) for line in first] == [None] * len(first)
    return conversation.line(last)


def test_a_token_opens_the_conversation_of_its_user(conversation: Conversation) -> None:
    assert conversation.user == "admin"
    assert not conversation.closed


def test_a_user_has_one_token_and_each_user_another(gateway: Gateway) -> None:
    assert gateway.issue_token("admin") == gateway.issue_token("admin")
    assert gateway.issue_token("admin") != gateway.issue_token("user")


def test_a_wrong_token_ends_the_conversation_and_is_not_repeated(gateway: Gateway) -> None:
    conversation = gateway.conversation()
    reply = say(conversation, "A", "wrong-token")
    assert reply == "!xsAuthentication error: bad auth token received."
    assert conversation.closed
    assert conversation.line("A") is None


def test_a_command_before_the_token_ends_the_conversation(gateway: Gateway) -> None:
    conversation = gateway.conversation()
    assert say(conversation, "c") == "!xsAuthentication error: unexpected command."
    assert conversation.closed


def test_an_unknown_command_ends_the_conversation(conversation: Conversation) -> None:
    assert say(conversation, "zzz") == "!zsUnknown command received: zzz"
    assert conversation.closed


def test_a_method_named_like_the_end_of_a_command_does_not_end_it(
    conversation: Conversation,
) -> None:
    assert say(conversation, "c", "t", "e", "e") == "!xsMethod e([]) does not exist"


def test_packages_and_classes_are_told_apart_by_their_capital(conversation: Conversation) -> None:
    assert say(conversation, "r", "u", "java.util", "rj", "e") == "!yp"
    assert say(conversation, "r", "u", "e", "rj", "e") == "!yp"
    assert say(conversation, "r", "u", "java.util.List", "rj", "e") == "!ycjava.util.List"


def test_an_exception_is_an_object_with_a_text(conversation: Conversation) -> None:
    assert say(conversation, "i", "java.util.ArrayList", "e") == "!ylo0"
    assert say(conversation, "c", "o0", "get", "i0", "e") == "!xro1"
    assert say(conversation, "p", "ro1", "e") == (
        "!ysjava.lang.IndexOutOfBoundsException: Index 0 out of bounds for length 0"
    )


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


def test_whoever_lost_the_right_calls_nothing_and_may_still_release(
    target: Target, conversation: Conversation
) -> None:
    assert say(conversation, "i", "java.util.HashSet", "e") == "!yho0"
    target.administrators.clear()
    for command in (["c", "t", "api"], ["i", "java.util.HashSet"], ["r", "u", "java", "rj"]):
        assert say(conversation, *command, "e") == (
            "!xsAccess is denied: admin may not change this session"
        )
    assert say(conversation, "m", "d", "o0", "e") == "!yv"
    assert not conversation.closed


def test_an_administrator_stops_the_target(target: Target, conversation: Conversation) -> None:
    assert say(conversation, "s") is None
    assert conversation.closed
    assert target.shut_down_by == ["admin"]


def test_nobody_else_stops_the_target(target: Target, conversation: Conversation) -> None:
    target.administrators.clear()
    assert say(conversation, "s") is None
    assert conversation.closed
    assert target.shut_down_by == []


@pytest.mark.parametrize("name", ["__init__", "_session", "call", "nope", "isReadyy", "is_ready_"])
def test_only_public_methods_are_called(conversation: Conversation, name: str) -> None:
    reply = say(conversation, "c", "t", "api", "e")
    assert reply is not None
    assert say(conversation, "c", reply.removeprefix("!yr"), name, "e") == (
        f"!xsMethod {name}([]) does not exist"
    )


def test_commands_that_are_not_served_say_so_and_leave_the_conversation_open(
    conversation: Conversation,
) -> None:
    reply = say(conversation, "j", "c", "view", "e")
    assert reply == "!xsCommand 'j' is not served by this target session"
    assert not conversation.closed


def test_an_array_is_of_bounded_length(conversation: Conversation) -> None:
    """A few bytes ask for it, and ten thousand million elements would be 80 GB."""
    reply = say(conversation, "a", "c", "java.lang.String", "i10000000000", "e")
    assert reply is not None
    assert reply.startswith("!xs")
    assert "OutOfMemoryError" in reply
