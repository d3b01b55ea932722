"""Ctrl-C, and the signals by which systems end a process: the command ends in order, and reports.

As a plugin of pytest it does the same for a worker.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

from connect_contracts.import_path import end_safe_start

WORKERS = "CONNECT_CONTRACT_WORKERS"
"""The environment variable with the folder in which each worker leaves a file named by its number.

xdist itself tells nothing of the processes that it starts.
"""

SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


class _Interruption:
    """Whether the process was asked to end, and whether that may wait."""

    def __init__(self) -> None:
        self.asked = False
        self.postponed = False

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        """Interrupt the main thread once: a second signal must not break off what is put away."""
        if not self.asked:
            self.asked = True
            if not self.postponed:
                raise KeyboardInterrupt


_current = _Interruption()


@contextmanager
def interruptible() -> Iterator[None]:
    """Meanwhile the first signal that asks the process to end raises a ``KeyboardInterrupt``.

    A signal that the process was started to ignore, as by ``nohup``, is ignored still.
    """
    global _current
    before = _current
    _current = _Interruption()
    try:
        with handled(_current):
            yield
    finally:
        _current = before


@contextmanager
def postponed() -> Iterator[None]:
    """Meanwhile a signal interrupts nothing; :func:`asked_to_end` tells of it afterwards."""
    _current.postponed = True
    try:
        yield
    finally:
        _current.postponed = False


def asked_to_end() -> bool:
    """Whether a signal has asked the process to end."""
    return _current.asked


@contextmanager
def handled(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Meanwhile ``handler`` is called for each signal that asks the process to end."""
    # Signals can be handled from the main thread alone.
    main = threading.current_thread() is threading.main_thread()
    kinds = [one for one in SIGNALS if main and signal.getsignal(one) != signal.SIG_IGN]
    before = {one: signal.signal(one, handler) for one in kinds}
    try:
        yield
    finally:
        for one, handler_before in before.items():
            signal.signal(one, handler_before)


def pytest_configure(config: pytest.Config) -> None:
    """Let a worker that is asked to end put away what it has."""
    if hasattr(config, "workerinput"):
        end_safe_start()
        Path(os.environ.pop(WORKERS), str(os.getpid())).touch()
        # What asks first counts; xdist sends a SIGINT to a worker that goes on for seconds.
        for kind in (signal.SIGTERM, signal.SIGINT):
            signal.signal(kind, _current)
