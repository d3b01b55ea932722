"""Values: what a user would write, what is read back, and when they are the same."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest

from connect_contracts.values import plain, same, to_python


@pytest.mark.parametrize(
    ("value", "data_type", "expected"),
    [
        ("2024-02-29", "LocalDate", dt.date(2024, 2, 29)),
        ("2024-02-29T01:02:03", "LocalDateTime", dt.datetime(2024, 2, 29, 1, 2, 3)),
        ("01:02:03", "LocalTime", dt.time(1, 2, 3)),
        ("2024-02-29T00:00:00Z", "ZonedDateTime", dt.datetime(2024, 2, 29, tzinfo=dt.UTC)),
        ([1, 2], "int[]", [1, 2]),
        ("two", "int", "two"),
        ("no date", "LocalDate", "no date"),
        (None, "String", None),
    ],
)
def test_to_python(value: Any, data_type: str, expected: object) -> None:
    assert to_python(value, data_type) == expected


def test_floats_that_are_no_numbers() -> None:
    assert to_python("NaN", "double") != to_python("NaN", "double")
    assert to_python("-Infinity", "double") == float("-inf")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.int64(2**53 + 1), 2**53 + 1),
        (np.float64("nan"), "NaN"),
        (np.array([1.5, 2.0]), [1.5, 2.0]),
        (pd.Timestamp("2024-02-29"), "2024-02-29T00:00:00"),
        (pd.Timedelta("12:34:56.789"), "12:34:56.789000"),
        (pd.NaT, None),
        (pd.NA, None),
        (frozenset({"b", "a"}), ["a", "b"]),
        ({"a": np.bool_(True)}, {"a": True}),
    ],
)
def test_plain(value: object, expected: object) -> None:
    assert plain(value) == expected


@pytest.mark.parametrize(
    ("expected", "seen", "data_type"),
    [
        ("2024-02-29", "2024-02-29T00:00:00", "LocalDate"),
        ("2024-02-29T12:00:00+05:30", "2024-02-29T06:30:00+00:00", "ZonedDateTime"),
        ("12:34:56.789000", "12:34:56.789", "LocalTime"),
        ([0.5], [0.5], "double[]"),
        (1, 1.0, "double"),
        (None, "NaN", "double"),
    ],
)
def test_same(expected: object, seen: object, data_type: str) -> None:
    assert same(expected, seen, data_type)


@pytest.mark.parametrize(
    ("expected", "seen", "data_type"),
    [
        (2**53 + 1, float(2**53), "long"),
        (True, 1, "boolean"),
        ("2024-02-29", "2024-03-01", "LocalDate"),
        ("2024-02-29T12:00:00+05:30", "2024-02-29T12:00:00+00:00", "ZonedDateTime"),
        ([1], [1, 2], "int[]"),
        ("a", None, "String"),
        ("", None, "String"),
        (0.5, None, "double"),
        (1 / 3, 0.3333333, "double"),
    ],
)
def test_not_the_same(expected: object, seen: object, data_type: str) -> None:
    assert not same(expected, seen, data_type)
