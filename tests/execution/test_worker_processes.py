"""A worker ends in order: at a signal, also within a callback, and whatever a client left there."""

from __future__ import annotations

import os
import signal
import threading
import weakref
from pathlib import Path

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


def leaves_a_thread(file: Path) -> None:
    def outlive() -> None:
        threading.Event().wait(20)
        file.touch()

    threading.Thread(target=outlive).start()


def test_a_thread_that_a_client_left_does_not_keep_a_worker(tmp_path: Path) -> None:
    file = tmp_path / "waited for"
    with worker_processes(1) as pool:
        pool.submit(as_task, leaves_a_thread, file).result()
    assert not file.exists()
