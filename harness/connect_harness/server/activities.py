"""Whether anything is still going on: the ground under ``Journal.wait_until_quiet``."""

from __future__ import annotations

import threading
from typing import Protocol

from connect_harness.server import clock


class Activity(Protocol):
    """Something that may be at work: a listener, a connection."""

    def at_rest(self) -> bool:
        """Whether it can go on only when bytes arrive that have not arrived yet.

        Called while no ``changing`` block runs, and must not enter one.
        """


class _Changing:
    """The block itself; one for all, because it keeps nothing."""

    def __init__(self, changed: threading.Condition) -> None:
        self._changed = changed

    def __enter__(self) -> None:
        self._changed.acquire()

    def __exit__(self, *_: object) -> None:
        self._changed.notify_all()
        self._changed.release()


class Activities:
    """All that may be at work on the targets of one journal.

    Whoever stops being at rest, or comes to rest, says so in a ``changing`` block. An activity that
    is woken from rest must leave it in such a block *before* it takes the bytes that woke it:
    else there is a moment in which the bytes are gone and it still counts as waiting for them.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition(threading.Lock())
        self._activities: set[Activity] = set()
        self._changing = _Changing(self._changed)

    def add(self, activity: Activity) -> None:
        """Take ``activity`` into account from now on."""
        with self.changing():
            self._activities.add(activity)

    def remove(self, activity: Activity) -> None:
        """Forget ``activity``: it has ended."""
        with self.changing():
            self._activities.discard(activity)

    def changing(self) -> _Changing:
        """A block in which activities change between at rest and at work."""
        return self._changing

    def wait_until_at_rest(self, limit: float) -> bool:
        """Wait until all activities are at rest at the same moment.

        Parameters:
            limit: How long at most, in seconds.

        Returns:
            Whether they were.
        """
        deadline = clock.seconds() + limit
        with self._changed:
            while not all(activity.at_rest() for activity in self._activities):
                remaining = deadline - clock.seconds()
                if remaining <= 0:
                    return False
                self._changed.wait(remaining)
            return True
