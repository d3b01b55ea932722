"""The raw side of a connection: every byte in and out passes here."""

from __future__ import annotations

import errno
import socket
import struct
import threading
from functools import partial

from connect_harness.misbehaviour import Release
from connect_harness.server.events import Kept
from connect_harness.server.journal import Activities
from connect_harness.server.waiting import HAS_POLL, Awaited, happens

# A close reaches the target's socket later than the client's call returns where the kernel puts the
# delivery off, as Linux did under load before 6.5. The client's own socket, which is on this
# machine, tells at once. Below: linux/netlink.h, linux/sock_diag.h, linux/inet_diag.h.
_NETLINK_SOCK_DIAG = 4
_SOCK_DIAG_BY_FAMILY = 20
_NLMSG_ERROR = 2
_NLM_F_REQUEST = 1
_HEADER = struct.Struct("=IHHII")
_REQUEST = struct.Struct("=BBBBI")
_NO_COOKIE = b"\xff" * 8
_ALL_STATES = 0xFFFF_FFFF

_NOT_FOUND = 0
# FIN_WAIT1, FIN_WAIT2, TIME_WAIT, CLOSE, LAST_ACK, CLOSING of net/tcp_states.h.
_CLOSED = frozenset({_NOT_FOUND, 4, 5, 6, 7, 9, 11})


def has_closed(connected: socket.socket) -> bool:
    """Whether the client has closed its end, or shut down its writing side.

    ``False`` too where the kernel cannot be asked: only Linux answers, and not in every sandbox.
    """
    if not hasattr(socket, "AF_NETLINK"):
        return False
    try:
        ours, theirs = connected.getsockname(), connected.getpeername()
    except OSError:
        # No longer connected: the close, or a reset, is here already.
        return True
    try:
        state = _state(connected.family, theirs, ours)
        if state == _NOT_FOUND and _state(connected.family, ours, theirs) == _NOT_FOUND:
            # A kernel without this service finds no socket at all.
            return False
    except Exception:
        # Other code may have put something else in the place of socket.socket, which may raise
        # anything.
        return False
    return state in _CLOSED


def _state(family: int, source: tuple[str, int], destination: tuple[str, int]) -> int:
    """The state of the TCP socket of this machine that has these two addresses."""
    ports = struct.pack("!HH", source[1], destination[1])
    addresses = [
        socket.inet_pton(family, host).ljust(16, b"\0") for host in (source[0], destination[0])
    ]
    request = _REQUEST.pack(family, socket.IPPROTO_TCP, 0, 0, _ALL_STATES)
    request += b"".join([ports, *addresses, bytes(4), _NO_COOKIE])
    header = _HEADER.pack(_HEADER.size + len(request), _SOCK_DIAG_BY_FAMILY, _NLM_F_REQUEST, 0, 0)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _NETLINK_SOCK_DIAG) as asking:
        asking.send(header + request)
        answer = asking.recv(4096, socket.MSG_DONTWAIT)
    if _HEADER.unpack_from(answer)[1] != _NLMSG_ERROR:
        return answer[_HEADER.size + 1]
    number = -struct.unpack_from("=i", answer, _HEADER.size)[0]
    if number != errno.ENOENT:
        raise OSError(number, "the kernel does not say what became of a socket")
    return _NOT_FOUND


KEPT = 64 * 1024
"""How many bytes of a connection are kept each way."""

_CHUNK = 64 * 1024
_ACKNOWLEDGE_AT_ONCE = getattr(socket, "TCP_QUICKACK", None)
# What is read is not kept: the bound ends a client that sends for ever.
_DRAINED = 1024 * 1024 * 1024
_ENDED_BY_A_CLOSE = Awaited.READABLE | Awaited.CLIENT_LEFT


class CutError(Exception):
    """The target was stopped, or its connections were cut."""


class Tally:
    """Counts bytes and keeps the first of them."""

    def __init__(self) -> None:
        self.count = 0
        self.first = bytearray()

    def add(self, data: bytes | memoryview) -> None:
        self.count += len(data)
        if len(self.first) < KEPT:
            self.first += data[: KEPT - len(self.first)]

    def kept(self) -> Kept:
        return Kept(self.count, bytes(self.first))


class Wire:
    """A connection's socket, used by the connection's thread and cut by any other.

    The socket itself never blocks: the thread waits beside it, and ``activities`` see it wait.
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
        self._awaited: Awaited | None = None
        self._read_ahead = b""

    def at_rest(self) -> bool:
        """Whether the thread waits for the client, and the client has done nothing yet."""
        awaited = self._awaited
        if awaited is None or self.was_cut or happens(awaited, self._socket, 0):
            return False
        return not (awaited & _ENDED_BY_A_CLOSE and has_closed(self._socket))

    def receive(self) -> bytes:
        """The next bytes; none at the end of the stream.

        Raises:
            CutError: The connection was cut.
            ConnectionError: The client's system reset the connection.
        """
        while True:
            self.check()
            try:
                data = self._read_ahead or self._socket.recv(_CHUNK)
                self._read_ahead = b""
            except BlockingIOError:
                self._acknowledge()
                self._wait(Awaited.READABLE)
                continue
            self.check()
            self.received.add(data)
            return data

    def send(self, data: bytes) -> None:
        """Send all of ``data``; raises what ``receive`` raises."""
        rest = memoryview(data)
        while rest:
            self.check()
            try:
                taken = self._socket.send(rest)
            except BlockingIOError:
                self._wait(Awaited.WRITABLE)
                continue
            self.sent.add(rest[:taken])
            rest = rest[taken:]

    def check(self) -> None:
        """Raise ``CutError`` if the connection was cut."""
        if self.was_cut:
            raise CutError

    def stall(self) -> None:
        """Wait until the client leaves or the connection is cut."""
        self._wait_for_leaving()
        self.check()

    def hold(self, release: Release) -> None:
        """Wait until ``release`` happened, the client leaves, or the connection is cut."""
        awaited, waking = socket.socketpair()
        with awaited, waking:
            wake = partial(waking.send, b"!")
            release.add(wake)
            try:
                self._wait_for_leaving(awaited)
            finally:
                release.remove(wake)
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

    def _wait_for_leaving(self, beside: socket.socket | None = None) -> None:
        """Wait until the client ends its stream, or ``beside`` is readable."""
        if HAS_POLL:
            self._wait(Awaited.CLIENT_LEFT, beside)
            return
        # Without poll no end is seen behind unread bytes: they are read, and kept for receive().
        while True:
            self._wait(Awaited.READABLE, beside)
            if beside is not None and happens(Awaited.READABLE, beside, 0):
                return
            try:
                data = self._socket.recv(_CHUNK)
            except BlockingIOError:
                continue
            except OSError:
                return
            if not data:
                return
            self._read_ahead += data

    def _wait(self, awaited: Awaited, beside: socket.socket | None = None) -> None:
        with self._activities.changing():
            self._awaited = awaited
        try:
            happens(awaited, self._socket, beside=beside)
        finally:
            with self._activities.changing():
                self._awaited = None
