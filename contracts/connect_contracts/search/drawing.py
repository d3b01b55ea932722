"""Scenarios for a search: rungs of the ladder, and what Hypothesis draws.

Which scenarios they are depends on the profile and the settings alone, not on the implementation
and not on what was found before.
"""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from connect_contracts.clauses import Profile
from connect_contracts.properties.law import Law, every_scenario
from connect_contracts.scenario import Scenario
from connect_contracts.search.budget import SearchSettings, undisturbed

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


def fresh_seed(settings: SearchSettings) -> int:
    """The seed of a whole search; always the same one where it is derandomised."""
    return 0 if settings.derandomised else secrets.randbelow(2**32)


def scenarios_of_part(
    laws: Sequence[Law], profile: Profile, settings: SearchSettings, part: int, seed: int
) -> list[Scenario]:
    """The scenarios of one part of a search, each once, those of the ladder first."""
    from connect_contracts.strategies import ladder

    strategies = list(dict.fromkeys([every_scenario, *(law.strategy for law in laws)]))
    found: list[Scenario] = []
    if settings.ladder:
        found += ladder(profile)[part :: settings.parts]
    each = max(1, settings.scenarios // settings.parts // len(strategies))
    for strategy in strategies:
        name = f"{strategy.__module__}.{strategy.__qualname__} {profile} {seed} {part}"
        found += _drawn(strategy(profile), settings, each, zlib.crc32(name.encode()))
    return list({msgspec.json.encode(one): one for one in found}.values())


def _drawn(
    strategy: SearchStrategy[Scenario], settings: SearchSettings, count: int, number: int
) -> list[Scenario]:
    from hypothesis import given, seed

    found: list[Scenario] = []

    @seed(number)
    @settings.hypothesis(count)
    @given(strategy)
    def collect(scenario: Scenario) -> None:
        found.append(scenario)

    with undisturbed():
        collect()
    return found
