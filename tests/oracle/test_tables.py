"""The oracle's tables: which rows they take, and what they may hold then."""

from __future__ import annotations

from typing import Any

import pytest

from connect_contracts.checks.expectation import GivesRows
from connect_contracts.model.scenario import TableSpec
from connect_contracts.oracle.tables import MOST_CONTENTS, TableModel

TYPES = ("String", "int")
KEYED = TableSpec("Example", (("Id", "String"), ("Count", "int")), ("Id",), (), (("a", 1),))
DEFAULTS = TableSpec("Example", KEYED.data_types, default_values=(("Count", 7),))
NUMBERS = TableSpec("Example", (("Value", "double"), ("Count", "int")), ("Value",))
ARRAYS = TableSpec("Example", (("Key", "int[]"), ("Value", "int[]")), ("Key",))


@pytest.mark.parametrize(
    ("spec", "row", "fits"),
    [
        (KEYED, (), "wrong"),
        (KEYED, ("a",), "wrong"),
        (KEYED, ("a", 1, 2), "wrong"),
        # A key may not be null: of the types without a default, null stays null.
        (KEYED, (None, 1), "right"),
        (ARRAYS, (None, (1,)), "open"),
        (ARRAYS, ((1,), None), "right"),
    ],
)
def test_which_rows_a_table_takes(spec: TableSpec, row: tuple[Any, ...], fits: str) -> None:
    assert TableModel(spec).fit(row) == fits


A, RESTART = ("a", 1), ("restart",)
BY_SESSION = "add", (("a", 2), ("b", 3))
STOPPED = "perhaps_add", (("b", 2), ("c", 3), ("too wide", 4, 5), ("d", 6))
MAYBE_B = "perhaps_add", (("b", 2),)


@pytest.mark.parametrize(
    ("spec", "changes", "held"),
    [
        (DEFAULTS, [("add", ((None, None),))], [(("N/A", 7),)]),
        (KEYED, [BY_SESSION], [(("a", 2), ("b", 3))]),
        # A key is compared as its type is.
        (NUMBERS, [("add", ((1, 1), (1.0, 2)))], [((1.0, 2),)]),
        # A restart brings back what a session replaced, and leaves what the owner added.
        (KEYED, [BY_SESSION, ("add_by_owner", (("c", 4),)), RESTART], [(A, ("c", 4))]),
        # What may have been stopped was stopped before any of its rows.
        (KEYED, [STOPPED], [(A,), (A, ("b", 2)), (A, ("b", 2), ("c", 3))]),
        (KEYED, [MAYBE_B, RESTART], [(A,)]),
        (KEYED, [MAYBE_B, RESTART, RESTART], [(A,)]),
        # A row that is open makes the table unknown.
        (KEYED, [("add_by_owner", (("b", 2.0),))], []),
        (KEYED, [("perhaps_add", (("b", 2.0),))], []),
    ],
)
def test_what_a_table_may_hold(spec: TableSpec, changes: Any, held: Any) -> None:
    table = TableModel(spec)
    for change, *rows in changes:
        getattr(table, change)(*rows)
    columns, types = zip(*spec.data_types, strict=True)
    expected = [GivesRows(columns, types, rows, of_owner=True) for rows in held]
    assert [each.outcome for each in table.rows()] == expected


def test_only_an_owner_s_row_that_is_right_is_decided() -> None:
    assert TableModel(KEYED).add_by_owner((("b", 2),))
    assert not TableModel(KEYED).add_by_owner((("b", 2.0),))


def test_a_head_is_indexed_by_the_keys_and_a_query_is_not() -> None:
    table = TableModel(KEYED)
    table.add((("a", 2), ("b", 3)))
    (head,), (query,) = table.head(1), table.query("Id")
    held = (("a", 2), ("b", 3))
    assert head.outcome == GivesRows(("Count",), TYPES, held, ("Id",), at_most=1)
    assert query.outcome == GivesRows(("Id",), ("String",), (("a",), ("b",)))


def test_without_keys_the_same_row_twice_is_two_rows() -> None:
    (alternative,) = TableModel(TableSpec(rows=(("a",), ("a",)))).rows()
    assert alternative.outcome == GivesRows(("Id",), ("String",), (("a",), ("a",)), of_owner=True)


@pytest.mark.parametrize("more", [0, 1])
def test_too_many_possible_contents_are_unknown_ones(more: int) -> None:
    table = TableModel(KEYED)
    number = MOST_CONTENTS - 1 + more
    table.perhaps_add(tuple((f"row {each}", each) for each in range(number)))
    assert len(table.rows()) == (0 if more else MOST_CONTENTS)
