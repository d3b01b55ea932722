"""What a restart keeps: what the owner did, as if no connected session had done anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connect_harness.state import Database, Row, Table


@pytest.fixture
def database() -> Database:
    return Database()


@pytest.fixture
def table(database: Database) -> Table:
    table = database.create_table("Cities", {"City": "String", "Count": "int"}, keys=("City",))
    database.add("Cities", [("Rome", 1)])
    return table


def add_twice(database: Database) -> None:
    database.add("Cities", [("Paris", 1)], by="connected")
    database.add("Cities", [("Paris", 2)])


def restart_and_add(database: Database) -> None:
    database.restart()
    database.add("Cities", [("Paris", 2)], by="connected")
    database.add("Cities", [("Oslo", 3)])


ROME = ("Rome", 1)


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        (lambda it: it.add("Cities", [("P", 2)], by="connected"), [ROME, ("P", 2)], [ROME]),
        (lambda it: it.add("Cities", [("Rome", 9)], by="connected"), [("Rome", 9)], [ROME]),
        (lambda it: it.remove("Cities", by="connected"), [], [ROME]),
        (lambda it: it.remove("Cities"), [], []),
        (add_twice, [ROME, ("Paris", 2)], [ROME, ("Paris", 2)]),
        (restart_and_add, [ROME, ("Paris", 2), ("Oslo", 3)], [ROME, ("Oslo", 3)]),
    ],
    ids=["added", "overwritten", "removed", "owner-removed", "owner-over-connected", "twice"],
)
def test_rows(
    database: Database,
    table: Table,
    change: Callable[[Database], Any],
    before: list[Row],
    after: list[Row],
) -> None:
    change(database)
    assert table.rows == before
    epoch = database.epoch
    database.restart()
    assert table.rows == after
    assert database.epoch > epoch


def test_a_table_of_a_connected_session_goes_with_the_owners_rows_in_it(
    database: Database, table: Table
) -> None:
    database.create_table("New", {"Id": "String"}, by="connected")
    database.add("New", [("of the owner",)])
    database.restart()
    assert database.tables == {"Cities": table}


def test_a_table_that_a_connected_session_dropped_is_back(database: Database, table: Table) -> None:
    database.drop_table("Cities", by="connected")
    database.create_table("Cities", {"Id": "String"}, by="connected")
    database.restart()
    assert database.tables == {"Cities": table}
    assert table.rows == [ROME]
    database.drop_table("Cities")
    database.restart()
    assert not database.tables


def test_without_keys_too(database: Database) -> None:
    table = database.create_table("Log", {"Line": "String"})
    database.add("Log", [("a",), ("a",)])
    database.add("Log", [("a",)], by="connected")
    database.restart()
    database.add("Log", [("b",)], by="connected")
    assert table.rows == [("a",), ("a",), ("b",)]
