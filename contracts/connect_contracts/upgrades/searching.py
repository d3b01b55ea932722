"""Two implementations at hand are observed again: what differs is confirmed, made small, searched.

Hypothesis draws and shrinks what is searched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product
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

MOST_CONFIRMED = 20
"""How many scenarios are observed again, at most, before what differs in them is told."""

AGAIN = 3
"""How often they are. Where two threads race, one run alone tells little."""

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


def confirmed(sides: Sides, comparison: Comparison, known: Iterable[str] = ()) -> Comparison:
    """``comparison`` with the plainest scenario of each group observed again.

    A client may do either of two things, by which thread was first: that is no difference of two
    implementations. What both did alike takes the place of what they did then.

    Parameters:
        known: The keys of scenarios that are not observed again.
    """
    seen = set(known)
    left = MOST_CONFIRMED
    while left:
        unseen = (
            (group.first.key, (group.first, group.second))
            for group in comparison.groups
            if not group.wording_only and group.first.key not in seen
        )
        new = dict(islice(unseen, left))
        if not new:
            break
        left -= len(new)
        seen |= new.keys()
        alike: list[Pair] = []
        unsteady = [*comparison.unsteady]
        for pair in new.values():
            most_alike, gone = _again(sides, pair)
            if gone:
                alike.append(most_alike)
                unsteady.append((min(gone), pair[0].scenario))
        comparison = msgspec.structs.replace(comparison.with_pairs(alike), unsteady=tuple(unsteady))
    return comparison


def _again(sides: Sides, pair: Pair) -> tuple[Pair, set[Difference]]:
    """The pair of behaviours with the fewest differences, and those that not every pair shows."""
    listed = Listed(pair[0].scenario, pair[0].cases)
    firsts, seconds = (
        [behaviour, *(observed(side, listed) for _ in range(AGAIN))]
        for side, behaviour in zip(sides, pair, strict=True)
    )
    found = [(beyond_wording(*both), both) for both in product(firsts, seconds)]
    steady = set.intersection(*(differences for differences, _ in found))
    _, most_alike = min(found, key=lambda each: len(each[0]))
    return most_alike, beyond_wording(*pair) - steady


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
