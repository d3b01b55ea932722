"""One list of events under one counter; what was sent before a wait is in it afterwards."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import freezegun
import pytest
import time_machine

from connect_harness.server import (
    AnswerGiven,
    ConnectionAccepted,
    ConnectionClosed,
    Event,
    HandshakeCompleted,
    Journal,
    Mark,
    RequestReceived,
    RequestRejected,
    listener,
    wire,
)
from connect_harness.server.connection import Connection


def test_many_threads_share_the_counter():
    journal = Journal()

    def mark(_):
        for _ in range(200):
            journal.mark("x")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(mark, range(4)))

    assert [event.number for event in journal.events] == list(range(1, 801))
    assert sorted(journal.events, key=lambda event: event.at) == list(journal.events)
    assert journal.since(798) == journal.of(Mark, since=798) == journal.events[798:]


def test_several_targets_and_the_run_are_in_one_order(start, client, journal):
    first, second = start(name="one"), start(name="two")

    for target in (first, second, first):
        journal.mark(f"asking {target.name}")
        client.ask(target)
        assert journal.wait_until_quiet()

    seen = [
        event.text if isinstance(event, Mark) else event.target
        for event in journal.events
        if isinstance(event, Mark | RequestReceived)
    ]
    assert seen == ["asking one", "one", "asking two", "two", "asking one", "one"]
    numbers = [event.connection for event in journal.of(ConnectionAccepted)]
    assert numbers == [1, 2, 3]
    assert [type(event) for event in journal.of(Event, connection=2)] == [
        ConnectionAccepted,
        RequestReceived,
        AnswerGiven,
        ConnectionClosed,
    ]


def test_the_repr_shows_no_secret(start, client, journal):
    client.ask(
        start(),
        request=b"POST / HTTP/1.1\r\nHost: localhost\r\nX-Odd: \xe9\r\nContent-Length: 2\r\n"
        b"Authorization: Basic c2VjcmV0\r\nConnection: close\r\n\r\n\xff\x00",
    )
    assert journal.wait_until_quiet()

    assert "c2VjcmV0" not in repr(journal.events)
    (received,) = journal.of(RequestReceived)
    assert received.request.body == b"\xff\x00"
    assert ("x-odd", b"\xe9") in received.request.headers
    assert ("authorization", b"Basic c2VjcmV0") in received.request.headers


LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)
FAR_AHEAD = datetime(2090, 1, 1, tzinfo=UTC)


class NeverAtRest:
    """An activity that never comes to rest; a wait that goes on and on is ended by it."""

    def __init__(self) -> None:
        self.asked = 0

    def at_rest(self) -> bool:
        self.asked += 1
        assert self.asked < 20
        return False


@pytest.mark.parametrize(
    "freeze",
    [freezegun.freeze_time, lambda moment: time_machine.travel(moment, tick=False)],
    ids=["freezegun", "time-machine"],
)
def test_waits_end_and_times_increase_whatever_a_test_does_to_the_clock(
    freeze: Callable[[datetime], AbstractContextManager[object]],
) -> None:
    journal = Journal()
    journal.activities.add(NeverAtRest())
    journal.mark("before")
    with freeze(FAR_AHEAD):
        journal.mark("within")
        journal.mark("still")
    journal.mark("after")
    with freeze(LONG_AGO):
        journal.mark("long ago")
        assert not journal.wait_until_quiet(0.05)
    times = [event.at for event in journal.events]
    assert times == sorted(set(times))
    assert len(times) == 5


def test_what_was_sent_before_is_recorded_after(start, client, journal):
    assert journal.wait_until_quiet(0)
    targets = [start(name=name) for name in ("one", "two")]
    assert journal.wait_until_quiet(0)

    for sent in range(1, 51):
        for target in targets:
            with client.connect(target) as connection:
                connection.sendall(client.GET)
        assert journal.wait_until_quiet()
        for target in ("one", "two"):
            assert len(journal.of(ConnectionAccepted, target=target)) == sent
            assert len(journal.of(RequestReceived, target=target)) == sent
            assert len(journal.of(ConnectionClosed, target=target)) == sent


def test_half_a_request_is_quiet(start, client, journal, certificates):
    target = start(tls=certificates.server())

    with client.connect(target, certificates.client()) as connection:
        assert journal.wait_until_quiet()
        assert journal.of(HandshakeCompleted)
        connection.sendall(client.GET[:10])
        assert journal.wait_until_quiet()
        assert not journal.of(RequestReceived)
        assert not journal.of(ConnectionClosed)

    assert journal.wait_until_quiet()
    assert journal.of(RequestRejected)


def test_a_connection_that_is_being_accepted_is_not_quiet(monkeypatch, start, client, journal):
    target = start()
    really = target._connection
    quiet = []

    def accepted(*arguments):
        quiet.append(journal.wait_until_quiet(0))
        return really(*arguments)

    monkeypatch.setattr(target, "_connection", accepted)

    assert client.ask(target).endswith(b"GET /")
    assert quiet == [False]


@pytest.fixture
def delivers(monkeypatch):
    """While it is not set, nothing that clients do reaches the sockets of targets."""
    delivers = threading.Event()
    delivers.set()
    really = wire.happens

    def happens(awaited, at, limit=None, **beside):
        if limit == 0:
            return delivers.is_set() and really(awaited, at, 0, **beside)
        really(awaited, at, limit, **beside)
        assert delivers.wait(10)
        return True

    monkeypatch.setattr(wire, "happens", happens)
    return delivers


asks_the_kernel = pytest.mark.skipif(
    not hasattr(socket, "AF_NETLINK"), reason="only Linux tells what became of the client's socket"
)


@asks_the_kernel
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
@pytest.mark.parametrize("ended_before", [False, True])
def test_a_close_that_is_on_its_way_is_waited_for(
    start, client, journal, delivers, host, ended_before
):
    target = start(host=host)
    connection = socket.create_connection((host, target.port))
    connection.sendall(b"no request\r\n\r\n" if ended_before else client.GET)
    assert journal.wait_until_quiet()
    assert connection.recv(1000)
    while ended_before and connection.recv(1000):
        pass

    delivers.clear()
    connection.close()

    assert not journal.wait_until_quiet(0)
    assert not journal.of(ConnectionClosed)
    delivers.set()
    assert journal.wait_until_quiet()
    assert journal.of(ConnectionClosed)


def test_a_connection_that_is_kept_is_not_waited_for(start, client, journal, delivers):
    with client.connect(start()) as connection:
        connection.sendall(client.GET)
        assert journal.wait_until_quiet()
        delivers.clear()
        assert journal.wait_until_quiet(0)
        delivers.set()


def says_nothing(*_):
    raise RuntimeError("sockets are blocked in this test")


@pytest.mark.parametrize("state", [lambda *_: 0, says_nothing])
def test_a_kernel_that_cannot_be_asked_is_not_believed(monkeypatch, start, client, journal, state):
    monkeypatch.setattr(wire, "_state", state)
    target = start()
    with client.connect(target) as connection:
        connection.sendall(client.GET)
        assert journal.wait_until_quiet()


def test_a_connection_that_was_cut_is_waited_for_until_it_is_recorded(
    monkeypatch, start, client, journal
):
    monkeypatch.setattr(listener, "_JOINING_SECONDS", 0.0)
    holds, really = threading.Event(), Connection._closed

    def closed(connection, ending):
        assert holds.wait(10)
        really(connection, ending)

    monkeypatch.setattr(Connection, "_closed", closed)
    target = start()
    with client.connect(target) as connection:
        connection.sendall(client.GET)
        assert journal.wait_until_quiet()
        target.stop()
        assert not journal.wait_until_quiet(0)
        holds.set()
        assert journal.wait_until_quiet()
    assert journal.of(ConnectionClosed)


def test_a_client_that_keeps_its_end_is_never_taken_for_one_that_closed_it(start, client, journal):
    target = start()
    with client.connect(target) as connection:
        connection.sendall(b"no request\r\n\r\n")
        while connection.recv(1000):
            pass
        assert journal.wait_until_quiet()
        assert not journal.of(ConnectionClosed)

    assert journal.wait_until_quiet()
    assert journal.of(ConnectionClosed)


@pytest.mark.parametrize("limit", [0.0, 0.05])
def test_the_limit_holds(busy, client, journal, limit):
    with client.connect(busy.target) as connection:
        connection.sendall(client.GET)
        assert busy.entered.wait(10)
        began = time.monotonic()
        assert not journal.wait_until_quiet(limit)
        assert time.monotonic() - began >= limit
        # Another journal has nothing to wait for.
        assert Journal().wait_until_quiet(0)
        busy.leave.set()
        assert journal.wait_until_quiet()
        client.answer(connection)
