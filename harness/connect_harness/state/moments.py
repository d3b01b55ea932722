"""Dates and times as canonical ISO 8601 text.

Canonical: seconds are always there; a fraction has three, six or nine digits and is left out when
it is zero, as ``java.time`` writes it; UTC is ``+00:00``. The id of a zone follows in brackets if
one was given. Years are 0001 to 9999.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from connect_harness.state.errors import WrongValue

_TIME = re.compile(r"((?:[01]\d|2[0-3]):\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_ZONED = re.compile(
    r"(?P<moment>\d{4}-\d\d-\d\dT[\d:.]+)"
    r"(?P<offset>Z|[+-]\d\d:\d\d(?::\d\d)?)"
    r"(?P<id>\[[A-Za-z][A-Za-z0-9~/._+-]+\])?",
    re.ASCII,
)
_LARGEST_OFFSET = 18 * 3600  # seconds, as java.time.ZoneOffset has it


def local_date(value: object) -> str:
    """The canonical text of a date.

    Raises:
        WrongValue: It is neither a ``date`` nor the text of one.
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str) and _DATE.fullmatch(value) and _exists(date, value):
        return value
    raise WrongValue(value, "LocalDate")


def local_time(value: object) -> str:
    """The canonical text of a time of day.

    Raises:
        WrongValue: It is neither a ``time`` without a zone nor the text of one.
    """
    if isinstance(value, time) and value.tzinfo is None:
        value = value.isoformat()
    if isinstance(value, str) and (found := _TIME.fullmatch(value)):
        minutes, seconds, fraction = found.groups()
        whole = f"{minutes}:{seconds or '00'}"
        if _exists(time, whole):
            return whole + _fraction(fraction or "")
    raise WrongValue(value, "LocalTime")


def local_date_time(value: object) -> str:
    """The canonical text of a date with a time of day.

    Raises:
        WrongValue: It is neither a ``datetime`` without a zone nor the text of one.
    """
    text = value
    if isinstance(value, datetime) and value.tzinfo is None:
        text = value.isoformat()
    if isinstance(text, str):
        day, separator, hour = text.partition("T")
        if separator:
            try:
                return f"{local_date(day)}T{local_time(hour)}"
            except WrongValue:
                pass
    raise WrongValue(value, "LocalDateTime")


def zoned_date_time(value: object) -> str:
    """The canonical text of a date with a time of day and its offset from UTC.

    Raises:
        WrongValue: It is neither a ``datetime`` with a zone nor the text of one.
    """
    text = _with_zone(value) if isinstance(value, datetime) and value.tzinfo else value
    if isinstance(text, str) and (found := _ZONED.fullmatch(text)):
        offset = "+00:00" if found["offset"] == "Z" else found["offset"]
        try:
            moment = local_date_time(found["moment"])
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
