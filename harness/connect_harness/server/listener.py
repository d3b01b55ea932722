"""A target's ports: accepts its connections, and stops at once."""

from __future__ import annotations

import os
import select
import socket
import ssl
import threading
import traceback
from collections.abc import Iterable
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

_JOINING_SECONDS = 1.0


class Listener:
    """The server of one target: an HTTP port, a Py4J port, or both.

    Idle it is a few sockets and no thread, see ``threads``.

    Parameters:
        name: The name of the target in the journal.
        journal: Where to record what happens.
        application: Answers HTTP requests, called by the threads of many connections at once;
            ``None`` for no HTTP port.
        gateway: Talks with Py4J clients; ``None`` for no Py4J port.
        tls: The context of the HTTP port, see ``tls.server_context``; ``None`` for plain HTTP.
        host: ``localhost`` for 127.0.0.1 and, where it exists, ::1; or one loopback address.
        port: The HTTP port; 0 takes a free one.

    Attributes:
        tls: May be set while it runs; the next connection has it.
        misbehaviour: What changes the bytes that go out; may be set while it runs, and whatever
            goes out from then on is subject to it, on open connections too.
    """

    def __init__(
        self,
        name: str,
        journal: Journal,
        application: Application | None = None,
        *,
        gateway: Gateway | None = None,
        tls: ssl.SSLContext | None = None,
        host: str = "localhost",
        port: int = 0,
    ) -> None:
        self.name = name
        self.journal = journal
        self.tls = tls
        self.misbehaviour: Misbehaviour | None = None
        self._application = application
        self._gateway = gateway
        self._host = host
        self._wanted_port = port
        self._lock = threading.Lock()
        self._http_port: Port | None = None
        self._gateway_port: Port | None = None
        self._served: dict[Connection, Work] = {}
        self._accepting = False
        self._process = 0

    @property
    def port(self) -> int:
        """The HTTP port; 0 while it does not listen."""
        return self._http_port.number if self._http_port else 0

    @property
    def gateway_port(self) -> int:
        """The Py4J port; 0 while it does not listen."""
        return self._gateway_port.number if self._gateway_port else 0

    def start(self) -> Self:
        """Listen. Clients can connect as soon as this returns.

        Raises:
            OSError: The port is in use, or the host is no address of this machine.
            RuntimeError: It listens already.
            ValueError: The host is not on loopback.
        """
        if self._sockets():
            raise RuntimeError(f"The target {self.name} listens already.")
        self._process = os.getpid()
        opened: list[Port] = []
        try:
            if self._application is not None:
                opened.append(open_port(self._host, self._wanted_port))
                self._http_port = opened[-1]
            if self._gateway is not None:
                opened.append(open_port(self._host))
                self._gateway_port = opened[-1]
        except (OSError, ValueError):
            self._http_port = None
            _close(opened)
            raise
        self.journal.activities.add(self)
        self._record_started()
        workers().open()
        for port in opened:
            watch(port.sockets, self._accept)
        return self

    def move_gateway(self) -> None:
        """Give the gateway another port; its open connections stay."""
        if self._gateway_port is None:
            return
        port = open_port(self._host)
        with self._lock, self.journal.activities.changing():
            former, self._gateway_port = self._gateway_port, port
        self._record_started()
        watch(port.sockets, self._accept)
        _close([former])

    def cut_connections(self) -> None:
        """End all open connections at once. New ones are served."""
        with self._lock:
            served = dict(self._served)
        self._cut(served)

    def stop(self) -> None:
        """Stop at once: from now on nobody is answered, on no connection.

        Does nothing in a process that was forked from the one that started it, and nothing when it
        is stopped already. May be called by the application.
        """
        if self._process != os.getpid():
            return
        with self._lock:
            ports, served = self._ports(), dict(self._served)
            self._http_port = self._gateway_port = None
        if not ports:
            return
        self.journal.activities.remove(self)
        self.journal.record(ListenerStopped(target=self.name))
        self._cut(served)
        _close(ports)
        workers().close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def at_rest(self) -> bool:
        """Whether no connection waits to be accepted. See ``Activity``."""
        return not self._accepting and not _pending(self._sockets())

    def _sockets(self) -> tuple[socket.socket, ...]:
        return tuple(listening for port in self._ports() for listening in port.sockets)

    def _ports(self) -> list[Port]:
        return [port for port in (self._http_port, self._gateway_port) if port is not None]

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
        connection = self._connection(listening, connected, (address[0], address[1]))
        try:
            # The lock is held: no other thread looks before it is noted.
            self._served[connection] = workers().start(partial(self._serve, connection))
        except RuntimeError:
            # Out of threads: this one takes the connection to its end, which is near.
            self.journal.record(HarnessError(target=self.name, text=traceback.format_exc()))
            connection.cut()
            connection.serve()
        return True

    def _connection(
        self, listening: socket.socket, connected: socket.socket, client: tuple[str, int]
    ) -> Connection:
        gateway, http = self._gateway_port, self._application
        if self._gateway is not None and gateway is not None and listening in gateway.sockets:
            return GatewayConnection(
                self._endpoint(gateway.number), connected, client, self._gateway
            )
        assert http is not None
        return HttpConnection(self._endpoint(self.port), connected, client, http, self.tls)

    def _endpoint(self, port: int) -> Endpoint:
        return Endpoint(self.name, self.journal, port, lambda: self.misbehaviour)

    def _serve(self, connection: Connection) -> None:
        try:
            connection.serve()
        finally:
            with self._lock:
                self._served.pop(connection, None)

    def _cut(self, served: dict[Connection, Work]) -> None:
        for connection in served:
            connection.cut()
        deadline = seconds() + _JOINING_SECONDS
        for connection, work in served.items():
            # Code of others takes its time; what it answers is not sent any more.
            if not connection.in_application and not work.is_mine:
                work.wait(max(0.0, deadline - seconds()))

    def _give_up(self) -> None:
        self.journal.record(HarnessError(target=self.name, text=traceback.format_exc()))
        ports = self._ports()
        self._http_port = self._gateway_port = None
        self.journal.activities.remove(self)
        _close(ports)
        workers().close()

    def _record_started(self) -> None:
        self.journal.record(
            ListenerStarted(
                target=self.name,
                port=self.port or None,
                gateway_port=self.gateway_port or None,
            )
        )


def _close(ports: Iterable[Port]) -> None:
    for port in ports:
        unwatch(port.sockets)
        port.close()


def _pending(sockets: tuple[socket.socket, ...]) -> bool:
    poll = select.poll()
    for listening in sockets:
        poll.register(listening, select.POLLIN)
    return bool(poll.poll(0))
