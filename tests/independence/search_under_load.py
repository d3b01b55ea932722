"""Does a search find nothing on what is sound while the processors are busy with something else?

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
from connect_contracts.search.budget import search_settings
from connect_contracts.search.drawing import scenarios_of_part
from connect_contracts.search.laws.every_law import laws_named
from connect_contracts.search.laws.examine import Examined, examine

REFERENCES = ("connect_contracts.reference.v0_9_1", "connect_contracts.reference.v6_2")
LIMIT = 24 * 3600.0
"""Seconds after which the processors are left alone."""

TOLD_EACH = 500


def drawn(subject: UnderTest, number: int, seed: int) -> Iterator[Scenario]:
    """Scenarios without an end, at least ``number`` in a round if that is not too many."""
    nightly, laws = search_settings("nightly"), laws_named(())
    settings = replace(nightly, scenarios=min(number, nightly.scenarios))
    for turn in itertools.count():
        for part in range(settings.parts):
            yield from scenarios_of_part(laws, subject.profile, settings, part, seed + turn)


def told(examined: Examined) -> Iterator[str]:
    """What went wrong with a scenario, and all that was seen of it; references have no secrets."""
    yield f"{examined.verdict.word}: {examined.verified.judgement.seen}"
    yield from (repr(one) for one in (*examined.breaches, *examined.of_twin))
    yield msgspec.json.encode(examined.scenario).decode()
    for seen in (examined.verified.observation, examined.verified.twin):
        if seen is not None:
            yield from (repr(one) for one in (*seen.results, *seen.events))


def search(connect: str, number: int, seed: int) -> Counter[int]:
    """Examine ``number`` scenarios; how many had which status."""
    say, laws = sys.stdout.write, laws_named(())
    subject = under_test(load(connect), None)
    verdicts: Counter[str] = Counter()
    statuses: Counter[int] = Counter()
    began = time.monotonic()
    for count, scenario in enumerate(itertools.islice(drawn(subject, number, seed), number), 1):
        examined = examine(scenario, subject, laws)
        verdicts[examined.verdict.word] += 1
        statuses[examined.verdict.status] += 1
        if examined.verdict.status:
            say("".join(f"    {line}\n" for line in told(examined)))
        if count % TOLD_EACH == 0 or count == number or examined.verdict.status:
            words = ", ".join(f"{many} {word}" for word, many in sorted(verdicts.items()))
            say(f"{connect}, {count} of {number}: {words}; {time.monotonic() - began:.0f} s\n")
            sys.stdout.flush()
    return statuses


def main() -> int:
    """Search, and tell what was found."""
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
