"""Faults on the wire: answers in a wrong frame, and handshakes that break off."""

from __future__ import annotations

import socket
import ssl

import pytest

from connect_harness.faults import fault_kinds
from connect_harness.server import (
    Act,
    AnswerGiven,
    Cause,
    ConnectionAccepted,
    ConnectionClosed,
    Ending,
    FaultFired,
    HandshakeCompleted,
    HandshakeFailed,
    Layer,
    Phase,
    RequestReceived,
)

PLAIN = b"These are plain bytes, neither a TLS record nor an HTTP answer.\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
speaking = pytest.mark.parametrize("speaks", ["plain", "1.2", "1.3"])
versions = pytest.mark.parametrize("version", ["1.2", "1.3"])


def framed(head, framing):
    return head.partition(b"Content-Length")[0] + framing


def half(body):
    return body[: len(body) // 2]


def chunks(body):
    parts = (half(body), body[len(half(body)) :])
    return b"".join(b"%x\r\n" % len(part) + part + b"\r\n" for part in parts)


# What goes out, of the true head and body, and how the connection ends.
FRAMING = {
    "closed before the answer": (lambda _head, _body: b"", "cut"),
    "closed within the status line": (lambda head, _: head[:10], "cut"),
    "closed within the headers": (lambda head, _: head[:-5], "cut"),
    "body cut short": (lambda head, body: head + half(body), "cut"),
    "body cut short with close_notify": (lambda head, body: head + half(body), "notified"),
    "body without a length cut short": (lambda h, body: framed(h, b"\r\n") + half(body), "cut"),
    "body without a length": (
        lambda head, body: framed(head, b"Connection: close\r\n\r\n") + body,
        "notified",
    ),
    "chunk cut short": (
        lambda head, body: framed(head, CHUNKED) + b"%x\r\n" % len(body) + half(body),
        "cut",
    ),
    "wrong chunk size": (
        lambda head, body: framed(head, CHUNKED) + b"many\r\n" + body + b"\r\n0\r\n\r\n",
        "notified",
    ),
    "last chunk missing": (lambda h, body: framed(h, CHUNKED) + chunks(body), "cut"),
    "body in chunks": (lambda h, body: framed(h, CHUNKED) + chunks(body) + b"0\r\n\r\n", "open"),
    "length that is no number": (
        lambda head, body: framed(head, b"Content-Length: many\r\n\r\n") + body,
        "notified",
    ),
    "two lengths": (
        lambda head, body: (
            framed(
                head,
                b"Content-Length: %d\r\nContent-Length: %d\r\n\r\n" % (len(half(body)), len(body)),
            )
            + body
        ),
        "notified",
    ),
    "answered twice": (lambda head, body: (head + body) * 2, "open"),
    "answered byte by byte": (lambda head, body: head + body, "open"),
    "body whole and shorter than announced": (
        lambda head, body: framed(head, b"Content-Length: %d\r\n\r\n" % (len(body) + 1)) + body,
        "cut",
    ),
    "body longer than announced": (
        lambda head, body: framed(head, b"Content-Length: %d\r\n\r\n" % len(half(body))) + body,
        "notified",
    ),
    "reset before the answer": (lambda _head, _body: b"", "reset"),
    "reset within the body": (lambda head, body: head + half(body), "reset"),
    "plain bytes within the stream": (lambda _head, _body: PLAIN, "cut"),
    "stalled before the answer": (lambda _head, _body: b"", "stall"),
    "stalled within the body": (lambda head, body: head + half(body), "stall"),
    "held before the answer": (lambda _head, _body: b"", "held"),
    "held within the body": (lambda head, body: head + half(body), "held"),
}

# What bare sockets see after a client hello: how the bytes begin, and how they end.
HANDSHAKES = {
    "closed when accepted": (b"", "end"),
    "banner before the client hello": (b"SSH-2.0-OpenSSH_9.6\r\n", "end"),
    "closed after the client hello": (b"", "end"),
    "reset after the client hello": (b"", "reset"),
    "garbage in place of the server hello": (b"\x81", "end"),
    "internal error in place of the server hello": (bytes([21, 3, 3, 0, 2, 2, 80]), "end"),
    "plain HTTP in place of the server hello": (b"HTTP/1.1 400 ", "end"),
    "stalled after the client hello": (b"", "stall"),
}
AT_ONCE = ("closed when accepted", "banner before the client hello")


def test_each_fault_of_the_wire_has_its_row_here() -> None:
    rows = {"framing": FRAMING, "handshakes": HANDSHAKES}
    for name, kind in fault_kinds().items():
        assert name in rows.get(kind.topic, [name])


INSIDE = "plain bytes within the stream"


@pytest.mark.parametrize(
    ("name", "speaks"),
    [
        (name, speaks)
        for name, (_, ending) in FRAMING.items()
        for speaks in ("plain", "1.2", "1.3")
        if ending in ("cut", "notified") and (name != INSIDE or speaks == "plain")
    ],
)
def test_an_answer_in_a_wrong_frame(sessions, client, journal, name, speaks):
    inside = name == INSIDE
    session = sessions(speaks)
    head, body = client.true_answer(session)
    session.arm(name)
    since = journal.mark("armed").number

    parts, ending = FRAMING[name]
    seen = "ragged end" if ending == "cut" and speaks != "plain" else "end"
    assert client.asked(session) == (parts(head, body), seen)

    assert journal.wait_until_quiet()
    layer = Layer.WIRE if inside else Layer.APPLICATION
    (event,) = journal.of(FaultFired, since=since)
    assert (event.fault, event.phase, event.layer) == (name, Phase.ANSWER, layer)
    assert len(journal.of(RequestReceived, since=since)) == 1
    (closed,) = journal.of(ConnectionClosed, connection=event.connection)
    assert closed.ending is Ending.FAULT
    assert inside or closed.application_sent.first == parts(head, body)


@speaking
@pytest.mark.parametrize("name", [name for name in FRAMING if name.startswith("reset")])
def test_a_reset(sessions, client, journal, name, speaks, ended):
    session = sessions(speaks)
    head, body = client.true_answer(session)
    session.arm(name)

    connection = client.open(session)
    connection.sendall(client.VERSIONS)
    # Below TLS, whose library may take a reset for the end of the stream.
    with socket.socket(fileno=connection.detach()) as raw:
        raw.settimeout(10)
        with pytest.raises(ConnectionResetError):
            client.rest(raw)

    event = ended(FaultFired)
    (closed,) = journal.of(ConnectionClosed, connection=event.connection)
    assert closed.application_sent.first == FRAMING[name][0](head, body)


@speaking
@pytest.mark.parametrize(
    "name", [name for name, (_, ending) in FRAMING.items() if ending == "open"]
)
def test_an_answer_after_which_the_connection_stays_open(sessions, client, journal, name, speaks):
    session = sessions(speaks)
    head, body = client.true_answer(session)
    armed = session.arm(name)
    with client.open(session) as connection:
        connection.sendall(client.VERSIONS)
        expected = FRAMING[name][0](head, body)
        assert read_bytes(connection, len(expected)) == expected
        armed.disarm()
        connection.sendall(client.VERSIONS)
        assert client.answer(connection) == head + body
    assert [event.fault for event in journal.of(FaultFired)] == [name]


def read_bytes(connection, count):
    data = b""
    while len(data) < count:
        data += connection.recv(count - len(data))
    return data


@speaking
@pytest.mark.parametrize(
    "name", [name for name, (_, ending) in FRAMING.items() if ending == "held"]
)
def test_what_is_held_goes_out_when_it_is_released(sessions, client, journal, name, speaks):
    session = sessions(speaks)
    head, body = client.true_answer(session)
    with session.arm(name) as armed, client.open(session) as connection:
        connection.sendall(client.VERSIONS)
        before = FRAMING[name][0](head, body)
        assert read_bytes(connection, len(before)) == before
        assert journal.wait_until_quiet()
        assert [event.fault for event in journal.of(FaultFired)] == [name]
        assert len(journal.of(AnswerGiven)) == 2
        armed.release()
        rest = len(head + body) - len(before)
        assert before + read_bytes(connection, rest) == head + body
        # Released once is released for good.
        connection.sendall(client.VERSIONS)
        assert client.answer(connection) == head + body


@speaking
@pytest.mark.parametrize("ends", ["client", "target"])
def test_what_is_held_is_given_up_when_one_side_leaves(sessions, client, journal, speaks, ends):
    session = sessions(speaks)
    session.arm("held before the answer")
    with client.open(session) as connection:
        connection.sendall(client.VERSIONS)
        assert journal.wait_until_quiet()
        if ends == "target":
            session.close()
            assert client.read(connection)[0] == b""
    assert journal.wait_until_quiet()
    (closed,) = journal.of(ConnectionClosed)
    assert closed.ending is not Ending.HARNESS_ERROR


@versions
def test_plain_bytes_within_tls(sessions, client, journal, version, ended):
    session = sessions(version)
    session.arm("plain bytes within the stream")

    with client.open(session) as connection:
        connection.sendall(client.VERSIONS)
        with pytest.raises(ssl.SSLError) as broken:
            connection.recv(65536)

    assert not isinstance(broken.value, ssl.SSLEOFError)
    assert ended(FaultFired).layer is Layer.WIRE
    assert PLAIN in journal.of(ConnectionClosed)[0].sent.first


@speaking
@pytest.mark.parametrize("ends", ["client", "target"])
@pytest.mark.parametrize("name", [name for name in FRAMING if "stalled" in name])
def test_a_stall_lasts_until_one_side_leaves(sessions, client, journal, name, speaks, ends, ended):
    session = sessions(speaks)
    head, body = client.true_answer(session)
    session.arm(name)

    with client.open(session) as connection:
        connection.sendall(client.VERSIONS)
        event = ended(FaultFired)
        assert (event.fault, event.act is Act.STALL) == (name, name.endswith("the answer"))
        assert not journal.of(ConnectionClosed, connection=event.connection)
        if ends == "target":
            session.close()
            assert client.read(connection)[0] == FRAMING[name][0](head, body)

    assert journal.wait_until_quiet()
    (closed,) = journal.of(ConnectionClosed, connection=event.connection)
    assert closed.ending is {"client": Ending.FAULT, "target": Ending.TARGET_CUT}[ends]


def answered(client, session, data):
    """All that comes in answer to ``data``, and whether a reset ends it."""
    with client.connect(session) as raw:
        raw.sendall(data)
        try:
            return client.rest(raw), "end"
        except ConnectionResetError:
            return b"", "reset"


@versions
@pytest.mark.parametrize("name", [name for name in HANDSHAKES if "stalled" not in name])
def test_a_broken_handshake(sessions, client, journal, name, version):
    session = sessions(version)
    session.arm(name)
    beginning, ending = HANDSHAKES[name]
    data, seen = answered(client, session, client.hello(client.trust(session)))
    assert data.startswith(beginning)
    assert (bool(data), seen) == (bool(beginning), ending)
    assert journal.wait_until_quiet()
    since = journal.mark("a client of TLS").number
    context = client.trust(session)
    context.set_alpn_protocols(["http/1.1"])

    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        client.connect(session, context)

    assert journal.wait_until_quiet()
    assert len(journal.of(ConnectionAccepted, since=since)) == 1
    (event,) = journal.of(FaultFired, since=since)
    assert event.fault == name
    assert event.phase is (Phase.ACCEPTED if name in AT_ONCE else Phase.HANDSHAKE)
    (closed,) = journal.of(ConnectionClosed, since=since)
    assert (closed.ending, closed.application_received.count) == (Ending.FAULT, 0)
    assert not journal.of(HandshakeCompleted)
    assert not journal.of(RequestReceived)
    if name in AT_ONCE:
        assert closed.received.first[:1] in (b"", b"\x16")
        return
    (failed,) = journal.of(HandshakeFailed, since=since)
    assert failed.cause is Cause.FAULT
    assert (failed.hello.server_name, failed.hello.alpn) == ("localhost", ("http/1.1",))
    alert = ("internal_error", "target") if name.startswith("internal error") else (None, None)
    assert (failed.alert, failed.alert_by) == alert


@versions
@pytest.mark.parametrize("ends", ["client", "target"])
def test_a_handshake_stalls_until_one_side_leaves(sessions, client, journal, version, ends, ended):
    session = sessions(version)
    session.arm("stalled after the client hello")
    hello = client.hello(client.trust(session))

    with client.connect(session) as raw:
        raw.sendall(hello)
        assert journal.wait_until_quiet()
        assert [event.act for event in journal.of(FaultFired)] == [Act.STALL]
        assert not journal.of(ConnectionClosed)
        if ends == "target":
            session.close()
            assert raw.recv(1) == b""

    failed = ended(HandshakeFailed)
    assert (failed.cause, failed.hello.server_name) == (Cause.FAULT, "localhost")
    assert ended(ConnectionClosed).application_received.count == 0


@pytest.mark.parametrize("name", AT_ONCE)
def test_a_fault_when_accepted_meets_plain_http_too(sessions, client, journal, name):
    """A client that falls back to plain HTTP on a TLS port must not escape thanks to a fault."""
    for session in (sessions(), sessions("1.3")):
        session.arm(name)
        assert answered(client, session, client.ELSEWHERE) == HANDSHAKES[name]
        assert journal.wait_until_quiet()
        assert journal.of(ConnectionClosed)[-1].application_received.first == client.ELSEWHERE


@pytest.mark.parametrize("name", [name for name in HANDSHAKES if name not in AT_ONCE])
def test_without_https_there_is_no_handshake_to_go_wrong(sessions, client, journal, name):
    session = sessions()
    session.arm(name)
    with client.connect(session) as raw:
        raw.sendall(client.ELSEWHERE)
        assert client.answer(raw).startswith(b"HTTP/1.1 200")
    hello = client.hello(client.trust(sessions("1.3")))
    assert answered(client, session, hello)[0].startswith(b"HTTP/1.1 400")
    assert not journal.of(FaultFired)
