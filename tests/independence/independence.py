"""Does a verdict depend on anything but the case? Judge the cases in many ways, and compare.

    python tests/independence/independence.py                        # a sample, for CI
    python tests/independence/independence.py --full --depth full    # all, and 50 times under load

It is a test and no measurement, so it lies here and not beside the benchmarks. Status 1: some case
got another verdict, or other evidence, than in the first way; every such case is named. Status 2:
a way could not be gone to its end.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from busy import busy_processors
from judged import Judged, differences

from connect_contracts.chapters.catalogue import UnknownId, catalogue
from connect_contracts.model.clause import Depth

REFERENCES = ("connect_contracts.reference.v0_9_1", "connect_contracts.reference.v6_2")
JUDGE_CASES = Path(__file__).with_name("judge_cases.py")
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
    """A way could not be gone to its end; the text says why."""


@dataclass(frozen=True)
class Asked:
    """What is to be judged.

    Parameters:
        connect: The implementation, as ``module[:attribute]``.
        select: The ids of the cases, all for none.
        cases: The cases that this means, at this depth.
        fresh: The cases that are judged in a fresh interpreter each.
    """

    connect: str
    depth: Depth
    select: tuple[str, ...]
    cases: tuple[str, ...]
    fresh: tuple[str, ...]


@dataclass(frozen=True)
class Way:
    """A way of running the cases.

    Parameters:
        go: Goes it.
        only: The cases that it judges; ``None`` for all.
    """

    name: str
    go: Callable[[], dict[str, Judged]]
    only: tuple[str, ...] | None = None


def in_a_process(
    asked: Asked, *options: str, select: Sequence[str] = (), within: Sequence[str] = ()
) -> dict[str, Judged]:
    """Judge the cases in a fresh interpreter, or on the workers that it starts.

    Parameters:
        within: The command that runs that interpreter, if not the system itself.
    """
    command = [*within, sys.executable, str(JUDGE_CASES), "--connect", asked.connect]
    command += ["--depth", asked.depth, *options]
    for one in select or asked.select:
        command += ["--select", one]
    done = subprocess.run(command, capture_output=True, timeout=LIMIT)
    if done.returncode != 0:
        raise NotGone(done.stderr.decode(errors="replace").strip() or "it was interrupted")
    return {case: Judged(*one) for case, one in json.loads(done.stdout).items()}


def each_in_a_fresh_interpreter(asked: Asked) -> dict[str, Judged]:
    """Judge some cases, each in an interpreter that was started for it."""
    found: dict[str, Judged] = {}
    for case in asked.fresh:
        found |= in_a_process(asked, select=(case,))
    return found


def under_load(asked: Asked) -> dict[str, Judged]:
    """Judge the cases while the processors are busy with something else."""
    with busy_processors():
        return in_a_process(asked)


def has_late_loopback() -> bool:
    """Whether this machine lets us have a loopback that delivers late."""
    try:
        return subprocess.run([*LATE, "true"], capture_output=True).returncode == 0
    except OSError:
        return False


def ways(asked: Asked, seed: int, repeats: int, *, full: bool) -> Iterator[Way]:
    """Every way; the others are compared with the first."""
    yield Way("in order, in one process", lambda: in_a_process(asked))
    yield Way("in reverse", lambda: in_a_process(asked, "--order", "reverse"))
    yield Way(f"shuffled by {seed}", lambda: in_a_process(asked, "--order", str(seed)))
    for workers in ("0", "2", "8") if full else ("2",):
        yield Way(f"-n {workers}", lambda n=workers: in_a_process(asked, "--workers", n))
    yield Way("each alone", lambda: in_a_process(asked, "--alone"))
    fresh = f"{len(asked.fresh)} in a fresh interpreter each"
    yield Way(fresh, lambda: each_in_a_fresh_interpreter(asked), asked.fresh)
    if full and has_late_loopback():
        yield Way("on a late loopback", lambda: in_a_process(asked, within=LATE))
    for number in range(repeats):
        yield Way(f"under load, {number + 1} of {repeats}", lambda: under_load(asked))


def compare(asked: Asked, every: Iterable[Way]) -> int:
    """Go every way, print how it went, and return how many differences there are."""
    say = sys.stdout.write
    say(f"\n{asked.connect}: {len(asked.cases)} cases, depth {asked.depth}\n")
    first: dict[str, Judged] = {}
    count = 0
    for way in every:
        began = time.perf_counter()
        found = way.go()
        seconds = time.perf_counter() - began
        if not first:
            first = found
            if sorted(found) != sorted(asked.cases):
                raise NotGone(f"{len(found)} of {len(asked.cases)} cases got a verdict")
        wanted = first if way.only is None else {one: first[one] for one in way.only}
        differing = differences(wanted, found)
        count += len(differing)
        say(f"  {way.name:34}{len(found):5} cases {seconds:7.1f} s {len(differing):4} differ\n")
        for case, (one, other) in differing.items():
            say(f"      {case}: {other.describe()}; in order: {one.describe()}\n")
        sys.stdout.flush()
    return count


def asked_of(connect: str, depth: Depth, select: tuple[str, ...], *, full: bool) -> Asked:
    """What is judged of ``connect``: all, or one case of each clause; some of them fresh."""
    every = catalogue().select(select, depth)
    if not full:
        # The last case of a clause is often its strangest.
        every = list({case.clause.id: case for case in every}.values())
        select = tuple(case.id for case in every)
    cases = tuple(case.id for case in every)
    return Asked(connect, depth, select, cases, cases[:: 4 if full else 12])


def _named(way: Way, words: Sequence[str] | None) -> bool:
    return words is None or any(one in way.name for one in words)


def main() -> int:
    """Judge in every way, and tell what differs."""
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
    repeats = options.repeats
    if repeats is None:
        repeats = 50 if options.full else 1
    count = 0
    if options.full and not has_late_loopback():
        sys.stdout.write("this machine gives us no loopback that delivers late: not gone\n")
    try:
        for connect in options.connect or REFERENCES:
            asked = asked_of(connect, options.depth, tuple(options.select), full=options.full)
            first, *others = ways(asked, seed, repeats, full=options.full)
            chosen = [one for one in others if _named(one, options.way)]
            count += compare(asked, [first, *chosen])
    except (NotGone, UnknownId, subprocess.TimeoutExpired) as error:
        sys.stdout.write(f"  not gone to its end: {error}\n")
        return 2
    sys.stdout.write(f"\n{count or 'no'} differences; shuffled by {seed}\n")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
