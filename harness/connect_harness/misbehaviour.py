"""How a connection is made to misbehave: a strategy that sees all bytes before they go out.

Without a strategy nothing is changed. A fault is a function from ``Outgoing`` to the parts that are
sent in its place: bytes, or an ``Act``. To leave something alone, it yields ``outgoing.data``. A
fault that has a name yields it first, as ``Named``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from connect_harness.exchange import Request


class Phase(StrEnum):
    """The phases of a connection, in the order in which they happen."""

    ACCEPTED = "accepted"
    """Nothing was read yet. A strategy is asked once, with no data."""
    HANDSHAKE = "handshake"
    """TLS is being negotiated."""
    REQUEST = "request"
    """A request is awaited or arrives; what goes out is ``100 Continue``."""
    ANSWER = "answer"
    """An answer goes out; under Py4J a reply."""
    CLOSED = "closed"
    """The end: what goes out is ``close_notify``, or the alert after a refusal."""


class Layer(StrEnum):
    """Where in the way out a strategy is asked."""

    APPLICATION = "application"
    """The bytes of HTTP or Py4J: a whole answer, head and body, at once."""
    WIRE = "wire"
    """The bytes of the socket: under TLS whole records."""


class Act(StrEnum):
    """What a strategy may do besides sending bytes. Each ends the connection."""

    CLOSE = "close"
    """The stream ends here, under TLS without ``close_notify``."""
    NOTIFY_AND_CLOSE = "notify and close"
    """The stream ends here in the order that TLS demands."""
    RESET = "reset"
    """The system resets the connection."""
    STALL = "stall"
    """Nothing more is sent, until the client leaves or the target stops."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Bytes that are about to go out.

    Parameters:
        order: Which request of its connection that is, from 1; 0 before the first.
        fault: The name of the armed fault that this answer is already; empty if it is the
            application's.
    """

    connection: int
    phase: Phase
    layer: Layer
    data: bytes
    request: Request | None = None
    order: int = 0
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """The name of the fault to which the parts after it belong; it sends nothing itself."""

    name: str


Misbehaviour = Callable[[Outgoing], Iterable[bytes | Act | Named]]
"""The parts that go out in the place of ``Outgoing.data``, one by one."""
