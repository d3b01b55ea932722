"""Tables and rows of every documented data type."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
from hypothesis import strategies as st

from connect_contracts.model.scenario import Row, TableSpec
from connect_contracts.search.strategies.specifics import DATA_TYPES, EXTREMES, SAMPLES

_TEXT = st.characters(exclude_categories=["Cs"])
_SINGLE = st.floats(width=32, allow_nan=False, allow_infinity=False, allow_subnormal=False)
_DOUBLE = st.floats(allow_nan=False, allow_infinity=False)
_WITHOUT_A_NUMBER = st.sampled_from(("NaN", "Infinity", "-Infinity"))
# From where data frames with nanoseconds begin to where they end.
_FIRST, _LAST = dt.datetime(1678, 1, 1), dt.datetime(2262, 1, 1)
_OFFSETS = st.integers(-14 * 4, 14 * 4).map(lambda quarters: dt.timedelta(minutes=15 * quarters))

COLUMN_NAMES = (
    "Value",
    "Other",
    "Third",
    "a/b",
    "with space",
    'it\'s "q"',
    "\u00e9t\u00e9",
    "\u65e5",
)


def _moments() -> st.SearchStrategy[dt.datetime]:
    # Milliseconds: what every release hands over whole.
    return st.datetimes(_FIRST, _LAST).map(
        lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    )


def _zoned(moment: dt.datetime, offset: dt.timedelta) -> str:
    return moment.replace(tzinfo=dt.timezone(offset)).isoformat()


def values(data_type: str) -> st.SearchStrategy[Any]:
    """Values of a documented data type, in the JSON form of scenarios; never null.

    Usual values come first, then extremes, then any.

    Raises:
        KeyError: There is no such data type.
    """
    known = st.sampled_from(SAMPLES[data_type]) | st.sampled_from(EXTREMES[data_type])
    return known | _any(data_type)


def _any(data_type: str) -> st.SearchStrategy[Any]:
    if data_type.endswith("[]"):
        element = data_type.removesuffix("[]")
        numbers = {"double": _DOUBLE, "float": _SINGLE}
        return st.lists(
            numbers[element] if element in numbers else _any(element), min_size=1, max_size=4
        )
    match data_type:
        case "String":
            return st.text(_TEXT, max_size=20)
        case "boolean":
            return st.booleans()
        case "int":
            return st.integers(-(2**31), 2**31 - 1)
        case "long":
            return st.integers(-(2**63), 2**63 - 1)
        case "double":
            return _DOUBLE | _WITHOUT_A_NUMBER
        case "float":
            return _SINGLE | _WITHOUT_A_NUMBER
        case "LocalDate":
            return st.dates(_FIRST.date(), _LAST.date()).map(dt.date.isoformat)
        case "LocalTime":
            return _moments().map(lambda moment: moment.time().isoformat())
        case "LocalDateTime":
            return _moments().map(dt.datetime.isoformat)
        case _:
            return st.builds(_zoned, _moments(), _OFFSETS)


def rows(
    table: TableSpec, *, nulls: bool = True, least: int = 0, most: int = 7
) -> st.SearchStrategy[tuple[Row, ...]]:
    """Rows of a table whose keys come first; few and usual ones first.

    Parameters:
        nulls: Whether a value may be missing; that of a key never is.
    """
    columns = [
        values(kind) | st.none() if nulls and name not in table.keys else values(kind)
        for name, kind in table.data_types
    ]
    return st.lists(st.tuples(*columns), min_size=least, max_size=most).map(tuple)


@st.composite
def tables(draw: st.DrawFn) -> TableSpec:
    """Tables of the owner's with their rows: the documented example first."""
    column = st.tuples(st.sampled_from(COLUMN_NAMES), st.sampled_from(DATA_TYPES))
    more = draw(st.lists(column, max_size=4, unique_by=lambda named: named[0]))
    keyed = draw(st.booleans())
    # A key alone would be a table of nothing but its index.
    keys = ("Id",) if more and keyed else ()
    table = TableSpec("Example", (("Id", "String"), *more), keys)
    return msgspec.structs.replace(table, rows=draw(rows(table)))
