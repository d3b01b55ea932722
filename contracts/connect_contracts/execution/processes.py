"""Processes that a signal asks to end: they end in order, with what they know."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.util import Finalize
from typing import Any

from connect_contracts.execution.interruption import Interruption
from connect_contracts.execution.loading import end_safe_start, safe_start


class Stopped(Exception):
    """The worker was asked to end before it began."""


class ImplementationEnded(Exception):
    """The implementation ended the process that it was called in; the text says what to do."""


@contextmanager
def worker_processes(number: int) -> Iterator[Executor]:
    """An executor of so many fresh processes; what is submitted goes through :func:`as_task`.

    When the block is left by an exception, what waits is cancelled, and what runs is interrupted:
    a ``KeyboardInterrupt`` in the worker, which may return what it has.

    Raises:
        ImplementationEnded: A process ended before it was done.
    """
    others = set(active_children())
    added = safe_start()
    os.environ.update(added)
    pool = ProcessPoolExecutor(number, get_context("spawn"), _begin)
    try:
        yield pool
    except BaseException as error:
        for worker in set(active_children()) - others:
            worker.terminate()
        if isinstance(error, BrokenProcessPool):
            raise ImplementationEnded(
                "A process ended before it was done, most likely by the implementation: "
                "`connect-contract run -n 1` names the case."
            ) from error
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        for name in added:
            del os.environ[name]


_interruption = Interruption(postponed=True)
_idle = threading.Event()
_idle.set()


def _begin() -> None:
    end_safe_start()
    # Ctrl-C reaches every process of a terminal: the one that asked decides.
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, _interruption)
    sys.unraisablehook = _interruption.raise_again
    # After all that has to be done at the end, as that of files.
    Finalize(None, _end, exitpriority=-1000)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end() -> None:
    """End the worker, whatever threads a client left running, which the end would wait for."""
    atexit._run_exitfuncs()
    os._exit(0)


def _end_with_parent() -> None:
    """Wait until the process that asked is gone, and end."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
    _idle.wait()
    os._exit(2)


def as_task(function: Callable[..., Any], *args: Any, **keywords: Any) -> Any:
    """Call ``function`` in a worker; ``Stopped`` is raised if the worker was asked to end."""
    if _interruption.asked:
        raise Stopped
    _idle.clear()
    try:
        with _interruption.while_postponed(False):
            return function(*args, **keywords)
    finally:
        _idle.set()
