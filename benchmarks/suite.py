"""What the whole suite costs on a reference: serial, on two workers, and where the time goes.

    python benchmarks/suite.py [--connect connect_contracts.reference.v0_9_1] [--rounds 5]

The command is run as a whole process, serial and with two workers in turn. Then the cases are run
in this process, with a clock around each part of a run.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.execution import run as running
from connect_contracts.execution.in_process import InProcessExecutor
from connect_contracts.execution.loading import load
from connect_contracts.judging.verify import verify
from connect_contracts.model.clause import Profile
from connect_harness import TargetSession
from connect_harness.server import Journal

COMMAND = Path(sys.executable).with_name("connect-contract")


def whole(reference: str, *options: str) -> float:
    """Seconds that one run of the command takes."""
    began = time.perf_counter()
    subprocess.run(
        [COMMAND, "run", "--connect", reference, *options], check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - began


class Clock:
    """Seconds by part of a run."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    def around(self, part: str, owner: Any, name: str) -> None:
        """Count the time of ``owner.name`` as ``part``."""
        inner: Callable[..., Any] = getattr(owner, name)

        def timed(*args: Any, **keywords: Any) -> Any:
            began = time.perf_counter()
            try:
                return inner(*args, **keywords)
            finally:
                self.seconds[part] += time.perf_counter() - began

        setattr(owner, name, timed)


def parts(reference: str) -> tuple[float, dict[str, float]]:
    """Seconds of all cases in this process, and of their parts."""
    implementation = load(reference)
    profile = Profile(implementation.profile or "0.9.1")
    clock = Clock()
    clock.around("in the implementation", InProcessExecutor, "execute")
    clock.around("closing its sessions", InProcessExecutor, "end")
    clock.around("starting targets", running, "start_target")
    clock.around("stopping targets", TargetSession, "close")
    clock.around("until the journal is whole", Journal, "wait_until_quiet")
    for case in catalogue().select(["CA-1"]):
        verify(case, implementation, profile)
    clock.seconds.clear()
    began = time.perf_counter()
    for case in catalogue().cases.values():
        verify(case, implementation, profile)
    return time.perf_counter() - began, dict(clock.seconds)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--connect", default="connect_contracts.reference.v0_9_1")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    serial: list[float] = []
    parallel: list[float] = []
    for _ in range(options.rounds):
        serial.append(whole(options.connect))
        parallel.append(whole(options.connect, "-n", "2"))
    pairs = [two / one for one, two in zip(serial, parallel, strict=True)]
    out = sys.stdout.write
    out(f"{options.connect}, {len(catalogue().cases)} cases, Python {sys.version.split()[0]},\n")
    out(f"medians of {options.rounds} interleaved rounds of the command as a whole process\n\n")
    out(f"serial      {median(serial):6.2f} s\n")
    out(f"-n 2        {median(parallel):6.2f} s   {median(pairs):.2f} of serial\n\n")
    total, spent = parts(options.connect)
    out(f"all cases in one process: {total:.2f} s\n")
    for part, seconds in sorted(spent.items(), key=lambda one: -one[1]):
        out(f"  {part:28}{seconds:6.2f} s {seconds / total:5.0%}\n")
    rest = total - sum(spent.values())
    out(f"  {'the rest':28}{rest:6.2f} s {rest / total:5.0%}\n")


if __name__ == "__main__":
    main()
