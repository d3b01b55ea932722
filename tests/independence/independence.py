"""Does a verdict depend on anything but the case? Judge the cases in many ways, and compare.

    python tests/independence/independence.py                        # a sample, for CI
    python tests/independence/independence.py --full --depth full    # all, and 50 times under load

Status 1: some case got another verdict, or other evidence, than in the first way; every such case
is named. Status 2: a way did not end as it should.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from busy import busy_processors
from judge_cases import Judged

from connect_contracts.chapters.catalogue import UnknownId, catalogue
from connect_contracts.model.clause import Depth

REFERENCES = ("connect_contracts.reference.v0_9_1", "connect_contracts.reference.v6_2")
JUDGE_CASES = Path(__file__).with_name("judge_cases.py")
NOT_JUDGED = Judged("no verdict at all")
LIMIT = 1800.0
"""Seconds after which a way is given up."""

LATE = (
    *("unshare", "--map-root-user", "--net", "sh", "-c"),
    "ip link set lo mtu 1500 && ip link set lo up && "
    'tc qdisc add dev lo root tbf rate 200kbit burst 1600 latency 2s && exec "$@"',
    "late",
)
"""Runs a command where what is sent arrives some milliseconds after the call that sent it returned:
in a network of its own, of Linux alone."""


class NotGone(Exception):
    """A way did not end as it should; the text says why."""


@dataclass(frozen=True)
class Asked:
    """What is to be judged: the implementation, at which depth, and which cases that means."""

    connect: str
    depth: Depth
    select: tuple[str, ...]
    cases: tuple[str, ...]

    def judged(
        self, *options: str, select: Sequence[str] = (), within: Sequence[str] = ()
    ) -> dict[str, Judged]:
        """Judge the cases in a fresh interpreter, or on the workers that it starts.

        Parameters:
            within: The command that runs that interpreter, if not the system itself.
        """
        command = [*within, sys.executable, str(JUDGE_CASES), "--connect", self.connect]
        command += ["--depth", self.depth, *options]
        for case_id in select or self.select:
            command += ["--select", case_id]
        done = subprocess.run(command, capture_output=True, timeout=LIMIT)
        if done.returncode != 0:
            raise NotGone(done.stderr.decode(errors="replace").strip() or "it was interrupted")
        return {case: Judged(*found) for case, found in json.loads(done.stdout).items()}


Way = tuple[str, Callable[[], dict[str, Judged]], Sequence[str]]
"""A way of running the cases: its name, what runs them, and which cases it must judge."""


def has_late_loopback() -> bool:
    """Whether this machine lets us have a loopback that delivers late."""
    try:
        return subprocess.run([*LATE, "true"], capture_output=True).returncode == 0
    except OSError:
        return False


def ways(asked: Asked, seed: int, repeats: int, *, full: bool) -> Iterator[Way]:
    """Every way; the others are compared with the first."""

    every, some = asked.cases, asked.cases[:: 4 if full else 12]

    def each_fresh() -> dict[str, Judged]:
        judged = [asked.judged(select=(case,)) for case in some]
        return {case: found for one in judged for case, found in one.items()}

    def under_load() -> dict[str, Judged]:
        with busy_processors():
            return asked.judged()

    yield "in order, in one process", asked.judged, every
    yield "in reverse", lambda: asked.judged("--order", "reverse"), every
    yield f"shuffled by {seed}", lambda: asked.judged("--order", str(seed)), every
    for workers in ("0", "2", "8") if full else ("2",):
        yield f"-n {workers}", lambda n=workers: asked.judged("--workers", n), every
    yield "each alone", lambda: asked.judged("--alone"), every
    yield f"{len(some)} in a fresh interpreter each", each_fresh, some
    if full and has_late_loopback():
        yield "on a late loopback", lambda: asked.judged(within=LATE), every
    for number in range(repeats):
        yield f"under load, {number + 1} of {repeats}", under_load, every


def compare(asked: Asked, chosen: Sequence[Way]) -> int:
    """Run the cases in every way, print how it went, and return how many differences there are."""
    say = sys.stdout.write
    say(f"\n{asked.connect}: {len(asked.cases)} cases, depth {asked.depth}\n")
    first: dict[str, Judged] = {}
    count = 0
    for name, judge, cases in chosen:
        began = time.perf_counter()
        found = judge()
        seconds = time.perf_counter() - began
        if not first:
            first = found
            if sorted(found) != sorted(asked.cases):
                raise NotGone(f"{len(found)} of {len(asked.cases)} cases got a verdict")
        pairs = {
            case: (first.get(case, NOT_JUDGED), found.get(case, NOT_JUDGED))
            for case in dict.fromkeys([*cases, *found])
        }
        differing = {case: pair for case, pair in pairs.items() if pair[0] != pair[1]}
        count += len(differing)
        say(f"  {name:34}{len(found):5} cases {seconds:7.1f} s {len(differing):4} differ\n")
        for case, (in_order, other) in differing.items():
            say(f"      {case}: {other.describe()}; in order: {in_order.describe()}\n")
        sys.stdout.flush()
    return count


def asked_of(connect: str, depth: Depth, select: tuple[str, ...], *, full: bool) -> Asked:
    """What is judged of ``connect``: all, or one case of each clause."""
    cases = catalogue().select(select, depth)
    if not full:
        # The last case of a clause is often its strangest.
        cases = list({case.clause.id: case for case in cases}.values())
        select = tuple(case.id for case in cases)
    return Asked(connect, depth, select, tuple(case.id for case in cases))


def main() -> int:
    """Judge in every way, and print what differs."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--connect", action="append", help="an implementation, MODULE[:ATTRIBUTE]")
    parser.add_argument("--depth", type=Depth, default=Depth.DEFAULT)
    parser.add_argument("--select", action="append", default=[], metavar="ID")
    parser.add_argument("--full", action="store_true", help="every case, in every way")
    parser.add_argument("--repeats", type=int, help="times under load; 50 if full, else 1")
    parser.add_argument(
        "--way", action="append", metavar="WORDS", help="beside the first only ways named so"
    )
    parser.add_argument("--seed", type=int, help="of the shuffled order")
    options = parser.parse_args()
    seed = random.randrange(10**6) if options.seed is None else options.seed
    repeats = (50 if options.full else 1) if options.repeats is None else options.repeats
    count = 0
    if options.full and not has_late_loopback():
        sys.stdout.write("this machine has no loopback that delivers late: that way is left out\n")
    try:
        for connect in options.connect or REFERENCES:
            asked = asked_of(connect, options.depth, tuple(options.select), full=options.full)
            first, *others = ways(asked, seed, repeats, full=options.full)
            words = options.way or [""]
            chosen = [way for way in others if any(word in way[0] for word in words)]
            count += compare(asked, [first, *chosen])
    except (NotGone, UnknownId, subprocess.TimeoutExpired) as error:
        sys.stdout.write(f"  not gone to its end: {error}\n")
        return 2
    sys.stdout.write(f"\n{count or 'no'} differences; shuffled by {seed}\n")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
