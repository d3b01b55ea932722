"""Values of the documented data types: from JSON to Python, from a frame back, and equality.

A scenario holds values in the JSON form of their column's data type (dates and times as ISO 8601
text, arrays as arrays, the floats without a number as ``"NaN"``, ``"Infinity"``, ``"-Infinity"``).
What an implementation reads back may have any Python, numpy or pandas type that compares equal.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

_ZONE_ID = re.compile(r"\[[^\]]+\]$")
_FLOATS = ("double", "float")
_DATES: Mapping[str, Any] = {
    "LocalDate": dt.date.fromisoformat,
    "LocalDateTime": dt.datetime.fromisoformat,
    "LocalTime": dt.time.fromisoformat,
}


def to_python(value: Any, data_type: str) -> Any:
    """What a user of ``table += row`` would write for ``value`` (JSON) of ``data_type``."""
    if value is None:
        return None
    if data_type.endswith("[]"):
        if not isinstance(value, Sequence) or isinstance(value, str):
            return value
        return [to_python(one, data_type.removesuffix("[]")) for one in value]
    if not isinstance(value, str):
        return value
    if data_type in _FLOATS:
        return float(value) if value in ("NaN", "Infinity", "-Infinity") else value
    try:
        if data_type == "ZonedDateTime":
            return dt.datetime.fromisoformat(_ZONE_ID.sub("", value))
        return _DATES[data_type](value) if data_type in _DATES else value
    except ValueError:
        # A wrong value is handed over as it is: that is what the scenario wants to see refused.
        return value


def plain(value: Any) -> Any:
    """A value read back, in JSON form, whatever Python, numpy or pandas type it has."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return _plain_float(value)
    if isinstance(value, dt.datetime | dt.date | dt.time):
        # pandas' missing value is a datetime that has no ISO form.
        return None if value != value else value.isoformat()
    if isinstance(value, dt.timedelta):
        return _plain_duration(value)
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(plain(one) for one in value)
    for convert in ("tolist", "item"):
        if callable(method := getattr(value, convert, None)):
            return plain(method())
    if isinstance(value, Sequence):
        return [plain(one) for one in value]
    return None if type(value).__name__ in ("NAType", "NaTType") else repr(value)


def _plain_duration(value: dt.timedelta) -> str:
    """A time of day, which pandas holds as what has passed since midnight."""
    if dt.timedelta(0) <= value < dt.timedelta(days=1):
        return (dt.datetime.min + value).time().isoformat()
    return str(value)


def _plain_float(value: float) -> Any:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def same(expected: Any, seen: Any, data_type: str) -> bool:
    """Whether ``seen`` (JSON form, read back) equals ``expected`` (JSON form) as ``data_type``."""
    if expected is None or (expected == "NaN" and data_type in _FLOATS):
        # pandas has one missing value for both, and no rule keeps them apart.
        return seen is None or seen == "NaN"
    if data_type.endswith("[]"):
        inner = data_type.removesuffix("[]")
        return (
            isinstance(seen, list | tuple)
            and len(seen) == len(expected)
            and all(same(one, other, inner) for one, other in zip(expected, seen, strict=True))
        )
    if data_type in ("LocalDate", "LocalDateTime", "ZonedDateTime"):
        return _moment(expected) == _moment(seen)
    if data_type == "LocalTime":
        return _time(expected) == _time(seen)
    if isinstance(expected, bool) or isinstance(seen, bool):
        return expected is seen
    if data_type == "float" and isinstance(expected, float) and isinstance(seen, int | float):
        return math.isclose(expected, seen, rel_tol=2**-23)
    return bool(expected == seen)


def _moment(text: Any) -> object:
    """A date as its midnight, so that a frame may hold dates as moments."""
    try:
        moment = dt.datetime.fromisoformat(_ZONE_ID.sub("", text))
    except (TypeError, ValueError):
        return text
    return moment.astimezone(dt.UTC) if moment.tzinfo else moment


def _time(text: Any) -> object:
    try:
        return dt.time.fromisoformat(text)
    except (TypeError, ValueError):
        return text
