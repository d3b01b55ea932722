"""Ports on loopback, in both address families where they exist."""

from __future__ import annotations

import errno
import ipaddress
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass

_FAMILIES = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))
_TRIES = 100
_AFRESH = 10
"""Of these so many are for a port that was not given before."""
_GIVEN: set[int] = set()
"""The free ports that were given in this process. None is given twice while there are others: a
client that remembers something by URL would carry it from one run into another."""

_ABSENT = (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL, errno.EPROTONOSUPPORT)


@dataclass(frozen=True)
class Port:
    """A port with its listening sockets, one for each address family; they never block."""

    number: int
    sockets: tuple[socket.socket, ...]

    def close(self) -> None:
        """Stop listening; clients that were not accepted yet are reset."""
        for listening in self.sockets:
            # Not left to close(): a process forked meanwhile would go on listening.
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            listening.close()


def open_port(host: str, number: int = 0) -> Port:
    """Listen on a port, of ``localhost`` or of one address; 0 takes a free one.

    On ``localhost`` that is 127.0.0.1 and ::1, the first alone on a machine without IPv6.

    Raises:
        OSError: The port is in use, or the address is none of this machine.
        ValueError: The host is not on loopback.
    """
    wanted = _FAMILIES if host == "localhost" else (_family(host),)
    for tried in range(_TRIES):
        try:
            port = _bind(wanted, number)
            if number or port.number not in _GIVEN or tried >= _AFRESH:
                _GIVEN.add(port.number)
                return port
            port.close()
        except _OffLoopback:
            raise _elsewhere(host) from None
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise OSError(
                    error.errno, f"Cannot listen on {host} port {number}: {error.strerror}."
                ) from None
            # A free port of one family may be in use in the other: only then is another one taken.
            if number:
                break
    raise OSError(
        errno.EADDRINUSE,
        f"Port {number} of {host} is in use already: ask for another one, or for 0, any free one."
        if number
        else f"No port of {host} is free in all its address families.",
    )


class _OffLoopback(Exception):
    """The address that was bound is not on loopback."""


def _elsewhere(host: str) -> ValueError:
    return ValueError(f"A target listens on localhost, 127.0.0.1 or ::1, not on {host}.")


def _family(host: str) -> tuple[socket.AddressFamily, str]:
    """The address that ``host`` is; a name is not resolved, for its answer may change."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        raise _elsewhere(host) from None
    family, _, _, _, address = found[0]
    return family, str(address[0])


def _bind(wanted: tuple[tuple[socket.AddressFamily, str], ...], number: int) -> Port:
    bound: list[socket.socket] = []
    try:
        for family, address in wanted:
            try:
                bound.append(_listen(family, address, number))
            except OSError as error:
                # A machine without IPv6 serves 127.0.0.1 alone.
                if bound and error.errno in _ABSENT:
                    continue
                raise
            number = bound[0].getsockname()[1]
    except (OSError, _OffLoopback):
        for listening in bound:
            listening.close()
        raise
    return Port(number, tuple(bound))


def _listen(family: socket.AddressFamily, address: str, number: int) -> socket.socket:
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setblocking(False)
        # Else a port stays unusable for a minute after its connections were cut (restart). Windows
        # needs no option for that, and would give the port to anyone by this one.
        if sys.platform != "win32":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listening.bind((address, number))
        # The address and not its text: whatever the system made of it is what clients reach.
        if not ipaddress.ip_address(listening.getsockname()[0]).is_loopback:
            raise _OffLoopback
        listening.listen(socket.SOMAXCONN)
    except (OSError, _OffLoopback):
        listening.close()
        raise
    return listening
