"""What clients ask of the session, in the forms that releases give it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from connect_harness.protocols.arrow import read_rows
from connect_harness.protocols.py4j import changing_call
from connect_harness.protocols.py4j.api import Api
from connect_harness.protocols.py4j.containers import Array
from connect_harness.protocols.py4j.objects import Bean, CallError, Constant, JavaError
from connect_harness.state import Database

pyarrow = pytest.importorskip("pyarrow")


class Target:
    """A target session, as far as a gateway needs one."""

    def __init__(self) -> None:
        self.database = Database()
        self.ready = True


Write = Callable[..., dict[str, object]]


@pytest.fixture
def target() -> Target:
    target = Target()
    target.database.create_table("Prices", {"Id": "String", "Value": "int"})
    target.database.create_table("Days", {"Day": "LocalDate", "Time": "LocalTime"})
    return target


@pytest.fixture
def api(target: Target, tmp_path: Path) -> Api:
    return Api(target, partial(read_rows, folder=tmp_path.resolve()))


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes columns to an Arrow file and gives the options under which a client names it."""

    def write(**columns: object) -> dict[str, object]:
        table = pyarrow.table(columns)
        path = tmp_path / "table.arrow"
        with pyarrow.OSFile(str(path), "wb") as file, pyarrow.ipc.new_file(file, table.schema) as w:
            w.write_table(table)
        return {"absolutePath": str(path), "errorHandling": "FAIL"}

    return write


def rows(target: Target, table: str = "Prices") -> list[tuple[object, ...]]:
    return list(target.database.tables[table].rows)


def load(api: Api, options: dict[str, object], *transaction: object) -> object:
    parameters = Bean("a.b.LoadingParams")
    arguments = ["Prices", "ARROW", parameters, options, *transaction]
    return api.call("loadDataSourceIntoStore", arguments)


def compare(column: str, operator: str, value: object, table: str = "Prices") -> Bean:
    """A comparison as the public client builds it."""
    bean = Bean("a.ColumnCondition.builder")
    bean.call("storeField", [Bean("a.StoreField", [table, column])])
    bean.call("fieldType", [Bean("a.TypeImpl", ["int", True])])
    bean.call("comparisonOperator", [Constant("a.ColumnCondition$ComparisonOperator", operator)])
    bean.call("value", [value])
    return bean


@pytest.mark.parametrize("transaction", [(), (None,), (False,)])
def test_rows_are_loaded_at_once_without_a_transaction(
    api: Api, target: Target, write: Write, transaction: tuple[object, ...]
) -> None:
    load(api, write(Id=["a", "b"], Value=[1, None]), *transaction)
    assert rows(target) == [("a", 1), ("b", None)]
    assert api.call("getStoreSize", ["Prices", None]) == 2


def test_columns_are_found_by_name(api: Api, target: Target, write: Write) -> None:
    load(api, write(Value=[1], Id=["a"]))
    assert rows(target) == [("a", 1)]


def test_a_column_that_was_left_out_is_not_made_up(api: Api, target: Target, write: Write) -> None:
    with pytest.raises(JavaError, match="no column 'Value' of table 'Prices'"):
        load(api, write(Id=["b"]))
    assert rows(target) == []


def test_a_loaded_row_goes_with_a_restart(api: Api, target: Target, write: Write) -> None:
    target.database.add("Prices", [("owner", 1)])
    load(api, write(Id=["a"], Value=[1]))
    target.database.restart()
    assert rows(target) == [("owner", 1)]


def test_a_load_that_does_not_fit_stores_nothing(
    api: Api, target: Target, write: Write, tmp_path: Path
) -> None:
    for columns in ({"Id": ["a", "b"], "Value": [1, 2**31]}, {"Id": ["a"], "Nope": [1]}):
        with pytest.raises(JavaError):
            load(api, write(**columns))
    with pytest.raises(JavaError, match="cannot be read"):
        load(api, {"absolutePath": str(tmp_path / "nowhere")})
    with pytest.raises(JavaError, match="does not lie below"):
        load(api, {"absolutePath": "/nowhere"})
    assert rows(target) == []


def test_only_arrow_is_loaded(api: Api) -> None:
    with pytest.raises(JavaError, match="loads ARROW, not CSV"):
        api.call("loadDataSourceIntoStore", ["Prices", "CSV", None, {}])


def test_the_changes_of_a_transaction_take_effect_at_its_end(
    api: Api, target: Target, write: Write, tmp_path: Path
) -> None:
    transaction = api.call("startTransaction", [None, True, set()])
    options = write(Id=["a"], Value=[1])
    load(api, options, transaction)
    (tmp_path / "table.arrow").unlink()
    load(api, write(Id=["b"], Value=[2]), transaction)
    assert rows(target) == []
    api.call("endTransaction", [True, transaction])
    assert rows(target) == [("a", 1), ("b", 2)]


def test_a_transaction_that_is_not_committed_leaves_nothing(
    api: Api, target: Target, write: Write
) -> None:
    transaction = api.call("startTransaction", [None, True, set()])
    load(api, write(Id=["a"], Value=[1]), transaction)
    api.call("endTransaction", [False, transaction])
    assert rows(target) == []
    with pytest.raises(JavaError, match="No such transaction"):
        api.call("endTransaction", [True, transaction])


def test_release_0_9_1_names_no_transaction_and_means_the_last_one(
    api: Api, target: Target, write: Write
) -> None:
    assert str(api.call("startTransaction", [None, True])).isdigit()
    load(api, write(Id=["a"], Value=[1]), True)
    assert rows(target) == []
    api.call("endTransaction", [True])
    assert rows(target) == [("a", 1)]


@pytest.mark.parametrize(
    ("conditions", "left"),
    [
        (None, []),
        ([[compare("Value", "EQ", 1)]], ["b", "c", "null"]),
        ([[compare("Value", "NE", 1)]], ["a"]),
        ([[compare("Value", "EQ", None)]], ["a", "b", "c"]),
        ([[compare("Value", "LT", 2)]], ["b", "c", "null"]),
        ([[compare("Value", "LE", 2)]], ["c", "null"]),
        ([[compare("Value", "GT", 2), compare("Id", "NE", "c")]], ["a", "b", "c", "null"]),
        ([[compare("Value", "GE", 3)], [compare("Id", "EQ", "a")]], ["b", "null"]),
    ],
)
def test_rows_that_meet_the_conditions_are_dropped(
    api: Api, target: Target, conditions: object, left: list[str]
) -> None:
    target.database.add("Prices", [("a", 1), ("b", 2), ("c", 3), ("null", None)])
    api.call("deleteOnStoreBranch", ["Prices", None, conditions])
    assert [row[0] for row in rows(target)] == left


def test_rows_are_dropped_by_a_list_of_values(api: Api, target: Target) -> None:
    target.database.add("Prices", [("a", 1), ("b", 2), ("c", None)])
    values = Array(2)
    values.elements[:] = [2, None]
    api.call("deleteOnStoreBranch", ["Prices", None, [[compare("Value", "ISIN", values)]], None])
    assert rows(target) == [("a", 1)]


def test_rows_are_dropped_by_dates_and_times(api: Api, target: Target) -> None:
    target.database.add("Days", [("2024-02-29", "01:02:03.000004"), ("2024-03-01", "01:02:00")])
    day = compare("Day", "EQ", Bean("java.time.LocalDate.of", [2024, 2, 29]), "Days")
    time = compare("Time", "EQ", Bean("java.time.LocalTime.of", [1, 2, 3, 4000]), "Days")
    api.call("deleteOnStoreBranch", ["Days", None, [[day, time]]])
    assert [row[0] for row in rows(target, "Days")] == ["2024-03-01"]


def test_moments_are_compared_whatever_their_offset(api: Api, target: Target) -> None:
    target.database.create_table("Moments", {"At": "ZonedDateTime"})
    target.database.add("Moments", [("2024-01-01T01:00:00+01:00",), ("2024-01-01T01:00:00Z",)])
    limit = Bean("java.time.ZonedDateTime.parse", ["2024-01-01T00:00:00+00:00"])
    later = compare("At", "GT", limit, "Moments")
    api.call("deleteOnStoreBranch", ["Moments", None, [[later]]])
    assert len(rows(target, "Moments")) == 1


@pytest.mark.parametrize(
    "conditions",
    [
        [[compare("Nope", "EQ", 1)]],
        [[compare("Value", "LIKE", 1)]],
        [[compare("Value", "EQ", Bean("a.B.of", [1]))]],
        [[Bean("a.B")]],
        Bean("a.B"),
    ],
)
def test_a_condition_that_is_not_understood_drops_nothing(
    api: Api, target: Target, conditions: object
) -> None:
    target.database.add("Prices", [("a", 1)])
    with pytest.raises(JavaError):
        api.call("deleteOnStoreBranch", ["Prices", None, conditions])
    assert rows(target) == [("a", 1)]


def test_values_that_have_no_order_are_neither_before_nor_after(api: Api, target: Target) -> None:
    target.database.create_table("Objects", {"It": "Object"})
    target.database.add("Objects", [("text",), (1,)])
    api.call("deleteOnStoreBranch", ["Objects", None, [[compare("It", "LT", 2, "Objects")]]])
    assert rows(target, "Objects") == [("text",)]


def test_a_table_is_created_of_its_description(api: Api, target: Target) -> None:
    types = {
        "Id": Bean("a.TypeImpl", ["String", False]),
        "Day": Bean(
            "a.TypeImpl", ["LocalDate", False, Bean("java.time.LocalDate.of", [2024, 1, 2])]
        ),
        "Name": Bean("a.TypeImpl", ["String", True]),
    }
    description = Bean("a.StoreParams", [["Id"], None, types, False])
    api.call("createStore", ["New", description])
    table = target.database.tables["New"]
    assert [column.name for column in table.columns] == ["Id", "Day", "Name"]
    assert table.keys == ("Id",)
    assert table.columns[1].default == "2024-01-02"
    assert table.columns[2].default is None
    target.database.restart()
    assert "New" not in target.database.tables
    api.call("createStore", ["New", description])
    with pytest.raises(JavaError):
        api.call("createStore", ["New", description])
    with pytest.raises(JavaError, match="describes no table"):
        api.call("createStore", ["Other", Bean("a.B")])


def test_the_type_of_a_column_is_told_by_its_documented_name(api: Api) -> None:
    field_type = api.get_field_type("Value", "Prices")
    assert field_type.call("getJavaType", []) == "int"
    with pytest.raises(JavaError, match="has no column"):
        api.get_field_type("Nope", "Prices")


def test_what_every_release_asks_along_the_way_is_answered(api: Api) -> None:
    assert api.call("outsideTransactionApi", [False]) is api
    assert api.call("getNewLoadingErrors", []) == []
    assert api.call("refresh", []) is None


def test_too_many_arguments_are_no_such_method(api: Api) -> None:
    with pytest.raises(CallError, match="does not exist"):
        api.call("isReady", [1])


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (["c", "o9", "loadDataSourceIntoStore", "sT", "e"], "loadDataSourceIntoStore"),
        (["c", "o9", "setReadiness", "bFalse"], "setReadiness"),
        (["c", "o9", "isReady", "e"], None),
        (["c", "o9", "put", "sa", "sb", "e"], None),
        (["m", "d", "o9", "e"], None),
        (["A", "token"], None),
        (["s"], None),
        ([], None),
    ],
)
def test_the_journal_is_told_which_commands_ask_for_a_change(
    lines: list[str], name: str | None
) -> None:
    assert changing_call(lines) == name
