"""Two implementations at hand are searched for more differences, each shrunk by Hypothesis."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING

from connect_contracts.judging.settings import UnderTest
from connect_contracts.search.budget import SearchSettings, undisturbed
from connect_contracts.search.shrinking import shrunk
from connect_contracts.upgrades.differences import Difference, differences
from connect_contracts.upgrades.observing import observed
from connect_contracts.upgrades.record import ScenarioBehaviour
from connect_contracts.upgrades.scenario_data import key_of
from connect_contracts.upgrades.scenarios import Listed

if TYPE_CHECKING:
    from connect_contracts.model.scenario import Scenario

Pair = tuple[ScenarioBehaviour, ScenarioBehaviour]


MOST_RUNS = 500
"""How many smaller scenarios are tried, at most, for one difference."""


class Search:
    """What two implementations do in generated scenarios, each run once on each.

    Parameters:
        known: What is known to differ already, and is not looked for.
    """

    def __init__(
        self, first: UnderTest, second: UnderTest, settings: SearchSettings, known: set[Difference]
    ) -> None:
        self._under_test = first, second
        self._settings = settings
        self._known = set(known)
        self._seen: dict[str, Pair] = {}

    def pairs(self) -> Iterator[Pair]:
        """Smallest scenarios, each of which shows a difference that none before it showed."""
        for _ in range(self._settings.most_differences):
            found = self._smallest()
            if found is None:
                return
            pair = self._pair(found)
            self._known |= _of(pair)
            yield pair

    def reduced(self, difference: Difference, pair: Pair) -> Pair:
        """A scenario that shows ``difference`` as ``pair`` does, and of which nothing can be left.

        Steps are taken out, and what is special is put to its default, one after the other, as
        long as the difference stays.
        """

        def shows(scenario: Scenario) -> bool:
            try:
                return difference in _of(self._pair(scenario))
            except (LookupError, ValueError):
                # What was left out is named elsewhere in it: nobody wrote such a scenario.
                return False

        return self._pair(shrunk(pair[0].scenario, shows, MOST_RUNS))

    def _smallest(self) -> Scenario | None:
        from hypothesis import find
        from hypothesis.errors import NoSuchExample

        from connect_contracts.search.strategies.generated import scenarios

        profile = self._under_test[0].profile
        try:
            with undisturbed():
                return find(
                    scenarios(profile),
                    lambda scenario: bool(_of(self._pair(scenario)) - self._known),
                    settings=self._settings.hypothesis(self._settings.scenarios, shrinks=True),
                    random=Random(0) if self._settings.derandomised else None,
                )
        except NoSuchExample:
            return None

    def _pair(self, scenario: Scenario) -> Pair:
        key = key_of(scenario)
        if key not in self._seen:
            first, second = self._under_test
            listed = Listed(scenario)
            self._seen[key] = observed(first, listed), observed(second, listed)
        return self._seen[key]


def _of(pair: Pair) -> set[Difference]:
    found = (one.difference for one in differences(*pair))
    return {one for one in found if one.kind != "wording"}
