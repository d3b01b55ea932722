"""Two implementations at hand are searched for more differences, each shrunk by Hypothesis."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from connect_contracts.behaviour.differences import Difference, differences
from connect_contracts.behaviour.observing import observed
from connect_contracts.behaviour.record import ScenarioBehaviour
from connect_contracts.behaviour.reducing import smaller_ones
from connect_contracts.behaviour.scenario_data import key_of
from connect_contracts.behaviour.scenarios import Listed
from connect_contracts.settings import UnderTest

if TYPE_CHECKING:
    from hypothesis import settings

    from connect_contracts.scenario import Scenario

Pair = tuple[ScenarioBehaviour, ScenarioBehaviour]


@dataclass(frozen=True)
class Budget:
    """How long a search looks.

    Parameters:
        scenarios: How many scenarios are drawn for each difference that is looked for.
        most: After how many differences found it ends.
        derandomised: Whether each run draws the same scenarios.
    """

    scenarios: int
    most: int
    derandomised: bool = True


BUDGETS = {
    "ci": Budget(80, 10),
    "dev": Budget(500, 50, derandomised=False),
    "nightly": Budget(10_000, 500, derandomised=False),
}


class Search:
    """What two implementations do in generated scenarios, each run once on each.

    Parameters:
        known: What is known to differ already, and is not looked for.
    """

    def __init__(
        self, first: UnderTest, second: UnderTest, budget: Budget, known: set[Difference]
    ) -> None:
        self._under_test = first, second
        self._budget = budget
        self._known = set(known)
        self._seen: dict[str, Pair] = {}

    def pairs(self) -> Iterator[Pair]:
        """Smallest scenarios, each of which shows a difference that none before it showed."""
        for _ in range(self._budget.most):
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
        smaller = True
        while smaller:
            smaller = False
            for scenario in smaller_ones(pair[0].scenario):
                tried = self._pair(scenario)
                if difference in _of(tried):
                    pair, smaller = tried, True
                    break
        return pair

    def _smallest(self) -> Scenario | None:
        from hypothesis import find
        from hypothesis.errors import NoSuchExample

        from connect_contracts.strategies import scenarios

        profile = self._under_test[0].profile
        try:
            with _nothing_written():
                return find(
                    scenarios(profile),
                    lambda scenario: bool(_of(self._pair(scenario)) - self._known),
                    settings=_settings(self._budget),
                    random=Random(0) if self._budget.derandomised else None,
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


def _settings(budget: Budget) -> settings:
    # Handed on, never registered or loaded: a user's own tests keep theirs.
    from hypothesis import HealthCheck, Phase, Verbosity, settings

    return settings(
        max_examples=budget.scenarios,
        derandomize=False,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )


@contextmanager
def _nothing_written() -> Iterator[None]:
    """Meanwhile Hypothesis keeps what it keeps in a folder that is gone after."""
    from hypothesis import configuration

    name = "__hypothesis_home_directory"
    before = getattr(configuration, name, None)
    with TemporaryDirectory(prefix="connect-") as folder:
        configuration.set_hypothesis_home_dir(Path(folder))
        try:
            yield
        finally:
            setattr(configuration, name, before)
