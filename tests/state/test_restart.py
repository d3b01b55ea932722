"""What a restart keeps: whatever the owner did, as if nobody else had done anything."""

from __future__ import annotations

import pytest

from connect_harness.state import Database, Table


@pytest.fixture
def database() -> Database:
    return Database()


@pytest.fixture
def table(database: Database) -> Table:
    table = database.create_table("Cities", {"City": "String", "Count": "int"}, keys=("City",))
    database.add("Cities", [("Rome", 1)])
    return table


def test_rows_of_connected_sessions_go_and_the_owners_stay(
    database: Database, table: Table
) -> None:
    database.add("Cities", [("Paris", 2)], by="connected")
    assert table.rows == [("Rome", 1), ("Paris", 2)]
    assert table.kept_rows == [("Rome", 1)]
    database.restart()
    assert table.rows == [("Rome", 1)]


def test_what_a_connected_session_overwrote_is_back(database: Database, table: Table) -> None:
    database.add("Cities", [("Rome", 9)], by="connected")
    assert table.rows == [("Rome", 9)]
    database.restart()
    assert table.rows == [("Rome", 1)]


def test_what_a_connected_session_removed_is_back(database: Database, table: Table) -> None:
    database.remove("Cities", by="connected")
    assert table.rows == []
    database.restart()
    assert table.rows == [("Rome", 1)]


def test_what_the_owner_removed_stays_away(database: Database, table: Table) -> None:
    database.remove("Cities")
    database.restart()
    assert table.rows == []


def test_the_owners_row_over_a_connected_one_stays(database: Database, table: Table) -> None:
    database.add("Cities", [("Paris", 1)], by="connected")
    database.add("Cities", [("Paris", 2)])
    database.restart()
    assert table.rows == [("Rome", 1), ("Paris", 2)]


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
    assert table.rows == [("Rome", 1)]


def test_a_table_that_the_owner_dropped_stays_away(database: Database, table: Table) -> None:
    database.drop_table(table.name)
    database.restart()
    assert not database.tables


def test_it_can_be_restarted_again(database: Database, table: Table) -> None:
    database.restart()
    database.add("Cities", [("Paris", 2)], by="connected")
    database.add("Cities", [("Oslo", 3)])
    database.restart()
    assert table.rows == [("Rome", 1), ("Oslo", 3)]


def test_without_keys_too(database: Database) -> None:
    table = database.create_table("Log", {"Line": "String"})
    database.add("Log", [("a",), ("a",)])
    database.add("Log", [("a",)], by="connected")
    database.restart()
    database.add("Log", [("b",)], by="connected")
    assert table.rows == [("a",), ("a",), ("b",)]


def test_the_epoch_never_goes_back(database: Database, table: Table) -> None:
    before = database.epoch
    database.restart()
    assert database.epoch > before
    assert table.size == 1
