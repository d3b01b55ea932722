"""Tables: columns, defaults, keys, rows that are added all or none, and what a restart keeps."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from connect_harness.state import (
    Database,
    NoSuchTable,
    Row,
    Table,
    WrongEpoch,
    WrongRow,
    WrongTable,
)
from connect_harness.state.tables import By

CITIES = {"City": "String", "Count": "int"}
LETTERS = dict.fromkeys("dcba", "String")
NAN = float("nan")


@pytest.fixture
def database() -> Database:
    return Database()


@pytest.mark.parametrize(
    ("columns", "keys", "ordered"),
    [
        (CITIES, ("City",), ("City",)),
        (CITIES, ["Count", "City"], ("Count", "City")),
        # A set takes the order of the columns.
        (LETTERS, {"a", "b", "c"}, ("c", "b", "a")),
        ({}, (), ()),
    ],
)
def test_columns_and_keys_have_an_order(
    database: Database, columns: dict[str, str], keys: Any, ordered: tuple[str, ...]
) -> None:
    table = database.create_table("T", columns, keys=keys)
    assert [(column.name, column.data_type) for column in table.columns] == list(columns.items())
    assert table.keys == ordered
    assert list(database.tables) == ["T"]


@pytest.mark.parametrize(
    ("name", "columns", "options", "text"),
    [
        ("T", CITIES, {"keys": ("Country",)}, "'Country' is no column"),
        ("T", CITIES, {"keys": ("City", "City")}, "twice among the keys"),
        ("T", CITIES, {"keys": "City"}, "not one text"),
        ("T", CITIES, {"default_values": {"Country": "x"}}, "which is no column"),
        ("T", CITIES, {"default_values": {"Count": "many"}}, "The default of column 'Count'"),
        ("T", CITIES, {"keys": ("City",), "default_values": {"City": None}}, "cannot be null"),
        ("There", {}, {}, "already"),
        ("\ud83e", CITIES, {}, "no name"),
        ("T", {"\ud83e": "int"}, {}, "no name"),
    ],
)
def test_a_table_that_cannot_be_made(
    database: Database, name: str, columns: dict[str, str], options: Any, text: str
) -> None:
    database.create_table("There", CITIES)
    with pytest.raises(WrongTable, match=text):
        database.create_table(name, columns, **options)
    assert list(database.tables) == ["There"]


@pytest.mark.parametrize(
    ("columns", "options", "given", "rows"),
    [
        (CITIES, {}, [("R", 3), ("P", 2), ("R", 3)], [("R", 3), ("P", 2), ("R", 3)]),
        (CITIES, {"keys": ("City",)}, [("R", 1), ("P", 1), ("R", 2)], [("R", 2), ("P", 1)]),
        (CITIES, {}, [{"Count": 1}], [("N/A", 1)]),
        (
            {"a": "String", "b": "String", "c": "String", "d": "int", "e": "LocalDate"},
            {"default_values": {"b": "none", "c": None}},
            [(None,) * 5],
            [("N/A", "none", None, None, "1970-01-01")],
        ),
    ],
    ids=["order-of-arrival", "equal-keys-replace", "mapping", "null-becomes-the-default"],
)
def test_rows_that_are_added(database: Database, columns, options, given, rows) -> None:
    table = database.create_table("T", columns, **options)
    assert database.add("T", given) == len(given)
    assert table.rows == rows
    assert table.size == len(rows)


def test_keys_are_told_apart_as_java_does(database: Database) -> None:
    table = database.create_table("T", {"Key": "Object"}, keys=("Key",))
    database.add("T", [(1,), (True,), (1.0,), (NAN,), (NAN,)])
    assert table.size == 4


@pytest.mark.parametrize(
    "row",
    [("Rome",), ("Rome", 1, 2), ("Rome", "one"), {"Town": 1}, "ab", None, {"a", "b"}, ("R", None)],
)
def test_one_wrong_row_and_nothing_is_stored(database: Database, row: Any) -> None:
    table = database.create_table("Cities", CITIES, keys=("Count",))
    with pytest.raises(WrongRow):
        database.add("Cities", [("Paris", 2), row])
    assert table.rows == []
    assert database.epoch == 2


def test_a_transaction_over_two_tables_is_all_or_none(database: Database) -> None:
    one, two = database.create_table("One", CITIES), database.create_table("Two", CITIES)
    taken = database.add_all([("One", [("a", 1)]), ("Two", [("b", 2)]), ("One", [("c", 3)])])
    assert taken == {"One": 2, "Two": 1}
    with pytest.raises(WrongRow):
        database.add_all([("One", [("d", 4)]), ("Two", [("e",)])])
    assert (one.size, two.size) == (2, 1)


def test_a_change_meant_for_another_epoch_is_refused(database: Database) -> None:
    database.create_table("Cities", CITIES)
    database.add_all([("Cities", [("a", 1)])], expected_epoch=2)
    with pytest.raises(WrongEpoch, match="3, not 2"):
        database.add_all([("Cities", [("b", 1)])], expected_epoch=2)
    assert database.table("Cities").size == 1


def test_rows_are_removed_by_what_they_are_and_a_snapshot_stays(database: Database) -> None:
    table = database.create_table("Cities", CITIES)
    database.add("Cities", [("Rome", 1), ("Paris", 2), ("Oslo", 3)])
    rows, tables = table.rows, database.tables
    assert database.remove("Cities", lambda row: row[0] == "Paris") == 1
    assert table.rows == [("Rome", 1), ("Oslo", 3)]
    assert database.remove("Cities") == 2
    database.create_table("Other", {})
    assert table.rows == []
    assert (len(rows), list(tables)) == (3, ["Cities"])


def test_a_message_names_an_unknown_table(database: Database) -> None:
    for act in (database.table, database.remove, database.drop_table):
        with pytest.raises(NoSuchTable, match="'Nope'"):
            act("Nope")
    with pytest.raises(NoSuchTable):
        database.add("Nope", [])


def test_threads_lose_no_row(database: Database) -> None:
    table = database.create_table("T", {"Thread": "int", "Row": "int"})
    barrier = threading.Barrier(4)

    def add(number: int) -> None:
        barrier.wait()
        for row in range(50):
            database.add("T", [(number, row)], by="connected")

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(table.rows) == [(number, row) for number in range(4) for row in range(50)]


Change = Callable[[Database], Any]


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
