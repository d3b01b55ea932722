"""Values: what a user would write, what is read back, and when they are the same."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest

from connect_contracts.model.values import moment, same, to_json, to_python


@pytest.mark.parametrize(
    ("value", "data_type", "expected"),
    [
        ("2024-02-29", "LocalDate", dt.date(2024, 2, 29)),
        ("2024-02-29T01:02:03", "LocalDateTime", dt.datetime(2024, 2, 29, 1, 2, 3)),
        ("01:02:03", "LocalTime", dt.time(1, 2, 3)),
        ("2024-02-29T00:00:00Z", "ZonedDateTime", dt.datetime(2024, 2, 29, tzinfo=dt.UTC)),
        ([1, 2], "int[]", [1, 2]),
        (["-Infinity", 1.5], "double[]", [float("-inf"), 1.5]),
        ("two", "int[]", "two"),
        (2, "int[]", 2),
        ("two", "double", "two"),
        ("Infinity", "float", float("inf")),
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
        (float("inf"), "Infinity"),
        (float("-inf"), "-Infinity"),
        (dt.timedelta(0), "00:00:00"),
        (dt.timedelta(days=1), "1 day, 0:00:00"),
        (dt.timedelta(hours=30), "1 day, 6:00:00"),
        (pd.Timedelta("12:34:56.789"), "12:34:56.789000"),
        (pd.NaT, None),
        (pd.NA, None),
        (frozenset({"b", "a"}), ["a", "b"]),
        ({"a": np.bool_(True)}, {"a": True}),
    ],
)
def test_plain(value: object, expected: object) -> None:
    assert to_json(value) == expected


@pytest.mark.parametrize(
    ("expected", "seen", "data_type"),
    [
        ("2024-02-29", "2024-02-29T00:00:00", "LocalDate"),
        ("2024-02-29T12:00:00+05:30", "2024-02-29T06:30:00+00:00", "ZonedDateTime"),
        ("12:34:56.789000", "12:34:56.789", "LocalTime"),
        ([0.5], [0.5], "double[]"),
        (1, 1.0, "double"),
        (None, "NaN", "double"),
        ("NaN", None, "double"),
        (None, None, "String"),
        (0.1, 0.10000000149011612, "float"),
        (1.0, 1.0000001, "float"),
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
        (None, 0.5, "double"),
        ("NaN", None, "String"),
        (1.0, 1.0000003, "float"),
        (0.1, 0.10000000149011612, "double"),
        (1 / 3, 0.3333333, "double"),
    ],
)
def test_not_the_same(expected: object, seen: object, data_type: str) -> None:
    assert not same(expected, seen, data_type)


class Scalar:
    """As one of a library that has no arrays."""

    def item(self) -> int:
        return 5


def test_what_has_no_form_in_json() -> None:
    thing = object()
    assert to_json(thing) == repr(thing)
    assert to_json(Scalar()) == 5


def test_a_moment_in_another_form_says_so() -> None:
    with pytest.raises(ValueError, match="'20240229' is no LocalDate"):
        moment("20240229", "LocalDate")
    with pytest.raises(ValueError, match=r"'2024-02-29T00:00\+19:00' is further from UTC than 18"):
        moment("2024-02-29T00:00+19:00", "ZonedDateTime")
