"""The 15 documented data types of columns, and which values each of them takes.

A value is kept in wire form: ``None`` for null, ``str``, ``bool``, ``int``, ``float`` (NaN and the
infinities as Python has them), a tuple of such for an array, and ISO 8601 text for dates and times:
with seconds always; a fraction has three, six or nine digits and is left out when it is zero, as
``java.time`` writes it; UTC is ``+00:00``. The id of a zone follows in brackets if one was given.
Years are 0001 to 9999.

Source: the documentation of ``Table`` and ``Column`` (names and own defaults); widths are those of
the Java types that the names are taken from.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from connect_harness.refusals import no_such

Value = None | str | bool | int | float | tuple[Any, ...]

FLOATS_WITHOUT_A_NUMBER: Mapping[str, float] = MappingProxyType(
    {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
)
"""The texts that stand for them in JSON, which has no literal for them (RFC 8259 6)."""

_TIME = re.compile(r"((?:[01]\d|2[0-3]):\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_ZONED = re.compile(
    r"(?P<moment>\d{4}-\d\d-\d\dT[\d:.]+)"
    r"(?P<offset>Z|[+-]\d\d:\d\d(?::\d\d)?)"
    r"(?P<id>\[[A-Za-z][A-Za-z0-9~/._+:-]+\])?",
    re.ASCII,
)
_LARGEST_OFFSET = 18 * 3600  # seconds, as java.time.ZoneOffset has it
_SHOWN = 60  # characters of a wrong value
_FEWEST_DIGITS, _MOST_DIGITS = 6, 9  # six are always kept by single precision, nine always enough


class DataError(Exception):
    """Data, or a change of data, that a session refuses; the text says why in one sentence.

    Each protocol refuses it in its own words.
    """


class WrongValue(DataError):
    """A value that its column's data type does not take."""

    def __init__(self, value: object, data_type: str) -> None:
        text = repr(value)
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
        super().__init__(f"{shown} is no value of the data type {data_type}.")


class WrongRow(DataError):
    """A row that does not fit its table."""


class WrongTable(DataError):
    """A table that cannot be made as asked for."""


class NoSuchTable(DataError):
    """There is no table of this name."""


class WrongEpoch(DataError):
    """A change for another epoch of the data than the present one."""


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
    """The data type of this name; ``WrongTable``, with the nearest, is raised if there is none."""
    if name not in DATA_TYPES:
        raise WrongTable(no_such("data type", name, DATA_TYPES))
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


def _local_date(value: object) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str) and _DATE.fullmatch(value) and _exists(date, value):
        return value
    raise WrongValue(value, "LocalDate")


def _local_time(value: object) -> str:
    if isinstance(value, time) and value.tzinfo is None:
        value = value.isoformat()
    if isinstance(value, str) and (found := _TIME.fullmatch(value)):
        minutes, seconds, fraction = found.groups()
        whole = f"{minutes}:{seconds or '00'}"
        if _exists(time, whole):
            return whole + _fraction(fraction or "")
    raise WrongValue(value, "LocalTime")


def _local_date_time(value: object) -> str:
    text = value
    if isinstance(value, datetime) and value.tzinfo is None:
        text = value.isoformat()
    if isinstance(text, str):
        day, separator, hour = text.partition("T")
        if separator:
            try:
                return f"{_local_date(day)}T{_local_time(hour)}"
            except WrongValue:
                pass
    raise WrongValue(value, "LocalDateTime")


def _zoned_date_time(value: object) -> str:
    text = _with_zone(value) if isinstance(value, datetime) and value.tzinfo else value
    if isinstance(text, str) and (found := _ZONED.fullmatch(text)):
        offset = "+00:00" if found["offset"] == "Z" else found["offset"]
        try:
            moment = _local_date_time(found["moment"])
        except WrongValue:
            raise WrongValue(value, "ZonedDateTime") from None
        if _is_offset(offset):
            return f"{moment}{offset}{found['id'] or ''}"
    raise WrongValue(value, "ZonedDateTime")


def _with_zone(value: datetime) -> str:
    named = isinstance(value.tzinfo, ZoneInfo) and value.tzinfo.key not in (None, "UTC")
    return f"{value.isoformat()}[{value.tzinfo}]" if named else value.isoformat()


def _is_offset(text: str) -> bool:
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    rest = seconds[0] if seconds else 0
    in_range = minutes < 60 and rest < 60
    return in_range and hours * 3600 + minutes * 60 + rest <= _LARGEST_OFFSET


def _fraction(digits: str) -> str:
    digits = digits.rstrip("0")
    width = -(-len(digits) // 3) * 3
    return f".{digits:0<{width}}" if digits else ""


def _exists(kind: type[date] | type[time], text: str) -> bool:
    try:
        kind.fromisoformat(text)
    except ValueError:
        return False
    return True


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
        DataType("LocalDate", "LOCAL_DATE", "1970-01-01", _local_date),
        DataType("LocalDateTime", "LOCAL_DATE_TIME", "1970-01-01T00:00:00", _local_date_time),
        DataType("LocalTime", "LOCAL_TIME", "00:00:00", _local_time),
        DataType("long", "LONG", None, long),
        DataType("long[]", "LONG_ARRAY", None, _array("long[]", long)),
        DataType("Object", "OBJECT", None, _object),
        DataType("String", "STRING", "N/A", _string),
        DataType("ZonedDateTime", "ZONED_DATE_TIME", "1970-01-01T00:00:00+00:00", _zoned_date_time),
    )


DATA_TYPES: Mapping[str, DataType] = MappingProxyType({kind.name: kind for kind in _all()})
"""The documented data types by name."""
