"""A stopped target answers no more, at once, and leaves nothing behind."""

from __future__ import annotations

import gc
import os
import selectors
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median

import pytest

from connect_harness.exchange import Answer
from connect_harness.server import (
    AnswerGiven,
    Cause,
    ConnectionClosed,
    Ending,
    HandshakeFailed,
    HarnessError,
    Journal,
    ListenerStarted,
    ListenerStopped,
    RequestReceived,
)
from connect_harness.server.listener import Listener


def gone(connection):
    """Whether the other side of ``connection`` has ended it."""
    try:
        return connection.recv(1) == b""
    except ConnectionError:
        return True


def our_threads():
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("connect-")]


def test_100_targets_from_many_threads_have_one_thread(start, client):
    with ThreadPoolExecutor(4) as pool:
        targets = list(pool.map(lambda number: start(name=f"t{number}"), range(100)))

    assert our_threads() == ["connect-acceptor"]
    assert client.ask(targets[57]).endswith(b"GET /")


@pytest.mark.parametrize("selector", [selectors.DefaultSelector, selectors.SelectSelector])
def test_targets_come_and_go_beside_another(selector, monkeypatch, start, client):
    """Whether the system takes changes while it waits, or the thread has to be woken for them."""
    monkeypatch.setattr(selectors, "DefaultSelector", selector)
    first = start(name="first")
    for number in range(20):
        other = start(name=f"t{number}")
        assert client.ask(other).endswith(b"GET /")
        other.stop()
    assert client.ask(first).endswith(b"GET /")


def test_targets_stop_at_once_and_leave_nothing_behind(client, certificates):
    """The measured times are the benchmark's; this only finds a wait that should not be."""
    times = []

    def serve(tls):
        journal = Journal()
        with Listener("target", journal, lambda request: Answer(200), tls=tls) as target:
            with client.connect(target, tls and certificates.client()) as connection:
                connection.sendall(client.GET)
                client.answer(connection)
                began = time.perf_counter()
                target.stop()
                times.append(time.perf_counter() - began)
            journal.wait_until_quiet()

    tls = certificates.server()
    serve(tls)
    gc.collect()
    before = len(os.listdir("/dev/fd")), threading.active_count()

    for _ in range(20):
        serve(tls)
        serve(None)

    gc.collect()
    assert (len(os.listdir("/dev/fd")), threading.active_count()) == before
    assert not our_threads()
    assert median(times) < 0.02


def test_a_target_that_cannot_accept_stops_and_leaves_the_others(
    monkeypatch, start, client, journal
):
    good, bad = start(name="good"), start(name="bad")
    monkeypatch.setattr(bad, "_accept_one", lambda listening: os.listdir("/nowhere/at/all"))

    with pytest.raises(ConnectionError):
        client.ask(bad)

    assert "FileNotFoundError" in journal.of(HarnessError, target="bad")[0].text
    assert client.ask(good).endswith(b"GET /")


def test_a_connection_without_a_thread_is_ended(monkeypatch, start, client, journal):
    target = start()

    def refuse(thread):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refuse)
        with client.connect(target) as connection:
            assert gone(connection)

    assert journal.wait_until_quiet()
    assert "can't start new thread" in journal.of(HarnessError)[0].text
    assert client.ask(target).endswith(b"GET /")


@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_a_forked_process_leaves_the_target_alone(start, client):
    target = start()
    port = target.port
    with client.connect(target) as connection:
        connection.sendall(client.GET)
        client.answer(connection)

        if (child := os.fork()) == 0:
            try:
                target.stop()
                with Listener("child", Journal(), lambda request: Answer(200, b"child")) as own:
                    os._exit(0 if client.ask(own).endswith(b"child") else 1)
            finally:
                os._exit(2)
        assert os.waitpid(child, 0)[1] == 0
        connection.sendall(client.GET)
        assert client.answer(connection).endswith(b"GET /")

    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(writing)
        os.read(reading, 1)
        os._exit(0)
    os.close(reading)
    target.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
    os.close(writing)
    os.waitpid(child, 0)


def test_from_start_to_start(start, client, journal):
    target = start()
    port = target.port
    with pytest.raises(RuntimeError, match="listens already"):
        target.start()

    for _ in range(2):
        target.stop()

    assert target.port == 0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
    (started,) = journal.of(ListenerStarted)
    (stopped,) = journal.of(ListenerStopped)
    assert (started.port, started.gateway_port) == (port, None)
    assert started.number < stopped.number
    impostor = start(lambda request: Answer(200, b"impostor"), port=port)
    assert impostor.port == port
    assert client.ask(impostor).endswith(b"impostor")
    assert client.ask(target.start()).endswith(b"GET /")


@pytest.mark.parametrize("secure", [False, True])
@pytest.mark.parametrize("how", ["stop", "cut_connections"])
def test_open_connections_are_cut_at_once(start, client, journal, certificates, secure, how, ended):
    """One that is kept alive, and one in its handshake."""
    target = start(tls=certificates.server() if secure else None)

    with client.connect(target) as connection:
        connection.sendall(b"\x16\x03\x01" if secure else client.GET)
        assert journal.wait_until_quiet()
        if not secure:
            client.answer(connection)
        since = journal.mark("cut").number
        began = time.perf_counter()
        getattr(target, how)()
        assert time.perf_counter() - began < 0.5
        assert gone(connection)

    assert [event.ending for event in journal.of(ConnectionClosed)] == [Ending.TARGET_CUT]
    assert not journal.of(RequestReceived, since=since)
    if secure:
        assert ended(HandshakeFailed).cause is Cause.TARGET_CUT
    if how == "cut_connections":
        tls = certificates.client() if secure else None
        assert client.ask(target, tls).endswith(b"GET /")


def test_a_request_that_is_being_worked_on_is_not_answered(busy, client, journal, ended):
    with client.connect(busy.target) as connection:
        connection.sendall(client.GET)
        assert busy.entered.wait(10)

        began = time.perf_counter()
        busy.target.stop()
        assert time.perf_counter() - began < 0.5
        busy.leave.set()

        assert gone(connection)
    assert ended(ConnectionClosed).ending is Ending.TARGET_CUT
    assert not journal.of(AnswerGiven)


@pytest.mark.parametrize("stops", ["application", "journal"])
def test_a_request_during_which_the_target_stops_is_not_answered(start, client, stops):
    """It may be stopped by its application, or before the request is on its way there."""

    class Stopping(Journal):
        def record(self, event):
            if stops == "journal" and isinstance(event, RequestReceived):
                target.stop()
            return super().record(event)

    journal = Stopping()
    asked = []

    def application(request):
        asked.append(request)
        target.stop()
        return Answer(200)

    target = start(application, journal=journal)
    with client.connect(target) as connection:
        connection.sendall(client.GET)
        assert gone(connection)

    assert journal.wait_until_quiet()
    assert len(asked) == (stops == "application")
    assert not journal.of(AnswerGiven)
    assert journal.of(ConnectionClosed)[0].ending is Ending.TARGET_CUT


def test_an_answer_that_is_not_read_is_quiet_and_is_cut(start, client, journal, ended):
    target = start(lambda request: Answer(200, bytes(50_000_000)))

    with client.connect(target) as connection:
        connection.sendall(client.GET)
        assert journal.wait_until_quiet()
        assert journal.of(RequestReceived)
        assert not journal.of(ConnectionClosed)
        target.stop()

    assert not our_threads()
    assert ended(ConnectionClosed).ending is Ending.TARGET_CUT
