"""Conditions on rows, as a client builds them of Java objects to drop some of a table.

They come as alternatives, each a list of comparisons that must all hold. A comparison is a bean
that was told its column, its operator and its value; which class it is differs by release.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connect_harness.protocols.py4j.java_values import wire_value
from connect_harness.protocols.py4j.objects import Bean, Constant, JavaError
from connect_harness.state import Column, Row, Table, Value, data_type

_ORDERINGS: Mapping[str, Callable[[Any, Any], bool]] = {
    "LT": operator.lt,
    "LE": operator.le,
    "GT": operator.gt,
    "GE": operator.ge,
}


@dataclass(frozen=True)
class Comparison:
    """One value of a row compared with a constant.

    Parameters:
        index: Which value of the row.
        operator: ``EQ``, ``NE``, ``LT``, ``LE``, ``GT``, ``GE`` or ``ISIN``.
        constants: What it is compared with; for ``ISIN`` each value that is allowed.
        read: Makes a value in wire form one that compares.
    """

    index: int
    operator: str
    constants: tuple[object, ...]
    read: Callable[[Value], object]

    def holds(self, row: Row) -> bool:
        """Whether ``row`` meets it. Nothing is before or after null."""
        value = self.read(row[self.index])
        match self.operator:
            case "EQ" | "ISIN":
                return value in self.constants
            case "NE":
                return value not in self.constants
        if value is None or None in self.constants:
            return False
        try:
            return all(_ORDERINGS[self.operator](value, each) for each in self.constants)
        except TypeError:
            # Objects of different kinds, or arrays with null in them: they have no order.
            return False


def read_conditions(alternatives: object, table: Table) -> Callable[[Row], bool] | None:
    """A function that says whether a row of ``table`` meets the conditions; ``None`` if all do.

    Parameters:
        alternatives: The lists of comparisons; ``None`` for no condition.
        table: The table whose rows are asked about.

    Raises:
        JavaError: If a comparison is not understood, or its column is not in the table.
        DataError: If a constant is no value of its column.
    """
    if alternatives is None:
        return None
    if not isinstance(alternatives, list):
        raise _not_understood(alternatives)
    readable = [[_comparison(each, table) for each in all_of] for all_of in alternatives]
    return lambda row: any(all(each.holds(row) for each in all_of) for all_of in readable)


def _comparison(bean: object, table: Table) -> Comparison:
    match bean:
        case Bean(
            properties={
                "storeField": (Bean(arguments=(_, str(column))),),
                "comparisonOperator": (Constant(constant=comparison),),
                "value": (value,),
            }
        ) if comparison in {"EQ", "NE", "ISIN", *_ORDERINGS}:
            for index, each in enumerate(table.columns):
                if each.name == column:
                    return _comparison_with(each, index, comparison, wire_value(value))
            raise JavaError(f"Table {table.name!r} has no column {column!r}")
    raise _not_understood(bean)


def _comparison_with(column: Column, index: int, comparison: str, value: object) -> Comparison:
    kind = data_type(column.data_type)
    read = _moment if kind.name == "ZonedDateTime" else _same
    values = value if comparison == "ISIN" and isinstance(value, list) else [value]
    return Comparison(index, comparison, tuple(read(kind.check(each)) for each in values), read)


def _moment(value: Value) -> object:
    """The moment itself: in its text the offset hides it."""
    return None if value is None else datetime.fromisoformat(str(value).partition("[")[0])


def _same(value: Value) -> object:
    return value


def _not_understood(condition: object) -> JavaError:
    return JavaError(
        f"This target session does not understand the condition {condition!r}",
        "java.lang.UnsupportedOperationException",
    )
