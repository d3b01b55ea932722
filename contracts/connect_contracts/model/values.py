"""Values of the documented data types: from JSON to Python, from a frame back, and equality.

A scenario holds values in the JSON form of their column's data type (dates and times as ISO 8601
text, arrays as arrays, the floats without a number as ``"NaN"``, ``"Infinity"``, ``"-Infinity"``).
What an implementation reads back may have any Python, numpy or pandas type that compares equal.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Moment = dt.date | dt.time

_FLOATS = ("double", "float")
_DATE = r"\d{4}-\d\d-\d\d"
_TIME = r"(?:[01]\d|2[0-3]):\d\d(?::\d\d(?:\.\d{1,9})?)?"
_OFFSET = r"(?:Z|[+-]\d\d:\d\d(?::\d\d)?)"
_ZONE_ID = r"(?:\[[A-Za-z][A-Za-z0-9~/._+-]+\])?"
_LARGEST_OFFSET = dt.timedelta(hours=18)  # as java.time.ZoneOffset has it
_FORMS: Mapping[str, re.Pattern[str]] = {
    "LocalDate": re.compile(f"({_DATE})", re.ASCII),
    "LocalDateTime": re.compile(f"({_DATE}T{_TIME})", re.ASCII),
    "LocalTime": re.compile(f"({_TIME})", re.ASCII),
    "ZonedDateTime": re.compile(f"({_DATE}T{_TIME}{_OFFSET}){_ZONE_ID}", re.ASCII),
}
READ_BY_PYTHON: Mapping[str, Callable[[str], Moment]] = {
    "LocalDate": dt.date.fromisoformat,
    "LocalDateTime": dt.datetime.fromisoformat,
    "LocalTime": dt.time.fromisoformat,
    "ZonedDateTime": dt.datetime.fromisoformat,
}
"""How Python reads each type of dates and times: more forms than the one of ``moment``."""

MOMENTS = frozenset(_FORMS)
"""The data types whose values are dates and times."""


def moment(text: str, data_type: str) -> Moment:
    """The date or time that ``text`` is, in the one form that ``java.time`` writes for the type.

    Parameters:
        text: For instance ``2024-02-29T06:29:54+05:30`` for a ``ZonedDateTime``; a zone's id in
            brackets may follow there.
        data_type: One of ``MOMENTS``.

    Raises:
        ValueError: It has another form, even one that Python would read.
    """
    if not (found := _FORMS[data_type].fullmatch(text)):
        raise ValueError(f"{text!r} is no {data_type}.")
    value = READ_BY_PYTHON[data_type](found[1])
    if (
        isinstance(value, dt.datetime)
        and abs(value.utcoffset() or dt.timedelta()) > _LARGEST_OFFSET
    ):
        raise ValueError(f"{text!r} is further from UTC than 18 hours.")
    return value


def to_python(value: Any, data_type: str) -> Any:
    """What a user of ``table += row`` would write for ``value`` (JSON) of ``data_type``."""
    if value is None:
        return None
    if data_type.endswith("[]"):
        if not isinstance(value, Sequence) or isinstance(value, str):
            return value
        return [to_python(item, data_type.removesuffix("[]")) for item in value]
    if not isinstance(value, str):
        return value
    if data_type in _FLOATS:
        return float(value) if value in ("NaN", "Infinity", "-Infinity") else value
    try:
        return moment(value, data_type) if data_type in MOMENTS else value
    except ValueError:
        # A wrong value is passed as it is: the scenario checks that it is refused.
        return value


def to_json(value: Any) -> Any:
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
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(to_json(item) for item in value)
    for convert in ("tolist", "item"):
        if callable(method := getattr(value, convert, None)):
            return to_json(method())
    if isinstance(value, Sequence):
        return [to_json(item) for item in value]
    return None if type(value).__name__ == "NAType" else repr(value)


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
            and all(same(*pair, inner) for pair in zip(expected, seen, strict=True))
        )
    if data_type in ("LocalDate", "LocalDateTime", "ZonedDateTime"):
        return _instant(expected) == _instant(seen)
    if data_type == "LocalTime":
        return _read(expected, "LocalTime") == _read(seen, "LocalTime")
    if isinstance(expected, bool) or isinstance(seen, bool):
        return expected is seen
    if data_type == "float" and isinstance(expected, float) and isinstance(seen, int | float):
        return math.isclose(expected, seen, rel_tol=2**-23)
    return bool(expected == seen)


def _instant(text: Any) -> object:
    """A date as its midnight, so that a frame may hold dates as moments."""
    for data_type in ("ZonedDateTime", "LocalDateTime", "LocalDate"):
        value = _read(text, data_type)
        if isinstance(value, dt.datetime):
            return value
        if isinstance(value, dt.date):
            return dt.datetime.combine(value, dt.time())
    return text


def _read(text: Any, data_type: str) -> object:
    try:
        return moment(text, data_type)
    except (TypeError, ValueError):
        return text
