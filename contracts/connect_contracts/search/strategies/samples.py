"""Samples of the documented data types: a few plain values of each, and its extremes.

Values are in the JSON form of scenarios, and survive a file of JSON: no integer beyond 64 bits,
nothing that UTF-8 cannot hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connect_contracts.model.scenario import Row

PLAIN: Mapping[str, tuple[Any, ...]] = {
    "String": ("a", "b", "c", "d", "e", "f", "g", "h"),
    "boolean": (True, False),
    "int": (1, 2, 3, 5, 8, 13, 21, 34),
    "long": (1, 2, 3, 5, 8, 13, 21, 34),
    "double": (0.5, 1.25, -2.0),
    "float": (0.5, 1.25, -2.0),
    "LocalDate": ("2024-02-29", "1999-12-31"),
    "LocalDateTime": ("2024-02-29T12:30:00", "1999-12-31T23:59:59"),
    "LocalTime": ("12:30:00", "23:59:59"),
    "ZonedDateTime": ("2024-02-29T12:30:00+00:00", "1999-12-31T23:59:59+01:00"),
    "int[]": ([1], [1, 2, 3]),
    "long[]": ([1], [1, 2, 3]),
    "double[]": ([0.5], [0.5, -2.0]),
    "float[]": ([0.5], [0.5, -2.0]),
    "Object": ("a", "b"),
}
"""Plain values of each data type, the plainest first."""

EXTREMES: Mapping[str, tuple[Any, ...]] = {
    "String": ("", "é日本語🦊", " \"'\\/", "two\nlines", "x" * 5000, "null"),
    "boolean": (False, True),
    "int": (0, -(2**31), 2**31 - 1),
    "long": (0, 2**53 + 1, -(2**63), 2**63 - 1),
    "double": (0.0, 1.7976931348623157e308, 5e-324, 1 / 3, "NaN", "Infinity", "-Infinity"),
    "float": (0.0, 2.0**127, 2.0**-126, "NaN", "Infinity", "-Infinity"),
    "LocalDate": ("1970-01-01", "1900-01-01", "2200-12-31"),
    "LocalDateTime": ("1970-01-01T00:00:00", "2024-02-29T23:59:59.123000"),
    "LocalTime": ("00:00:00", "23:59:59.999000"),
    "ZonedDateTime": ("1970-01-01T00:00:00+00:00", "2024-02-29T23:59:59.123000-11:30"),
    "int[]": ([0], [-(2**31), 2**31 - 1]),
    "long[]": ([0], [2**53 + 1, -(2**63), 2**63 - 1]),
    "double[]": ([0.0], [1.7976931348623157e308, 5e-324]),
    "float[]": ([0.0], [2.0**127, 2.0**-126]),
    "Object": ("", "é日本語🦊"),
}
"""Values at the borders of each data type."""

NUMBERS = ("int", "long", "double", "float")
MOMENTS = ("LocalDate", "LocalDateTime", "LocalTime", "ZonedDateTime")
ARRAYS = ("int[]", "long[]", "double[]", "float[]")
WITHOUT_RULE = "Object"
"""The data type of which no rule says what a column of it takes (LIVE-7 observes it)."""

DATA_TYPES = tuple(PLAIN)
"""The documented data types, the plainest first."""

RULED = tuple(name for name in DATA_TYPES if name != WITHOUT_RULE)
"""Those of which a rule says what a column of them takes."""


def plain_row(data_types: tuple[str, ...], number: int) -> Row:
    """The row of this number, of plain values; the first eight differ where there is a text."""
    return tuple(PLAIN[kind][number % len(PLAIN[kind])] for kind in data_types)


def extreme_row(data_types: tuple[str, ...], number: int) -> Row:
    """The row of this number, of extremes."""
    return tuple(EXTREMES[kind][number % len(EXTREMES[kind])] for kind in data_types)
