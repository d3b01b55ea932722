"""What a recipe costs to make, by topic, and a case to be judged, by depth.

    python benchmarks/recipes.py [--connect connect_contracts.reference.v0_9_1] [--rounds 5]
                                 [--depth full]

Made is the chain of a recipe, with its authority. The floor is what trustme takes for a plain one:
an authority and a leaf. Judged is a case with its twin, on a reference; the floor is one accepted
TLS case. Each round takes everything in a random order, the floor as often as anything else, so
that what else the machine does reaches them all.
"""

from __future__ import annotations

import argparse
import os
import random
import ssl
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from statistics import median

import trustme

from connect_contracts.chapters.case import Case
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.execution.loading import load
from connect_contracts.judging.verify import verify
from connect_contracts.model.clause import Depth, Profile
from connect_contracts.report.tls_table.recipe import cases_with_recipe, question
from connect_harness.certificates import Authorities, Chain

SLOWEST = 5
FLOOR = "floor"
ACCEPTED = "CA-1[authority-given]"
"""The case that is the floor of what is judged."""

Seconds = Mapping[str, list[float]]


def floor() -> None:
    """A plain chain by trustme: an authority and a leaf."""
    trustme.CA().issue_cert("localhost", "127.0.0.1", "::1")


def made(chain: Chain) -> None:
    """The chain of a recipe, below an authority of its own."""
    Authorities().issue(chain)


def chains() -> dict[str, Chain]:
    """The chain of every recipe that asks a certificate question, by the name of the recipe."""
    found = {}
    for case in cases_with_recipe(catalogue()):
        asked = question(case.scenario)
        if asked is not None and case.recipe is not None:
            found[case.recipe] = asked.chain
    return found


def measured(work: Mapping[str, Callable[[], object]], rounds: int) -> Seconds:
    """The seconds of each work, once a round, in a random order; a first round is thrown away."""
    seconds: dict[str, list[float]] = defaultdict(list)
    order = list(work.items())
    for count in range(rounds + 1):
        random.shuffle(order)
        for name, do in order:
            began = time.perf_counter()
            do()
            # The first round pays for imports.
            if count:
                seconds[name].append(time.perf_counter() - began)
    return seconds


def show(line: str = "") -> None:
    """Write a line."""
    sys.stdout.write(f"{line}\n")


def show_made(rounds: int) -> None:
    """Measure what recipes take to be made, and print it."""
    recipes = chains()
    work = {name: partial(made, chain) for name, chain in recipes.items()}
    seconds = measured({FLOOR: floor, **work}, rounds)
    medians = {name: median(of) for name, of in seconds.items()}
    least = medians.pop(FLOOR)
    show(f"made: {len(recipes)} recipes with a chain of their own, {rounds} interleaved rounds\n")
    show(f"{'':24}{'recipes':>9}{'median':>13}{'of the floor':>14}")
    show(f"{FLOOR:24}{'':>9}{least * 1000:10.2f} ms{1:14.2f}")
    topics: dict[str, list[float]] = defaultdict(list)
    for name, one in medians.items():
        topics[name.partition("/")[0]].append(one)
    for topic, of in sorted(topics.items()):
        show(f"{topic:24}{len(of):9}{median(of) * 1000:10.2f} ms{median(of) / least:14.2f}")
    show_slowest(medians, least)


def show_judged(reference: str, depth: Depth, rounds: int) -> None:
    """Measure what cases take to be judged, and print it."""
    implementation = load(reference)
    profile = Profile(implementation.profile or "0.9.1")
    cases = [case for case in catalogue().select((), depth) if profile in case.profiles]

    def judge(case: Case) -> None:
        verify(case, implementation, profile)

    work = {case.id: partial(judge, case) for case in cases}
    accepted = partial(judge, catalogue().cases[ACCEPTED])
    seconds = measured({FLOOR: accepted, **work}, rounds)
    medians = {name: median(of) for name, of in seconds.items()}
    least = medians.pop(FLOOR)
    show(f"\njudged: {reference}, {len(cases)} cases, {rounds} interleaved rounds\n")
    show(f"{'':24}{'cases':>9}{'median':>13}{'of the floor':>14}{'total':>12}")
    show(f"{FLOOR:24}{'':>9}{least * 1000:10.2f} ms{1:14.2f}")
    for one, of in by_depth(cases, medians):
        show(
            f"{one:24}{len(of):9}{median(of) * 1000:10.2f} ms{median(of) / least:14.2f}"
            f"{sum(of):10.2f} s"
        )
    show(f"{'all':24}{len(cases):9}{'':27}{sum(medians.values()):10.2f} s")
    show_slowest(medians, least)


def by_depth(
    cases: Iterable[Case], medians: Mapping[str, float]
) -> Iterable[tuple[Depth, list[float]]]:
    """The seconds of the cases that each depth adds to the one before it."""
    for depth in Depth:
        of = [medians[case.id] for case in cases if case.depth is depth]
        if of:
            yield depth, of


def show_slowest(medians: Mapping[str, float], least: float) -> None:
    """Print the slowest."""
    for name, one in sorted(medians.items(), key=lambda item: -item[1])[:SLOWEST]:
        show(f"  slowest: {name:45}{one * 1000:10.2f} ms{one / least:10.1f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--connect", default="connect_contracts.reference.v0_9_1")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--depth", choices=[one.value for one in Depth], default="full")
    options = parser.parse_args()
    show(f"Python {sys.version.split()[0]}, {ssl.OPENSSL_VERSION}, {os.cpu_count()} processors\n")
    show_made(options.rounds)
    show_judged(options.connect, Depth(options.depth), options.rounds)


if __name__ == "__main__":
    main()
