"""Rows on their way to the target: from Python's values to the forms of JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any


def wire_row(row: object, columns: Sequence[str]) -> list[Any]:
    """The values of ``row`` in the order of ``columns``.

    Parameters:
        row: A tuple of values in that order, or a mapping from names of columns to values.

    Raises:
        TypeError: It is neither, or holds a value that no data type has.
        ValueError: A mapping that does not name each column once.
    """
    if isinstance(row, Mapping):
        if set(row) != set(columns):
            raise ValueError(f"A row that is a mapping names these columns: {', '.join(columns)}.")
        row = [row[name] for name in columns]
    if not isinstance(row, tuple | list):
        raise TypeError(f"A row is a tuple or a mapping, not {type(row).__name__}.")
    return [_wire(value) for value in row]


def _wire(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        # JSON has no literal for them (RFC 8259 6).
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime | date | time):
        # The missing date of pandas is a datetime that is not equal to itself.
        return value.isoformat() if value == value else None
    if isinstance(value, list | tuple):
        return [_wire(each) for each in value]
    if callable(plain := getattr(value, "tolist", None)):  # numpy: scalars and arrays
        return _wire(plain())
    raise TypeError(f"A value of the type {type(value).__name__} cannot be sent.")
