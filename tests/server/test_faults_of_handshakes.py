"""Faults before and in the handshake: what a client sees, and what the journal says of it."""

from __future__ import annotations

import ssl

import pytest

from connect_harness.faults import fault_kinds
from connect_harness.server import (
    Act,
    Cause,
    ConnectionAccepted,
    ConnectionClosed,
    Ending,
    FaultFired,
    HandshakeCompleted,
    HandshakeFailed,
    Phase,
    RequestReceived,
)

GET = b"GET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n"
BANNER = b"SSH-2.0-OpenSSH_9.6\r\n"
ALERT = bytes([21, 3, 3, 0, 2, 2, 80])

# What bare sockets see after a client hello: how the bytes begin, and how they end.
ANSWERS = {
    "closed when accepted": (b"", "end"),
    "banner before the client hello": (BANNER, "end"),
    "closed after the client hello": (b"", "end"),
    "reset after the client hello": (b"", "reset"),
    "garbage in place of the server hello": (b"\x81", "end"),
    "internal error in place of the server hello": (ALERT, "end"),
    "plain HTTP in place of the server hello": (b"HTTP/1.1 400 ", "end"),
}
AT_ONCE = ("closed when accepted", "banner before the client hello")
STALL = "stalled after the client hello"
versions = pytest.mark.parametrize("version", ["1.2", "1.3"])


def client_hello(client, session):
    outgoing = ssl.MemoryBIO()
    tls = client.trust(session).wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    return outgoing.read()


def answered(client, session, data):
    """All that comes in answer to ``data``, and whether a reset ends it."""
    with client.connect(session) as raw:
        raw.sendall(data)
        try:
            return client.rest(raw), "end"
        except ConnectionResetError:
            return b"", "reset"


@versions
@pytest.mark.parametrize("name", ANSWERS)
def test_bare_sockets_see_it(sessions, client, name, version):
    session = sessions(version)
    session.arm(name)

    beginning, ending = ANSWERS[name]
    for _ in range(3):
        data, seen = answered(client, session, client_hello(client, session))
        assert data.startswith(beginning)
        assert bool(data) == bool(beginning)
        assert seen == ending


@versions
@pytest.mark.parametrize("name", ANSWERS)
def test_a_client_of_tls_fails_and_the_journal_says_why(sessions, client, journal, name, version):
    session = sessions(version)
    session.arm(name)
    context = client.trust(session)
    context.set_alpn_protocols(["http/1.1"])

    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        client.connect(session, context)

    assert journal.wait_until_quiet()
    assert len(journal.of(ConnectionAccepted)) == 1
    (fired,) = journal.of(FaultFired)
    assert fired.fault == name
    assert fired.phase is (Phase.ACCEPTED if name in AT_ONCE else Phase.HANDSHAKE)
    (closed,) = journal.of(ConnectionClosed)
    assert closed.ending is Ending.FAULT
    assert closed.application_received.count == 0
    assert not journal.of(HandshakeCompleted)
    assert not journal.of(RequestReceived)
    if name in AT_ONCE:
        assert closed.received.first[:1] in (b"", b"\x16")
        return
    (failed,) = journal.of(HandshakeFailed)
    assert failed.cause is Cause.FAULT
    assert (failed.hello.server_name, failed.hello.alpn) == ("localhost", ("http/1.1",))
    assert failed.hello.versions == ("TLSv1.3", "TLSv1.2")
    alert = ("internal_error", "target") if name.startswith("internal error") else (None, None)
    assert (failed.alert, failed.alert_by) == alert


@versions
@pytest.mark.parametrize("name", [*ANSWERS, STALL])
def test_disarmed_it_is_gone(sessions, client, journal, name, version):
    session = sessions(version)
    session.arm(name)
    session.disarm()

    with client.connect(session, client.trust(session)) as connection:
        assert connection.version() == f"TLSv{version}"

    assert not journal.of(FaultFired)


@versions
@pytest.mark.parametrize("ends", ["client", "target"])
def test_a_stall_lasts_until_someone_leaves(sessions, client, journal, version, ends):
    session = sessions(version)
    session.arm(STALL)
    hello = client_hello(client, session)

    with client.connect(session) as raw:
        raw.sendall(hello)
        assert journal.wait_until_quiet()
        assert [(one.fault, one.act) for one in journal.of(FaultFired)] == [(STALL, Act.STALL)]
        assert not journal.of(ConnectionClosed)
        if ends == "target":
            session.close()
            assert raw.recv(1) == b""

    assert journal.wait_until_quiet()
    (failed,) = journal.of(HandshakeFailed)
    assert (failed.cause, failed.hello.server_name) == (Cause.FAULT, "localhost")
    assert journal.of(ConnectionClosed)[0].application_received.count == 0


def test_a_fault_when_accepted_meets_plain_http_too(sessions, client):
    session = sessions()
    session.arm("banner before the client hello")
    assert answered(client, session, GET) == (BANNER, "end")
    session.disarm()
    session.arm("closed when accepted")
    assert answered(client, session, GET) == (b"", "end")


def test_plain_http_is_counted_although_nobody_looked_at_it(sessions, client, journal):
    """A client that falls back to plain HTTP on a TLS port must not escape thanks to a fault."""
    session = sessions("1.3")
    session.arm("closed when accepted")

    answered(client, session, GET)

    assert journal.wait_until_quiet()
    (closed,) = journal.of(ConnectionClosed)
    assert closed.application_received.first == GET


@pytest.mark.parametrize("name", sorted({*ANSWERS, STALL} - {*AT_ONCE}))
def test_without_https_there_is_no_handshake_to_go_wrong(sessions, client, journal, name):
    session = sessions()
    session.arm(name)

    with client.connect(session) as raw:
        raw.sendall(GET)
        assert client.answer(raw).startswith(b"HTTP/1.1 401")
    assert answered(client, session, client_hello(client, sessions("1.3")))[0].startswith(
        b"HTTP/1.1 400"
    )
    assert not journal.of(FaultFired)


def test_all_of_them_are_here():
    ending = ("the client hello", "the server hello", "accepted")
    assert {name for name in fault_kinds() if name.endswith(ending)} == {*ANSWERS, STALL}
