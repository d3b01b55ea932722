"""Waits end and the journal's times increase, whatever a test does to the clock."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import freezegun
import pytest
import time_machine

from connect_harness.server import Journal

Freezer = Callable[[datetime], AbstractContextManager[object]]
LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)
FAR_AHEAD = datetime(2090, 1, 1, tzinfo=UTC)

freezers = pytest.mark.parametrize(
    "freeze",
    [freezegun.freeze_time, lambda moment: time_machine.travel(moment, tick=False)],
    ids=["freezegun", "time-machine"],
)


class Busy:
    """An activity that never comes to rest; a wait that goes on and on is ended by it."""

    def __init__(self) -> None:
        self.asked = 0

    def at_rest(self) -> bool:
        self.asked += 1
        assert self.asked < 20
        return False


@freezers
def test_waits_end_and_times_increase(freeze: Freezer) -> None:
    journal = Journal()
    journal.activities.add(Busy())
    journal.mark("before")
    with freeze(FAR_AHEAD):
        journal.mark("within")
        journal.mark("still")
    journal.mark("after")
    with freeze(LONG_AGO):
        journal.mark("long ago")
        assert not journal.wait_until_quiet(0.05)
    times = [event.at for event in journal.events]
    assert times == sorted(set(times))
    assert len(times) == 5
