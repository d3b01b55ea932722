"""Tables: columns, defaults, keys, and rows that are added all or none."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from connect_harness.state import Database, NoSuchTable, WrongEpoch, WrongRow, WrongTable

CITIES = {"City": "String", "Count": "int"}


@pytest.fixture
def database() -> Database:
    return Database()


def test_a_table_has_its_columns_in_order(database: Database) -> None:
    table = database.create_table("Cities", CITIES, keys=("City",))
    assert [(each.name, each.data_type) for each in table.columns] == list(CITIES.items())
    assert table.keys == ("City",)
    assert list(database.tables) == ["Cities"]


def test_keys_given_as_a_set_are_ordered_as_the_columns(database: Database) -> None:
    columns = dict.fromkeys("dcba", "String")
    assert database.create_table("T", columns, keys={"a", "b", "c"}).keys == ("c", "b", "a")


def test_keys_given_in_an_order_keep_it(database: Database) -> None:
    assert database.create_table("T", CITIES, keys=["Count", "City"]).keys == ("Count", "City")


def test_a_table_may_have_no_columns(database: Database) -> None:
    assert database.create_table("T", {}).columns == ()


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"keys": ("Country",)}, "'Country' is no column"),
        ({"keys": ("City", "City")}, "twice among the keys"),
        ({"keys": "City"}, "not one text"),
        ({"default_values": {"Country": "x"}}, "which is no column"),
        ({"default_values": {"Count": "many"}}, "The default of column 'Count'"),
        ({"keys": ("City",), "default_values": {"City": None}}, "default cannot be null"),
    ],
)
def test_a_table_that_cannot_be_made(database: Database, options: Any, text: str) -> None:
    with pytest.raises(WrongTable, match=text):
        database.create_table("Cities", CITIES, **options)
    assert not database.tables


def test_a_name_is_taken_once(database: Database) -> None:
    database.create_table("Cities", CITIES)
    with pytest.raises(WrongTable, match="already"):
        database.create_table("Cities", {})


def test_a_name_that_could_never_be_sent(database: Database) -> None:
    with pytest.raises(WrongTable, match="no name"):
        database.create_table("\ud83e", CITIES)
    with pytest.raises(WrongTable, match="no name"):
        database.create_table("T", {"\ud83e": "int"})


def test_rows_stay_in_the_order_of_arrival(database: Database) -> None:
    table = database.create_table("Cities", CITIES)
    assert database.add("Cities", [("Rome", 3), ("Paris", 2)]) == 2
    assert database.add("Cities", [("Rome", 3)]) == 1
    assert table.rows == [("Rome", 3), ("Paris", 2), ("Rome", 3)]
    assert database.size("Cities") == table.size == 3


def test_a_row_with_equal_keys_replaces_the_other_in_its_place(database: Database) -> None:
    table = database.create_table("Cities", CITIES, keys=("City",))
    database.add("Cities", [("Rome", 1), ("Paris", 1), ("Rome", 2)])
    assert table.rows == [("Rome", 2), ("Paris", 1)]


def test_keys_are_told_apart_as_java_does(database: Database) -> None:
    table = database.create_table("T", {"Key": "Object"}, keys=("Key",))
    database.add("T", [(1,), (True,), (1.0,), (float("nan"),), (float("nan"),)])
    assert table.size == 4


def test_a_mapping_names_columns_and_the_others_are_null(database: Database) -> None:
    table = database.create_table("Cities", CITIES)
    database.add("Cities", [{"Count": 1}])
    assert table.rows == [("N/A", 1)]


def test_null_becomes_the_default_of_its_column(database: Database) -> None:
    types = {"a": "String", "b": "String", "c": "String", "d": "int", "e": "LocalDate"}
    table = database.create_table("T", types, default_values={"b": "none", "c": None})
    database.add("T", [(None,) * 5])
    assert table.rows == [("N/A", "none", None, None, "1970-01-01")]


def test_a_key_is_never_null(database: Database) -> None:
    database.create_table("T", {"Key": "int"}, keys=("Key",))
    with pytest.raises(WrongRow, match="a key is never null"):
        database.add("T", [(None,)])


@pytest.mark.parametrize(
    "row", [("Rome",), ("Rome", 1, 2), ("Rome", "one"), {"Town": 1}, "ab", None, {"a", "b"}]
)
def test_one_wrong_row_and_nothing_is_stored(database: Database, row: Any) -> None:
    table = database.create_table("Cities", CITIES)
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
    assert database.size("Cities") == 1


def test_rows_are_removed_by_what_they_are(database: Database) -> None:
    table = database.create_table("Cities", CITIES)
    database.add("Cities", [("Rome", 1), ("Paris", 2), ("Oslo", 3)])
    assert database.remove("Cities", lambda row: row[0] == "Paris") == 1
    assert table.rows == [("Rome", 1), ("Oslo", 3)]
    assert database.remove("Cities") == 2
    assert table.rows == []


def test_a_snapshot_does_not_change(database: Database) -> None:
    table = database.create_table("Cities", CITIES)
    rows, tables = table.rows, database.tables
    database.add("Cities", [("Rome", 1)])
    database.create_table("Other", {})
    assert rows == []
    assert list(tables) == ["Cities"]


def test_an_unknown_table_is_told_by_its_name(database: Database) -> None:
    for act in (database.table, database.size, database.remove, database.drop_table):
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
