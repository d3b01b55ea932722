"""How many pairs of values a run of scenarios meets, of those that can be met."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Scenario
from connect_contracts.search.strategies.classifying import dimensions_of
from connect_contracts.search.strategies.constraints import Value, numbers_in, space
from connect_contracts.search.strategies.covering import met, possible_pairs


@dataclass(frozen=True)
class PairCoverage:
    """The pairs of values that scenarios met.

    Parameters:
        met: How many of the possible ones.
        possible: How many there are.
        missing: The others, each as two values with their dimensions.
    """

    met: int
    possible: int
    missing: tuple[tuple[Value, Value], ...]

    def describe(self) -> str:
        """The coverage as a sentence without its end."""
        return f"{self.met} of {self.possible} pairs of values met"


def pairs_met(scenarios: Iterable[Scenario], profile: Profile) -> PairCoverage:
    """The pairs of values that ``scenarios`` meet, of those that are possible in ``profile``.

    A scenario with an odd value meets the pairs that have it, and no others: with it, nothing may
    be learned of them. One with two odd values meets none.
    """
    every = space(profile)
    missing = list(possible_pairs(profile))
    possible = _count(missing)
    for scenario in scenarios:
        chosen = every.chosen(dimensions_of(scenario))
        if (chosen & every.odd).bit_count() <= 1:
            for number, others in met(chosen, every):
                missing[number] &= ~others
    left = tuple(
        (every.values[number], every.values[other])
        for number, others in enumerate(missing)
        for other in numbers_in(others)
        if number < other
    )
    return PairCoverage(possible - len(left), possible, left)


def _count(pairs: list[int]) -> int:
    return sum(others.bit_count() for others in pairs) // 2
