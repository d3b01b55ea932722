"""The command in a child process, watched by this one.

An implementation may end the process that it is called in (``os._exit``, a crash in C). Nothing in
that process can tell of it then, and it might even end with status 0.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType

from connect_contracts.cli.interruption import handled
from connect_contracts.reports.output import echo

ENDED = (
    "connect-contract: the process ended before the run did, most likely by the implementation: "
    "`run -n 1` names the case, since only a worker ends then."
)

INTERRUPTED = "connect-contract: interrupted"


def supervised(command: Callable[[], int]) -> int:
    """Run ``command`` in a forked child and return its exit status; 2 if it never came to one.

    The child ends as on Ctrl-C when this process is told to end, and when it is gone.
    """
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    alive, held = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.close(held)
        threading.Thread(target=_end_with_parent, args=(alive,), daemon=True).start()
        status = 2
        try:
            status = command()
        finally:
            os.write(writing, bytes([status]))
            os._exit(status)
    os.close(writing)
    os.close(alive)
    told: list[int] = []

    def forward(number: int, _frame: FrameType | None) -> None:
        told.append(number)
        os.kill(child, number)

    try:
        # Ctrl-C reaches the child twice, which takes the first.
        with handled(forward):
            os.waitpid(child, 0)
        # A process that the implementation left behind holds the other end: nobody waits for it.
        said = os.read(reading, 1)
    except BlockingIOError:
        said = b""
    finally:
        os.close(reading)
        os.close(held)
    if said:
        return said[0]
    echo(INTERRUPTED if told else ENDED, err=True)
    return 2


def _end_with_parent(alive: int) -> None:
    # Nothing is ever written: this returns when the other process is gone.
    os.read(alive, 1)
    os.kill(os.getpid(), signal.SIGTERM)
