"""Cubes as their owner describes them, and the results that it registered for queries of MDX."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Any, cast

from connect_harness.misbehaviour import OwnCallableError, asked_of_owner
from connect_harness.refusals import no_such
from connect_harness.state.data_types import DATA_TYPES, DataError, WrongValue
from connect_harness.state.mdx import asks_for_totals, cube_of

Result = Mapping[str, Sequence[object]]
"""Columns of a result by name: levels, and measures with their values; a row is one cell each."""

Answering = Callable[[str], Result | None]
"""Gives the result of a query by its MDX, or ``None`` if it has none."""


_NONE: Result = MappingProxyType({})
_NUMBERS = ("b", "i", "u", "f")  # kinds of numpy: bool, int, unsigned int, float
_SHOWN = 60  # characters of a wrong value


class WrongCube(DataError):
    """A cube, or a result, that does not fit; the text says why in one sentence."""


class TotalsNotServed(WrongCube):
    """A query that asks for totals, which no callable is asked for."""


@dataclass(frozen=True)
class Level:
    """A level, by the three names that the documentation gives as its key."""

    dimension: str
    hierarchy: str
    name: str

    @property
    def parent(self) -> tuple[str, str]:
        """Its dimension and its hierarchy."""
        return self.dimension, self.hierarchy


@dataclass(frozen=True)
class Cube:
    """A cube: no engine behind it, only its names."""

    name: str
    measures: tuple[str, ...]
    levels: tuple[Level, ...]

    @property
    def hierarchies(self) -> list[list[Level]]:
        """The levels of each hierarchy, from the top."""
        by_hierarchy = groupby(self.levels, lambda level: level.parent)
        return [list(levels) for _, levels in by_hierarchy]

    @property
    def dimensions(self) -> dict[str, list[list[Level]]]:
        """The hierarchies of each dimension, by its name."""
        found: dict[str, list[list[Level]]] = {}
        for levels in self.hierarchies:
            found.setdefault(levels[0].dimension, []).append(levels)
        return found


class Cubes:
    """The cubes of a session. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cubes: dict[str, Cube] = {}
        self._results: dict[str, dict[str, Result]] = {}
        self._callables: dict[str, list[Answering]] = {}

    def all(self) -> list[Cube]:
        """The cubes, in the order in which they were created."""
        with self._lock:
            return list(self._cubes.values())

    def create(
        self, name: str, measures: Iterable[str], levels: Iterable[str | Sequence[str]]
    ) -> Cube:
        """Creates a cube.

        Parameters:
            levels: The name of each level, or its key: dimension, hierarchy and level. Those of
                one hierarchy stand together, from the top.

        Raises:
            WrongCube: The name is taken, there is no measure, a level is no name and no key, or a
                name is not that of one measure or level alone.
        """
        (checked,) = _names("cube", [name])
        cube = Cube(checked, _names("measure", measures), _levels(levels))
        if not cube.measures:
            raise WrongCube(f"The cube {name!r} has no measure.")
        for both in (level.name for level in cube.levels if level.name in cube.measures):
            raise WrongCube(
                f"{both!r} is the name of a measure and of a level: results name columns by it."
            )
        with self._lock:
            if name in self._cubes:
                raise WrongCube(f"There is a cube {name!r} already.")
            self._cubes[name] = cube
        return cube

    def register(self, cube: Cube, mdx: str | Answering, result: Result = _NONE) -> None:
        """Answers queries of this cube.

        Parameters:
            mdx: The query, or what gives a result by its query.
            result: That of the query.

        Raises:
            WrongCube: The query is of another cube, or the result does not fit this one.
        """
        if not isinstance(mdx, str):
            with self._lock:
                self._callables.setdefault(cube.name, []).insert(0, mdx)
            return
        if (named := _cube_of(mdx)) != cube.name:
            raise WrongCube(f"The query {mdx!r} is of {named!r}, and not of {cube.name!r}.")
        checked = _checked(cube, result)
        with self._lock:
            self._results.setdefault(cube.name, {})[mdx] = checked

    def answer(self, mdx: str) -> tuple[Cube, Result]:
        """The cube that a query names, and its result.

        The result that was registered for this very text comes first, then those that callables
        give; of each, the last registered.

        Raises:
            OwnCallableError: A callable raised, or gave what is no result of the cube.
            TotalsNotServed: It asks for totals, and its very text was not registered.
            WrongCube: There is no such cube, or no result is registered for the query; the text
                says how to register one.
        """
        name = _cube_of(mdx)
        with self._lock:
            if (cube := self._cubes.get(name)) is None:
                raise WrongCube(no_such("cube", name, self._cubes))
            result = self._results.get(name, {}).get(mdx)
            callables = list(self._callables.get(name, ()))
        if result is not None:
            return cube, result
        if asks_for_totals(mdx):
            raise TotalsNotServed(
                "Totals (include_totals=True) are not served by this session: query without them, "
                f"or register a result for the very query {mdx!r}."
            )
        for answering in callables:
            if (result := _asked(answering, mdx, cube)) is not None:
                return cube, result
        raise WrongCube(
            f"No result is registered for the query {mdx!r}: register one by "
            "target.create_cube(...).register(mdx, {column: values})."
        )


def _cube_of(mdx: str) -> str:
    if (name := cube_of(mdx)) is None:
        raise WrongCube(f"The query {mdx!r} names no cube after FROM.")
    return name


def _names(what: str, given: Iterable[object]) -> tuple[str, ...]:
    _must_be_collection(f"{what}s are a collection of names", given)
    names: list[str] = []
    for name in given:
        if not isinstance(name, str) or not name or name in names:
            raise WrongCube(f"{name!r} is no name of a {what}, or twice among them.")
        names.append(name)
    return tuple(names)


def _levels(given: Iterable[object]) -> tuple[Level, ...]:
    _must_be_collection("levels are a collection of names or keys", given)
    levels: list[Level] = []
    for key in given:
        names = (key,) * 3 if isinstance(key, str) else key
        match names:
            case [str(dimension), str(hierarchy), str(name)] if all(names):
                level = Level(dimension, hierarchy, name)
            case _:
                raise WrongCube(f"{key!r} is no name of a level, and not the three of its key.")
        if name in [other.name for other in levels]:
            raise WrongCube(f"Two levels have the name {name!r}: results name columns by it.")
        if level.parent in [other.parent for other in levels] and level.parent != levels[-1].parent:
            raise WrongCube(f"The levels of {hierarchy!r} stand together, from the top.")
        levels.append(level)
    return tuple(levels)


def _must_be_collection(sentence: str, given: Iterable[object]) -> None:
    if isinstance(given, str):
        raise WrongCube(f"The {sentence}: write one as [{given!r}].")
    if isinstance(given, Mapping):
        raise WrongCube(f"The {sentence}, and no mapping: write {list(given)!r}.")


def _asked(answering: Answering, mdx: str, cube: Cube) -> Result | None:
    """The result that a callable gives; what it does wrong is a mistake of its owner."""
    result = asked_of_owner(answering, mdx)
    if result is None:
        return None
    if not isinstance(result, Mapping):
        given = type(result).__name__
        raise OwnCallableError(
            f"TypeError: A callable gives a mapping of columns, or None, not {given}."
        )
    try:
        return _checked(cube, result)
    except DataError as error:
        raise OwnCallableError(f"{type(error).__name__}: {error}") from None


def _checked(cube: Cube, result: Mapping[str, object]) -> Result:
    """The result with values that JSON has.

    Raises:
        WrongCube: A column is no measure and no level of the cube, a level above is missing, the
            columns differ in length, or a value has no form in JSON.
    """
    names = {level.name for level in cube.levels}
    columns: dict[str, Collection[object]] = {}
    for column, values in result.items():
        if column not in cube.measures and column not in names:
            raise WrongCube(f"The cube {cube.name!r} has no measure or level {column!r}.")
        if not isinstance(values, Collection) or isinstance(values, str | bytes | Mapping | Set):
            raise WrongCube(f"The column {column!r} is no list of values.")
        columns[column] = values
    if len({len(values) for values in columns.values()}) > 1:
        raise WrongCube("The columns of a result differ in length.")
    shown = [level for levels in _shown(cube, result) for level in levels]
    if len(shown) + sum(column in cube.measures for column in result) < len(result):
        raise WrongCube("A result has a level without the level above it.")
    return {
        column: [
            _cell(column, value) if column in cube.measures else _text(value) for value in values
        ]
        for column, values in columns.items()
    }


def _shown(cube: Cube, result: Mapping[str, object]) -> list[list[Level]]:
    """The levels of each hierarchy that the result has, from the top."""
    return [
        [level for level in levels if level.name in result]
        for levels in cube.hierarchies
        if levels[0].name in result
    ]


def _cell(measure: str, value: object) -> object:
    try:
        return DATA_TYPES["Object"].check(_without_numpy(value))
    except WrongValue:
        raise WrongCube(
            f"The measure {measure!r} has {repr(value)[:_SHOWN]}: a cell is None, a bool, a "
            "number, a text, or a list of these."
        ) from None


def _without_numpy(value: object) -> object:
    """A number, or an array of numbers, of numpy as Python has it."""
    if getattr(getattr(value, "dtype", None), "kind", None) in _NUMBERS:
        return cast("Any", value).tolist()
    return [_without_numpy(item) for item in value] if isinstance(value, list | tuple) else value


def _text(member: object) -> object:
    return DATA_TYPES["String"].check(str(member))


def cell_set(cube: Cube, result: Result) -> dict[str, Any]:
    """The result as the answer to a query of MDX: measures on columns, members on rows."""
    measures = [column for column in result if column in cube.measures]
    shown = _shown(cube, result)
    size = max((len(values) for values in result.values()), default=0)
    rows = [
        [_member("AllMember", *(result[level.name][row] for level in levels)) for levels in shown]
        for row in range(size)
    ]
    axes = [_axis(0, [("Measures", "Measures", 1)], [[_member(name)] for name in measures])]
    if shown:
        on_rows = [(levels[0].dimension, levels[0].hierarchy, len(levels) + 1) for levels in shown]
        axes.append(_axis(1, on_rows, rows))
    cells = [result[measure][row] for row in range(size) for measure in measures]
    return {
        "axes": axes,
        "cells": [
            {"ordinal": number, "value": value, "formattedValue": str(value), "properties": {}}
            for number, value in enumerate(cells)
            if value is not None
        ],
        "cube": cube.name,
        "defaultMembers": [
            _default("Measures", "Measures", cube.measures[0]),
            *(
                _default(levels[0].dimension, levels[0].hierarchy, "AllMember")
                for levels in cube.hierarchies
            ),
        ],
        "branch": "master",
        "epoch": 1,
    }


def _axis(
    number: int, hierarchies: list[tuple[str, str, int]], positions: list[list[dict[str, Any]]]
) -> dict[str, Any]:
    return {
        "id": number,
        "hierarchies": [{"dimension": dim, "hierarchy": name} for dim, name, _ in hierarchies],
        "positions": positions,
        "maxLevelPerHierarchy": [depth for *_, depth in hierarchies],
    }


def _member(*path: object) -> dict[str, Any]:
    return {"captionPath": list(path), "namePath": list(path), "properties": {}}


def _default(dimension: str, hierarchy: str, name: str) -> dict[str, Any]:
    return {"captionPath": [name], "dimension": dimension, "hierarchy": hierarchy, "path": [name]}
