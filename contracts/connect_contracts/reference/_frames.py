"""Rows that were read, as a frame of pandas."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pandas import DataFrame

Columns = Mapping[str, str]
"""Data types by the name of the column, in order."""

_DTYPES = {
    "boolean": "bool",
    "int": "int64",
    "long": "int64",
    "double": "float64",
    "float": "float64",
}
_WITH_MISSING = {"bool": "boolean", "int64": "Int64"}
_ZONE_ID = re.compile(r"\[[^\]]+\]$")
_NANOSECONDS = re.compile(r"\.[0-9]{7,9}(?![0-9])")  # Python's own types end at microseconds


def frame(columns: Columns, rows: Sequence[Sequence[Any]], index: Sequence[str] = ()) -> DataFrame:
    """A frame with these columns in order.

    Parameters:
        rows: Values in wire form, in the order of the columns.
        index: The columns that become its index; without any, rows are counted from 0.

    Raises:
        ImportError: pandas is not installed.
        ValueError, TypeError, OverflowError: A row has another width, or a value another type.
    """
    pandas = _pandas()
    for row in rows:
        if len(row) != len(columns):
            raise ValueError(f"A row of {len(row)} values came for {len(columns)} columns.")
    made: DataFrame = pandas.DataFrame(
        {
            name: _series([row[position] for row in rows], data_type)
            for position, (name, data_type) in enumerate(columns.items())
        },
        index=pandas.RangeIndex(len(rows)),
        columns=list(columns),
    )
    return made.set_index(list(index)) if index else made


def _series(values: list[Any], data_type: str) -> Any:
    if data_type in ("LocalDate", "LocalDateTime"):
        return _moments(values)
    read = _READ.get(data_type.removesuffix("[]"), lambda value: value)
    if data_type.endswith("[]"):
        read = _each(read)
    dtype = _DTYPES.get(data_type, "object")
    if None in values:
        dtype = _WITH_MISSING.get(dtype, dtype)
    read_values = [None if value is None else read(value) for value in values]
    return _pandas().Series(read_values, dtype=dtype)


def _moments(texts: list[str | None]) -> Any:
    pandas = _pandas()
    if any(text and _NANOSECONDS.search(text) for text in texts):
        return pandas.Series(texts, dtype="datetime64[ns]")
    moments = [None if text is None else datetime.fromisoformat(text) for text in texts]
    # By way of numpy, for pandas 2 would have every year of a list within those of nanoseconds.
    return pandas.Series(importlib.import_module("numpy").array(moments, dtype="datetime64[us]"))


def _each(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda values: [None if value is None else read(value) for value in values]


def _of(kind: type) -> Callable[[Any], Any]:
    """Takes values of ``kind`` alone, where pandas would make something of others as well."""

    def read(value: Any) -> Any:
        if type(value) is not kind:
            raise TypeError(f"A value of the type {type(value).__name__} came for {kind.__name__}.")
        return value

    return read


def _time(text: str) -> time | str:
    return text if _NANOSECONDS.search(text) else time.fromisoformat(text)


def _zoned(text: str) -> datetime:
    text = _ZONE_ID.sub("", text)
    if _NANOSECONDS.search(text):
        moment: datetime = _pandas().Timestamp(text)
        return moment
    return datetime.fromisoformat(text)


_READ: Mapping[str, Callable[[Any], Any]] = {
    "String": _of(str),
    "boolean": _of(bool),
    "int": _of(int),
    "long": _of(int),
    "double": float,
    "float": float,
    "LocalTime": _time,
    "ZonedDateTime": _zoned,
}


def _pandas() -> Any:
    try:
        return importlib.import_module("pandas")
    except ImportError as error:
        raise ImportError(
            "Frames need pandas: install pytest-connect-contract[reference]."
        ) from error
