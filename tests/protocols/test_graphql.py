"""GraphQL: what clients of every release ask, changes, refusals."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connect_harness.protocols import graphql_root
from connect_harness.protocols.graphql_http import MOST_TOKENS
from connect_harness.state import DATA_TYPES, DataType

RESPONSE = "application/graphql-response+json"


def data(answer) -> Any:
    assert answer.status == 200, answer.body
    return json.loads(answer.body)["data"]


def errors(answer) -> str:
    assert answer.status == 400
    document = json.loads(answer.body)
    assert set(document) == {"errors"}
    return " ".join(error["message"] for error in document["errors"])


def test_introspection(asker) -> None:
    from graphql import build_client_schema, get_introspection_query

    schema = build_client_schema(data(asker.graphql(get_introspection_query())))
    assert set(schema.type_map["DataType"].values) == {
        each.graphql_name for each in DATA_TYPES.values()
    }


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (RESPONSE, RESPONSE),
        (f"application/json, {RESPONSE};q=0.9", RESPONSE),
        ("*/*", "application/json"),
        (None, "application/json"),
    ],
)
def test_the_media_type_that_the_client_prefers(asker, accept, content_type: str) -> None:
    headers = () if accept is None else (("accept", accept),)
    for query in ("{ readiness }", "{ nonsense }"):
        answer = asker.ask("POST", "/graphql", {"query": query}, headers=headers)
        assert answer.content_type == content_type


@pytest.mark.parametrize(
    "body",
    [b"", b"no JSON", [], {}, {"query": 1}, {"query": "{readiness}", "variables": []},
     {"query": "{readiness}", "operationName": 1}],
)  # fmt: skip
def test_a_body_that_is_no_operation(asker, body: Any) -> None:
    answer = asker.post("/graphql", body)
    assert answer.status == 400
    assert json.loads(answer.body)["error"].startswith("Bad Request: ")


def test_readiness_is_changed(asker) -> None:
    query = """mutation UpdateReadiness($input: UpdateReadinessInput!) {
      updateReadiness(input: $input) { __typename } }"""
    answer = asker.graphql(query, input={"readiness": "UNREADY"})
    assert data(answer) == {"updateReadiness": {"__typename": "UpdateReadinessOutput"}}
    assert (answer.change, asker.application.target.ready) == (True, False)
    data(asker.graphql(query, input={"readiness": "READY"}))
    assert asker.application.target.ready


CREATE_TABLE = """mutation CreateInMemoryTable($input: CreateInMemoryTableInput!) {
  createInMemoryTable(input: $input) { table { name } } }"""


def test_a_table_is_created_and_deleted(asker) -> None:
    database = asker.application.target.database
    columns = [
        {"columnName": "b", "dataType": "LONG", "defaultValue": {"dataType": "LONG", "value": 1}},
        {"columnName": "a", "dataType": "STRING", "defaultValue": {"dataType": "STRING"}},
        {"columnName": "c", "dataType": "DOUBLE_ARRAY"},
    ]
    given = {"tableName": "New", "columns": columns, "primaryIndex": ["b"]}
    assert data(asker.graphql(CREATE_TABLE, input=given))["createInMemoryTable"]["table"]
    table = database.table("New")
    assert [(each.data_type, each.default) for each in table.columns] == [
        ("long", 1),
        ("String", None),
        ("double[]", None),
    ]
    assert table.keys == ("b",)
    assert "already" in errors(asker.graphql(CREATE_TABLE, input=given))

    delete = "mutation D($input: DeleteTableInput!) { deleteTable(input: $input) { status } }"
    for status in ("DELETED", "NOT_FOUND"):
        answer = asker.graphql(delete, input={"tableName": "New"})
        assert data(answer) == {"deleteTable": {"status": status}}
    assert "New" not in database.tables
    data(asker.graphql(CREATE_TABLE, input=given))
    database.restart()
    assert "New" not in database.tables


ANOTHER_FORM: dict[str, tuple[dict[str, Any], str, dict[str, Any]]] = {
    "0.9.4": (
        {
            "tableIdentifier": {"tableName": "New"},
            "dataTypes": [
                {"columnName": "b", "dataType": "LONG"},
                {"columnName": "a", "dataType": "STRING"},
                {"columnName": "c", "dataType": "INT"},
            ],
            "defaultValues": [
                {"columnName": "b", "value": {"dataType": "LONG", "value": 1}},
                {"columnName": "a", "value": None},
            ],
            "partitioning": None,
        },
        "tables { name }",
        {"tableIdentifier": {"tableName": "New"}},
    ),
    "0.9.6": (
        {
            "tableName": "New",
            "columns": [
                {
                    "columnName": "b",
                    "dataType": "LONG",
                    "defaultValue": {"dataType": "LONG", "value": 1},
                },
                {"columnName": "a", "dataType": "STRING", "defaultValue": None},
                {"columnName": "c", "dataType": "INT"},
            ],
            "dataModelTransactionId": None,
        },
        "__typename",
        {"dataModelTransactionId": None, "tableName": "New"},
    ),
}


@pytest.mark.parametrize("since", ANOTHER_FORM)
def test_a_table_is_created_and_deleted_as_releases_until_0_9_7_do_it(asker, since: str) -> None:
    given, asked, deleted = ANOTHER_FORM[since]
    create = "mutation C($i: CreateTableInput!) { createTable(input: $i) { table { name } } }"
    answer = data(asker.graphql(create, i={**given, "primaryIndex": ["b"]}))
    assert answer == {"createTable": {"table": {"name": "New"}}}
    tables = asker.application.target.database.tables
    columns = [(each.data_type, each.default) for each in tables["New"].columns]
    assert columns == [("long", 1), ("String", None), ("int", None)]
    assert tables["New"].keys == ("b",)
    delete = f"mutation D($i: DeleteTableInput!) {{ deleteTable(input: $i) {{ {asked} }} }}"
    answer = data(asker.graphql(delete, i=deleted))["deleteTable"]
    assert answer in ({"tables": [{"name": "Example"}]}, {"__typename": "DeleteTableOutput"})
    assert "New" not in asker.application.target.database.tables


@pytest.mark.parametrize("noun", ["Credentials", "User"])
def test_users_are_made_and_taken_away(asker, noun: str) -> None:
    accounts = asker.application.target.accounts
    create = """mutation C($c: CreateBasicAuthenticationUserInput!,
      $r: CreateIndividualRolesItemInput!) {
      createBasicAuthenticationUser(input: $c) { __typename username }
      createIndividualRolesItem(input: $r) { individualRolesItem { individualRoles } } }"""
    create = create.replace("AuthenticationUser", f"Authentication{noun}")
    user = {"username": "new"}
    roles = {"individualRoles": ["ROLE_USER"]}
    answer = asker.graphql(create, c={**user, "password": "their secret"}, r={**user, **roles})
    assert b"their secret" not in answer.body
    assert data(answer)["createIndividualRolesItem"] == {"individualRolesItem": roles}
    assert accounts.by_password(b"new", b"their secret") is not None
    item = (
        "query I($name: String!) { security { individualRolesItem(username: $name) { username } } }"
    )
    for name in ("new", "nope"):
        found = data(asker.graphql(item, name=name))["security"]["individualRolesItem"]
        assert found == (user if name == "new" else None)
    delete = """mutation D($c: DeleteBasicAuthenticationUserInput!,
      $r: DeleteIndividualRolesItemInput!) {
      deleteBasicAuthenticationUser(input: $c) { status }
      deleteIndividualRolesItem(input: $r) { status } }"""
    delete = delete.replace("AuthenticationUser", f"Authentication{noun}")
    for status in ("DELETED", "NOT_FOUND"):
        found = data(asker.graphql(delete, c=user, r=user))
        assert {each["status"] for each in found.values()} == {status}
    assert "new" not in accounts.credentials


def test_a_mistake_of_ours_is_no_answer(asker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(graphql_root.Query, "readiness")
    with pytest.raises(AttributeError):
        asker.graphql("{ readiness }")


def _default(kind: DataType) -> object:
    value = "NaN" if kind.name == "double" else kind.default
    return None if value is None else {"dataType": kind.graphql_name, "value": value}


TYPED = {
    "columns": [
        {"name": name, "dataType": kind.graphql_name, "defaultValue": _default(kind)}
        for name, kind in DATA_TYPES.items()
    ],
    "primaryIndex": [{"name": "String"}, {"name": "int"}],
    "joins": [],
    "column": {"__typename": "Column", "name": "double[]", "table": {"name": "Typed"}},
    "other": None,
}
TABLES = [{"__typename": "Table", "name": "Example"}, {"__typename": "Table", "name": "Typed"}]
READ: dict[str, tuple[str, dict[str, Any], object]] = {
    **{
        f"tables until 0.9.5, transaction {number}": (
            "query GetTables($id: ID) "
            "{ dataModel(dataModelTransactionId: $id) { tables { __typename name } } }",
            {"id": number},
            {"dataModel": {"tables": TABLES}},
        )
        for number in (None, "7")
    },
    "tables from 0.9.6": (
        "query GetTables($id: ID) "
        "{ dataModel(transactionId: $id) { database { tables { __typename name } } } }",
        {"id": "7"},
        {"dataModel": {"database": {"tables": TABLES}}},
    ),
    "a table, a cube, and none": (
        """query($name: String!) { dataModel {
          table(name: $name) { name } other: table(name: "Nope") { name }
          cubes { name } cube(name: "x") { name } } }""",
        {"name": "Example"},
        {"dataModel": {"table": {"name": "Example"}, "other": None, "cubes": [], "cube": None}},
    ),
    "columns": (
        """query($name: String!) { dataModel { database { table(name: "Typed") {
          columns { name dataType defaultValue } primaryIndex { name } joins { name }
          column(name: $name) { __typename name table { name } }
          other: column(name: "nope") { name }
        } } } }""",
        {"name": "double[]"},
        {"dataModel": {"database": {"table": TYPED}}},
    ),
    "the caller and the users": (
        """query GetCurrentUser { currentUser { name roles } readiness security {
          basicAuthentication { usernames }
          individualRolesItems { username individualRoles } } }""",
        {},
        {
            "currentUser": {"name": "admin", "roles": ["ROLE_ADMIN", "ROLE_USER"]},
            "readiness": "READY",
            "security": {
                "basicAuthentication": {"usernames": ["admin", "nobody", "user"]},
                "individualRolesItems": [
                    {"username": "admin", "individualRoles": ["ROLE_ADMIN", "ROLE_USER"]},
                    {"username": "user", "individualRoles": ["ROLE_USER"]},
                ],
            },
        },
    ),
}


@pytest.fixture
def typed(asker):
    asker.application.target.database.create_table(
        "Typed",
        {name: name for name in DATA_TYPES},
        keys=("String", "int"),
        default_values={"double": float("nan")},
    )
    return asker


@pytest.mark.parametrize("name", READ)
def test_what_can_be_read(typed, name: str) -> None:
    query, variables, expected = READ[name]
    assert data(typed.graphql(query, **variables)) == expected


def column(data_type: str = "INT", **more: object) -> dict[str, object]:
    return {"columnName": "a", "dataType": data_type, **more}


@pytest.mark.parametrize(
    ("columns", "keys", "text"),
    [
        ([column(), column()], [], "Two columns"),
        ([column()], ["b"], "'b' is no column"),
        ([column("TEXT")], [], "TEXT"),
        ([column(defaultValue={"dataType": "STRING", "value": "x"})], [], "default of column 'a'"),
    ],
)
def test_a_table_that_cannot_be_made(asker, columns, keys, text: str) -> None:
    given = {"tableName": "New", "columns": columns, "primaryIndex": keys}
    assert text in errors(asker.graphql(CREATE_TABLE, input=given))
    assert list(asker.application.target.database.tables) == ["Example"]


def nested(depth: int) -> str:
    inner = "columns { table { " * depth + "name" + " } }" * depth
    return f"{{ dataModel {{ tables {{ {inner} }} }} }}"


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("", ""),
        ("{ nonsense }", "nonsense"),
        ("query Q($x: String!) { dataModel { table(name: $x) { name } } }", "x"),
        ("subscription { readiness }", "subscription"),
        ("{" * 5000, ""),
        (nested(5_000), "deep"),
        # Each level has every column again: it would be 15 to the power of 8 fields.
        (nested(8), "more than 1000 fields"),
        (f"{{ {' '.join(f'a{number}: readiness' for number in range(MOST_TOKENS))} }}", "token"),
    ],
    ids=lambda value: value[:20],
)
def test_a_wrong_document(typed, monkeypatch: pytest.MonkeyPatch, query: str, text: str) -> None:
    monkeypatch.setattr(graphql_root, "MOST_FIELDS", 1_000)
    answer = typed.graphql(query)
    assert text in errors(answer)
    assert not answer.change
