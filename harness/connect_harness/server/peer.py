"""Whether a client has closed its end of a connection, asked of the kernel.

A close reaches the target's socket later than the client's call returns where the kernel puts the
delivery off, as Linux did under load before 6.5. The client's own socket, which is on this
machine, tells at once.
"""

from __future__ import annotations

import errno
import socket
import struct

# linux/netlink.h, linux/sock_diag.h, linux/inet_diag.h
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

    Parameters:
        connected: The target's socket of the connection, IPv4 or IPv6.
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
    addresses = [socket.inet_pton(family, one[0]).ljust(16, b"\0") for one in (source, destination)]
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
