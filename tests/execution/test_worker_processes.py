"""Workers end in order when they are told to, wherever they are."""

from __future__ import annotations

import os
import signal
import threading
import weakref

import pytest

from connect_contracts.execution.processes import as_task, worker_processes


class Dropped:
    """Its weak reference is called back when it is dropped."""


def told_within_a_callback() -> str:
    """Told to end where Python ignores exceptions; what follows is interrupted all the same."""
    dropped = Dropped()
    told = weakref.ref(dropped, lambda _: os.kill(os.getpid(), signal.SIGTERM))
    try:
        del dropped
        assert told() is None
        threading.Event().wait(60)
    except KeyboardInterrupt:
        return "interrupted"
    return "went on"


def test_an_interrupt_within_a_callback_is_not_lost(capfd: pytest.CaptureFixture[str]) -> None:
    with worker_processes(1) as pool:
        assert pool.submit(as_task, told_within_a_callback).result() == "interrupted"
    assert "Traceback" not in capfd.readouterr().err
