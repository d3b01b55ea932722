"""Scenarios for a search: rungs of the ladder, and what Hypothesis draws.

Which scenarios they are depends on the profile and the settings alone, not on the implementation
and not on what was found before.
"""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Scenario
from connect_contracts.search.budget import SearchSettings, undisturbed
from connect_contracts.search.laws.law import Law, Machine, every_scenario

if TYPE_CHECKING:
    from hypothesis import settings as drawing_settings
    from hypothesis.strategies import SearchStrategy


MOST_TURNS = 6
"""How often is drawn again, at most, in place of what was drawn twice."""


def fresh_seed(settings: SearchSettings) -> int:
    """The seed of a whole search; always the same one where it is derandomised."""
    return 0 if settings.derandomised else secrets.randbelow(2**32)


def scenarios_of_part(
    laws: Sequence[Law], profile: Profile, settings: SearchSettings, part: int, seed: int
) -> list[Scenario]:
    """The scenarios of one part of a search, each once, those of the ladder first."""
    from connect_contracts.search.strategies.covering import ladder

    sources = list(dict.fromkeys([every_scenario, *map(_source, laws)]))
    found = _each_once(ladder(profile)[part :: settings.parts] if settings.ladder else ())
    each = max(1, settings.scenarios // settings.parts // len(sources))
    for source in sources:
        name = f"{source.__module__}.{source.__qualname__} {profile} {seed} {part}"
        wanted = len(found) + each
        for turn in range(MOST_TURNS):
            missing = wanted - len(found)
            if missing <= 0:
                break
            number = zlib.crc32(f"{name} {turn}".encode())
            drawn = _histories if any(one.machine is source for one in laws) else _drawn
            # The first that is drawn is the plainest, each time.
            more = drawn(source, profile, settings.hypothesis(missing + 1), number)
            new = [one for one in _each_once(more).items() if one[0] not in found]
            found |= dict(new[:missing])
    return list(found.values())


def _each_once(scenarios: Iterable[Scenario]) -> dict[bytes, Scenario]:
    return {msgspec.json.encode(one): one for one in scenarios}


def _source(law: Law) -> Any:
    return law.machine or law.strategy


def _drawn(
    strategy: Callable[[Profile], SearchStrategy[Scenario]],
    profile: Profile,
    settings: drawing_settings,
    number: int,
) -> list[Scenario]:
    from hypothesis import given, seed

    found: list[Scenario] = []

    @seed(number)
    @settings
    @given(strategy(profile))
    def collect(scenario: Scenario) -> None:
        found.append(scenario)

    with undisturbed():
        collect()
    return found


def _histories(
    machine: Machine, profile: Profile, settings: drawing_settings, number: int
) -> list[Scenario]:
    from hypothesis import seed
    from hypothesis.stateful import run_state_machine_as_test

    found: list[Scenario] = []
    with undisturbed():
        run_state_machine_as_test(seed(number)(machine(profile, found.append)), settings=settings)
    return found
