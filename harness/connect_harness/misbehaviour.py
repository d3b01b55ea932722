"""How a connection is made to misbehave: a strategy that sees all bytes before they go out.

Without a strategy nothing is changed. A fault is a function from ``Outgoing`` to the parts that are
sent in its place: bytes, an ``Act``, or a ``Held``. To leave something alone, it yields
``outgoing.data``. A fault that has a name yields it first, as ``Named``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from traceback import format_exception

from connect_harness.exchange import Request


class Phase(StrEnum):
    """The phases of a connection, in the order in which they happen."""

    ACCEPTED = "accepted"
    """Nothing was read yet. A strategy is asked once, with no data."""
    HANDSHAKE = "handshake"
    """TLS is being negotiated."""
    REQUEST = "request"
    """A request is awaited or arrives; what goes out is ``100 Continue``. A strategy is asked once
    more, with no data, when the head of a request was read and its body was not."""
    ANSWER = "answer"
    """An answer goes out; under Py4J a reply."""
    IDLE = "idle"
    """An answer went out, and the connection stays open. A strategy is asked once, with no data."""
    CLOSED = "closed"
    """The end: what goes out is ``close_notify``, or the alert after a refusal."""


class Layer(StrEnum):
    """Where in the way out a strategy is asked."""

    APPLICATION = "application"
    """The bytes of HTTP or Py4J: a whole answer, head and body, at once."""
    WIRE = "wire"
    """The bytes of the socket: under TLS whole records."""


class Act(StrEnum):
    """What a strategy may do besides sending bytes. Each but ``HOLD`` ends the connection."""

    CLOSE = "close"
    """The stream ends here, under TLS without ``close_notify``."""
    NOTIFY_AND_CLOSE = "notify and close"
    """The stream ends here in the order that TLS demands."""
    RESET = "reset"
    """The system resets the connection."""
    STALL = "stall"
    """Nothing more is sent, until the client leaves or the target stops."""
    HOLD = "hold"
    """What follows is sent once the fault is released; of faults alone, see ``Held``."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Bytes that are about to go out.

    Parameters:
        order: Which request of its connection that is, from 1; 0 before the first.
        answered_by: The number of the armed fault that met the request; 0 if none did.
        command: The lines of the Py4J command that is being replied to.
    """

    connection: int
    phase: Phase
    layer: Layer
    data: bytes
    request: Request | None = None
    order: int = 0
    answered_by: int = 0
    command: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """The name of the fault to which the parts after it belong; it sends nothing itself."""

    name: str


OWN_FAULT = "a fault of the user's own"
"""The name that such a fault has in the journal."""


class OwnFaultError(Exception):
    """A fault of the user's own raised, or gave what it may not; the text says what."""

    of = OWN_FAULT
    """The name of what made the mistake in the journal."""


class OwnCallableError(OwnFaultError):
    """A callable for queries of a cube, or for tokens, raised or gave what it may not."""

    of = "a callable that the owner registered"


def asked_of_owner(function: Callable[[str], object], text: str) -> object:
    """What a callable of the owner's gives for ``text``.

    Raises:
        OwnCallableError: It raised; the text is its traceback.
    """
    try:
        return function(text)
    except BaseException as error:
        # The first frame is this one.
        theirs = error.__traceback__ and error.__traceback__.tb_next
        raise OwnCallableError("".join(format_exception(None, error, theirs))) from None


class Release:
    """An event that connections await; it happens once. For any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition(threading.Lock())
        self._happened = False
        self._waiting: list[Callable[[], object]] = []

    def happen(self) -> None:
        """Let all go on that wait for it, and all that will; may be called again."""
        with self._changed:
            self._happened = True
            waiting, self._waiting = self._waiting, []
            self._changed.notify_all()
        for wake in waiting:
            wake()

    def add(self, wake: Callable[[], object]) -> None:
        """Call ``wake`` when it happens: now, if it did."""
        with self._changed:
            if not self._happened:
                self._waiting.append(wake)
                self._changed.notify_all()
                return
        wake()

    def wait_until_awaited(self, number: int, limit: float) -> bool:
        """Wait until so many connections await it, at most ``limit`` seconds; whether they do.

        It waits no longer once it happened: then none awaits it.
        """
        with self._changed:
            self._changed.wait_for(
                lambda: self._happened or len(self._waiting) >= number, timeout=limit
            )
            return not self._happened and len(self._waiting) >= number

    def remove(self, wake: Callable[[], object]) -> None:
        """Call ``wake`` no more."""
        with self._changed:
            if wake in self._waiting:
                self._waiting.remove(wake)


@dataclass(frozen=True, slots=True)
class Held:
    """What follows goes out when ``release`` happened, or the client left."""

    release: Release


Part = bytes | Act | Named | Held
Misbehaviour = Callable[[Outgoing], Iterable[Part]]
"""The parts that go out in the place of ``Outgoing.data``, one by one."""
