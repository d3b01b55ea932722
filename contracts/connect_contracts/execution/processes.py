"""Worker processes that end in order, with what they know, when the one that asked them ends."""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import active_children, get_context, parent_process
from types import FrameType
from typing import Any

from connect_contracts.execution.import_path import end_safe_start, safe_start


class Stopped(Exception):
    """The worker was told to end before it began."""


@contextmanager
def worker_processes(number: int) -> Iterator[Executor]:
    """An executor of so many fresh processes; what is submitted goes through :func:`as_task`.

    When the block is left by an exception, what waits is cancelled, and what runs is interrupted:
    a ``KeyboardInterrupt`` in the worker, which may return what it has.
    """
    others = set(active_children())
    added = safe_start()
    os.environ.update(added)
    pool = ProcessPoolExecutor(number, get_context("spawn"), _begin)
    try:
        yield pool
    except BaseException:
        for one in set(active_children()) - others:
            one.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        for name in added:
            del os.environ[name]


class _Worker:
    """What a worker does when it is told to end."""

    def __init__(self) -> None:
        self.told = False
        self.idle = threading.Event()
        self.idle.set()

    def end(self, _number: int, _frame: FrameType | None) -> None:
        """Break off what runs, once; nothing is begun afterwards."""
        if not self.told:
            self.told = True
            if not self.idle.is_set():
                raise KeyboardInterrupt

    def end_all_the_same(self, ignored: sys.UnraisableHookArgs) -> None:
        """Interrupt once more where the first came in a callback, whose exceptions are ignored."""
        if ignored.exc_type is not KeyboardInterrupt:
            sys.__unraisablehook__(ignored)
            return
        self.told = False
        # Not a Thread: its start would be waited for here, where the exception is ignored again.
        _thread.start_new_thread(os.kill, (os.getpid(), signal.SIGTERM))

    def end_with_parent(self) -> None:
        """Wait until the process that asked is gone, and end."""
        parent = parent_process()
        assert parent is not None
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
        self.idle.wait()
        os._exit(2)


_worker = _Worker()


def _begin() -> None:
    end_safe_start()
    # Ctrl-C reaches every process of a terminal: the one that asked decides.
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, _worker.end)
    sys.unraisablehook = _worker.end_all_the_same
    threading.Thread(target=_worker.end_with_parent, daemon=True).start()


def as_task(function: Callable[..., Any], *args: Any, **keywords: Any) -> Any:
    """Call ``function`` in a worker.

    Raises:
        Stopped: The worker was told to end.
    """
    if _worker.told:
        raise Stopped
    _worker.idle.clear()
    try:
        return function(*args, **keywords)
    finally:
        _worker.idle.set()
