"""Scenarios that are one step, or one special value, smaller than a given one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from connect_contracts.behaviour.scenario_data import sparse
from connect_contracts.scenario import Scenario

_KEPT = ("type", "name", "session", "target", "action")
"""What says what a part is, and is no value of it."""


def smaller_ones(scenario: Scenario) -> Iterator[Scenario]:
    """Every scenario that lacks one step of ``scenario``, or has a default where it has none.

    The last steps are taken out first. Whether one is still worth anything is not looked at.
    """
    for index in reversed(range(len(scenario.steps))):
        if len(scenario.steps) > 1:
            steps = (*scenario.steps[:index], *scenario.steps[index + 1 :])
            yield msgspec.structs.replace(scenario, steps=steps)
    plain = sparse(scenario)
    for path in _values(plain, ()):
        try:
            yield msgspec.convert(_without(plain, path), Scenario)
        except (msgspec.ValidationError, ValueError):
            # A value without which there is no scenario, or no chain.
            continue


def _values(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """Where a value that is no default stands, the outermost first."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if path and name not in _KEPT:
                yield (*path, name)
            yield from _values(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            if isinstance(inner, dict):
                yield from _values(inner, (*path, index))


def _without(value: Any, path: tuple[str | int, ...]) -> Any:
    first, *rest = path
    if isinstance(value, dict):
        if not rest:
            return {name: one for name, one in value.items() if name != first}
        return {
            name: _without(one, tuple(rest)) if name == first else one
            for name, one in value.items()
        }
    return [
        _without(one, tuple(rest)) if index == first else one for index, one in enumerate(value)
    ]
