"""The threads that serve connections: how many there are, and when they end."""

from __future__ import annotations

import os
import threading

import pytest

from connect_harness.server.threads import SPARE, Workers, workers


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


def test_a_task_that_raises_is_over(opened: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    raised: list[object] = []
    monkeypatch.setattr(threading, "excepthook", raised.append)

    def fail() -> None:
        raise LookupError("no")

    opened.start(fail).wait(5)
    opened.start(lambda: None).wait(5)
    opened.close()
    assert len(raised) <= 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_has_workers_of_its_own() -> None:
    before = workers()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, b"other" if workers() is not before else b"same")
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 10) == b"other"
    os.close(reading)
    os.close(writing)


def _until_it_waits(opened: Workers) -> None:
    """A task is over a moment before its thread waits: pass through the lock until it does."""
    for _ in range(100_000):
        with opened._lock:
            if opened._waiting:
                return
    raise AssertionError("no thread waits")
