"""Values of the documented data types: which ones a column must take, and which it must refuse.

Values are in the JSON form of scenarios. The documentation names the types and no rule of
conversion, so between the values that plainly are of a type and those that plainly are not, some
are left open: a whole float for an integer, a truth value for a number.
"""

from __future__ import annotations

import datetime as dt
import re
import struct
from collections.abc import Callable, Hashable, Mapping
from typing import Any, Literal

from connect_harness.state import DATA_TYPES

Fit = Literal["right", "wrong", "open"]

_INTEGERS = {"int": 32, "long": 64}
_WITHOUT_A_NUMBER = ("NaN", "Infinity", "-Infinity")
_ZONE_ID = re.compile(r"\[[^\]]+\]$")
_FINER_THAN_PYTHON = re.compile(r"\.\d{7}")
_PARSERS: Mapping[str, Callable[[str], dt.date | dt.time]] = {
    "LocalDate": dt.date.fromisoformat,
    "LocalDateTime": dt.datetime.fromisoformat,
    "LocalTime": dt.time.fromisoformat,
    "ZonedDateTime": lambda text: dt.datetime.fromisoformat(_ZONE_ID.sub("", text)),
}


def fit(value: Any, data_type: str) -> Fit:
    """Whether a column of ``data_type`` takes ``value``, which is not null."""
    if data_type.endswith("[]"):
        return _fit_array(value, data_type.removesuffix("[]"))
    if isinstance(value, list | tuple):
        return "open" if data_type == "Object" else "wrong"
    match data_type:
        case "String":
            return "right" if isinstance(value, str) else "wrong"
        case "boolean":
            return _fit_boolean(value)
        case "int" | "long":
            return _fit_integer(value, _INTEGERS[data_type])
        case "double" | "float":
            return _fit_number(value, data_type)
        case _ if data_type in _PARSERS:
            return _fit_moment(value, data_type)
        case _:
            return "open"


def _fit_array(value: Any, element: str) -> Fit:
    if not isinstance(value, list | tuple):
        return "wrong"
    fits = {"open" if one is None else fit(one, element) for one in value}
    if "wrong" in fits:
        return "wrong"
    return "open" if "open" in fits else "right"


def _fit_boolean(value: Any) -> Fit:
    if isinstance(value, bool):
        return "right"
    return "wrong" if isinstance(value, str) else "open"


def _fit_integer(value: Any, bits: int) -> Fit:
    if isinstance(value, str):
        return "wrong"
    if isinstance(value, bool | float):
        return "open"
    return "right" if -(2 ** (bits - 1)) <= value < 2 ** (bits - 1) else "wrong"


def _fit_number(value: Any, data_type: str) -> Fit:
    if isinstance(value, str):
        return "right" if value in _WITHOUT_A_NUMBER else "wrong"
    if isinstance(value, bool):
        return "open"
    try:
        struct.pack("<d" if data_type == "double" else "<f", value)
    except (OverflowError, struct.error):
        return "open"
    # An integer that the type cannot hold exactly comes back as another number.
    precise = isinstance(value, float) or abs(value) <= 2 ** (53 if data_type == "double" else 24)
    return "right" if precise else "open"


def _fit_moment(value: Any, data_type: str) -> Fit:
    if not isinstance(value, str):
        return "wrong"
    if _FINER_THAN_PYTHON.search(value):
        return "open"
    try:
        moment = _PARSERS[data_type](value)
    except ValueError:
        return "wrong"
    zoned = isinstance(moment, dt.datetime | dt.time) and moment.tzinfo is not None
    return "right" if zoned == (data_type == "ZonedDateTime") else "open"


def default_of(data_type: str) -> Any:
    """What null becomes in a column that was given no default: ``None`` where it stays null."""
    return DATA_TYPES[data_type].default


def identity(value: Any, data_type: str) -> Hashable:
    """What two values of a key have in common if they are the same key."""
    if data_type in _PARSERS and isinstance(value, str):
        return _PARSERS[data_type](value).isoformat()
    if data_type in ("double", "float"):
        return str(float(value))
    return type(value), value
