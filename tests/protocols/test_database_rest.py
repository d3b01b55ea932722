"""The Database REST API: discovery, reading, adding, with every documented data type."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from connect_harness.state import DATA_TYPES

OWN = "/activeviam/database/rest/v10"


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


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("data/tables/Cities?fields=Country", None, 400),
        ("data/tables/Cities?pageSize=-1", None, 400),
        ("data/tables/Cities?page=0", None, 400),
        ("data/tables/Cities?epoch=1", None, 400),
        ("data/tables/Cities?fields=%FF", None, 400),
        ("data/tables/Cities", [], 400),
        ("data/tables/Cities", b"{", 400),
        ("data/tables/Cities", {"fields": "City"}, 400),
        ("data/tables/Cities", {"pageSize": True}, 400),
        ("data/tables/Cities", {"branch": 1}, 400),
        ("data/tables/Cities", {"conditions": [1]}, 400),
        ("data/tables/Cities", {"conditions": {"City": {"$like": "R%"}}}, 400),
        ("data/tables/Cities", {"conditions": {"City": {"$in": "Rome"}}}, 400),
        ("data/tables/Cities", {"conditions": {"$xor": []}}, 400),
        ("data/tables/Cities", {"conditions": {"Town": "Rome"}}, 400),
        ("data/tables/Cities", {"conditions": {"Count": {"$gt": "x"}}}, 400),
        ("data/tables/Nope", None, 404),
        ("data/tables/Cities?branch=other", None, 404),
        ("discovery/tables/Nope", None, 404),
        ("discovery/tables/Nope/size", None, 404),
    ],
)
def test_a_wrong_question(cities, path: str, body: Any, status: int) -> None:
    answer = cities.get(f"{OWN}/{path}") if body is None else cities.post(f"{OWN}/{path}", body)
    assert answer.status == status
    begins = {400: "Bad Request: ", 404: "Not Found: "}[status]
    assert json.loads(answer.body)["error"].startswith(begins)


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b'{"actions": {}}',
        b'{"actions": [{"lines": []}]}',
        b'{"actions": [{"baseTable": "Cities"}]}',
        b'{"actions": [{"baseTable": "Cities", "lines": ["ab"]}]}',
        b'{"actions": [{"baseTable": "Cities", "lines": [["a", 1.0]]}]}',
        b'{"actions": [{"baseTable": "Cities", "lines": [["a", 1e999]]}]}',
        b'{"actions": [{"baseTable": "Cities", "lines": [["a", NaN]]}]}',
        b'{"actions": [{"baseTable": "Cities", "lines": [["\\ud83e", 1]]}]}',
        b'{"actions": [{"baseTable": "Cities", "lines": [["\xe9", 1]]}]}',
        b'{"actions": [{"baseTable": "Cities", "lines": [["a", 1]], "where": {"a": 1}}]}',
        b'{"actions": [{"baseTable": "Cities", "lines": [], "updateProcedure": {"a": 1}}]}',
        b'{"actions": [{"baseTable": "Objects", "lines": [["text"]]}]}',
        b'{"actions": ' + b"[" * 100_000,
        b'{"actions": [], "expectedEpoch": "1"}',
        b'{"actions": [{"baseTable": "Cities", "lines": [["a", 1]]}], "expectedEpoch": 1}',
    ],
)
def test_a_wrong_change_changes_nothing(cities, body: bytes) -> None:
    database = cities.application.target.database
    database.create_table("Objects", {"Value": "Object"})
    rows, epoch = database.table("Cities").rows, database.epoch
    answer = cities.post(f"{OWN}/data/branches/master", body)
    assert (answer.status, answer.change) == (400, True)
    assert database.table("Cities").rows == rows
    assert database.table("Objects").size == 0
    assert database.epoch == epoch


def test_several_actions_are_one_transaction(cities) -> None:
    cities_table = cities.application.target.database.table("Cities")
    actions = [
        {"baseTable": "Cities", "lines": [["Rome", 9], ["Bern", 4]]},
        {"baseTable": "Example", "lines": [["foo"]], "where": {}, "updateProcedure": {}},
        {"baseTable": "Nope", "lines": [["x"]]},
    ]
    assert cities.post(f"{OWN}/data/branches/master", {"actions": actions}).status == 404
    assert cities.post(f"{OWN}/data/branches/x", {"actions": actions[:2]}).status == 404
    assert cities_table.size == 3
    epoch = cities.application.target.database.epoch
    body = {"actions": actions[:2], "context": {}, "expectedEpoch": epoch}
    answer = cities.post(f"{OWN}/data/branches/master", body)
    assert json.loads(answer.body) == {"Cities": 2, "Example": 1}
    assert read(cities, "Cities")["rows"] == [["Rome", 9], ["Paris", 2], ["Oslo", 3], ["Bern", 4]]


@pytest.mark.parametrize("who", ["admin", "user"])
def test_discovery(cities, who: str) -> None:
    may = who == "admin"

    def field(index: int, name: str, kind: str, default: object) -> dict[str, object]:
        shown = {"defaultValue": default, "hasParser": True, "index": index, "name": name}
        return {**shown, "readOnly": not may, "type": kind}

    table = {
        "name": "Cities",
        **dict.fromkeys(("canDelete", "canEdit", "canInsert"), may),
        "fields": [field(0, "City", "String", "N/A"), field(1, "Count", "int", None)],
        "keyFields": [0],
    }

    def get(path: str) -> Any:
        return json.loads(cities.as_(who).get(f"{OWN}/discovery{path}").body)

    assert get("/tables/Cities") == table
    assert [listed["name"] for listed in get("/tables")] == ["Example", "Cities"]
    assert get("/tableNames") == ["Example", "Cities"]
    assert get("/tables/Cities/size") == 3
    whole = get("")
    assert set(whole) == {"branches", "joins", "separator", "tables"}
    assert whole["branches"] == ["master"]
    assert whole["tables"][1] == table


ROWS = [["Rome", 1], ["Paris", 2], ["Oslo", 3]]


@pytest.mark.parametrize(
    ("query", "body", "rows"),
    [
        ("", {}, ROWS),
        ("?pageSize=2", {}, ROWS[:2]),
        ("?pageSize=2&page=2", {}, ROWS[2:]),
        ("?pageSize=2&page=3", {}, []),
        ("?pageSize=0", {}, []),
        ("?pageSize=123456789012345678&branch=master&epoch=-1", {}, ROWS),
        # The body says the same as the query, and the query counts.
        ("", {"pageSize": 1, "page": 2}, ROWS[1:2]),
        ("?pageSize=2", {"pageSize": 1}, ROWS[:2]),
        ("?fields=Count,City", {}, [[1, "Rome"], [2, "Paris"], [3, "Oslo"]]),
        ("", {"fields": []}, [[], [], []]),
        ("", {"fields": None, "branch": None, "conditions": {}, "timeout": 30000}, ROWS),
    ],
)
def test_pages_and_fields(cities, query: str, body: Any, rows: list[Any]) -> None:
    shown = read(cities, "Cities", query, body)
    assert shown["rows"] == rows
    assert (shown["epoch"], shown["pagination"]) == (4, {})
    assert body or read(cities, "Cities", query) == shown
    if not query and not body:
        assert shown["headers"] == [
            {"name": "City", "type": "String"},
            {"name": "Count", "type": "int"},
        ]


def test_a_page_has_twenty_rows_if_nothing_is_said(asker) -> None:
    lines = [[str(number)] for number in range(30)]
    body = {"actions": [{"baseTable": "Example", "lines": lines}]}
    assert asker.post(f"{OWN}/data/branches/master", body).status == 200
    assert len(read(asker)["rows"]) == 20
    asker.application.target.database.restart()
    assert read(asker)["rows"] == []


@pytest.mark.parametrize(
    ("data_type", "text"),
    [
        # Other values of each data type: LIVE-7 of the suite, and tests/state.
        ("double", '"-Infinity"'),
        ("double[]", '[1.5, "NaN", 1e+300]'),
        ("long[]", "[9007199254740993, 9223372036854775807]"),
        ("String", '"🦊 été"'),
        ("ZonedDateTime", '"2024-01-02T03:04:05+01:00[Europe/Paris]"'),
        *((name, "null") for name in DATA_TYPES),
    ],
)
def test_a_value_of_each_data_type_there_and_back(asker, data_type: str, text: str) -> None:
    database = asker.application.target.database
    defaults = {"Value": None} if text == "null" else {}
    database.create_table("Typed", {"Value": data_type}, default_values=defaults)
    action = f'{{"actions": [{{"baseTable": "Typed", "lines": [[{text}]]}}]}}'.encode()
    assert asker.post(f"{OWN}/data/branches/master", action).status == 200
    answer = asker.get(f"{OWN}/data/tables/Typed")
    assert f'"rows": [[{text}]]' in answer.body.decode()


@pytest.mark.parametrize(
    ("conditions", "cities_left"),
    [
        ({"City": "Rome"}, ["Rome"]),
        ({"City": {"$eq": "Rome"}}, ["Rome"]),
        ({"Count": {"$gt": 1, "$lt": 3}}, ["Paris"]),
        ({"Count": {"$gte": 2}}, ["Paris", "Oslo"]),
        ({"Count": {"$lte": 2}}, ["Rome", "Paris"]),
        ({"City": {"$in": ["Rome", "Oslo", "Nice"]}}, ["Rome", "Oslo"]),
        ({"$not": {"City": "Rome"}}, ["Paris", "Oslo"]),
        ({"$not": {"City": {"$eq": "Rome"}}, "Count": 3}, ["Oslo"]),
        ({"$or": [{"$and": [{"Count": {"$gt": 1}}, {"City": "Oslo"}]}, {"Count": 1}]},
         ["Rome", "Oslo"]),
        ({"$or": []}, []),
    ],
    ids=str,
)  # fmt: skip
def test_rows_that_meet_conditions(cities, conditions: Any, cities_left: list[str]) -> None:
    """As releases write them: until 0.9.3 always an ``$or`` of ``$and``."""
    shown = read(cities, "Cities", "", {"fields": ["City"], "conditions": conditions})
    assert shown["rows"] == [[city] for city in cities_left]
    first = {"fields": ["City"], "conditions": conditions, "pageSize": 1}
    assert read(cities, "Cities", "", first)["rows"] == [[city] for city in cities_left[:1]]
