"""The raw side of a connection: every byte in and out passes here."""

from __future__ import annotations

import select
import socket
import struct
import threading

from connect_harness.server import peer
from connect_harness.server.activities import Activities
from connect_harness.server.events import Kept

KEPT = 64 * 1024
"""How many bytes of a connection are kept each way."""

_CHUNK = 64 * 1024
_ACKNOWLEDGE_AT_ONCE = getattr(socket, "TCP_QUICKACK", None)
# What is read is not kept: the bound ends a client that sends for ever.
_DRAINED = 1024 * 1024 * 1024
# The client's end of the stream without reading what came before it; known on Linux alone.
_CLIENT_LEFT = getattr(select, "POLLRDHUP", select.POLLHUP)
_ENDED_BY_A_CLOSE = select.POLLIN | _CLIENT_LEFT


class CutError(Exception):
    """The target was stopped, or its connections were cut."""


class Tally:
    """Counts bytes and keeps the first of them."""

    def __init__(self) -> None:
        self.count = 0
        self.first = bytearray()

    def add(self, data: bytes | memoryview) -> None:
        """Take ``data`` into account."""
        self.count += len(data)
        if len(self.first) < KEPT:
            self.first += data[: KEPT - len(self.first)]

    def kept(self) -> Kept:
        """What to tell the journal."""
        return Kept(self.count, bytes(self.first))


class Wire:
    """A connection's socket, used by the connection's thread and cut by any other.

    The socket itself never blocks: the thread waits beside it, so that it can be seen to wait.

    Parameters:
        connected: The accepted socket; closed by ``close``.
        activities: Where to say that the connection waits.
    """

    def __init__(self, connected: socket.socket, activities: Activities) -> None:
        connected.setblocking(False)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = Tally()
        self.sent = Tally()
        self.was_cut = False
        self._socket = connected
        self._closing = threading.Lock()
        self._activities = activities
        self._awaited = 0

    def at_rest(self) -> bool:
        """Whether the thread waits for the client, and the client has done nothing yet."""
        if not self._awaited or self.was_cut or self._happens(self._awaited, 0):
            return False
        return not (self._awaited & _ENDED_BY_A_CLOSE and peer.has_closed(self._socket))

    def receive(self) -> bytes:
        """The next bytes; none at the end of the stream.

        Raises:
            CutError: The connection was cut.
            ConnectionError: The client's system reset the connection.
        """
        while True:
            self.check()
            try:
                data = self._socket.recv(_CHUNK)
            except BlockingIOError:
                self._acknowledge()
                self._wait(select.POLLIN)
                continue
            self.check()
            self.received.add(data)
            return data

    def send(self, data: bytes) -> None:
        """Send all of ``data``.

        Raises:
            CutError: The connection was cut.
            ConnectionError: The client is gone.
        """
        rest = memoryview(data)
        while rest:
            self.check()
            try:
                taken = self._socket.send(rest)
            except BlockingIOError:
                self._wait(select.POLLOUT)
                continue
            self.sent.add(rest[:taken])
            rest = rest[taken:]

    def check(self) -> None:
        """Raise ``CutError`` if the connection was cut."""
        if self.was_cut:
            raise CutError

    def stall(self) -> None:
        """Wait until the client leaves or the connection is cut."""
        self._wait(_CLIENT_LEFT)
        self.check()

    def end(self) -> None:
        """End the stream towards the client and read what it still sends, bounded, to its end.

        Without the reading the client's system would answer late bytes of the client with a reset
        and throw away what the client has not read yet: the alert, or the answer. The time is not
        bounded: whether the client closes its end is evidence, whenever it does.
        """
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError:
            return
        most = self.received.count + _DRAINED
        try:
            while self.received.count < most and self.receive():
                pass
        except OSError:
            return

    def reset(self) -> None:
        """Let the client's system see a reset."""
        with self._closing:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._socket.close()

    def cut(self) -> None:
        """End the connection both ways at once. For other threads; its own sees ``CutError``."""
        with self._closing:
            self.was_cut = True
            self._shut_down()

    def close(self) -> None:
        """Give the socket back to the system."""
        with self._closing:
            self._shut_down()
            self._socket.close()

    def _shut_down(self) -> None:
        # Not left to close(): a process forked meanwhile holds a copy, and that would keep it open.
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def _acknowledge(self) -> None:
        """Let the client know at once that its bytes arrived.

        A client that did not switch off Nagle's algorithm keeps its request back until its part of
        the handshake is acknowledged, which Linux puts off by 40 ms in the hope of an answer.
        """
        if _ACKNOWLEDGE_AT_ONCE is not None:
            self._socket.setsockopt(socket.IPPROTO_TCP, _ACKNOWLEDGE_AT_ONCE, 1)

    def _wait(self, events: int) -> None:
        with self._activities.changing():
            self._awaited = events
        try:
            self._happens(events, None)
        finally:
            with self._activities.changing():
                self._awaited = 0

    def _happens(self, events: int, limit: float | None) -> bool:
        poll = select.poll()
        poll.register(self._socket, events)
        return bool(poll.poll(limit))
