"""``Journal.wait_until_quiet``: what was sent before it is recorded after it."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from connect_harness.server import (
    ConnectionAccepted,
    ConnectionClosed,
    HandshakeCompleted,
    Journal,
    RequestReceived,
    RequestRejected,
    listener,
    wire,
)
from connect_harness.server.connection import Connection
from connect_harness.server.wire import Wire


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
    really = Wire._happens

    def happens(wire, events, limit):
        if limit == 0:
            return delivers.is_set() and really(wire, events, 0)
        really(wire, events, limit)
        assert delivers.wait(10)
        return True

    monkeypatch.setattr(Wire, "_happens", happens)
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


def test_a_client_that_keeps_its_end_is_never_taken_for_one_that_closed_it(
    monkeypatch, start, client, journal
):
    # As if every limit were over as soon as it began.
    really = Wire._happens
    monkeypatch.setattr(
        Wire, "_happens", lambda wire, events, limit: really(wire, events, limit and 0)
    )
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
