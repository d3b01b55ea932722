"""The ladder: few scenarios, always the same, in which every two values meet that can.

It begins with the default values; each other value follows alone, then in company. Two values that
are not odd meet in a scenario without an odd value: with one, nothing may be learned of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

import msgspec

from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Scenario
from connect_contracts.search.strategies.building import Details, scenario_of
from connect_contracts.search.strategies.constraints import Space, numbers_in, space
from connect_contracts.search.strategies.dimensions import Dimensions


@cache
def ladder(profile: Profile) -> tuple[Scenario, ...]:
    """The scenarios of ``profile``, the simplest first; equal in every run."""
    rungs = rungs_of(profile)
    return tuple(
        scenario_of(rung, profile, Details(turn=number)) for number, rung in enumerate(rungs)
    )


@cache
def rungs_of(profile: Profile) -> tuple[Dimensions, ...]:
    """The values of each scenario of the ladder."""
    every = space(profile)
    rungs: dict[int, None] = {}
    missing = list(possible_pairs(profile))
    for number in range(len(every.values)):
        made = every.completed(1 << number)
        if made is not None:
            _add(rungs, made, missing, every)
    for number, others in enumerate(missing):
        while missing[number] & others:
            first = 1 << number | missing[number] & -missing[number]
            _add(rungs, _best(first, missing, every), missing, every)
    return tuple(every.dimensions_of(rung) for rung in rungs)


def _add(rungs: dict[int, None], made: int, missing: list[int], every: Space) -> None:
    rungs[made] = None
    for number, others in met(made, every):
        missing[number] &= ~others


def _best(chosen: int, missing: list[int], every: Space) -> int:
    """A scenario with these values, and greedily with as many missing pairs as fit."""
    while True:
        free = (1 << len(every.values)) - 1
        for number in numbers_in(chosen):
            free &= every.allowed[number]
        for mask in every.masks.values():
            if mask & chosen:
                free &= ~mask
        gains = ((-(missing[number] & chosen).bit_count(), number) for number in numbers_in(free))
        for _, number in sorted(gain for gain in gains if gain[0]):
            if every.completed(chosen | 1 << number) is not None:
                chosen |= 1 << number
                break
        else:
            made = every.completed(chosen)
            assert made is not None
            return made


@cache
def possible_pairs(profile: Profile) -> tuple[int, ...]:
    """By each value's number, the set of the values that it can meet in some scenario."""
    every = space(profile)
    found = [0] * len(every.values)
    for number in range(len(every.values)):
        for other in numbers_in(every.allowed[number] & ~found[number] & -2 << number):
            if found[number] >> other & 1:
                continue
            made = every.completed(1 << number | 1 << other)
            if made is not None:
                # What one scenario shows to be possible need not be looked for again.
                for first, others in met(made, every):
                    found[first] |= others
    return tuple(found)


def met(chosen: int, every: Space) -> Iterator[tuple[int, int]]:
    """By value, those that it meets: with an odd one among them, the pairs that have it."""
    strange = chosen & every.odd
    for number in numbers_in(chosen):
        others = strange if strange and not strange >> number & 1 else chosen
        yield number, others & ~(1 << number)


class Coverage(msgspec.Struct, frozen=True):
    """How many pairs of values of a scenario's dimensions were met, of how many there are."""

    met: int
    possible: int


def pairs_met(chosen: Iterable[Dimensions], profile: Profile) -> Coverage:
    """The pairs of values that scenarios meet which were drawn by ``chosen``.

    A scenario with an odd value meets the pairs that have it, and no others: with it, nothing may
    be learned of them.
    """
    every = space(profile)
    missing = list(possible_pairs(profile))
    possible = sum(others.bit_count() for others in missing) // 2
    for values in chosen:
        for number, others in met(every.chosen(values), every):
            missing[number] &= ~others
    left = sum(others.bit_count() for others in missing) // 2
    return Coverage(possible - left, possible)
