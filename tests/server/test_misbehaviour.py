"""A connection can be made to misbehave at any byte, and the journal says that it did."""

from __future__ import annotations

import ssl

import pytest

from connect_harness.server import (
    Act,
    Cause,
    ConnectionClosed,
    Ending,
    FaultFired,
    HandshakeFailed,
    Layer,
    Phase,
)

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


def at(phase, layer, *parts):
    """Sends ``parts`` instead, at this place alone."""

    def strategy(outgoing):
        if (outgoing.phase, outgoing.layer) == (phase, layer):
            yield from parts
        else:
            yield outgoing.data

    return strategy


def cut_after(count, act):
    """Ends the answer after ``count`` bytes."""

    def strategy(outgoing):
        if (outgoing.phase, outgoing.layer) == (Phase.ANSWER, Layer.APPLICATION):
            yield outgoing.data[:count]
            yield act
        else:
            yield outgoing.data

    return strategy


def received(client, target, tls=None):
    """What comes until the end, and whether the end was a reset."""
    with client.connect(target, tls) as connection:
        connection.sendall(GET)
        parts = []
        try:
            while part := connection.recv(65536):
                parts.append(part)
        except ConnectionResetError:
            return b"".join(parts), "reset"
        return b"".join(parts), "end"


def test_a_strategy_that_changes_nothing_leaves_no_trace(start, client, journal, certificates):
    target = start(tls=certificates.server())
    seen = []

    def strategy(outgoing):
        seen.append((outgoing.phase, outgoing.layer))
        yield outgoing.data

    target.misbehaviour = strategy

    assert client.ask(target, certificates.client()).endswith(b"GET /")
    assert not journal.of(FaultFired)
    assert seen[0] == (Phase.ACCEPTED, Layer.WIRE)
    assert (Phase.HANDSHAKE, Layer.WIRE) in seen
    assert (Phase.ANSWER, Layer.APPLICATION) in seen
    assert (Phase.ANSWER, Layer.WIRE) in seen
    assert seen[-1] == (Phase.CLOSED, Layer.WIRE)


def test_an_answer_ends_at_any_byte(start, client, journal):
    target = start()
    with client.connect(target) as connection:
        connection.sendall(GET)
        whole = client.answer(connection)

    for count in range(len(whole)):
        target.misbehaviour = cut_after(count, Act.CLOSE)
        assert received(client, target) == (whole[:count], "end")

    assert journal.wait_until_quiet()
    fired = journal.of(FaultFired)
    assert len([one for one in fired if one.phase is Phase.ANSWER]) == len(whole)
    endings = [closed.ending for closed in journal.of(ConnectionClosed) if closed.connection != 1]
    assert endings == [Ending.FAULT] * len(whole)


def test_an_answer_ends_with_a_reset(start, client):
    target = start()
    target.misbehaviour = cut_after(0, Act.RESET)

    assert received(client, target) == (b"", "reset")


@pytest.mark.parametrize(("act", "notified"), [(Act.CLOSE, False), (Act.NOTIFY_AND_CLOSE, True)])
def test_tls_ends_with_and_without_notice(start, client, certificates, act, notified):
    target = start(tls=certificates.server())
    target.misbehaviour = cut_after(10, act)
    raw = client.connect(target)
    tls = certificates.client().wrap_socket(
        raw, server_hostname="localhost", suppress_ragged_eofs=False
    )

    with tls:
        tls.sendall(GET)
        assert tls.recv(100) == b"HTTP/1.1 2"
        if notified:
            assert tls.recv(100) == b""
        else:
            with pytest.raises(ssl.SSLEOFError):
                tls.recv(100)


def test_another_answer_is_sent(start, client, journal):
    target = start()
    target.misbehaviour = at(Phase.ANSWER, Layer.APPLICATION, b"what", b"ever", Act.CLOSE)

    assert received(client, target) == (b"whatever", "end")
    assert [(one.phase, one.layer, one.act) for one in journal.of(FaultFired)] == [
        (Phase.ANSWER, Layer.APPLICATION, None)
    ]


def test_an_answer_is_kept_back(start, client, journal):
    target = start()
    target.misbehaviour = at(Phase.ANSWER, Layer.APPLICATION)

    with client.connect(target) as connection:
        connection.sendall(GET)
        assert journal.wait_until_quiet()
        assert [one.act for one in journal.of(FaultFired)] == [None]


def test_a_connection_ends_before_its_first_byte(start, client, journal):
    target = start()
    target.misbehaviour = at(Phase.ACCEPTED, Layer.WIRE, Act.CLOSE)

    assert received(client, target)[0] == b""
    assert [one.phase for one in journal.of(FaultFired)] == [Phase.ACCEPTED]


def test_a_banner_comes_first(start, client, certificates):
    target = start(tls=certificates.server())
    target.misbehaviour = at(Phase.ACCEPTED, Layer.WIRE, b"SSH-2.0-nothing\r\n", Act.CLOSE)

    with pytest.raises(ssl.SSLError):
        client.connect(target, certificates.client())


@pytest.mark.parametrize("act", [Act.CLOSE, Act.RESET])
def test_a_handshake_ends_in_the_middle(start, client, journal, certificates, act):
    target = start(tls=certificates.server())
    target.misbehaviour = at(Phase.HANDSHAKE, Layer.WIRE, b"\x16\x03", act)

    with pytest.raises(OSError, match=r"(?i)eof|reset"):
        client.connect(target, certificates.client())

    assert journal.wait_until_quiet()
    assert journal.of(HandshakeFailed)[0].cause is Cause.FAULT
    assert journal.of(FaultFired)[0].phase is Phase.HANDSHAKE


@pytest.mark.parametrize("ends", ["client", "target"])
def test_a_handshake_stalls_until_someone_leaves(start, client, journal, certificates, ends):
    target = start(tls=certificates.server())
    target.misbehaviour = at(Phase.HANDSHAKE, Layer.WIRE, Act.STALL)
    outgoing = ssl.MemoryBIO()
    tls = certificates.client().wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()

    with client.connect(target) as connection:
        connection.sendall(outgoing.read())
        assert journal.wait_until_quiet()
        assert [one.act for one in journal.of(FaultFired)] == [Act.STALL]
        assert not journal.of(ConnectionClosed)
        if ends == "target":
            target.stop()
            assert connection.recv(1) == b""

    assert journal.wait_until_quiet()
    ending = {"client": Ending.FAULT, "target": Ending.TARGET_CUT}[ends]
    assert journal.of(ConnectionClosed)[0].ending is ending


def test_plain_bytes_inside_tls(start, client, certificates):
    target = start(tls=certificates.server())
    target.misbehaviour = at(Phase.ANSWER, Layer.WIRE, b"HTTP/1.1 200 \r\n\r\n", Act.CLOSE)

    with client.connect(target, certificates.client()) as connection:
        connection.sendall(GET)
        with pytest.raises(ssl.SSLError, match=r"(?i)wrong.version"):
            connection.recv(100)
