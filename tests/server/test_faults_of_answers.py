"""Faults in the answer to the request for the versions: what a client sees, and the journal."""

from __future__ import annotations

import json
import socket
import ssl

import httpx
import pytest

from connect_harness.server import (
    Act,
    ConnectionClosed,
    Ending,
    FaultFired,
    Layer,
    Phase,
    RequestReceived,
)

AS_ADMIN = b"Host: localhost\r\nAuthorization: Basic YWRtaW46cGFzc3dk\r\n\r\n"
VERSIONS = b"GET /versions/rest HTTP/1.1\r\n" + AS_ADMIN
ELSEWHERE = b"GET /activeviam/pivot/rest/v9/ping HTTP/1.1\r\n" + AS_ADMIN
PLAIN = b"These are plain bytes, neither a TLS record nor an HTTP answer.\r\n"


def framed(head, framing):
    return head.partition(b"Content-Length")[0] + framing


def half(body):
    return body[: len(body) // 2]


# What goes out, of the true head and body, and how the connection ends.
ANSWERS = {
    "closed before the answer": (lambda _head, _body: b"", "cut"),
    "closed within the status line": (lambda head, _: head[:10], "cut"),
    "closed within the headers": (lambda head, _: head[:-5], "cut"),
    "body cut short": (lambda head, body: head + half(body), "cut"),
    "body cut short with close_notify": (lambda head, body: head + half(body), "notified"),
    "body without a length cut short": (
        lambda head, body: framed(head, b"\r\n") + half(body),
        "cut",
    ),
    "body without a length": (
        lambda head, body: framed(head, b"Connection: close\r\n\r\n") + body,
        "notified",
    ),
    "chunk cut short": (
        lambda head, body: (
            framed(head, b"Transfer-Encoding: chunked\r\n\r\n")
            + f"{len(body):x}\r\n".encode()
            + half(body)
        ),
        "cut",
    ),
    "wrong chunk size": (
        lambda head, body: (
            framed(head, b"Transfer-Encoding: chunked\r\n\r\nmany\r\n") + body + b"\r\n0\r\n\r\n"
        ),
        "notified",
    ),
    "body longer than announced": (
        lambda head, body: (
            framed(head, f"Content-Length: {len(half(body))}\r\n\r\n".encode()) + body
        ),
        "notified",
    ),
}
RESET, INSIDE = "reset within the body", "plain bytes within the stream"
STALLS = {
    "stalled before the answer": lambda _head, _body: b"",
    "stalled within the body": lambda head, body: head + half(body),
}
ENDINGS = {
    ("plain", "cut"): "end",
    ("plain", "notified"): "end",
    ("tls", "cut"): "ragged end",
    ("tls", "notified"): "end",
}
speaking = pytest.mark.parametrize("speaks", ["plain", "1.2", "1.3"])


def connected(client, session):
    """A connection that tells a cut end of TLS from one in order."""
    raw, context = client.connect(session), client.trust(session)
    if context is None:
        return raw
    return context.wrap_socket(raw, server_hostname="localhost", suppress_ragged_eofs=False)


def asked(client, session, request=VERSIONS):
    """What is answered, and how that ends."""
    data = b""
    with connected(client, session) as connection:
        connection.sendall(request)
        try:
            while part := connection.recv(65536):
                data += part
        except ssl.SSLEOFError:
            return data, "ragged end"
    return data, "end"


def true_answer(client, session):
    with connected(client, session) as connection:
        connection.sendall(VERSIONS)
        head, end, body = client.answer(connection).partition(b"\r\n\r\n")
    assert json.loads(body)["apis"]
    return head + end, body


@speaking
@pytest.mark.parametrize("name", ANSWERS)
def test_a_raw_client_sees_it(sessions, client, journal, name, speaks):
    session = sessions(speaks)
    head, body = true_answer(client, session)
    session.arm(name)
    since = journal.mark("armed").number

    sent, ending = ANSWERS[name]
    seen = ENDINGS["plain" if speaks == "plain" else "tls", ending]
    for _ in range(2):
        assert asked(client, session) == (sent(head, body), seen)

    assert journal.wait_until_quiet()
    assert [(one.fault, one.phase, one.layer) for one in journal.of(FaultFired, since=since)] == [
        (name, Phase.ANSWER, Layer.APPLICATION)
    ] * 2
    assert len(journal.of(RequestReceived, since=since)) == 2
    closed = [one for one in journal.of(ConnectionClosed, since=since) if one.connection > 1]
    assert {one.ending for one in closed} == {Ending.FAULT}
    assert {one.application_sent.first for one in closed} == {sent(head, body)}


@speaking
def test_a_reset(sessions, client, journal, speaks):
    session = sessions(speaks)
    head, body = true_answer(client, session)
    session.arm(RESET)

    connection = connected(client, session)
    connection.sendall(VERSIONS)
    # Below TLS, whose library may take a reset for the end of the stream.
    with socket.socket(fileno=connection.detach()) as raw:
        raw.settimeout(10)
        with pytest.raises(ConnectionResetError):
            client.rest(raw)

    assert journal.wait_until_quiet()
    (fired,) = journal.of(FaultFired)
    assert fired.fault == RESET
    (closed,) = journal.of(ConnectionClosed, connection=fired.connection)
    assert closed.application_sent.first == head + half(body)


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_plain_bytes_within_tls(sessions, client, journal, version):
    session = sessions(version)
    session.arm(INSIDE)

    with connected(client, session) as connection:
        connection.sendall(VERSIONS)
        with pytest.raises(ssl.SSLError) as broken:
            connection.recv(65536)

    assert not isinstance(broken.value, ssl.SSLEOFError)
    assert journal.wait_until_quiet()
    assert [(one.fault, one.layer) for one in journal.of(FaultFired)] == [(INSIDE, Layer.WIRE)]
    assert PLAIN in journal.of(ConnectionClosed)[0].sent.first


def test_plain_bytes_without_tls(sessions, client):
    session = sessions()
    session.arm(INSIDE)
    assert asked(client, session) == (PLAIN, "end")


@speaking
@pytest.mark.parametrize("name", STALLS)
def test_a_stall_lasts_until_the_target_stops(sessions, client, journal, name, speaks):
    session = sessions(speaks)
    head, body = true_answer(client, session)
    session.arm(name)

    with connected(client, session) as connection:
        connection.sendall(VERSIONS)
        assert journal.wait_until_quiet()
        (fired,) = journal.of(FaultFired)
        assert (fired.fault, fired.act is Act.STALL) == (name, name.endswith("the answer"))
        session.close()
        data = b""
        try:
            while part := connection.recv(65536):
                data += part
        except ssl.SSLEOFError:
            assert speaks != "plain"

    assert data == STALLS[name](head, body)
    assert journal.wait_until_quiet()
    (closed,) = journal.of(ConnectionClosed, connection=fired.connection)
    assert closed.ending is Ending.TARGET_CUT


@speaking
@pytest.mark.parametrize("name", STALLS)
def test_a_stall_lasts_until_the_client_leaves(sessions, client, journal, name, speaks):
    session = sessions(speaks)
    session.arm(name)

    with connected(client, session) as connection:
        connection.sendall(VERSIONS)
        assert journal.wait_until_quiet()
        assert not journal.of(ConnectionClosed)

    assert journal.wait_until_quiet()
    assert journal.of(ConnectionClosed)[0].ending is Ending.FAULT


@speaking
@pytest.mark.parametrize("name", [*ANSWERS, RESET, INSIDE])
def test_only_a_legal_end_gives_the_versions(sessions, client, name, speaks):
    """As httpx sees it: whatever else arrives is no answer, or no JSON."""
    session = sessions(speaks)
    session.arm(name)

    def versions():
        with httpx.Client(verify=client.trust(session) or False, trust_env=False) as http:
            return http.get(f"{session.url}/versions/rest", auth=("admin", "passwd")).json()

    if name == "body without a length":
        assert versions()["apis"]
    else:
        with pytest.raises((httpx.TransportError, ValueError)):
            versions()


@speaking
@pytest.mark.parametrize("name", [*ANSWERS, RESET, INSIDE, *STALLS])
def test_other_answers_are_true(sessions, client, journal, name, speaks):
    session = sessions(speaks)
    session.arm(name)

    with connected(client, session) as connection:
        connection.sendall(ELSEWHERE)
        assert client.answer(connection).startswith(b"HTTP/1.1 200 ")

    assert not journal.of(FaultFired)
