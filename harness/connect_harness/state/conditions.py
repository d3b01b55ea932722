"""A condition on the rows of a table: the value of a column compared with constants."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connect_harness.state.data_types import Value, WrongRow, data_type
from connect_harness.state.tables import Matches, Row, Table

_ORDERINGS: Mapping[str, Callable[[Any, Any], bool]] = {
    "LT": operator.lt,
    "LE": operator.le,
    "GT": operator.gt,
    "GE": operator.ge,
}
OPERATORS = frozenset({"EQ", "NE", "ISIN", *_ORDERINGS})


@dataclass(frozen=True)
class _Comparison:
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
            return all(_ORDERINGS[self.operator](value, constant) for constant in self.constants)
        except TypeError:
            # Objects of different kinds, or arrays with null in them: they have no order.
            return False


def comparison(table: Table, column: str, operator: str, value: object) -> Matches:
    """Says of a row whether the value of its column compares so with a constant.

    Parameters:
        operator: One of ``OPERATORS``.
        value: The constant; for ``ISIN`` a list of those that are allowed.

    Raises:
        WrongRow: The table has no such column.
        WrongValue: The constant is no value of the column.
    """
    for index, found in enumerate(table.columns):
        if found.name == column:
            kind = data_type(found.data_type)
            read = _instant if kind.name == "ZonedDateTime" else _same
            values = value if operator == "ISIN" and isinstance(value, list) else [value]
            constants = tuple(read(kind.check(given)) for given in values)
            return _Comparison(index, operator, constants, read).holds
    raise WrongRow(f"Table {table.name!r} has no column {column!r}.")


def _instant(value: Value) -> object:
    """The moment itself: in its text the offset hides it."""
    return None if value is None else datetime.fromisoformat(str(value).partition("[")[0])


def _same(value: Value) -> object:
    return value
