"""Values of the data types: which a column takes, and the one form of dates and times."""

from __future__ import annotations

from typing import Any

import pytest

from connect_contracts.model.values import same, to_python
from connect_contracts.oracle.values import fit, identity
from connect_harness.state import WrongValue, data_type

NO_NUMBERS = ["-Infinity", "Infinity", "NaN"]

FITS: dict[str, dict[str, list[Any]]] = {
    "String": {"right": ["text", ""], "wrong": [5, [1]]},
    "boolean": {"right": [True, False], "wrong": ["true"], "open": [1, 1.0]},
    "int": {
        "right": [2**31 - 1, -(2**31)],
        "wrong": [2**31, -(2**31) - 1, "5", ("a",)],
        "open": [5.0, True],
    },
    "long": {"right": [2**63 - 1, -(2**63)], "wrong": [2**63, -(2**63) - 1]},
    "double": {
        "right": [5, 1e39, 2**53],
        "wrong": ["many", "infinity"],
        "open": [2**53 + 1, -(2**53) - 2, 2**2000, True, *NO_NUMBERS],
    },
    "float": {"right": [2**24, 0.1], "open": [2**24 + 2, 1e39, *NO_NUMBERS]},
    "int[]": {"right": [[1, 2], [], (1,)], "wrong": [[1, "2"], 1], "open": [[1, None]]},
    "double[]": {"open": [(1.5, "NaN")]},
    "Object": {"open": ["anything", [1]]},
    "LocalDate": {"wrong": [5, "2023-02-29", "2024-02-29T00:00:00"]},
    "LocalTime": {"open": ["01:02:03.123456789"]},
    "LocalDateTime": {"open": ["2024-02-29T01:02:03+01:00"]},
    "ZonedDateTime": {"open": ["2024-02-29T00:00:00"]},
}


@pytest.mark.parametrize("kind", FITS)
def test_which_values_a_column_takes(kind: str) -> None:
    seen = {repr(value): fit(value, kind) for values in FITS[kind].values() for value in values}
    expected = {repr(value): fits for fits, values in FITS[kind].items() for value in values}
    assert seen == expected


@pytest.mark.parametrize(
    ("one", "other", "kind", "equal"),
    [
        ("2024-02-29", "2024-03-01", "LocalDate", False),
        ("01:02:00", "01:02", "LocalTime", True),
        (1, 1.0, "double", True),
        (1, 2, "double", False),
        ("NaN", "NaN", "float", True),
        (1, True, "int", False),
        ("a", "a", "String", True),
        ("a", "A", "String", False),
    ],
)
def test_what_is_the_same_key(one: Any, other: Any, kind: str, equal: bool) -> None:
    assert (identity(one, kind) == identity(other, kind)) == equal


# Dates and times as text: target, oracle and caller take the same forms, and no others.

TAKEN = {
    "LocalDate": ("2024-02-29", "0001-01-01"),
    "LocalTime": ("06:29", "06:29:54", "06:29:54.5", "23:59:59.999999"),
    "LocalDateTime": ("2024-02-29T06:29", "2024-02-29T06:29:54.123"),
    "ZonedDateTime": (
        *("2024-02-29T06:29Z", "2024-02-29T06:29:54+05:30", "2024-02-29T06:29:54-18:00"),
        "2024-02-29T06:29:54+01:00[Europe/Paris]",
    ),
}
REFUSED = {
    "LocalDate": ("20240229", "2024-W09-4", "2023-02-29", "2024-02-29T00:00:00", "٢٠٢٤-02-29"),
    "LocalTime": ("06", "T06:29", "062954", "06:29:54,5", "06:29:54+01:00", "24:00"),
    "LocalDateTime": (
        *("2024-02-29", "2024-02-29 06:29", "2024-02-29a06:29"),
        *("2024-02-29T06:29Z", "2024-02-29T24:00"),
    ),
    "ZonedDateTime": (
        *("2024-02-29T06:29", "2024-02-29 06:29Z", "2024-02-29T06:29+0530"),
        *("2024-02-29T06:29+18:01", "2024-02-29T06:29+01:00[]", "2024-02-29[Europe/Paris]"),
    ),
}


def each_of(moments: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(text, kind) for kind, texts in moments.items() for text in texts]


@pytest.mark.parametrize(("text", "kind"), each_of(TAKEN))
def test_a_moment_that_all_take(text: str, kind: str) -> None:
    assert fit(text, kind) == "right"
    written = to_python(text, kind)
    assert not isinstance(written, str)
    back = data_type(kind).check(text)
    assert data_type(kind).check(written) == (back if "[" not in text else back.partition("[")[0])
    assert same(text, back, kind)


@pytest.mark.parametrize(("text", "kind"), each_of(REFUSED))
def test_a_moment_that_none_takes(text: str, kind: str) -> None:
    assert fit(text, kind) != "right"
    assert to_python(text, kind) == text
    with pytest.raises(WrongValue):
        data_type(kind).check(text)
