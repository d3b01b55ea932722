"""What a client describes by Java objects: values, conditions on rows, and a table.

What is not understood raises ``JavaError``.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from connect_harness.protocols.py4j.containers import Array
from connect_harness.protocols.py4j.objects import Bean, Constant, JavaError
from connect_harness.state import Column, Row, Table, Value, data_type


def wire_value(value: object) -> object:
    """The wire form of ``value``: dates and times as ISO 8601 text, arrays as lists."""
    match value:
        case Array(elements=elements):
            return [wire_value(element) for element in elements]
        case Bean(class_name=name, arguments=arguments):
            return _text_of_moment(name, arguments)
        case _:
            return value


def _text_of_moment(name: str, arguments: tuple[object, ...]) -> str:
    """The text of a date or time, which Java makes by a static method of its class."""
    match name.removeprefix("java.time.").split("."), arguments:
        case ["LocalDate", "of"], (int(year), int(month), int(day)):
            return date(year, month, day).isoformat()
        case ["LocalTime", "of"], (int(hour), int(minute), int(second), int(nanosecond)):
            return time(hour, minute, second, nanosecond // 1_000).isoformat()
        case [_, "parse"], (str(text),):
            return text
    raise JavaError(f"{name} stands for no value of a column")


_ORDERINGS: Mapping[str, Callable[[Any, Any], bool]] = {
    "LT": operator.lt,
    "LE": operator.le,
    "GT": operator.gt,
    "GE": operator.ge,
}


@dataclass(frozen=True)
class Comparison:
    """A value of a row compared with a constant.

    Which class plays it differs by release: it is a bean with a column, an operator and a value.

    Parameters:
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
            return all(_ORDERINGS[self.operator](value, constant) for constant in self.constants)
        except TypeError:
            # Objects of different kinds, or arrays with null in them: they have no order.
            return False


def read_conditions(alternatives: object, table: Table) -> Callable[[Row], bool] | None:
    """A function that says whether a row of ``table`` meets the conditions; ``None`` if all do.

    Parameters:
        alternatives: Lists of comparisons, each of which must hold; ``None`` for no condition.

    Raises:
        DataError: A constant is no value of its column.
    """
    if alternatives is None:
        return None
    if not isinstance(alternatives, list):
        raise _not_understood(alternatives)
    readable = [[_comparison(bean, table) for bean in all_of] for all_of in alternatives]
    return lambda row: any(
        all(comparison.holds(row) for comparison in all_of) for all_of in readable
    )


def _comparison(bean: object, table: Table) -> Comparison:
    match bean:
        case Bean(
            properties={
                "storeField": (Bean(arguments=(_, str(column))),),
                "comparisonOperator": (Constant(constant=comparison),),
                "value": (value,),
            }
        ) if comparison in {"EQ", "NE", "ISIN", *_ORDERINGS}:
            for index, found in enumerate(table.columns):
                if found.name == column:
                    return _comparison_with(found, index, comparison, wire_value(value))
            raise JavaError(f"Table {table.name!r} has no column {column!r}")
    raise _not_understood(bean)


def _comparison_with(column: Column, index: int, comparison: str, value: object) -> Comparison:
    kind = data_type(column.data_type)
    read = _instant if kind.name == "ZonedDateTime" else _same
    values = value if comparison == "ISIN" and isinstance(value, list) else [value]
    return Comparison(index, comparison, tuple(read(kind.check(given)) for given in values), read)


def _instant(value: Value) -> object:
    """The moment itself: in its text the offset hides it."""
    return None if value is None else datetime.fromisoformat(str(value).partition("[")[0])


def _same(value: Value) -> object:
    return value


def _not_understood(condition: object) -> JavaError:
    return JavaError(
        f"This target session does not understand the condition {condition!r}",
        "java.lang.UnsupportedOperationException",
    )


Store = tuple[dict[str, str], tuple[str, ...], dict[str, object]]
"""What a table is to be: documented data types by column, keys, defaults in wire form."""


def read_store(parameters: object) -> Store:
    """Reads the object that describes a table.

    Its constructor was given the keys, the partitioning, and by column a type: the name of a data
    type, whether it takes null, and the default if there is one.
    """
    match parameters:
        case Bean(arguments=(list(keys), _, dict(types), *_)):
            columns = {str(name): _column(each) for name, each in types.items()}
            return (
                {name: data_type for name, (data_type, _) in columns.items()},
                tuple(str(key) for key in keys),
                {name: value for name, (_, default) in columns.items() for value in default},
            )
    raise JavaError(f"{parameters!r} describes no table")


def _column(description: object) -> tuple[str, list[object]]:
    """The data type of a column, and its default if it was given one.

    Null is the default of a column that takes it.
    """
    match description:
        case Bean(arguments=(str(data_type), bool(), default)):
            return data_type, [wire_value(default)]
        case Bean(arguments=(str(data_type), bool(takes_null))):
            return data_type, [None] if takes_null else []
    raise JavaError(f"{description!r} describes no column")
