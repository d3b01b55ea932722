"""Targets, clients and faults for a chosen time: what the process holds before and after.

    python benchmarks/soak.py [--seconds 60] [--clients 64] [--targets 100] [--starts 10000]

Three parts, each from the same measured rest to the same rest again: targets that are started and
stopped one after the other; many targets at once, asked by many clients; and, for the seconds, new
targets under clients that meet faults. The status is 1 if descriptors, threads or files are left.
Memory is printed and does not count: an allocator keeps memory that was freed.
"""

from __future__ import annotations

import argparse
import gc
import http.client
import os
import random
import ssl
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count

from target_start import open_files, resident, show

from connect_harness import HttpsConfig, Requests, SecurityConfig, SessionConfig
from connect_harness import TargetSession as Target

FAULTS = ("closed when accepted", "closed before the answer", "reset within the body", "status 503")


@dataclass(frozen=True)
class Held:
    """What the process holds."""

    descriptors: int
    threads: int
    files: int
    kilobytes: int

    @classmethod
    def now(cls) -> Held:
        gc.collect()
        for thread in threading.enumerate():
            # A thread whose connection has ended may be on its last instructions.
            if thread.name.startswith("connect-"):
                thread.join(5)
        files = len(os.listdir(tempfile.gettempdir()))
        return cls(open_files(), threading.active_count(), files, resident() // 1024)


def started(https: bool) -> Target:
    """A target with or without TLS."""
    config = SessionConfig(security=SecurityConfig(https=HttpsConfig())) if https else None
    return Target.start(config)


def ask(target: Target) -> int:
    """The status of the answer to a client of its own; 0 where a fault ends the connection."""
    pem = target.certificate_authority_pem
    try:
        if pem is None:
            client = http.client.HTTPConnection("localhost", target.port, timeout=10)
        else:
            context = ssl.create_default_context(cadata=pem.decode("ascii"))
            client = http.client.HTTPSConnection(
                "localhost", target.port, timeout=10, context=context
            )
        try:
            client.request("GET", "/versions/rest")
            answer = client.getresponse()
            answer.read()
            return answer.status
        finally:
            client.close()
    except (OSError, http.client.HTTPException):
        return 0


def starts(number: int) -> int:
    """Start and stop targets, every tenth over HTTPS and asked."""
    for each in range(number):
        with started(https=each % 10 == 0) as target:
            if each % 10 == 0:
                ask(target)
    return number


def at_once(targets: int, clients: int) -> int:
    """Ask many targets by many clients at once."""
    running = [started(https=each % 2 == 0) for each in range(targets)]
    with ThreadPoolExecutor(clients) as pool:
        answers = list(pool.map(ask, running * 4))
    for target in running:
        target.close()
    if not all(answers):
        raise RuntimeError(f"{answers.count(0)} of {len(answers)} requests had no answer")
    return len(answers)


def faults(seconds: float, clients: int) -> int:
    """Start targets with a fault for so long, each asked by some clients."""
    until = time.monotonic() + seconds
    asked = 0
    with ThreadPoolExecutor(clients) as pool:
        for number in count():
            if time.monotonic() >= until:
                return asked
            with started(https=number % 2 == 0) as target:
                target.arm(random.choice(FAULTS), on=Requests(times=3))
                asked += len(list(pool.map(ask, [target] * 6)))
    return asked


def main() -> int:
    """Run the three parts, and print what each leaves."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--targets", type=int, default=100, help="at once")
    parser.add_argument("--starts", type=int, default=10_000)
    options = parser.parse_args()
    parts: dict[str, Callable[[], int]] = {
        "starts and stops": lambda: starts(options.starts),
        "requests at once": lambda: at_once(options.targets, options.clients),
        "requests with faults": lambda: faults(options.seconds, options.clients),
    }
    # Files of other processes are not counted.
    folder = tempfile.TemporaryDirectory()
    tempfile.tempdir = folder.name
    # What is loaded and made once is no leak.
    at_once(2, options.clients)
    left = False
    for name, part in parts.items():
        before = Held.now()
        number = part()
        after = Held.now()
        show(f"{number} {name}: before {before}")
        show(f"{'':{len(name) + len(str(number)) + 2}} after {after}")
        left |= after.descriptors > before.descriptors or after.threads > before.threads
        left |= after.files > before.files
    show("something is left" if left else "nothing is left")
    return int(left)


if __name__ == "__main__":
    sys.exit(main())
