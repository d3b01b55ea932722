"""The clock of targets, which a test that freezes the time does not stop.

freezegun replaces ``time.monotonic`` and leaves this; on Linux both are the same clock.
"""

from __future__ import annotations

import time


def seconds() -> float:
    """Seconds of a clock that only goes forward, for deadlines."""
    return time.clock_gettime(time.CLOCK_MONOTONIC)


def nanoseconds() -> int:
    """The same in nanoseconds, for the times of events."""
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC)
