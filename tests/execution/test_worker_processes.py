"""A signal ends a worker in order, also within a callback."""

from __future__ import annotations

import os
import signal
import threading
import weakref

import pytest

from connect_contracts.execution.processes import as_task, worker_processes


class Dropped:
    """Its weak reference is called back when it is dropped."""


def signalled_within_a_callback() -> str:
    """A signal where Python ignores exceptions; what follows is interrupted all the same."""
    dropped = Dropped()
    reference = weakref.ref(dropped, lambda _: os.kill(os.getpid(), signal.SIGTERM))
    try:
        del dropped
        assert reference() is None
        threading.Event().wait(60)
    except KeyboardInterrupt:
        return "interrupted"
    return "went on"


def test_an_interrupt_within_a_callback_is_not_lost(capfd: pytest.CaptureFixture[str]) -> None:
    with worker_processes(1) as pool:
        assert pool.submit(as_task, signalled_within_a_callback).result() == "interrupted"
    assert "Traceback" not in capfd.readouterr().err
