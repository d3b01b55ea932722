"""Connections to a target's Py4J port."""

from __future__ import annotations

import contextlib

import pytest

from connect_harness.server import (
    ConnectionAccepted,
    ConnectionClosed,
    Ending,
    GatewayCommand,
    HarnessError,
    RequestRejected,
    gateway_connection,
)


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


def test_commands_are_answered_and_recorded(start, client, journal, ended):
    target = start(Echo())

    with client.connect(target) as connection, connection.makefile("rb") as replies:
        connection.sendall("c\nné\ne\nr\n".encode())
        assert replies.readline() == "!yc,né,e\n".encode()
        connection.sendall(b"e\n")
        assert replies.readline() == b"!yr,e\n"
        connection.sendall(b"c\nx.y")

    assert journal.wait_until_quiet()
    assert [(event.lines, event.reply) for event in journal.of(GatewayCommand)] == [
        (("c", "né", "e"), "!yc,né,e"),
        (("r", "e"), "!yr,e"),
        (("c",), None),
    ]
    assert journal.of(ConnectionAccepted)[0].service == "gateway"
    closed = ended(ConnectionClosed)
    assert (closed.ending, closed.requests) == (Ending.CLIENT_CLOSED, 3)


def test_a_conversation_raises_and_is_over(start, client, journal, ended):
    with client.connect(start(Echo())) as connection, connection.makefile("rb") as replies:
        connection.sendall(b"x\n")
        assert replies.readline() == b"!x\n"
        connection.sendall(b"q\nmore\n")
        assert replies.read() == b"!bye\n"

    assert "ValueError: lost" in journal.of(HarnessError)[0].text
    assert ended(ConnectionClosed).ending is Ending.TARGET_CLOSED


def test_a_command_may_stop_the_target(start, client, journal, ended):
    target = start(Echo(on_stop=lambda: target.stop()))

    with client.connect(target) as connection:
        connection.sendall(b"s\n")
        assert connection.recv(1) == b""

    assert journal.wait_until_quiet()
    assert [(event.lines, event.reply) for event in journal.of(GatewayCommand)] == [(("s",), None)]
    assert ended(ConnectionClosed).ending is Ending.TARGET_CUT


@pytest.mark.parametrize("piece", [b"x" * 65_536, b"\n" * 65_536], ids=["line", "lines"])
def test_a_command_that_is_too_long_ends_the_connection(
    monkeypatch, start, client, journal, ended, piece
):
    most = 1024 * 1024
    assert 16 * most == gateway_connection.LONGEST_COMMAND
    monkeypatch.setattr(gateway_connection, "LONGEST_COMMAND", most)
    with client.connect(start(Echo())) as connection, connection.makefile("rb") as replies:
        # What is short enough is answered, and the next command is counted anew.
        connection.sendall(b"x" * (most // 2) + b"\ne\n")
        assert len(replies.readline()) > most // 2
        with contextlib.suppress(ConnectionError):
            for _ in range(most // len(piece) + 1):
                connection.sendall(piece)
        assert b"longer than" in replies.read()

    rejected = ended(RequestRejected)
    assert "longer than 16777216 bytes" in rejected.reason
    assert len(rejected.data) <= 65_536
    assert len(journal.of(GatewayCommand)) == 1
    assert ended(ConnectionClosed).ending is Ending.TARGET_CLOSED
