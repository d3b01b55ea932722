"""Requests and answers over plain HTTP."""

from __future__ import annotations

import tracemalloc

import pytest

from connect_harness.exchange import Answer
from connect_harness.server import (
    AnswerGiven,
    ConnectionClosed,
    Ending,
    HarnessError,
    RequestReceived,
    RequestRejected,
)
from connect_harness.server.http import LONGEST_BODY

POST = b"POST / HTTP/1.1\r\nHost: localhost\r\n"


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


def test_head_has_the_headers_of_the_answer_and_no_body(start, client):
    request = b"HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    answered = client.ask(start(), request=request)
    assert b"Content-Length: 6\r\n" in answered
    assert answered.endswith(b"\r\n\r\n")


CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
CHUNK = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
TOO_LONG = LONGEST_BODY + 1
LONG_HEADERS = b"X: %s\r\n" % (b"y" * 1000) * 1200 + b"\r\n"

REJECTED = {
    "no request": (400, b"nonsense\r\n\r\n"),
    "no host": (400, b"GET / HTTP/1.1\r\n\r\n"),
    "odd target": (400, b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    "odd chunk": (400, CHUNKED + b"xyz\r\n"),
    "announced": (413, POST + b"Content-Length: %d\r\n\r\n" % TOO_LONG + b"x" * TOO_LONG),
    "chunked": (413, CHUNKED + CHUNK * (LONGEST_BODY // 0x10000) + b"1\r\nx\r\n"),
    "waits": (413, POST + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % TOO_LONG),
    "head": (431, POST + LONG_HEADERS),
    "trailers": (431, CHUNKED + b"0\r\n" + LONG_HEADERS),
}


@pytest.mark.parametrize("name", REJECTED)
def test_what_is_no_request_or_too_long(start, client, journal, ended, name):
    status, request = REJECTED[name]

    answered = client.ask(start(), request=request)

    assert answered.startswith(b"HTTP/1.1 %d \r\n" % status)
    assert b"\r\nConnection: close\r\n" in answered
    rejected = ended(RequestRejected)
    assert rejected.answered == status
    assert status != 400 or rejected.data == request
    assert str(LONGEST_BODY if status == 413 else "") in rejected.reason
    assert rejected.reason
    assert len(rejected.data) <= 64 * 1024
    assert not journal.of(RequestReceived)
    assert ended(ConnectionClosed).ending is Ending.TARGET_CLOSED


@pytest.mark.parametrize("form", ["announced", "chunked", "waits for 100"])
def test_the_longest_body_arrives_and_is_answered(start, client, ended, form):
    target = start(lambda request: Answer(200, request.body))
    body = b"x" * LONGEST_BODY

    with client.connect(target) as connection:
        if form == "chunked":
            connection.sendall(CHUNKED + CHUNK * (LONGEST_BODY // 0x10000) + b"0\r\n\r\n")
        else:
            expects = b"Expect: 100-continue\r\n" if form.startswith("waits") else b""
            connection.sendall(POST + expects + b"Content-Length: %d\r\n\r\n" % len(body))
            if expects:
                assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")
            connection.sendall(body)
        assert client.answer(connection).partition(b"\r\n\r\n")[2] == body

    assert ended(RequestReceived).request.body == body
    assert ended(ConnectionClosed).received.count > LONGEST_BODY


def test_a_client_that_sends_64_mib_is_answered_and_nothing_is_kept(start, client, ended):
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
        closed = ended(ConnectionClosed)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 2 * LONGEST_BODY
    assert closed.received.count > 64 * len(piece) > len(closed.received.first)


def test_a_mistake_of_the_application_is_an_error_of_the_harness(start, client, journal):
    def application(request):
        if request.path == "/raises":
            raise KeyError("lost")
        return Answer(200, b"fine")

    with client.connect(start(application)) as connection:
        for path, begins in ((b"/raises", b"500"), (b"/a", b"200")):
            connection.sendall(b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n" % path)
            assert client.answer(connection).startswith(b"HTTP/1.1 " + begins)

    (raised,) = journal.of(HarnessError)
    assert "KeyError: 'lost'" in raised.text
    assert [given.status for given in journal.of(AnswerGiven)] == [500, 200]
    assert [received.order for received in journal.of(RequestReceived)] == [1, 2]
