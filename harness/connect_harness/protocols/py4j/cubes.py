"""Cubes, as clients ask for them through Py4J to name and type the columns of a result."""

from __future__ import annotations

from connect_harness.protocols.py4j.objects import JavaError, Remote
from connect_harness.state import Cube, Level


class Optional(Remote):
    """Java's ``Optional``."""

    def __init__(self, value: object | None) -> None:
        self._value = value

    def is_empty(self) -> bool:
        return self._value is None

    def is_present(self) -> bool:
        return self._value is not None

    def or_else_throw(self) -> object:
        if self._value is None:
            raise JavaError("No value present", "java.util.NoSuchElementException")
        return self._value

    get = or_else_throw


class JavaType(Remote):
    """A data type by its documented name."""

    def __init__(self, data_type: str) -> None:
        self._data_type = data_type

    def get_java_type(self) -> str:
        return self._data_type


class LevelView(Remote):
    """A level; the column that it is of has its name, in a table named as its dimension."""

    def __init__(self, level: Level) -> None:
        self._level = level

    def name(self) -> str:
        return self._level.name

    def get_table_name(self) -> str:
        return self._level.dimension

    def get_field_name(self) -> str:
        return self._level.name

    def type(self) -> JavaType:
        return JavaType("String")


class HierarchyView(Remote):
    """A hierarchy with its levels, from the top."""

    def __init__(self, levels: list[Level]) -> None:
        self._levels = levels

    def name(self) -> str:
        return self._levels[0].hierarchy

    def levels(self) -> dict[object, object]:
        return {level.name: LevelView(level) for level in self._levels}


class MeasureView(Remote):
    """A measure; which data type its values have, only its results say."""

    def __init__(self, name: str) -> None:
        self._name = name

    def name(self) -> str:
        return self._name

    def description(self) -> str:
        return ""

    def folder(self) -> str:
        return ""

    def formatter(self) -> str:
        return ""

    def visible(self) -> bool:
        return True

    def type(self) -> str:
        return "double"


def hierarchy(cube: Cube | None, dimension: str, name: str) -> Optional:
    found = (
        HierarchyView(levels)
        for levels in (cube.hierarchies if cube else [])
        if (levels[0].dimension, levels[0].hierarchy) == (dimension, name)
    )
    return Optional(next(found, None))


def measures(cube: Cube | None) -> list[object]:
    return [MeasureView(name) for name in (cube.measures if cube else ())]


def measure(cube: Cube | None, name: str) -> Optional:
    return Optional(MeasureView(name) if cube and name in cube.measures else None)
