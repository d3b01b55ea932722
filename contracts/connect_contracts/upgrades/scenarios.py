"""The scenarios that are observed: a list that is the same in every environment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from connect_contracts.chapters.case import Case
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.model.clause import Depth, Profile
from connect_contracts.model.scenario import Scenario
from connect_contracts.search.strategies.covering import ladder
from connect_contracts.upgrades.baseline import plain_scenarios
from connect_contracts.upgrades.scenario_data import key_of

Origin = Literal["all", "cases", "ladder"]


class Listed(msgspec.Struct, frozen=True):
    """A scenario of the list, and the ids of the cases that it belongs to."""

    scenario: Scenario
    cases: tuple[str, ...] = ()


def listed_scenarios(
    depth: Depth = Depth.DEFAULT, ids: tuple[str, ...] = (), origin: Origin = "all"
) -> list[Listed]:
    """The scenarios of all cases at this depth, whatever their profile, and of their twins, the
    plainest ones, and those of the ladders of both profiles; each is there once.

    Parameters:
        ids: Chapters, clauses or cases; all of them for none.
        origin: ``cases`` leaves out what is generated, ``ladder`` the cases.

    Raises:
        UnknownId: An id is not in the catalogue.
    """
    found: dict[str, Listed] = {}
    cases = catalogue().select(ids, depth)
    for scenario, name in _named(cases if origin != "ladder" else []):
        key = key_of(scenario)
        before = found.get(key, Listed(scenario))
        found[key] = Listed(before.scenario, (*before.cases, name))
    for scenario in _generated() if origin != "cases" else ():
        found.setdefault(key_of(scenario), Listed(scenario))
    return list(found.values())


def _generated() -> Iterator[Scenario]:
    yield from plain_scenarios()
    for profile in Profile:
        yield from ladder(profile)


def _named(cases: list[Case]) -> Iterator[tuple[Scenario, str]]:
    for case in cases:
        yield case.scenario, case.id
    for case in cases:
        if case.twin is not None:
            yield case.twin, f"{case.id} (twin)"
