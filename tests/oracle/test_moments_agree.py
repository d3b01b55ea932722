"""Dates and times as text: target, oracle and caller take the same forms, and no others."""

from __future__ import annotations

import pytest

from connect_contracts.model.values import same, to_python
from connect_contracts.oracle.values import fit
from connect_harness.state import WrongValue, data_type

TAKEN = [
    ("2024-02-29", "LocalDate"),
    ("0001-01-01", "LocalDate"),
    ("06:29", "LocalTime"),
    ("06:29:54", "LocalTime"),
    ("06:29:54.5", "LocalTime"),
    ("23:59:59.999999", "LocalTime"),
    ("2024-02-29T06:29", "LocalDateTime"),
    ("2024-02-29T06:29:54.123", "LocalDateTime"),
    ("2024-02-29T06:29Z", "ZonedDateTime"),
    ("2024-02-29T06:29:54+05:30", "ZonedDateTime"),
    ("2024-02-29T06:29:54-18:00", "ZonedDateTime"),
    ("2024-02-29T06:29:54+01:00[Europe/Paris]", "ZonedDateTime"),
]
REFUSED = [
    ("20240229", "LocalDate"),
    ("2024-W09-4", "LocalDate"),
    ("2023-02-29", "LocalDate"),
    ("2024-02-29T00:00:00", "LocalDate"),
    ("٢٠٢٤-02-29", "LocalDate"),
    ("06", "LocalTime"),
    ("T06:29", "LocalTime"),
    ("062954", "LocalTime"),
    ("06:29:54,5", "LocalTime"),
    ("06:29:54+01:00", "LocalTime"),
    ("24:00", "LocalTime"),
    ("2024-02-29", "LocalDateTime"),
    ("2024-02-29 06:29", "LocalDateTime"),
    ("2024-02-29a06:29", "LocalDateTime"),
    ("2024-02-29T06:29Z", "LocalDateTime"),
    ("2024-02-29T24:00", "LocalDateTime"),
    ("2024-02-29T06:29", "ZonedDateTime"),
    ("2024-02-29 06:29Z", "ZonedDateTime"),
    ("2024-02-29T06:29+0530", "ZonedDateTime"),
    ("2024-02-29T06:29+18:01", "ZonedDateTime"),
    ("2024-02-29T06:29+01:00[]", "ZonedDateTime"),
    ("2024-02-29[Europe/Paris]", "ZonedDateTime"),
]


@pytest.mark.parametrize(("text", "kind"), TAKEN)
def test_a_moment_that_all_take(text: str, kind: str) -> None:
    assert fit(text, kind) == "right"
    written = to_python(text, kind)
    assert not isinstance(written, str)
    back = data_type(kind).check(text)
    assert data_type(kind).check(written) == (back if "[" not in text else back.partition("[")[0])
    assert same(text, back, kind)


@pytest.mark.parametrize(("text", "kind"), REFUSED)
def test_a_moment_that_none_takes(text: str, kind: str) -> None:
    assert fit(text, kind) != "right"
    assert to_python(text, kind) == text
    with pytest.raises(WrongValue):
        data_type(kind).check(text)
