"""Connections to a target's Py4J port."""

from __future__ import annotations

import contextlib
import socket

import pytest

from connect_harness.server import (
    ConnectionAccepted,
    ConnectionClosed,
    Ending,
    GatewayCommand,
    HarnessError,
    ListenerStarted,
    RequestRejected,
)
from connect_harness.server.gateway_connection import LONGEST_COMMAND


class Echo:
    """Answers each command with its lines; ``q`` ends, ``x`` raises, ``s`` calls ``on_stop``."""

    def __init__(self, on_stop=None):
        self.closed = False
        self.on_stop = on_stop
        self.lines = []

    def conversation(self):
        return Echo(self.on_stop)

    def line(self, text):
        if text == "x":
            raise ValueError("lost")
        if text == "s":
            self.on_stop()
            return None
        if text == "q":
            self.closed = True
            return "!bye"
        self.lines.append(text)
        if text != "e":
            return None
        lines, self.lines = self.lines, []
        return "!y" + ",".join(lines)


@pytest.fixture
def talk(start):
    def talk_to(target):
        return socket.create_connection(("127.0.0.1", target.gateway_port), timeout=10)

    return talk_to


def test_commands_are_answered_and_recorded(start, talk, journal):
    target = start(gateway=Echo())

    with talk(target) as connection, connection.makefile("rb") as replies:
        connection.sendall("c\nné\ne\nr\n".encode())
        assert replies.readline() == "!yc,né,e\n".encode()
        connection.sendall(b"e\n")
        assert replies.readline() == b"!yr,e\n"

    assert journal.wait_until_quiet()
    assert [(one.lines, one.reply) for one in journal.of(GatewayCommand)] == [
        (("c", "né", "e"), "!yc,né,e"),
        (("r", "e"), "!yr,e"),
    ]
    assert journal.of(ConnectionAccepted)[0].service == "gateway"
    (closed,) = journal.of(ConnectionClosed)
    assert (closed.ending, closed.requests) == (Ending.CLIENT_CLOSED, 2)


def test_a_conversation_that_is_over_closes_the_connection(start, talk, journal):
    with talk(start(gateway=Echo())) as connection, connection.makefile("rb") as replies:
        connection.sendall(b"q\nmore\n")
        assert replies.read() == b"!bye\n"

    assert journal.wait_until_quiet()
    assert journal.of(ConnectionClosed)[0].ending is Ending.TARGET_CLOSED


def test_half_a_command_is_recorded_without_a_reply(start, talk, journal):
    with talk(start(gateway=Echo())) as connection:
        connection.sendall(b"c\nx.y")

    assert journal.wait_until_quiet()
    assert [(one.lines, one.reply) for one in journal.of(GatewayCommand)] == [(("c",), None)]


def test_a_conversation_that_raises_is_an_error_of_the_harness(start, talk, journal):
    with talk(start(gateway=Echo())) as connection, connection.makefile("rb") as replies:
        connection.sendall(b"x\n")
        assert replies.readline() == b"!x\n"
        connection.sendall(b"e\n")
        assert replies.readline() == b"!ye\n"

    assert "ValueError: lost" in journal.of(HarnessError)[0].text


def test_a_command_may_stop_the_target(start, talk, journal):
    target = start(gateway=Echo(on_stop=lambda: target.stop()))

    with talk(target) as connection:
        connection.sendall(b"s\n")
        assert connection.recv(1) == b""

    assert journal.wait_until_quiet()
    assert [(one.lines, one.reply) for one in journal.of(GatewayCommand)] == [(("s",), None)]
    assert journal.of(ConnectionClosed)[0].ending is Ending.TARGET_CUT


def test_the_gateway_moves(start, talk, journal):
    target = start(gateway=Echo())
    before = target.gateway_port

    target.move_gateway()

    assert target.gateway_port not in (0, before)
    with talk(target) as connection:
        connection.sendall(b"e\n")
        assert connection.recv(100) == b"!ye\n"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", before))
    assert [one.gateway_port for one in journal.of(ListenerStarted)] == [
        before,
        target.gateway_port,
    ]


def test_a_target_may_have_a_gateway_alone(start, talk):
    target = start(None, gateway=Echo())

    assert target.port == 0
    with talk(target) as connection:
        connection.sendall(b"e\n")
        assert connection.recv(100) == b"!ye\n"


@pytest.mark.parametrize("piece", [b"x" * 65_536, b"\n" * 65_536], ids=["line", "lines"])
def test_a_command_that_is_too_long_ends_the_connection(start, talk, journal, piece):
    with talk(start(gateway=Echo())) as connection, connection.makefile("rb") as replies:
        with contextlib.suppress(ConnectionError):
            for _ in range(LONGEST_COMMAND // len(piece) + 1):
                connection.sendall(piece)
        assert b"longer than" in replies.read()

    assert journal.wait_until_quiet()
    (rejected,) = journal.of(RequestRejected)
    assert str(LONGEST_COMMAND) in rejected.reason
    assert len(rejected.data) <= 65_536
    assert not journal.of(GatewayCommand)
    assert journal.of(ConnectionClosed)[0].ending is Ending.TARGET_CLOSED


def test_a_long_command_is_answered_and_the_next_one_too(start, talk, journal):
    text = b"x" * (LONGEST_COMMAND // 2)
    with talk(start(gateway=Echo())) as connection, connection.makefile("rb") as replies:
        for _ in range(3):
            connection.sendall(text + b"\ne\n")
            assert replies.readline() == b"!y" + text + b",e\n"
