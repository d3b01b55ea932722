"""The 15 documented data types of columns, and which values each of them takes.

A value is kept in wire form: ``None`` for null, ``str``, ``bool``, ``int``, ``float`` (NaN and the
infinities as Python has them), a tuple of such for an array, and ISO 8601 text for dates and times.

Source: the documentation of ``Table`` and ``Column`` (names and own defaults); widths are those of
the Java types that the names are taken from.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from connect_harness.state.errors import WrongTable, WrongValue
from connect_harness.state.moments import (
    local_date,
    local_date_time,
    local_time,
    zoned_date_time,
)

Value = None | str | bool | int | float | tuple[Any, ...]

FLOATS_WITHOUT_A_NUMBER: Mapping[str, float] = MappingProxyType(
    {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
)
"""The texts that stand for them in JSON, which has no literal for them (RFC 8259 6)."""

_FEWEST_DIGITS, _MOST_DIGITS = 6, 9  # six are always kept by single precision, nine always enough


@dataclass(frozen=True)
class DataType:
    """A documented data type.

    Parameters:
        name: Its documented name, for instance ``double[]``.
        graphql_name: Its name in GraphQL, for instance ``DOUBLE_ARRAY``.
        default: What null becomes in a column that was given no default of its own.
        convert: The wire form of a value that is not null; raises ``WrongValue``.
    """

    name: str
    graphql_name: str
    default: Value
    convert: Callable[[object], Value]

    def check(self, value: object) -> Value:
        """The wire form of ``value``, which may be null, in wire form, or Python's own type.

        Raises:
            WrongValue: It is no value of this type.
        """
        return None if value is None else self.convert(value)


def data_type(name: str) -> DataType:
    """The data type with this documented name.

    Raises:
        WrongTable: There is none; the text lists those there are.
    """
    if name not in DATA_TYPES:
        raise WrongTable(f"There is no data type {name!r}; there are: {', '.join(DATA_TYPES)}.")
    return DATA_TYPES[name]


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise WrongValue(value, "String")
    try:
        value.encode()
    except UnicodeEncodeError:
        # Half of a surrogate pair: it could be stored, but never be sent.
        raise WrongValue(value, "String") from None
    return str(value)


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise WrongValue(value, "boolean")
    return value


def _integer(name: str, bits: int) -> Callable[[object], int]:
    allowed = range(-(2 ** (bits - 1)), 2 ** (bits - 1))

    def convert(value: object) -> int:
        # bool is an int to Python. A float is refused even if it is whole: it may be rounded.
        if isinstance(value, bool) or not isinstance(value, int) or value not in allowed:
            raise WrongValue(value, name)
        return int(value)

    return convert


def _number(value: object, name: str) -> float:
    if isinstance(value, str) and value in FLOATS_WITHOUT_A_NUMBER:
        return FLOATS_WITHOUT_A_NUMBER[value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WrongValue(value, name)
    try:
        return float(value)
    except OverflowError:
        raise WrongValue(value, name) from None


def _double(value: object) -> float:
    return _number(value, "double")


def _float(value: object) -> float:
    """The shortest decimal of the single precision number: 0.1, not 0.10000000149011612."""
    single = _single(_number(value, "float"))
    if single is None:
        raise WrongValue(value, "float")
    exact: float = struct.unpack("<f", single)[0]
    shorter = (float(f"{exact:.{digits}g}") for digits in range(_FEWEST_DIGITS, _MOST_DIGITS))
    return next(
        (each for each in shorter if _single(each) == single), float(f"{exact:.{_MOST_DIGITS}g}")
    )


def _single(number: float) -> bytes | None:
    try:
        return struct.pack("<f", number)
    except OverflowError:
        return None


def _array(name: str, element: Callable[[object], Value]) -> Callable[[object], tuple[Any, ...]]:
    def convert(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise WrongValue(value, name)
        try:
            return tuple(element(each) for each in value)
        except WrongValue:
            raise WrongValue(value, name) from None

    return convert


def _object(value: object) -> Value:
    """Whatever JSON has a form for, but for its objects."""
    match value:
        case bool() | int() | float():
            return value
        case str():
            return _string(value)
        case list() | tuple():
            return tuple(None if each is None else _object(each) for each in value)
        case _:
            raise WrongValue(value, "Object")


def _all() -> tuple[DataType, ...]:
    integer, long = _integer("int", 32), _integer("long", 64)
    return (
        DataType("boolean", "BOOLEAN", False, _boolean),
        DataType("double", "DOUBLE", None, _double),
        DataType("double[]", "DOUBLE_ARRAY", None, _array("double[]", _double)),
        DataType("float", "FLOAT", None, _float),
        DataType("float[]", "FLOAT_ARRAY", None, _array("float[]", _float)),
        DataType("int", "INT", None, integer),
        DataType("int[]", "INT_ARRAY", None, _array("int[]", integer)),
        DataType("LocalDate", "LOCAL_DATE", "1970-01-01", local_date),
        DataType("LocalDateTime", "LOCAL_DATE_TIME", "1970-01-01T00:00:00", local_date_time),
        DataType("LocalTime", "LOCAL_TIME", "00:00:00", local_time),
        DataType("long", "LONG", None, long),
        DataType("long[]", "LONG_ARRAY", None, _array("long[]", long)),
        DataType("Object", "OBJECT", None, _object),
        DataType("String", "STRING", "N/A", _string),
        DataType("ZonedDateTime", "ZONED_DATE_TIME", "1970-01-01T00:00:00+00:00", zoned_date_time),
    )


DATA_TYPES: Mapping[str, DataType] = MappingProxyType({each.name: each for each in _all()})
"""The documented data types by name."""
