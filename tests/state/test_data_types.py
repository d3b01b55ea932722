"""Every documented data type: what it takes, in which wire form, and what it refuses."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connect_harness.state import DATA_TYPES, WrongTable, WrongValue, data_type

PLUS_5_30 = timezone(timedelta(hours=5, minutes=30))
PARIS = ZoneInfo("Europe/Paris")

TAKEN: dict[str, list[tuple[object, object]]] = {
    "boolean": [(True, True), (False, False)],
    "double": [
        (1.5, 1.5),
        (3, 3.0),
        (5e-324, 5e-324),
        (1.7976931348623157e308, 1.7976931348623157e308),
        ("Infinity", math.inf),
        ("-Infinity", -math.inf),
        (math.inf, math.inf),
    ],
    "double[]": [([1.5, 2, "Infinity"], (1.5, 2.0, math.inf)), ((), ())],
    "float": [
        (0.1, 0.1),
        (1 / 3, 0.33333334),
        (1e30, 1e30),
        (16777217, 16777216.0),
        (3.4028234663852886e38, 3.4028235e38),
        (1e-46, 0.0),
        ("-Infinity", -math.inf),
    ],
    "float[]": [([0.1, 2], (0.1, 2.0))],
    "int": [(0, 0), (2**31 - 1, 2**31 - 1), (-(2**31), -(2**31))],
    "int[]": [([1, -(2**31)], (1, -(2**31)))],
    "long": [(2**53 + 1, 2**53 + 1), (2**63 - 1, 2**63 - 1), (-(2**63), -(2**63))],
    "long[]": [((2**63 - 1,), (2**63 - 1,))],
    "String": [("", ""), ("🦊 été\n\"'\\", "🦊 été\n\"'\\")],
    "Object": [("text", "text"), ([1, [True, None]], (1, (True, None)))],
    "LocalDate": [("2024-02-29", "2024-02-29"), (date(1900, 1, 1), "1900-01-01")],
    "LocalTime": [
        ("12:34", "12:34:00"),
        ("12:34:56.7", "12:34:56.700"),
        ("12:34:56.123456789", "12:34:56.123456789"),
        ("12:34:56.000", "12:34:56"),
        (time(0, 0, 0, 1000), "00:00:00.001"),
    ],
    "LocalDateTime": [
        ("2024-02-29T23:59:59.123000", "2024-02-29T23:59:59.123"),
        (datetime(2024, 2, 29), "2024-02-29T00:00:00"),
    ],
    "ZonedDateTime": [
        ("2024-02-29T12:00Z", "2024-02-29T12:00:00+00:00"),
        ("2024-02-29T12:00:00-05:30", "2024-02-29T12:00:00-05:30"),
        (datetime(2024, 2, 29, tzinfo=PLUS_5_30), "2024-02-29T00:00:00+05:30"),
        (datetime(2024, 7, 1, tzinfo=PARIS), "2024-07-01T00:00:00+02:00[Europe/Paris]"),
        (datetime(2024, 7, 1, tzinfo=ZoneInfo("UTC")), "2024-07-01T00:00:00+00:00"),
    ],
}

REFUSED: dict[str, list[object]] = {
    "boolean": [1, "true"],
    "double": ["1.5", True, "nan", 10**400],
    "double[]": [1.5, [None], "NaN"],
    "float": [1e39, "x"],
    "float[]": [[1e39]],
    "int": [2**31, -(2**31) - 1, 1.0, "1", True],
    "int[]": [[2**31], {1}],
    "long": [2**63, -(2**63) - 1, 1.0, False],
    "long[]": [[1.0]],
    "String": [1, b"bytes", "\ud83e"],
    "Object": [object(), {"a": 1}],
    # Texts that are no moment, oracle and target refuse alike: tests/oracle/test_values.py.
    "LocalDate": ["2024-02-29\n", datetime(2024, 2, 29), 0],
    "LocalTime": ["12:34:56.1234567890", time(1, tzinfo=PLUS_5_30)],
    "LocalDateTime": [datetime(2024, 2, 29, tzinfo=PLUS_5_30), date(2024, 2, 29)],
    "ZonedDateTime": ["2024-02-30T12:00Z", "2024-02-29T12:00+01:60", datetime(2024, 2, 29)],
}


def rows(table: dict[str, list[Any]]) -> list[Any]:
    return [
        pytest.param(name, row, id=f"{name}-{place}")
        for name, of_type in table.items()
        for place, row in enumerate(of_type)
    ]


def test_the_documented_data_types_are_there() -> None:
    assert set(DATA_TYPES) == set(TAKEN) == set(REFUSED)
    assert len(DATA_TYPES) == 15


@pytest.mark.parametrize(("name", "row"), rows(TAKEN))
def test_a_value_is_taken_in_its_wire_form(name: str, row: tuple[object, object]) -> None:
    value, wire = row
    taken = data_type(name).check(value)
    assert taken == wire
    assert type(taken) is type(wire)


@pytest.mark.parametrize(("name", "value"), rows(REFUSED))
def test_another_value_is_refused(name: str, value: object) -> None:
    with pytest.raises(WrongValue, match=rf"is no value of the data type {name[:3]}"):
        data_type(name).check(value)


@pytest.mark.parametrize("name", DATA_TYPES)
def test_null_stays_null_and_the_default_is_in_wire_form(name: str) -> None:
    kind = data_type(name)
    assert kind.check(None) is None
    assert kind.check(kind.default) == kind.default


@pytest.mark.parametrize("name", ["double", "float"])
def test_a_float_without_a_number_comes_in_as_text_or_as_itself(name: str) -> None:
    for value in ("NaN", math.nan):
        taken = data_type(name).check(value)
        assert isinstance(taken, float)
        assert math.isnan(taken)


def test_messages_list_the_data_types_and_cut_long_values() -> None:
    with pytest.raises(WrongTable, match=r"no data type 'string'.*String"):
        data_type("string")
    with pytest.raises(WrongValue) as caught:
        data_type("int").check("x" * 10_000)
    assert len(str(caught.value)) < 200
