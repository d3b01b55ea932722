"""What clients ask of the session, in the forms that releases give it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from connect_harness.protocols.arrow import read_rows
from connect_harness.protocols.py4j import changing_call
from connect_harness.protocols.py4j.api import Api
from connect_harness.protocols.py4j.containers import Array
from connect_harness.protocols.py4j.objects import Bean, Constant, JavaError
from connect_harness.protocols.py4j.users import Users
from connect_harness.protocols.routing import Target

pytest.importorskip("pyarrow")

Write = Callable[..., str]


@pytest.fixture
def target(target: Target) -> Target:
    target.database.create_table("Prices", {"Id": "String", "Value": "int"})
    return target


@pytest.fixture
def api(target: Target, tmp_path: Path) -> Api:
    return Api(target, partial(read_rows, folder=tmp_path.resolve()))


def rows(target: Target, table: str = "Prices") -> list[tuple[object, ...]]:
    return list(target.database.tables[table].rows)


def load(api: Api, path: str, *transaction: object) -> object:
    options = {"absolutePath": path, "errorHandling": "FAIL"}
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
    target.database.add("Prices", [("owner", 1)])
    load(api, write(Value=[1, None], Id=["a", "b"]), *transaction)
    assert rows(target) == [("owner", 1), ("a", 1), ("b", None)]
    assert api.call("getStoreSize", ["Prices", None]) == 3
    target.database.restart()
    assert rows(target) == [("owner", 1)]


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


def test_a_data_type_that_is_not_served_is_named(api: Api, target: Target) -> None:
    asked: list[str] = []
    target.not_served = asked.append
    types = {"Names": Bean("a.TypeImpl", ["String[]", False])}
    with pytest.raises(JavaError, match=r"There is no data type 'String\[\]'"):
        api.call("createStore", ["New", Bean("a.StoreParams", [[], None, types, False])])
    assert asked == ["Py4J createStore with the data type 'String[]'"]


def test_a_vector_is_a_default_value_and_a_table_is_deleted(api: Api, target: Target) -> None:
    """As releases until 0.9.3 do it."""
    numbers = Array(2)
    numbers.elements[:] = [1, 2]
    vector = Bean("com.activeviam.tech.chunks.api.vectors.ArrayVectorUtils.longVector", [numbers])
    types = {"Numbers": Bean("a.TypeImpl", ["long[]", False, vector])}
    api.call("createStore", ["New", Bean("a.StoreParams", [[], None, types, False])])
    assert target.database.tables["New"].columns[0].default == (1, 2)
    api.call("deleteStore", ["New"])
    assert "New" not in target.database.tables
    with pytest.raises(JavaError, match="no table 'New'"):
        api.call("deleteStore", ["New"])


def test_users_until_0_9_10(api: Api, target: Target) -> None:
    accounts = target.accounts
    users = api.call("enterpriseApi", [False])
    assert isinstance(users, Users)
    users.call("createUser", ["new", "first", "BASIC"])
    assert users.call("getUsers", ["BASIC"]) == ["new"]
    users.call("updateUserPassword", ["new", "second", "BASIC"])
    assert accounts.by_password(b"new", b"first") is None
    assert accounts.by_password(b"new", b"second") is not None
    users.call("deleteUser", ["new", "BASIC"])
    assert dict(accounts.credentials) == {}
    target.release = target.release.in_java(exposed=True)
    with pytest.raises(JavaError, match="managed by its application"):
        users.call("createUser", ["new", "first", "BASIC"])


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (["c", "o9", "loadDataSourceIntoStore", "sT", "e"], "loadDataSourceIntoStore"),
        (["c", "o9", "setReadiness", "bFalse"], "setReadiness"),
        (["c", "o9", "createUser", "sa", "sb", "sBASIC", "e"], "createUser"),
        (["c", "o9", "isReady", "e"], None),
        (["m", "d", "o9", "e"], None),
        (["A", "token"], None),
        ([], None),
    ],
)
def test_which_commands_ask_for_a_change(lines: list[str], name: str | None) -> None:
    assert changing_call(lines) == name


@pytest.mark.parametrize(
    ("columns", "text"),
    [
        ({"Id": ["b"]}, "no column 'Value' of table 'Prices'"),
        ({"Id": ["a", "b"], "Value": [1, 2**31]}, "int"),
        ("nowhere", "cannot be read"),
        ("/nowhere", "does not lie below"),
    ],
)
def test_a_load_that_does_not_fit_stores_nothing(
    api: Api, target: Target, write: Write, tmp_path: Path, columns: object, text: str
) -> None:
    path = write(**columns) if isinstance(columns, dict) else str(tmp_path / str(columns))
    with pytest.raises(JavaError, match=text):
        load(api, path)
    with pytest.raises(JavaError, match="loads ARROW, not CSV"):
        api.call("loadDataSourceIntoStore", ["Prices", "CSV", None, {"absolutePath": path}])
    assert rows(target) == []


@pytest.mark.parametrize("commit", [True, False])
@pytest.mark.parametrize("named", [True, False])
def test_the_changes_of_a_transaction_take_effect_at_its_end(
    api: Api, target: Target, write: Write, tmp_path: Path, commit: bool, named: bool
) -> None:
    """Release 0.9.1 names no transaction and means the last one that was opened."""
    identity = str(api.call("startTransaction", [None, True, set()]))
    assert identity.isdigit()
    transaction = identity if named else True
    load(api, write(Id=["a"], Value=[1]), transaction)
    (tmp_path / "table.arrow").unlink()
    load(api, write(Id=["b"], Value=[2]), transaction)
    assert rows(target) == []
    api.call("endTransaction", [commit, *([identity] if named else [])])
    assert rows(target) == ([("a", 1), ("b", 2)] if commit else [])
    with pytest.raises(JavaError, match="No such transaction"):
        api.call("endTransaction", [True, transaction])


def array(*elements: object) -> Array:
    made = Array(len(elements))
    made.elements[:] = elements
    return made


@pytest.mark.parametrize(
    ("conditions", "left"),
    [
        (None, []),
        ([[compare("Value", "EQ", 1)]], ["b", "c", "null"]),
        ([[compare("Value", "NE", 1)]], ["a"]),
        ([[compare("Value", "LT", 2)]], ["b", "c", "null"]),
        ([[compare("Value", "LE", 2)]], ["c", "null"]),
        ([[compare("Value", "GT", 2), compare("Id", "NE", "c")]], ["a", "b", "c", "null"]),
        ([[compare("Value", "GE", 3)], [compare("Id", "EQ", "a")]], ["b", "null"]),
        ([[compare("Value", "ISIN", array(2, None))]], ["a", "c"]),
    ],
)
def test_rows_that_meet_the_conditions_are_dropped(
    api: Api, target: Target, conditions: object, left: list[str]
) -> None:
    target.database.add("Prices", [("a", 1), ("b", 2), ("c", 3), ("null", None)])
    api.call("deleteOnStoreBranch", ["Prices", None, conditions])
    assert [row[0] for row in rows(target)] == left


LEAP_DAY = Bean("java.time.LocalDate.of", [2024, 2, 29])
MIDNIGHT = Bean("java.time.ZonedDateTime.parse", ["2024-01-01T00:00:00+00:00"])
PARIS, UTC = "2024-01-01T01:00:00+01:00", "2024-01-01T01:00:00+00:00"


@pytest.mark.parametrize(
    ("data_type", "stored", "operator", "value", "left"),
    [
        ("LocalDate", ["2024-02-29", "2024-03-01"], "EQ", LEAP_DAY, ["2024-03-01"]),
        (
            "LocalTime",
            ["01:02:03.000004", "01:02:00"],
            "EQ",
            Bean("java.time.LocalTime.of", [1, 2, 3, 4000]),
            ["01:02:00"],
        ),
        # Moments are compared whatever their offset.
        ("ZonedDateTime", [PARIS, UTC], "GT", MIDNIGHT, [PARIS]),
        # Values without an order are neither before nor after.
        ("Object", ["text", 1], "LT", 2, ["text"]),
    ],
)
def test_rows_are_dropped_by_values_of_other_types(
    api: Api, target: Target, data_type: str, stored: Any, operator: str, value: Any, left: Any
) -> None:
    target.database.create_table("Others", {"It": data_type})
    target.database.add("Others", [(each,) for each in stored])
    conditions = [[compare("It", operator, value, "Others")]]
    api.call("deleteOnStoreBranch", ["Others", None, conditions])
    assert [row[0] for row in rows(target, "Others")] == left


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


def test_what_every_release_asks_along_the_way_is_answered(api: Api) -> None:
    assert api.call("outsideTransactionApi", [False]) is api
    assert api.call("getNewLoadingErrors", []) == []
    assert api.call("refresh", []) is None
    assert api.get_field_type("Value", "Prices").call("getJavaType", []) == "int"
    with pytest.raises(JavaError, match="has no column"):
        api.get_field_type("Nope", "Prices")
