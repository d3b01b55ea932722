"""The journal: what really happened at the targets, in order, as evidence."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TypeVar

from connect_harness.redaction import Secret, SecretKind
from connect_harness.server.events import Event, Mark
from connect_harness.server.exchanges import Exchange, exchanges_of

if TYPE_CHECKING:
    from connect_harness.redaction.redact import Redaction

# A test that freezes the time does not stop these clocks: freezegun replaces ``time.monotonic`` and
# leaves ``clock_gettime``; on Linux both are the same clock. Windows has the former alone.
_CLOCK = getattr(time, "CLOCK_MONOTONIC", None)


def seconds() -> float:
    """Seconds of a clock that only goes forward, for deadlines."""
    return time.monotonic() if _CLOCK is None else time.clock_gettime(_CLOCK)


def nanoseconds() -> int:
    """The same in nanoseconds, for the times of events."""
    return time.monotonic_ns() if _CLOCK is None else time.clock_gettime_ns(_CLOCK)


class Activity(Protocol):
    """Something that may be at work: a listener, a connection."""

    def at_rest(self) -> bool:
        """Whether it can go on only when bytes arrive that have not arrived yet.

        Called while no ``changing`` block runs, and must not enter one.
        """


class Activities:
    """All that may be at work on the targets of one journal.

    An activity stops being at rest, and comes to rest, in a ``changing`` block. One that is woken
    must leave its rest in such a block *before* it takes the bytes that woke it: else there is a
    moment in which the bytes are gone and it still counts as waiting for them.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition(threading.Lock())
        self._activities: set[Activity] = set()

    def add(self, activity: Activity) -> None:
        """Take ``activity`` into account from now on."""
        with self.changing():
            self._activities.add(activity)

    def remove(self, activity: Activity) -> None:
        """Forget ``activity``: it has ended."""
        with self.changing():
            self._activities.discard(activity)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """A block in which activities change between at rest and at work."""
        with self._changed:
            try:
                yield
            finally:
                self._changed.notify_all()

    def wait_until_at_rest(self, limit: float) -> bool:
        """Wait, at most ``limit`` seconds, until all are at rest at once; whether they were."""
        deadline = seconds() + limit
        with self._changed:
            while not all(activity.at_rest() for activity in self._activities):
                remaining = deadline - seconds()
                if remaining <= 0:
                    return False
                self._changed.wait(remaining)
            return True


E = TypeVar("E", bound=Event)


class Journal:
    """One list of events under one counter. Several targets may share a journal.

    Iterating it gives the exchanges, ``events`` has all that happened, and as text it is a
    transcript without secrets, of bounded length::

        >>> from urllib.request import urlopen
        >>> from connect_harness import Journal, TargetSession
        >>> with TargetSession.start() as target:
        ...     versions = urlopen(f"{target.url}/versions/rest").read()
        >>> [(exchange.line, exchange.status) for exchange in target.journal]
        [('GET /versions/rest', 200)]
        >>> print(target.journal)  # doctest: +ELLIPSIS
          target[1] connected
          target[1] > GET /versions/rest
        ...
          target[1] < 200 to anonymousUser
        ...

    An event is recorded before its effect can be seen by a client: an answer before its first byte
    goes out, a refusal before its alert. So what a client saw is in the journal already, and after
    ``wait_until_quiet`` also what a client sent.
    """

    def __init__(self) -> None:
        self.activities = Activities()
        self._lock = threading.Lock()
        self._events: list[Event] = []
        self._watchers: tuple[Callable[[Event], None], ...] = ()
        self._secrets: list[Secret] = []
        self._connections = itertools.count(1)

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self.exchanges)

    def __str__(self) -> str:
        return "\n".join(self.transcript())

    def __repr__(self) -> str:
        return f"<journal of {len(self._events)} events>"

    def record(self, event: E) -> E:
        """Add an event, which gets its number and time, and is the journal's from now on."""
        with self._lock:
            # Twice as quick as a copy, and every client waits for it. The event is still new.
            object.__setattr__(event, "number", len(self._events) + 1)
            object.__setattr__(event, "at", nanoseconds())
            self._events.append(event)
            for watcher in self._watchers:
                watcher(event)
        return event

    @contextmanager
    def watched_by(self, watcher: Callable[[Event], None]) -> Iterator[None]:
        """A block in which ``watcher`` is called with each event as it happens.

        It is called on the thread of the connection, which waits for it, and must not use the
        journal: put the event on a queue.
        """
        self._watchers += (watcher,)
        try:
            yield
        finally:
            self._watchers = tuple(other for other in self._watchers if other is not watcher)

    def mark(self, text: str) -> Mark:
        """Note something of one's own, for instance that a step begins."""
        return self.record(Mark(text=text))

    def next_connection(self) -> int:
        """A number for a new connection, unique within this journal."""
        return next(self._connections)

    def keep_secret(self, value: str, kind: SecretKind = "a password") -> None:
        """Take ``value`` out of every text of this journal; targets do so with what they know."""
        with self._lock:
            self._secrets.append(Secret(value, kind))

    def redaction(self, *, since: int = 0) -> Redaction:
        """What takes out of a text the secrets that are known, or stand in the events.

        Parameters:
            since: Only the events after the one of this number are looked at.
        """
        # The targets themselves need nothing of it.
        from connect_harness.redaction.redact import redaction_of

        with self._lock:
            events, secrets = tuple(self._events[since:]), tuple(self._secrets)
        return redaction_of(events, secrets)

    def transcript(self, *, since: int = 0) -> tuple[str, ...]:
        """The events as lines to be read: bounded in number and length, without secrets.

        Parameters:
            since: Only the events after the one of this number.
        """
        from connect_harness.transcript import transcript

        return transcript(self.since(since), self.redaction())

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The requests with their answers, in the order in which the requests arrived."""
        events = self.events
        return exchanges_of(events, events[0].at if events else 0)

    @property
    def events(self) -> tuple[Event, ...]:
        """All that happened, in order."""
        with self._lock:
            return tuple(self._events)

    def since(self, number: int) -> tuple[Event, ...]:
        """The events after the one with this number."""
        with self._lock:
            return tuple(self._events[number:])

    def of(
        self,
        kind: type[E],
        *,
        target: str | None = None,
        connection: int | None = None,
        since: int = 0,
    ) -> tuple[E, ...]:
        """The events of one kind, in order.

        Parameters:
            target, connection: Only those of this target, by its name, and of this connection.
            since: Only those after the event of this number.
        """
        return tuple(
            event
            for event in self.since(since)
            if isinstance(event, kind)
            and target in (None, event.target)
            and connection in (None, event.connection)
        )

    def wait_until_quiet(self, limit: float = 5.0) -> bool:
        """Wait until all that clients sent to this journal's targets is wholly recorded.

        That is when no connection waits to be accepted, and every accepted one has ended, or can go
        on only when its client sends, or takes, more. Where the kernel tells what became of the
        client's socket (Linux), a close that it has not delivered yet counts as sent. The wait is
        woken by what happens; it does not poll. ``False`` when a target is still at work after
        ``limit`` seconds.
        """
        return self.activities.wait_until_at_rest(limit)
