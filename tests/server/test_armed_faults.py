"""Faults are armed and disarmed while a target runs, several at once."""

from __future__ import annotations

import pytest

from connect_harness.server import AnswerGiven, FaultFired

GET = (
    b"GET /versions/rest HTTP/1.1\r\nHost: localhost\r\n"
    b"Authorization: Basic YWRtaW46cGFzc3dk\r\n\r\n"
)
speaking = pytest.mark.parametrize("speaks", ["plain", "1.3"])


def ask(client, session):
    """The first bytes of the answer to a request on a fresh connection."""
    with client.connect(session, client.trust(session)) as connection:
        connection.sendall(GET)
        return connection.recv(16)


def fired(journal):
    """The faults that fired, on the wire and as answers."""
    return [one.fault for one in journal.of(FaultFired)], [
        one.fault for one in journal.of(AnswerGiven) if one.fault
    ]


@speaking
def test_armed_while_it_runs_and_disarmed(sessions, client, journal, speaks):
    session = sessions(speaks)
    assert ask(client, session).startswith(b"HTTP/1.1 200")
    session.arm("closed before the answer")
    assert ask(client, session) == b""
    session.disarm()
    assert ask(client, session).startswith(b"HTTP/1.1 200")
    assert fired(journal) == (["closed before the answer"], [])


@speaking
def test_an_open_connection_has_it_too(sessions, client, journal, speaks):
    """As with answers in the application's place: what matters is when the request comes."""
    session = sessions(speaks)
    with client.connect(session, client.trust(session)) as connection:
        connection.sendall(GET)
        client.answer(connection)
        session.arm("closed within the status line")
        connection.sendall(GET)
        assert client.rest(connection) == b"HTTP/1.1 2"
    assert fired(journal) == (["closed within the status line"], [])


@speaking
def test_noop_does_nothing(sessions, client, journal, speaks):
    session = sessions(speaks)
    session.arm("noop")
    assert ask(client, session).startswith(b"HTTP/1.1 200")
    assert fired(journal) == ([], [])


@speaking
@pytest.mark.parametrize(
    ("names", "seen", "first"),
    [
        (("closed before the answer", "closed within the status line"), b"", 0),
        (("closed within the status line", "closed before the answer"), b"HTTP/1.1 2", 0),
        (("noop", "closed before the answer"), b"", 1),
        (("closed before the answer", "plain bytes within the stream"), b"", 0),
    ],
)
def test_of_two_the_first_fires(sessions, client, journal, speaks, names, seen, first):
    session = sessions(speaks)
    for name in names:
        session.arm(name)
    assert ask(client, session) == seen
    assert fired(journal) == ([names[first]], [])


def test_the_first_fires_although_the_other_is_asked_before_it(sessions, client, journal):
    """One changes the bytes of the socket, the other those of HTTP, which exist earlier."""
    session = sessions()
    session.arm("plain bytes within the stream")
    session.arm("closed before the answer")
    assert ask(client, session).startswith(b"These are plain")
    assert fired(journal) == (["plain bytes within the stream"], [])


@speaking
def test_of_an_answer_and_a_fault_of_the_wire_the_first_fires(sessions, client, journal, speaks):
    session = sessions(speaks)
    session.arm("versions 503")
    session.arm("closed before the answer")
    assert ask(client, session).startswith(b"HTTP/1.1 503")
    assert fired(journal) == ([], ["versions 503"])

    session.disarm()
    session.arm("closed before the answer")
    session.arm("versions 503")
    assert ask(client, session) == b""
    assert fired(journal) == (["closed before the answer"], ["versions 503"])


def test_one_in_the_handshake_comes_before_one_in_the_answer(sessions, client, journal):
    session = sessions("1.3")
    session.arm("closed before the answer")
    session.arm("reset after the client hello")
    with pytest.raises(ConnectionResetError):
        client.connect(session, client.trust(session))
    assert fired(journal) == (["reset after the client hello"], [])


def test_a_restart_leaves_faults_armed(sessions, client):
    session = sessions()
    session.arm("closed before the answer")
    session.restart()
    assert ask(client, session) == b""
