"""One list of events under one counter, for several targets."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import freezegun
import pytest
import time_machine

from connect_harness.server import (
    AnswerGiven,
    ConnectionAccepted,
    ConnectionClosed,
    Event,
    Journal,
    Mark,
    RequestReceived,
)


def test_many_threads_share_the_counter():
    journal = Journal()

    def mark(_):
        for _ in range(200):
            journal.mark("x")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(mark, range(4)))

    assert [event.number for event in journal.events] == list(range(1, 801))
    assert sorted(journal.events, key=lambda event: event.at) == list(journal.events)
    assert journal.since(798) == journal.of(Mark, since=798) == journal.events[798:]


def test_several_targets_and_the_run_are_in_one_order(start, client, journal):
    first, second = start(name="one"), start(name="two")

    for target in (first, second, first):
        journal.mark(f"asking {target.name}")
        client.ask(target)
        assert journal.wait_until_quiet()

    seen = [
        event.text if isinstance(event, Mark) else event.target
        for event in journal.events
        if isinstance(event, Mark | RequestReceived)
    ]
    assert seen == ["asking one", "one", "asking two", "two", "asking one", "one"]
    numbers = [event.connection for event in journal.of(ConnectionAccepted)]
    assert numbers == [1, 2, 3]
    assert [type(event) for event in journal.of(Event, connection=2)] == [
        ConnectionAccepted,
        RequestReceived,
        AnswerGiven,
        ConnectionClosed,
    ]


def test_the_repr_shows_no_secret(start, client, journal):
    client.ask(
        start(),
        request=b"POST / HTTP/1.1\r\nHost: localhost\r\nX-Odd: \xe9\r\nContent-Length: 2\r\n"
        b"Authorization: Basic c2VjcmV0\r\nConnection: close\r\n\r\n\xff\x00",
    )
    assert journal.wait_until_quiet()

    assert "c2VjcmV0" not in repr(journal.events)
    (received,) = journal.of(RequestReceived)
    assert received.request.body == b"\xff\x00"
    assert ("x-odd", b"\xe9") in received.request.headers
    assert ("authorization", b"Basic c2VjcmV0") in received.request.headers


LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)
FAR_AHEAD = datetime(2090, 1, 1, tzinfo=UTC)


class NeverAtRest:
    """An activity that never comes to rest; a wait that goes on and on is ended by it."""

    def __init__(self) -> None:
        self.asked = 0

    def at_rest(self) -> bool:
        self.asked += 1
        assert self.asked < 20
        return False


@pytest.mark.parametrize(
    "freeze",
    [freezegun.freeze_time, lambda moment: time_machine.travel(moment, tick=False)],
    ids=["freezegun", "time-machine"],
)
def test_waits_end_and_times_increase_whatever_a_test_does_to_the_clock(
    freeze: Callable[[datetime], AbstractContextManager[object]],
) -> None:
    journal = Journal()
    journal.activities.add(NeverAtRest())
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
