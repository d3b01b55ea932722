"""What a restart keeps: what the owner did, as if no connected session had done anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connect_harness.state import Database, Row, Table
from connect_harness.state.tables import By

Change = Callable[[Database], Any]


@pytest.fixture
def database() -> Database:
    return Database()


@pytest.fixture
def table(database: Database) -> Table:
    table = database.create_table("Cities", {"City": "String", "Count": "int"}, keys=("City",))
    database.add("Cities", [("Rome", 1)])
    return table


def add(row: Row, by: By = "connected") -> Change:
    return lambda database: database.add("Cities", [row], by=by)


def remove(by: By = "connected") -> Change:
    return lambda database: database.remove("Cities", by=by)


ROME, PARIS, OSLO = ("Rome", 1), ("Paris", 2), ("Oslo", 3)


@pytest.mark.parametrize(
    ("changes", "before", "after"),
    [
        ([add(PARIS)], [ROME, PARIS], [ROME]),
        ([add(("Rome", 9))], [("Rome", 9)], [ROME]),
        ([remove()], [], [ROME]),
        ([remove("owner")], [], []),
        ([add(("Paris", 1)), add(PARIS, "owner")], [ROME, PARIS], [ROME, PARIS]),
        ([Database.restart, add(PARIS), add(OSLO, "owner")], [ROME, PARIS, OSLO], [ROME, OSLO]),
    ],
    ids=["added", "overwritten", "removed", "owner-removed", "owner-over-connected", "twice"],
)
def test_rows(
    database: Database, table: Table, changes: list[Change], before: list[Row], after: list[Row]
) -> None:
    for change in changes:
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
