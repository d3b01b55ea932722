"""Processes that keep the processors busy, bounded in number and time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

LIMIT = 900.0
"""Seconds after which a busy process ends by itself, whatever became of who started it."""

_BUSY = """
import os, signal, sys, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
parent, began = os.getppid(), time.monotonic()
while os.getppid() == parent and time.monotonic() - began < float(sys.argv[1]):
    sum(number * number for number in range(100_000))
"""


@contextmanager
def busy_processors(
    number: int | None = None, limit: float = LIMIT
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Keep the processors busy meanwhile; at the end, also by Ctrl-C, no process is left.

    Parameters:
        number: How many processes; twice as many as there are processors by default.
        limit: Seconds after which they end by themselves.
    """
    wanted = 2 * (os.cpu_count() or 1) if number is None else number
    started: list[subprocess.Popen[bytes]] = []
    try:
        command = [sys.executable, "-c", _BUSY, str(limit)]
        started.extend(subprocess.Popen(command) for _ in range(wanted))
        yield started
    finally:
        for process in started:
            process.kill()
            process.wait()
