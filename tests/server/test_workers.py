"""The threads that serve connections: how many there are, and when they end."""

from __future__ import annotations

import threading

import pytest

from connect_harness.server.threads import SPARE, Workers


@pytest.fixture
def opened() -> Workers:
    made = Workers()
    made.open()
    return made


def test_tasks_at_once_have_a_thread_each_and_one_is_kept_for_the_next(opened: Workers) -> None:
    barrier = threading.Barrier(4)
    threads: list[threading.Thread] = []

    def meet() -> None:
        threads.append(threading.current_thread())
        barrier.wait(5)

    for work in [opened.start(meet) for _ in range(4)]:
        work.wait(5)
    assert len(set(threads)) == 4
    _until_it_waits(opened)
    assert len(opened._waiting) == SPARE
    opened.start(lambda: threads.append(threading.current_thread())).wait(5)
    assert len(set(threads)) == 4
    opened.close()
    for thread in threads:
        thread.join(5)
    assert not any(thread.is_alive() for thread in threads)


def _until_it_waits(opened: Workers) -> None:
    """A task is over a moment before its thread waits: pass through the lock until it does."""
    for _ in range(100_000):
        with opened._lock:
            if opened._waiting:
                return
    raise AssertionError("no thread waits")
