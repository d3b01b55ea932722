"""The command in a child process, watched by this one.

An implementation may end the process that it is called in (``os._exit``, a crash in C). Nothing in
that process can tell of it then, and it might even end with status 0.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable

ENDED = (
    "connect-contract: the process ended before the run did, most likely by the implementation: "
    "`run -n 1` names the case, since only a worker ends then.\n"
)

OURS = "connect-contract: this is a mistake of connect-contract's own, and no verdict: report it.\n"


def _status(command: Callable[[], int]) -> int:
    try:
        return command()
    except Exception:
        # No implementation was called where this could come from: it is our mistake, and told so.
        traceback.print_exc()
        sys.stderr.write(OURS)
        return 2


def supervised(command: Callable[[], int]) -> int:
    """Run ``command`` in a forked child and return its exit status; 2 if it never came to one."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    child = os.fork()
    if child == 0:
        os.close(reading)
        status = _status(command)
        sys.stdout.flush()
        sys.stderr.flush()
        os.write(writing, bytes([status]))
        os._exit(status)
    os.close(writing)
    # Ctrl-C reaches the child as well, which tells what was judged so far.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        os.waitpid(child, 0)
        # A process that the implementation left behind holds the other end: nobody waits for it.
        said = os.read(reading, 1)
    except BlockingIOError:
        said = b""
    finally:
        signal.signal(signal.SIGINT, before)
        os.close(reading)
    if said:
        return said[0]
    sys.stderr.write(ENDED)
    return 2
