"""Waiting for a socket: by ``poll``, and by ``select`` where a system has no other, as Windows."""

from __future__ import annotations

import select
import socket
from enum import IntFlag

HAS_POLL = hasattr(select, "poll")


class Awaited(IntFlag):
    """What is waited for; ``CLIENT_LEFT``, the end of the client's stream, needs ``poll``."""

    READABLE = 1
    WRITABLE = 2
    CLIENT_LEFT = 4


if HAS_POLL:
    _EVENTS = {
        Awaited.READABLE: select.POLLIN,
        Awaited.WRITABLE: select.POLLOUT,
        # Told without reading what came before it; known on Linux alone.
        Awaited.CLIENT_LEFT: getattr(select, "POLLRDHUP", select.POLLHUP),
    }


def happens(
    awaited: Awaited,
    at: socket.socket,
    limit: float | None = None,
    *,
    beside: socket.socket | None = None,
) -> bool:
    """Wait until ``awaited`` happens at a socket, or the one ``beside`` it is readable.

    Parameters:
        limit: Seconds to wait at most; without end if ``None``.
    """
    if HAS_POLL:
        poll = select.poll()
        poll.register(at, _EVENTS[awaited])
        if beside is not None:
            poll.register(beside, select.POLLIN)
        return bool(poll.poll(None if limit is None else limit * 1000))
    reading = [] if beside is None else [beside]
    writing: list[socket.socket] = []
    (writing if awaited is Awaited.WRITABLE else reading).append(at)
    return any(select.select(reading, writing, [], limit))
