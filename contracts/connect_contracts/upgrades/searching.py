"""Two implementations at hand are observed again: what differs is confirmed, made small, searched.

Hypothesis draws and shrinks what is searched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import TYPE_CHECKING

import msgspec

from connect_contracts.execution.processes import as_task, worker_processes
from connect_contracts.judging.settings import Elsewhere, UnderTest, subject_of
from connect_contracts.model.json_text import json_of
from connect_contracts.search.budget import SearchSettings, undisturbed
from connect_contracts.search.shrinking import shrunk
from connect_contracts.upgrades.differences import Difference, beyond_wording
from connect_contracts.upgrades.groups import Comparison, Pair
from connect_contracts.upgrades.record import key_of
from connect_contracts.upgrades.scenarios import Listed, observed

if TYPE_CHECKING:
    from connect_contracts.model.scenario import Scenario

MOST_RUNS = 150
"""How many smaller scenarios are tried, at most, for one difference."""

MOST_CONFIRMED = 40
"""How many scenarios are observed again, at most, before what differs in them is told."""

Sides = tuple[UnderTest, UnderTest]


class Search:
    """What two implementations do in generated scenarios.

    Parameters:
        known: The differences that are not looked for.
    """

    def __init__(self, sides: Sides, settings: SearchSettings, known: set[Difference]) -> None:
        self._profile = sides[0].profile
        self._settings = settings
        self._known = set(known)
        self._pairs = Pairs(sides)

    def pairs(self) -> Iterator[Pair]:
        """Smallest scenarios; each shows a difference that the ones before it did not show."""
        for _ in range(self._settings.most_differences):
            found = self._smallest()
            if found is None:
                return
            pair = self._pairs.of(found)
            self._known |= beyond_wording(*pair)
            yield pair

    def _smallest(self) -> Scenario | None:
        from hypothesis import find
        from hypothesis.errors import NoSuchExample

        from connect_contracts.search.strategies.generated import scenarios

        profile = self._profile
        try:
            with undisturbed():
                return find(
                    scenarios(profile),
                    lambda scenario: bool(beyond_wording(*self._pairs.of(scenario)) - self._known),
                    settings=self._settings.hypothesis(self._settings.scenarios, shrinks=True),
                    random=Random(0) if self._settings.derandomised else None,
                )
        except NoSuchExample:
            return None


class Pairs:
    """What two implementations do, each scenario observed once on each."""

    def __init__(self, sides: Sides) -> None:
        self._sides = sides
        self._seen: dict[str, Pair] = {}

    def of(self, scenario: Scenario) -> Pair:
        key = key_of(scenario)
        if key not in self._seen:
            first, second = self._sides
            listed = Listed(scenario)
            self._seen[key] = observed(first, listed), observed(second, listed)
        return self._seen[key]


def confirmed(sides: Sides, comparison: Comparison) -> Comparison:
    """``comparison`` with the plainest scenario of each group observed again.

    A client may do either of two things, by which thread was first. What it did in one run alone
    is no difference of two implementations: the later behaviour takes the place of the earlier
    one.
    """
    seen: dict[str, Pair] = {}
    while len(seen) < MOST_CONFIRMED:
        new = {
            group.first.key: (group.first, group.second)
            for group in comparison.groups
            if not group.wording_only and group.first.key not in seen
        }
        if not new:
            break
        once: list[tuple[Difference, Scenario]] = []
        pairs = Pairs(sides)
        for key, before in new.items():
            again = pairs.of(before[0].scenario)
            gone = beyond_wording(*before) - beyond_wording(*again)
            seen[key] = again if gone else before
            once += [(min(gone), before[0].scenario)] if gone else []
        comparison = comparison.with_pairs(seen[key] for key in new)
        comparison = msgspec.structs.replace(comparison, once=(*comparison.once, *once))
    return comparison


def reduced(sides: Sides, difference: Difference, pair: Pair) -> Pair:
    """The smallest scenario that shows ``difference`` as ``pair`` does.

    Steps are taken out, and what is special is put to its default, one after the other, as long as
    the difference stays.
    """
    pairs = Pairs(sides)

    def shows(scenario: Scenario) -> bool:
        try:
            return difference in beyond_wording(*pairs.of(scenario))
        except (LookupError, ValueError):
            # A part that was left out is named elsewhere in it.
            return False

    return pairs.of(shrunk(pair[0].scenario, shows, MOST_RUNS))


def all_reduced(
    sides: Sides, wanted: Sequence[tuple[Difference, Pair]], workers: int
) -> Iterator[Pair]:
    """The smallest scenarios of several differences, as :func:`reduced` finds them, in their order.

    Parameters:
        workers: How many processes; 0 for this one. They need both implementations by their names.

    Raises:
        ImplementationEnded: A process ended before it was done.
    """
    if not workers:
        yield from (reduced(sides, difference, pair) for difference, pair in wanted)
        return
    first, second = sides
    given = first.elsewhere, second.elsewhere
    with worker_processes(min(workers, len(wanted))) as pool:
        asked = [pool.submit(as_task, _reduced_elsewhere, given, json_of(each)) for each in wanted]
        for done in asked:
            yield msgspec.json.decode(done.result(), type=Pair)


def _reduced_elsewhere(sides: tuple[Elsewhere, Elsewhere], wanted: bytes) -> bytes:
    first, second = (subject_of(side) for side in sides)
    difference, pair = msgspec.json.decode(wanted, type=tuple[Difference, Pair])
    return json_of(reduced((first, second), difference, pair))
