"""The threads that serve connections: one for each while it lasts, and one spare between them.

To start a thread costs a client a good part of what its whole first answer takes. So a thread that
has served a connection waits for the next one, unless another waits already; it ends with the last
listener of the process.
"""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable

SPARE = 1
"""How many threads of this process may wait for a connection."""

_ENDING_SECONDS = 1.0

Task = Callable[[], None]


class Work:
    """A task that is being done, or was."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def do(self) -> None:
        """Do it, in the calling thread."""
        self._thread = threading.current_thread()
        try:
            self._task()
        finally:
            self._ended.set()

    @property
    def is_mine(self) -> bool:
        """Whether the calling thread is doing it."""
        return self._thread is threading.current_thread()

    def wait(self, limit: float) -> None:
        """Wait until it is done, at most ``limit`` seconds."""
        self._ended.wait(limit)


class Workers:
    """The threads. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[threading.Thread, queue.SimpleQueue[Work | None]] = {}
        self._users = 0

    def open(self) -> None:
        """One more listener may give work."""
        with self._lock:
            self._users += 1

    def close(self) -> None:
        """One listener less. After the last no thread waits any more."""
        with self._lock:
            self._users -= 1
            if self._users:
                return
            waiting, self._waiting = self._waiting, {}
        for thread, tasks in waiting.items():
            tasks.put(None)
            thread.join(_ENDING_SECONDS)

    def start(self, task: Task) -> Work:
        """Have ``task`` done by a thread that waits, or by a new one."""
        work = Work(task)
        with self._lock:
            tasks = self._waiting.popitem()[1] if self._waiting else None
        if tasks is not None:
            tasks.put(work)
        else:
            thread = threading.Thread(
                target=self._serve, args=(work,), name="connect-worker", daemon=True
            )
            thread.start()
        return work

    def _serve(self, first: Work) -> None:
        tasks: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        work: Work | None = first
        del first
        while work is not None:
            work.do()
            # What a connection held must not live on while its thread waits.
            del work
            with self._lock:
                if not self._users or len(self._waiting) >= SPARE:
                    return
                self._waiting[threading.current_thread()] = tasks
            work = tasks.get()


class _Process:
    """The workers of this process; a forked one has none of its parent's threads."""

    def __init__(self) -> None:
        self.workers = Workers()
        self.minds_forks = False


_process = _Process()


def workers() -> Workers:
    """The workers of this process."""
    if not _process.minds_forks:
        _process.minds_forks = True
        os.register_at_fork(after_in_child=_after_fork)
    return _process.workers


def _after_fork() -> None:
    _process.workers = Workers()
