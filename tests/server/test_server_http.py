"""Requests and answers over plain HTTP."""

from __future__ import annotations

import tracemalloc

import pytest

from connect_harness.exchange import Answer
from connect_harness.server import (
    AnswerGiven,
    ConnectionClosed,
    Ending,
    HandshakeFailed,
    HarnessError,
    RequestReceived,
    RequestRejected,
)
from connect_harness.server.http import LONGEST_BODY

POST = b"POST / HTTP/1.1\r\nHost: localhost\r\n"
GET = b"GET /a?b=c HTTP/1.1\r\nHost: localhost\r\n\r\n"


def test_a_request_is_answered_and_recorded(start, client, journal, ended):
    target = start()

    answered = client.ask(
        target,
        request=b"POST /a%20b?c=%C3%A9 HTTP/1.1\r\nHost: localhost\r\nX-Two: 1\r\nx-two:  2 \r\n"
        b"Content-Length: 3\r\nConnection: close\r\n\r\nabc",
    )

    assert answered.startswith(b"HTTP/1.1 200 \r\n")
    assert answered.endswith(b"\r\n\r\nPOST /a%20b?c=%C3%A9")
    received = ended(RequestReceived)
    assert received.line == "POST /a%20b?c=%C3%A9"
    assert (received.request.path, received.request.query) == ("/a%20b", "c=%C3%A9")
    assert received.request.body == b"abc"
    assert received.request.headers[1:3] == (("x-two", b"1"), ("x-two", b"2"))
    assert received.raw_headers[1:3] == ((b"X-Two", b"1"), (b"x-two", b"2"))
    (given,) = journal.of(AnswerGiven)
    assert (given.request, given.status) == (received.number, 200)
    assert given.body == b"POST /a%20b?c=%C3%A9"
    closed = ended(ConnectionClosed)
    assert (closed.ending, closed.requests) == (Ending.TARGET_CLOSED, 1)
    assert closed.application_received == closed.received
    assert closed.application_sent.first == closed.sent.first == answered


def test_an_empty_reason_phrase_goes_out_with_its_space(start, client):
    target = start(lambda request: Answer(401, b"{}", headers=(("WWW-Authenticate", "Basic"),)))

    assert client.ask(target).splitlines()[:3] == [
        b"HTTP/1.1 401 ",
        b"Content-Type: application/json",
        b"WWW-Authenticate: Basic",
    ]


@pytest.mark.parametrize("at_once", [True, False])
def test_requests_on_one_connection(start, client, journal, at_once, ended):
    """A client may wait for each answer, or not; HTTP 1.0 ends the connection."""
    last = b"GET /a?b=c HTTP/1.0\r\n\r\n"

    with client.connect(start()) as connection:
        if at_once:
            connection.sendall(GET * 2 + last)
            assert client.rest(connection).count(b"GET /a?b=c") == 3
        else:
            for request in (GET, GET, last):
                connection.sendall(request)
                assert client.answer(connection).endswith(b"GET /a?b=c")

    assert journal.wait_until_quiet()
    assert [received.order for received in journal.of(RequestReceived)] == [1, 2, 3]
    closed = ended(ConnectionClosed)
    assert (closed.ending, closed.requests) == (Ending.TARGET_CLOSED, 3)


def test_a_chunked_body_is_put_together(start, client, journal):
    target = start()

    client.ask(
        target,
        request=b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
        b"Connection: close\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
    )

    assert journal.of(RequestReceived)[0].request.body == b"abcde"


def test_a_client_that_waits_for_100_gets_it(start, client, journal):
    target = start()

    with client.connect(target) as connection:
        connection.sendall(
            b"POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
            b"Content-Length: 2\r\n\r\n"
        )
        assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"ok")
        assert client.answer(connection).startswith(b"HTTP/1.1 200 ")

    assert journal.of(RequestReceived)[0].request.body == b"ok"


def test_head_has_the_length_and_no_body(start, client, journal):
    target = start()

    answered = client.ask(
        target, request=b"HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )

    assert b"Content-Length: 6\r\n" in answered
    assert answered.endswith(b"\r\n\r\n")
    assert journal.of(AnswerGiven)[0].body == b"HEAD /"


@pytest.mark.parametrize(
    "bad",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    ],
)
def test_what_is_no_request_is_answered_400_and_recorded(start, client, journal, bad, ended):
    answered = client.ask(start(), request=bad)

    assert answered.startswith(b"HTTP/1.1 400 \r\n")
    rejected = ended(RequestRejected)
    assert (rejected.data, rejected.answered) == (bad, 400)
    assert rejected.reason
    assert not journal.of(RequestReceived)


def test_a_request_that_ends_in_the_middle_is_recorded(start, client, ended):
    target = start()

    with client.connect(target) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc")

    rejected = ended(RequestRejected)
    assert rejected.answered is None
    assert rejected.data.endswith(b"abc")
    assert ended(ConnectionClosed).ending is Ending.CLIENT_CLOSED


def test_an_application_that_raises_is_an_error_of_the_harness(start, client, journal):
    def application(request):
        if request.path == "/bad":
            raise KeyError("lost")
        return Answer(200, b"fine")

    target = start(application)

    with client.connect(target) as connection:
        connection.sendall(b"GET /bad HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert client.answer(connection).startswith(b"HTTP/1.1 500 ")
        connection.sendall(GET)
        assert client.answer(connection).endswith(b"fine")

    (error,) = journal.of(HarnessError)
    assert "KeyError: 'lost'" in error.text
    assert [given.status for given in journal.of(AnswerGiven)] == [500, 200]


def test_an_answer_that_is_no_http_is_an_error_of_the_harness(start, client, journal):
    target = start(lambda request: Answer(200, b"x", headers=(("bad name", "x"),)))

    assert client.ask(target).startswith(b"HTTP/1.1 500 ")
    assert "LocalProtocolError" in journal.of(HarnessError)[0].text


def test_a_tls_hello_on_a_plain_port_is_answered_at_once(start, client, ended, certificates):
    target = start()

    with pytest.raises(OSError, match=r"(?i)wrong.version.number"):
        client.connect(target, certificates.client())

    failed = ended(HandshakeFailed)
    assert failed.cause == "TLS on a plain port"
    assert failed.hello is not None
    assert failed.hello.server_name == "localhost"
    closed = ended(ConnectionClosed)
    assert closed.sent.first.startswith(b"HTTP/1.1 400 \r\n")
    assert closed.application_received.count == 0


TOO_LONG = LONGEST_BODY + 1
CHUNK = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"


@pytest.mark.parametrize("form", ["announced", "chunked", "waits for 100"])
def test_a_body_that_is_too_long_is_answered_413_and_not_kept(start, client, journal, form, ended):
    target = start()

    with client.connect(target) as connection:
        if form == "chunked":
            connection.sendall(POST + b"Transfer-Encoding: chunked\r\n\r\n")
            connection.sendall(CHUNK * (LONGEST_BODY // 0x10000) + b"1\r\nx\r\n")
        elif form == "announced":
            connection.sendall(POST + b"Content-Length: %d\r\n\r\n" % TOO_LONG + b"x" * TOO_LONG)
        else:
            wait = b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n"
            connection.sendall(POST + wait % TOO_LONG)
        answered = client.rest(connection)

    assert answered.startswith(b"HTTP/1.1 413 \r\n")
    assert b"\r\nConnection: close\r\n" in answered
    rejected = ended(RequestRejected)
    assert rejected.answered == 413
    assert str(LONGEST_BODY) in rejected.reason
    assert len(rejected.data) <= 64 * 1024
    assert not journal.of(RequestReceived)
    assert ended(ConnectionClosed).ending is Ending.TARGET_CLOSED


@pytest.mark.parametrize("form", ["announced", "chunked"])
def test_the_longest_body_arrives_and_is_answered(start, client, ended, form):
    target = start(lambda request: Answer(200, request.body))

    with client.connect(target) as connection:
        if form == "chunked":
            connection.sendall(POST + b"Transfer-Encoding: chunked\r\n\r\n")
            connection.sendall(CHUNK * (LONGEST_BODY // 0x10000) + b"0\r\n\r\n")
        else:
            connection.sendall(POST + b"Content-Length: %d\r\n\r\n" % LONGEST_BODY)
            connection.sendall(b"x" * LONGEST_BODY)
        assert client.answer(connection).partition(b"\r\n\r\n")[2] == b"x" * LONGEST_BODY

    closed = ended(ConnectionClosed)
    assert closed.received.count > LONGEST_BODY > len(closed.received.first)


def test_a_client_that_sends_64_mib_is_answered_and_nothing_is_kept(start, client, journal, ended):
    """Peak memory grows by less than two of the longest bodies, whatever the client sends."""
    target = start()
    piece = b"x" * (1024 * 1024)

    tracemalloc.start()
    try:
        with client.connect(target) as connection:
            connection.sendall(POST + b"Content-Length: %d\r\n\r\n" % (64 * len(piece)))
            for _ in range(64):
                connection.sendall(piece)
            assert client.rest(connection).startswith(b"HTTP/1.1 413 \r\n")
        assert journal.wait_until_quiet()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 2 * LONGEST_BODY
    assert ended(ConnectionClosed).received.count > 64 * len(piece)


@pytest.mark.parametrize("where", ["head", "trailers"])
def test_headers_that_are_too_long_are_answered_431(start, client, ended, where):
    lines = b"X: %s\r\n" % (b"y" * 1000) * 1200

    begin = b"" if where == "head" else b"Transfer-Encoding: chunked\r\n\r\n0\r\n"
    answered = client.ask(start(), request=POST + begin + lines + b"\r\n")

    assert answered.startswith(b"HTTP/1.1 431 \r\n")
    rejected = ended(RequestRejected)
    assert rejected.answered == 431
