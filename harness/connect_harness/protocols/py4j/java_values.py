"""Values of columns as a client builds them of Java objects: dates, times, arrays."""

from __future__ import annotations

from datetime import date, time

from connect_harness.protocols.py4j.arrays import Array
from connect_harness.protocols.py4j.objects import Bean, JavaError


def wire_value(value: object) -> object:
    """The wire form of ``value``: dates and times as ISO 8601 text, arrays as lists.

    Raises:
        JavaError: If it is an object that stands for no value of a column.
    """
    match value:
        case Array(elements=elements):
            return [wire_value(element) for element in elements]
        case Bean(class_name=name, arguments=arguments):
            return _moment(name, arguments)
        case _:
            return value


def _moment(name: str, arguments: tuple[object, ...]) -> str:
    """The text of a date or time, which Java makes by a static method of its class."""
    match name.removeprefix("java.time.").split("."), arguments:
        case ["LocalDate", "of"], (int(year), int(month), int(day)):
            return date(year, month, day).isoformat()
        case ["LocalTime", "of"], (int(hour), int(minute), int(second), int(nanosecond)):
            return time(hour, minute, second, nanosecond // 1_000).isoformat()
        case [_, "parse"], (str(text),):
            return text
    raise JavaError(f"{name} stands for no value of a column")
