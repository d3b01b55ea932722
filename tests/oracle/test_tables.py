"""The oracle's tables: which rows they take, and what they may hold then."""

from __future__ import annotations

from typing import Any

import pytest

from connect_contracts.checks.expectation import Alternative, GivesRows, Outcome
from connect_contracts.model.scenario import TableSpec
from connect_contracts.oracle.tables import MOST_CONTENTS, TableModel

TYPES = ("String", "int")
KEYED = TableSpec("Example", (("Id", "String"), ("Count", "int")), ("Id",), (), (("a", 1),))


def outcomes(alternatives: tuple[Alternative, ...]) -> list[Outcome]:
    return [each.outcome for each in alternatives]


def owned(*rows: tuple[Any, ...]) -> GivesRows:
    """Rows of a keyed table, as its owner sees them."""
    return GivesRows(("Id", "Count"), TYPES, rows, of_owner=True)


@pytest.mark.parametrize("row", [(), ("a",), ("a", 1, 2)])
def test_a_row_has_the_width_of_its_table(row: tuple[Any, ...]) -> None:
    assert TableModel(KEYED).fit(row) == "wrong"


def test_null_takes_the_default_of_its_column() -> None:
    spec = TableSpec("Example", KEYED.data_types, default_values=(("Count", 7),))
    table = TableModel(spec)
    table.add(((None, None),))
    assert outcomes(table.rows()) == [owned(("N/A", 7))]


def test_a_key_replaces_and_indexes() -> None:
    table = TableModel(KEYED)
    table.add((("a", 2), ("b", 3)))
    held = (("a", 2), ("b", 3))
    assert outcomes(table.head(1)) == [GivesRows(("Count",), TYPES, held, ("Id",), at_most=1)]
    assert outcomes(table.query("Id")) == [GivesRows(("Id",), ("String",), (("a",), ("b",)))]


def test_without_keys_the_same_row_twice_is_two_rows() -> None:
    table = TableModel(TableSpec(rows=(("a",), ("a",))))
    assert outcomes(table.rows()) == [
        GivesRows(("Id",), ("String",), (("a",), ("a",)), of_owner=True)
    ]


def test_a_restart_brings_back_what_a_session_replaced() -> None:
    table = TableModel(KEYED)
    table.add((("a", 2), ("b", 3)))
    table.add_by_owner((("c", 4),))
    table.restart()
    assert outcomes(table.rows()) == [owned(("a", 1), ("c", 4))]


def test_what_may_have_been_stopped_was_stopped_before_any_of_its_rows() -> None:
    table = TableModel(KEYED)
    table.perhaps_add((("b", 2), ("c", 3), ("too wide", 4, 5), ("d", 6)))
    assert outcomes(table.rows()) == [
        owned(("a", 1)),
        owned(("a", 1), ("b", 2)),
        owned(("a", 1), ("b", 2), ("c", 3)),
    ]


def test_too_many_possible_contents_are_unknown_ones() -> None:
    table = TableModel(KEYED)
    table.perhaps_add(tuple((f"row {number}", number) for number in range(MOST_CONTENTS)))
    assert outcomes(table.rows()) == []


def test_a_row_that_is_open_makes_the_table_unknown() -> None:
    table = TableModel(KEYED)
    assert not table.add_by_owner((("b", 2.0),))
    assert outcomes(table.rows()) == []


def test_what_a_session_perhaps_added_is_gone_after_a_restart() -> None:
    table = TableModel(KEYED)
    table.perhaps_add((("b", 2),))
    table.restart()
    assert outcomes(table.rows()) == [owned(("a", 1))]
    table.restart()
    assert outcomes(table.rows()) == [owned(("a", 1))]


def test_as_many_possible_contents_as_are_kept() -> None:
    table = TableModel(KEYED)
    table.perhaps_add(tuple((f"row {number}", number) for number in range(MOST_CONTENTS - 1)))
    assert len(table.rows()) == MOST_CONTENTS


def test_what_is_perhaps_added_and_open_makes_the_table_unknown() -> None:
    table = TableModel(KEYED)
    table.perhaps_add((("b", 2.0),))
    assert outcomes(table.rows()) == []


def test_a_key_is_compared_as_its_type_is() -> None:
    spec = TableSpec("Example", (("Value", "double"), ("Count", "int")), ("Value",))
    table = TableModel(spec)
    table.add(((1, 1), (1.0, 2)))
    assert outcomes(table.rows()) == [
        GivesRows(("Value", "Count"), ("double", "int"), ((1.0, 2),), of_owner=True)
    ]


def test_a_key_may_not_be_null() -> None:
    # Of the types without a default, null stays null.
    spec = TableSpec("Example", (("Key", "int[]"), ("Value", "int[]")), ("Key",))
    assert TableModel(spec).fit((None, (1,))) == "open"
    assert TableModel(spec).fit(((1,), None)) == "right"
    assert TableModel(KEYED).fit((None, 1)) == "right"
