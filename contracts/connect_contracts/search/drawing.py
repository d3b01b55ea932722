"""Scenarios for a search: rungs of the ladder, and what Hypothesis draws.

Which scenarios they are depends on the profile and the settings alone, not on the implementation
and not on what was found before.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec

from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Scenario
from connect_contracts.search.budget import SearchSettings, undisturbed
from connect_contracts.search.laws.law import Law
from connect_contracts.search.strategies.building import Drawn
from connect_contracts.search.strategies.covering import ladder, rungs_of

if TYPE_CHECKING:
    from hypothesis import settings as drawing_settings
    from hypothesis.strategies import SearchStrategy

MOST_TURNS = 6
"""How often is drawn again, at most, in place of what was drawn twice."""


def scenarios_of_part(
    laws: Sequence[Law], profile: Profile, settings: SearchSettings, part: int, seed: int
) -> list[Drawn]:
    """The scenarios of one part of a search, each once, those of the ladder first."""
    from connect_contracts.search.strategies import generated

    rungs = zip(ladder(profile), rungs_of(profile), strict=True) if settings.ladder else ()
    found = _each_once([Drawn(*rung) for rung in rungs][part :: settings.parts])
    sources = list(dict.fromkeys(["scenarios", *(law.source for law in laws)]))
    each = max(1, settings.scenarios // settings.parts // len(sources))
    for source in sources:
        strategy = getattr(generated, "drawn_scenarios" if source == "scenarios" else source)
        wanted = len(found) + each
        for turn in range(MOST_TURNS):
            missing = wanted - len(found)
            if missing <= 0:
                break
            seed_of_turn = zlib.crc32(f"{source} {profile} {seed} {part} {turn}".encode())
            # The first that is drawn is the simplest, each time.
            more = _drawn(strategy(profile), settings.hypothesis(missing + 1), seed_of_turn)
            new = [pair for pair in _each_once(more).items() if pair[0] not in found]
            found |= dict(new[:missing])
    return list(found.values())


def _each_once(drawn: Iterable[Drawn]) -> dict[bytes, Drawn]:
    return {msgspec.json.encode(each.scenario): each for each in drawn}


def _drawn(
    strategy: SearchStrategy[Drawn | Scenario], settings: drawing_settings, number: int
) -> list[Drawn]:
    from hypothesis import given, seed

    found: list[Drawn] = []

    @seed(number)
    @settings
    @given(strategy)
    def collect(made: Drawn | Scenario) -> None:
        found.append(made if isinstance(made, Drawn) else Drawn(made))

    with undisturbed():
        collect()
    return found
