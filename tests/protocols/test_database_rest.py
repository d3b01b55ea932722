"""The Database REST API: discovery, reading, adding, with every documented data type."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from connect_harness.state import DATA_TYPES

OWN = "/activeviam/database/rest/v10"
BELOW_PIVOT = "/activeviam/pivot/rest/v9/database"


def add(asker, *lines: Any, table: str = "Example", **action: Any) -> Any:
    body = {"actions": [{"baseTable": table, "lines": list(lines), **action}]}
    return asker.post(f"{OWN}/data/branches/master", body)


def read(asker, table: str = "Example", query: str = "", body: Any = None) -> Any:
    path = f"{OWN}/data/tables/{quote(table, safe='')}{query}"
    answer = asker.get(path) if body is None else asker.post(path, body)
    assert answer.status == 200, answer.body
    return json.loads(answer.body)


@pytest.fixture
def cities(asker):
    database = asker.application.target.database
    database.create_table("Cities", {"City": "String", "Count": "int"}, keys=("City",))
    database.add("Cities", [("Rome", 1), ("Paris", 2), ("Oslo", 3)])
    return asker


@pytest.mark.parametrize("path", [OWN, BELOW_PIVOT, "/activeviam/pivot/rest/v8/database"])
def test_it_is_served_at_both_places(asker, path: str) -> None:
    added = asker.post(
        f"{path}/data/branches/master", {"actions": [{"baseTable": "Example", "lines": [["foo"]]}]}
    )
    assert (added.status, json.loads(added.body)) == (200, {"Example": 1})
    rows = asker.post(f"{path}/data/tables/Example?pageSize=5", {"fields": ["Id"]})
    assert json.loads(rows.body)["rows"] == [["foo"]]
    assert json.loads(asker.get(f"{path}/discovery/tables/Example/size").body) == 1


def test_rows_have_the_documented_shape(asker) -> None:
    add(asker, ["foo"])
    body = {"branch": None, "conditions": {}, "fields": ["Id"], "timeout": 30000}
    assert read(asker, body=body) == {
        "epoch": 3,
        "headers": [{"name": "Id", "type": "String"}],
        "pagination": {},
        "rows": [["foo"]],
    }


def test_discovery(cities) -> None:
    table = {
        "name": "Cities",
        "canDelete": True,
        "canEdit": True,
        "canInsert": True,
        "fields": [
            {
                "defaultValue": "N/A",
                "hasParser": True,
                "index": 0,
                "name": "City",
                "readOnly": False,
                "type": "String",
            },
            {
                "defaultValue": None,
                "hasParser": True,
                "index": 1,
                "name": "Count",
                "readOnly": False,
                "type": "int",
            },
        ],
        "keyFields": [0],
    }

    def get(path: str) -> Any:
        return json.loads(cities.get(f"{OWN}/discovery{path}").body)

    assert get("/tables/Cities") == table
    assert [each["name"] for each in get("/tables")] == ["Example", "Cities"]
    assert get("/tableNames") == ["Example", "Cities"]
    assert get("/tables/Cities/size") == 3
    whole = get("")
    assert set(whole) == {"branches", "joins", "separator", "tables"}
    assert whole["branches"] == ["master"]
    assert whole["tables"][1] == table


def test_discovery_says_who_may_change(cities) -> None:
    path = f"{OWN}/discovery/tables/Cities"
    shown = json.loads(cities.as_("user").get(path).body)
    assert not any(shown[name] for name in ("canDelete", "canEdit", "canInsert"))
    assert all(field["readOnly"] for field in shown["fields"])


@pytest.mark.parametrize(
    ("query", "counts"),
    [
        ("", [1, 2, 3]),
        ("?pageSize=2", [1, 2]),
        ("?pageSize=2&page=2", [3]),
        ("?pageSize=2&page=3", []),
        ("?pageSize=0", []),
        ("?pageSize=2147483646", [1, 2, 3]),
        ("?pageSize=123456789012345678&branch=master&epoch=-1", [1, 2, 3]),
        ("?epoch=4&timeout=1", [1, 2, 3]),
    ],
)
def test_pages(cities, query: str, counts: list[int]) -> None:
    assert [count for _, count in read(cities, "Cities", query)["rows"]] == counts
    assert [count for _, count in read(cities, "Cities", query, {})["rows"]] == counts


def test_a_page_has_twenty_rows_if_nothing_is_said(asker) -> None:
    add(asker, *[[str(number)] for number in range(30)])
    assert len(read(asker)["rows"]) == 20


def test_the_body_says_the_same_as_the_query_and_the_query_counts(cities) -> None:
    assert len(read(cities, "Cities", body={"pageSize": 1, "page": 2})["rows"]) == 1
    assert len(read(cities, "Cities", "?pageSize=2", {"pageSize": 1})["rows"]) == 2


def test_fields(cities) -> None:
    assert read(cities, "Cities", "?fields=Count,City")["rows"][0] == [1, "Rome"]
    assert read(cities, "Cities", body={"fields": ["Count"]})["rows"] == [[1], [2], [3]]
    assert read(cities, "Cities", body={"fields": []})["rows"] == [[], [], []]
    assert read(cities, "Cities", body={"fields": None})["rows"][0] == ["Rome", 1]


@pytest.mark.parametrize(
    ("query", "body"),
    [
        ("?fields=Country", None),
        ("?fields=", None),
        ("?pageSize=-1", None),
        ("?pageSize=many", None),
        ("?page=0", None),
        ("?epoch=1", None),
        ("?fields=%FF", None),
        ("", []),
        ("", b"{"),
        ("", {"fields": "City"}),
        ("", {"fields": [1]}),
        ("", {"pageSize": True}),
        ("", {"pageSize": 1.0}),
        ("", {"branch": 1}),
        ("", {"conditions": {"City": {"$eq": "Rome"}}}),
    ],
)
def test_a_wrong_question(cities, query: str, body: Any) -> None:
    path = f"{OWN}/data/tables/Cities{query}"
    answer = cities.get(path) if body is None else cities.post(path, body)
    assert answer.status == 400
    assert json.loads(answer.body)["error"].startswith("Bad Request: ")


@pytest.mark.parametrize(
    "path",
    [
        "data/tables/Nope",
        "data/tables/Cities?branch=other",
        "discovery/tables/Nope",
        "discovery/tables/Nope/size",
    ],
)
def test_what_is_not_there(cities, path: str) -> None:
    answer = cities.get(f"{OWN}/{path}")
    assert answer.status == 404
    assert json.loads(answer.body)["error"].startswith("Not Found: ")


@pytest.mark.parametrize("name", ["a/b", "a b", "a?b#c", "é\"'%2F", "日本", "", ".", ".."])
def test_names_are_percent_encoded(asker, name: str) -> None:
    asker.application.target.database.create_table(name, {name: "int"})
    add(asker, [1], table=name)
    encoded = quote(name, safe="")
    assert read(asker, name, f"?fields={encoded}")["rows"] == [[1]]
    assert json.loads(asker.get(f"{OWN}/discovery/tables/{encoded}").body)["name"] == name


WIRE = [
    ("boolean", "true"),
    ("double", "1.5"),
    ("double", "1e+300"),
    ("double", '"NaN"'),
    ("double", '"Infinity"'),
    ("double", '"-Infinity"'),
    ("double[]", '[1.5, "NaN", 1e+300]'),
    ("float", "0.1"),
    ("float[]", "[0.1]"),
    ("int", "-2147483648"),
    ("int[]", "[2147483647]"),
    ("LocalDate", '"2024-02-29"'),
    ("LocalDateTime", '"2024-02-29T23:59:59.123"'),
    ("LocalTime", '"00:00:00"'),
    ("long", "9007199254740993"),
    ("long", "-9223372036854775808"),
    ("long[]", "[9007199254740993, 9223372036854775807]"),
    ("Object", "null"),
    ("String", '"🦊 été"'),
    ("ZonedDateTime", '"2024-01-02T03:04:05+01:00[Europe/Paris]"'),
    ("ZonedDateTime", '"2024-01-02T03:04:05+00:00"'),
]


@pytest.mark.parametrize(("data_type", "text"), WIRE)
def test_a_value_of_each_data_type_there_and_back(asker, data_type: str, text: str) -> None:
    database = asker.application.target.database
    database.create_table("Typed", {"Value": data_type})
    action = f'{{"actions": [{{"baseTable": "Typed", "lines": [[{text}]]}}]}}'.encode()
    assert asker.post(f"{OWN}/data/branches/master", action).status == 200
    answer = asker.get(f"{OWN}/data/tables/Typed")
    assert f'"rows": [[{text}]]' in answer.body.decode()


def test_every_data_type_is_tried() -> None:
    assert {name for name, _ in WIRE} == set(DATA_TYPES)


@pytest.mark.parametrize("name", DATA_TYPES)
def test_null_is_null_where_the_column_says_so(asker, name: str) -> None:
    asker.application.target.database.create_table(
        "Typed", {"Value": name}, default_values={"Value": None}
    )
    assert add(asker, [None], table="Typed").status == 200
    assert read(asker, "Typed")["rows"] == [[None]]


def test_an_integer_in_a_double_column(asker) -> None:
    asker.application.target.database.create_table("Typed", {"Value": "double"})
    add(asker, [3], table="Typed")
    assert read(asker, "Typed")["rows"] == [[3]]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"actions": {}}',
        b'{"actions": [1]}',
        b'{"actions": [{"lines": []}]}',
        b'{"actions": [{"baseTable": "Cities"}]}',
        b'{"actions": [{"baseTable": "Cities", "lines": ["ab"]}]}',
        b'{"actions": [{"baseTable": "Cities", "lines": [["a"]]}]}',
        b'{"actions": [{"baseTable": "Cities", "lines": [["a", 1, 2]]}]}',
        b'{"actions": [{"baseTable": "Cities", "lines": [["a", "1"]]}]}',
        b'{"actions": [{"baseTable": "Cities", "lines": [["a", 1.0]]}]}',
        b'{"actions": [{"baseTable": "Cities", "lines": [["a", 1e999]]}]}',
        b'{"actions": [{"baseTable": "Cities", "lines": [["a", NaN]]}]}',
        b'{"actions": [{"baseTable": "Cities", "lines": [["\\ud83e", 1]]}]}',
        b'{"actions": [{"baseTable": "Cities", "lines": [["\xe9", 1]]}]}',
        b'{"actions": [{"baseTable": "Cities", "lines": [["a", 1]], "where": {"a": 1}}]}',
        b'{"actions": [{"baseTable": "Cities", "lines": [], "updateProcedure": {"a": 1}}]}',
        b'{"actions": [], "expectedEpoch": "1"}',
        b'{"actions": [{"baseTable": "Cities", "lines": [["a", 1]]}], "expectedEpoch": 1}',
    ],
)
def test_a_wrong_change_changes_nothing(cities, body: bytes) -> None:
    database = cities.application.target.database
    rows, epoch = database.table("Cities").rows, database.epoch
    answer = cities.post(f"{OWN}/data/branches/master", body)
    assert (answer.status, answer.change) == (400, True)
    assert database.table("Cities").rows == rows
    assert database.epoch == epoch


def test_a_change_of_what_is_not_there_changes_nothing(cities) -> None:
    table = cities.application.target.database.table("Cities")
    actions = [
        {"baseTable": "Cities", "lines": [["Bern", 4]]},
        {"baseTable": "Nope", "lines": [["x"]]},
    ]
    assert cities.post(f"{OWN}/data/branches/master", {"actions": actions}).status == 404
    assert cities.post(f"{OWN}/data/branches/x", {"actions": actions[:1]}).status == 404
    assert table.size == 3


def test_an_object_cannot_be_written(asker) -> None:
    asker.application.target.database.create_table("Typed", {"Value": "Object"})
    assert add(asker, ["text"], table="Typed").status == 400
    assert read(asker, "Typed")["rows"] == []


def test_several_actions_are_one_transaction(cities) -> None:
    actions = [
        {"baseTable": "Cities", "lines": [["Rome", 9], ["Bern", 4]]},
        {"baseTable": "Example", "lines": [["foo"]], "where": {}, "updateProcedure": {}},
        {"baseTable": "Cities", "lines": [["Bern", 5]]},
    ]
    database = cities.application.target.database
    body = {"actions": actions, "context": {}, "expectedEpoch": database.epoch}
    answer = cities.post(f"{OWN}/data/branches/master", body)
    assert json.loads(answer.body) == {"Cities": 3, "Example": 1}
    assert read(cities, "Cities")["rows"] == [["Rome", 9], ["Paris", 2], ["Oslo", 3], ["Bern", 5]]


def test_what_comes_through_here_goes_with_a_restart(cities) -> None:
    add(cities, ["Rome", 9], table="Cities")
    cities.application.target.database.restart()
    assert read(cities, "Cities")["rows"][0] == ["Rome", 1]


def test_a_body_nested_too_deeply(cities) -> None:
    body = b'{"actions": ' + b"[" * 100_000
    assert cities.post(f"{OWN}/data/branches/master", body).status == 400
