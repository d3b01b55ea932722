"""Two implementations at hand are searched for more differences, each shrunk by Hypothesis."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING

from connect_contracts.judging.settings import UnderTest
from connect_contracts.search.budget import SearchSettings, undisturbed
from connect_contracts.search.shrinking import shrunk
from connect_contracts.upgrades.differences import Difference, beyond_wording
from connect_contracts.upgrades.record import ScenarioBehaviour, key_of
from connect_contracts.upgrades.scenarios import Listed, observed

if TYPE_CHECKING:
    from connect_contracts.model.scenario import Scenario

Pair = tuple[ScenarioBehaviour, ScenarioBehaviour]

MOST_RUNS = 500
"""How many smaller scenarios are tried, at most, for one difference."""


class Search:
    """What two implementations do in generated scenarios, each run once on each."""

    def __init__(
        self, first: UnderTest, second: UnderTest, settings: SearchSettings, known: set[Difference]
    ) -> None:
        self._under_test = first, second
        self._settings = settings
        self._known = set(known)
        self._seen: dict[str, Pair] = {}

    def pairs(self) -> Iterator[Pair]:
        """Smallest scenarios; each shows a difference that the ones before it did not show."""
        for _ in range(self._settings.most_differences):
            found = self._smallest()
            if found is None:
                return
            pair = self._pair(found)
            self._known |= beyond_wording(*pair)
            yield pair

    def reduced(self, difference: Difference, pair: Pair) -> Pair:
        """The smallest scenario that shows ``difference`` as ``pair`` does.

        Steps are taken out, and what is special is put to its default, one after the other, as
        long as the difference stays.
        """

        def shows(scenario: Scenario) -> bool:
            try:
                return difference in beyond_wording(*self._pair(scenario))
            except (LookupError, ValueError):
                # A part that was left out is named elsewhere in it.
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
                    lambda scenario: bool(beyond_wording(*self._pair(scenario)) - self._known),
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
