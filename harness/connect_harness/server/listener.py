"""A port of a target: accepts its connections, and stops at once."""

from __future__ import annotations

import os
import socket
import ssl
import threading
import traceback
from functools import partial
from typing import Self

from connect_harness.misbehaviour import Misbehaviour
from connect_harness.server.connection import Connection, Endpoint
from connect_harness.server.events import HarnessError, ListenerStarted, ListenerStopped
from connect_harness.server.gateway_connection import Gateway, GatewayConnection
from connect_harness.server.http_connection import Application, HttpConnection
from connect_harness.server.journal import Journal, seconds
from connect_harness.server.ports import Port, open_port
from connect_harness.server.threads import Work, unwatch, watch, workers
from connect_harness.server.waiting import Awaited, happens

_JOINING_SECONDS = 1.0


class Listener:
    """The server of one target, on its HTTP port or on its Py4J port.

    Idle it is a few sockets and no thread, see ``threads``.

    Parameters:
        served: Answers HTTP requests, called by the threads of many connections at once; or talks
            with Py4J clients.
        tls: The context of an HTTP port, see ``tls.server_context``; ``None`` for plain HTTP.
        host: ``localhost`` for 127.0.0.1 and, where it exists, ::1; or one loopback address.

    Attributes:
        tls: May be set while it runs; the next connection has it.
        misbehaviour: What changes the bytes that go out; may be set while it runs, and whatever
            goes out from then on is subject to it, on open connections too.
    """

    def __init__(
        self,
        name: str,
        journal: Journal,
        served: Application | Gateway,
        *,
        tls: ssl.SSLContext | None = None,
        host: str = "localhost",
        port: int = 0,
    ) -> None:
        self.name = name
        self.journal = journal
        self.tls = tls
        self.misbehaviour: Misbehaviour | None = None
        self._served_by = served
        self._host = host
        self._wanted_port = port
        self._lock = threading.Lock()
        self._port: Port | None = None
        self._connections: dict[Connection, Work] = {}
        self._accepting = False
        self._process = 0

    @property
    def port(self) -> int:
        """The port; 0 while it does not listen."""
        return self._port.number if self._port else 0

    def start(self) -> Self:
        """Listen. Clients can connect as soon as this returns.

        Raises:
            OSError: The port is in use, or the host is no address of this machine.
            RuntimeError: It listens already.
            ValueError: The host is not on loopback.
        """
        if self._port is not None:
            raise RuntimeError(f"The target {self.name} listens already.")
        self._process = os.getpid()
        self._port = open_port(self._host, self._wanted_port)
        self.journal.activities.add(self)
        http = callable(self._served_by)
        self.journal.record(
            ListenerStarted(
                target=self.name,
                port=self.port if http else None,
                gateway_port=None if http else self.port,
            )
        )
        workers().open()
        watch(self._port.sockets, self._accept)
        return self

    def cut_connections(self) -> None:
        """End all open connections at once. New ones are served."""
        with self._lock:
            connections = dict(self._connections)
        self._cut(connections)

    def stop(self) -> None:
        """Stop at once: from now on no request is answered, on no connection.

        Does nothing in a process that was forked from the one that started it, and nothing when it
        is stopped already. May be called by the application.
        """
        if self._process != os.getpid():
            return
        with self._lock:
            port, self._port = self._port, None
            connections = dict(self._connections)
        if port is None:
            return
        self.journal.activities.remove(self)
        self.journal.record(ListenerStopped(target=self.name))
        self._cut(connections)
        _close(port)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def at_rest(self) -> bool:
        """Whether no connection waits to be accepted. See ``Activity``."""
        return not self._accepting and not _pending(self._sockets())

    def _sockets(self) -> tuple[socket.socket, ...]:
        port = self._port
        return port.sockets if port else ()

    def _accept(self, listening: socket.socket) -> None:
        with self._lock:
            if listening not in self._sockets():
                return
            with self.journal.activities.changing():
                self._accepting = True
            try:
                while self._accept_one(listening):
                    pass
            except Exception:
                # Out of descriptors, most likely: to go on would be to try for ever. And whatever
                # it is, it must not reach the one thread that serves the other targets too.
                self._give_up()
            finally:
                with self.journal.activities.changing():
                    self._accepting = False

    def _accept_one(self, listening: socket.socket) -> bool:
        try:
            connected, address = listening.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return False
        connection = self._connection(connected, (address[0], address[1]))
        try:
            # The lock is held: no other thread looks before it is noted.
            self._connections[connection] = workers().start(partial(self._serve, connection))
        except RuntimeError:
            # Out of threads: this one takes the connection to its end, which is near.
            self.journal.record(HarnessError(target=self.name, text=traceback.format_exc()))
            connection.cut()
            connection.serve()
        return True

    def _connection(self, connected: socket.socket, client: tuple[str, int]) -> Connection:
        endpoint = Endpoint(self.name, self.journal, self.port, lambda: self.misbehaviour)
        if callable(self._served_by):
            return HttpConnection(endpoint, connected, client, self._served_by, self.tls)
        return GatewayConnection(endpoint, connected, client, self._served_by)

    def _serve(self, connection: Connection) -> None:
        try:
            connection.serve()
        finally:
            with self._lock:
                self._connections.pop(connection, None)

    def _cut(self, connections: dict[Connection, Work]) -> None:
        for connection in connections:
            connection.cut()
        deadline = seconds() + _JOINING_SECONDS
        for connection, work in connections.items():
            # Code of others takes its time; what it answers is not sent any more.
            if not connection.in_application and not work.is_mine:
                work.wait(max(0.0, deadline - seconds()))

    def _give_up(self) -> None:
        self.journal.record(HarnessError(target=self.name, text=traceback.format_exc()))
        port, self._port = self._port, None
        self.journal.activities.remove(self)
        if port is not None:
            _close(port)


def _close(port: Port) -> None:
    unwatch(port.sockets)
    port.close()
    workers().close()


def _pending(sockets: tuple[socket.socket, ...]) -> bool:
    return any(happens(Awaited.READABLE, listening, 0) for listening in sockets)
