"""Does a search find nothing on a sound implementation while the processors are busy?

    python tests/independence/search_under_load.py 50000
    python tests/independence/search_under_load.py 500 --connect connect_contracts.reference.v6_2

Scenarios are drawn as ``connect-contract search --settings nightly`` draws them, round after round,
until that many were examined on each implementation. What breaks a law or cannot be judged is
printed with all that the targets saw. Status 1: a law was broken; 2: something was not judged.
"""

from __future__ import annotations

import argparse
import itertools
import os
import secrets
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import msgspec
from busy import busy_processors

from connect_contracts.execution.loading import load
from connect_contracts.judging.settings import UnderTest, under_test
from connect_contracts.model.scenario import Scenario
from connect_contracts.model.verdict import Verdict
from connect_contracts.search.budget import search_settings
from connect_contracts.search.drawing import scenarios_of_part
from connect_contracts.search.laws.every_law import LAWS
from connect_contracts.search.laws.examine import Examined, examine

REFERENCES = ("connect_contracts.reference.v0_9_1", "connect_contracts.reference.v6_2")
LIMIT = 24 * 3600.0
"""Seconds after which the processors are left alone."""

REPORT_EACH = 500


def drawn(subject: UnderTest, number: int, seed: int) -> Iterator[Scenario]:
    """Scenarios without an end, at least ``number`` in a round if that is not too many."""
    nightly = search_settings("nightly")
    settings = replace(nightly, scenarios=min(number, nightly.scenarios))
    for turn in itertools.count():
        for part in range(settings.parts):
            for one in scenarios_of_part(LAWS, subject.profile, settings, part, seed + turn):
                yield one.scenario


def report(examined: Examined) -> str:
    """What went wrong with a scenario, and all that was seen of it; references have no secrets."""
    verified = examined.verified
    lines = [f"{examined.verdict.word}: {verified.judgement.seen}"]
    lines += map(repr, (*examined.breaches, *examined.of_twin))
    lines.append(msgspec.json.encode(examined.scenario).decode())
    for seen in (verified.observation, verified.twin):
        lines += map(repr, (*seen.results, *seen.events) if seen is not None else ())
    return "".join(f"    {line}\n" for line in lines)


def search(connect: str, number: int, seed: int) -> Counter[int]:
    """Examine ``number`` scenarios; how many had which status."""
    subject = under_test(load(connect), None)
    verdicts: Counter[Verdict] = Counter()
    began = time.monotonic()
    for count, scenario in enumerate(itertools.islice(drawn(subject, number, seed), number), 1):
        examined = examine(scenario, subject, LAWS)
        verdicts[examined.verdict] += 1
        failed = examined.verdict.status != 0
        if failed:
            sys.stdout.write(report(examined))
        if count % REPORT_EACH == 0 or count == number or failed:
            words = ", ".join(f"{many} {verdict.word}" for verdict, many in verdicts.items())
            seconds = time.monotonic() - began
            sys.stdout.write(f"{connect}, {count} of {number}: {words}; {seconds:.0f} s\n")
            sys.stdout.flush()
    statuses: Counter[int] = Counter()
    for verdict, many in verdicts.items():
        statuses[verdict.status] += many
    return statuses


def main() -> int:
    """Search, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("number", type=int, help="scenarios to examine on each implementation")
    parser.add_argument("--connect", action="append", help="an implementation, MODULE[:ATTRIBUTE]")
    parser.add_argument("--seed", type=int, help="of what is drawn")
    parser.add_argument("--busy", type=int, help="busy processes; as many as processors by default")
    options = parser.parse_args()
    seed = secrets.randbelow(2**32) if options.seed is None else options.seed
    busy = (os.cpu_count() or 1) if options.busy is None else options.busy
    sys.stdout.write(f"seed {seed}, {busy} busy processes\n")
    statuses: Counter[int] = Counter()
    with busy_processors(busy, LIMIT):
        for connect in options.connect or REFERENCES:
            statuses += search(connect, options.number, seed)
    return 1 if statuses[1] else 2 if statuses[2] else 0


if __name__ == "__main__":
    sys.exit(main())
