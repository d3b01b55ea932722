"""How many instructions of this project's Python one target executes: a count, and no clock.

    python benchmarks/instructions.py [--check]

A target is started, asked once and stopped, while no other runs. The bytecode instructions of
``connect_harness`` are counted in every thread, and the threads that were started. Clocks play no
part; what OpenSSL and other libraries do is not counted. With ``--check`` the status is 1 where a
count is more than 15 % above the one that is pinned for this Python.
"""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

from soak import ask
from target_start import show

import connect_harness
from connect_harness import HttpsConfig, SecurityConfig, SessionConfig
from connect_harness import TargetSession as Target

OURS = str(Path(connect_harness.__file__).parent)
ROUNDS = 20
MARGIN = 1.15
"""A thread that has to wait for bytes executes 177 instructions more, up to five times in a round;
on a busy machine they are there already."""

PINNED: dict[tuple[int, int], dict[str, tuple[int, int]]] = {
    (3, 11): {"plain": (5736, 2), "https, by default": (9241, 2)},
}
"""By Python: instructions and threads."""


def plain() -> Target:
    """An unsecure target over HTTP."""
    return Target.start()


def https() -> Target:
    """A secure target over HTTPS with the process's default authority."""
    return Target.start(SessionConfig(security=SecurityConfig(https=HttpsConfig())))


TARGETS: dict[str, Callable[[], Target]] = {"plain": plain, "https, by default": https}


def counted(start: Callable[[], Target]) -> tuple[int, int]:
    """Instructions and threads of one target, from its start to its stop."""
    instructions, threads = count(), count()

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if not frame.f_code.co_filename.startswith(OURS):
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        if event == "opcode":
            next(instructions)
        return trace

    def trace_thread(frame: FrameType, event: str, argument: Any) -> Any:
        next(threads)
        sys.settrace(trace)
        return trace(frame, event, argument)

    threading.settrace(trace_thread)
    sys.settrace(trace)
    target = start()
    sys.settrace(None)
    status = ask(target)
    sys.settrace(trace)
    target.close()
    sys.settrace(None)
    threading.settrace(None)
    if not status:
        raise RuntimeError("the target did not answer")
    return next(instructions), next(threads)


def main() -> int:
    """Count, print, and compare with what is pinned."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    pinned = PINNED.get(sys.version_info[:2])
    if options.check and pinned is None:
        show(f"Not checked: nothing is pinned for Python {sys.version.split()[0]}.")
        return 0
    status = 0
    for name, start in TARGETS.items():
        # The first pays for imports.
        counted(start)
        instructions, threads = min(counted(start) for _ in range(ROUNDS))
        line = f"{name:20}{instructions:8} instructions{threads:4} threads"
        if pinned is not None:
            most, most_threads = pinned[name]
            line += f"; pinned: {most} and {most_threads}"
            if options.check and (instructions > most * MARGIN or threads > most_threads):
                line += "; more than is pinned"
                status = 1
        show(line)
    return status


if __name__ == "__main__":
    sys.exit(main())
