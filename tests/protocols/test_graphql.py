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
    told = json.loads(answer.body)
    assert set(told) == {"errors"}
    return " ".join(each["message"] for each in told["errors"])


@pytest.fixture
def typed(asker):
    asker.application.target.database.create_table(
        "Typed", {name: name for name in DATA_TYPES}, keys=("String", "int")
    )
    return asker


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("dataModel(dataModelTransactionId: $id) {", "}"),
        ("dataModel(transactionId: $id) { database {", "} }"),
    ],
)
@pytest.mark.parametrize("transaction", [None, "7"])
def test_tables_are_where_each_release_looks(asker, before, after, transaction) -> None:
    query = f"query GetTables($id: ID) {{ {before} tables {{ __typename name }} {after} }}"
    found = data(asker.graphql(query, id=transaction))["dataModel"]
    assert (found.get("database") or found)["tables"] == [
        {"__typename": "Table", "name": "Example"}
    ]


def test_a_table_by_name(asker) -> None:
    query = """query FindTable($name: String!) {
      dataModel { table(name: $name) { name } database { table(name: $name) { name } } } }"""
    assert data(asker.graphql(query, name="Example"))["dataModel"] == {
        "table": {"name": "Example"},
        "database": {"table": {"name": "Example"}},
    }
    assert data(asker.graphql(query, name="Nope"))["dataModel"] == {
        "table": None,
        "database": {"table": None},
    }


def _default(kind: DataType) -> object:
    if kind.default is None:
        return None
    return {"dataType": kind.graphql_name, "value": kind.default}


def test_columns_with_data_types_and_defaults(typed) -> None:
    query = """{ dataModel { database { table(name: "Typed") {
      columns { name dataType defaultValue } primaryIndex { name } joins { name } } } } }"""
    table = data(typed.graphql(query))["dataModel"]["database"]["table"]
    assert table["primaryIndex"] == [{"name": "String"}, {"name": "int"}]
    assert table["joins"] == []
    assert table["columns"] == [
        {"name": name, "dataType": kind.graphql_name, "defaultValue": _default(kind)}
        for name, kind in DATA_TYPES.items()
    ]


def test_a_column_by_name(typed) -> None:
    query = """query FindColumn($column: String!) { dataModel { database {
      table(name: "Typed") { column(name: $column) { __typename name table { name } } } } } }"""
    found = data(typed.graphql(query, column="double[]"))["dataModel"]["database"]["table"]
    column = {"__typename": "Column", "name": "double[]", "table": {"name": "Typed"}}
    assert found["column"] == column
    found = data(typed.graphql(query, column="nope"))["dataModel"]["database"]["table"]
    assert found["column"] is None


def test_a_default_without_a_number(asker) -> None:
    asker.application.target.database.create_table(
        "T", {"x": "double"}, default_values={"x": float("nan")}
    )
    query = '{ dataModel { table(name: "T") { column(name: "x") { defaultValue } } } }'
    column = data(asker.graphql(query))["dataModel"]["table"]["column"]
    assert column == {"defaultValue": {"dataType": "DOUBLE", "value": "NaN"}}


def test_no_cubes(asker) -> None:
    query = '{ dataModel { cubes { name } cube(name: "x") { name } } }'
    assert data(asker.graphql(query)) == {"dataModel": {"cubes": [], "cube": None}}


def test_the_caller(asker) -> None:
    query = "query GetCurrentUser { currentUser { name roles } readiness }"
    assert data(asker.as_("user").graphql(query)) == {
        "currentUser": {"name": "user", "roles": ["ROLE_USER"]},
        "readiness": "READY",
    }


def test_the_anonymous_caller(build) -> None:
    roles = ["ROLE_ADMIN", "ROLE_ANONYMOUS", "ROLE_USER"]
    answer = build(secure=False).graphql("{ currentUser { name roles } }")
    assert data(answer) == {"currentUser": {"name": "anonymousUser", "roles": roles}}


def test_who_is_known(asker) -> None:
    query = """{ security { basicAuthentication { usernames }
      individualRolesItems { username individualRoles } } }"""
    assert data(asker.graphql(query))["security"] == {
        "basicAuthentication": {"usernames": ["admin", "nobody", "user"]},
        "individualRolesItems": [
            {"username": "admin", "individualRoles": ["ROLE_ADMIN", "ROLE_USER"]},
            {"username": "user", "individualRoles": ["ROLE_USER"]},
        ],
    }


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


def test_one_of_several_operations(asker) -> None:
    query = "query A { readiness } query B { currentUser { name } }"
    answer = asker.post("/graphql", {"query": query, "operationName": "B"})
    assert data(answer) == {"currentUser": {"name": "admin"}}
    assert "which operation" in errors(asker.graphql(query))
    assert errors(asker.post("/graphql", {"query": query, "operationName": "C"}))


@pytest.mark.parametrize(
    "query",
    [
        "",
        "{",
        "{ nonsense }",
        "query Q($x: String!) { dataModel { table(name: $x) { name } } }",
        "subscription { readiness }",
        "{" * 5000,
    ],
)
def test_a_wrong_document(asker, query: str) -> None:
    answer = asker.graphql(query)
    assert errors(answer)
    assert not answer.change


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


@pytest.mark.parametrize(
    ("columns", "keys", "told"),
    [
        ([{"columnName": "a", "dataType": "INT"}] * 2, [], "Two columns"),
        ([{"columnName": "a", "dataType": "INT"}], ["b"], "'b' is no column"),
        ([{"columnName": "a", "dataType": "TEXT"}], [], "TEXT"),
        (
            [
                {
                    "columnName": "a",
                    "dataType": "INT",
                    "defaultValue": {"dataType": "STRING", "value": "x"},
                }
            ],
            [],
            "default of column 'a'",
        ),
    ],
)
def test_a_table_that_cannot_be_made(asker, columns, keys, told: str) -> None:
    given = {"tableName": "New", "columns": columns, "primaryIndex": keys}
    assert told in errors(asker.graphql(CREATE_TABLE, input=given))
    assert list(asker.application.target.database.tables) == ["Example"]


def test_a_created_table_goes_with_a_restart(asker) -> None:
    given = {"tableName": "New", "columns": [{"columnName": "a", "dataType": "INT"}]}
    data(asker.graphql(CREATE_TABLE, input=given))
    asker.application.target.database.restart()
    assert list(asker.application.target.database.tables) == ["Example"]


def test_users_are_made_and_taken_away(asker) -> None:
    accounts = asker.application.target.accounts
    create = """mutation C($c: CreateBasicAuthenticationCredentialsInput!,
      $r: CreateIndividualRolesItemInput!) {
      createBasicAuthenticationCredentials(input: $c) { __typename username }
      createIndividualRolesItem(input: $r) { individualRolesItem { individualRoles } } }"""
    credentials = {"username": "new", "password": "their secret"}
    answer = asker.graphql(
        create, c=credentials, r={"username": "new", "individualRoles": ["ROLE_USER"]}
    )
    assert b"their secret" not in answer.body
    assert data(answer)["createIndividualRolesItem"] == {
        "individualRolesItem": {"individualRoles": ["ROLE_USER"]}
    }
    assert accounts.by_password(b"new", b"their secret") is not None
    delete = """mutation D($c: DeleteBasicAuthenticationCredentialsInput!,
      $r: DeleteIndividualRolesItemInput!) {
      deleteBasicAuthenticationCredentials(input: $c) { status }
      deleteIndividualRolesItem(input: $r) { status } }"""
    for status in ("DELETED", "NOT_FOUND"):
        found = data(asker.graphql(delete, c={"username": "new"}, r={"username": "new"}))
        assert {each["status"] for each in found.values()} == {status}
    assert "new" not in accounts.credentials


def test_a_mistake_of_ours_is_no_answer(asker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(graphql_root.Query, "readiness")
    with pytest.raises(AttributeError):
        asker.graphql("{ readiness }")


def test_graphql_is_imported_by_the_first_operation_only() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from connect_harness.protocols.application import Application;"
        "from connect_harness.state import Accounts, Database;"
        "from connect_harness.exchange import Request;"
        "a = Application(Accounts(secure=False), Database());"
        "a.answer(Request('GET', '/versions/rest')); assert 'graphql' not in sys.modules;"
        "a.answer(Request('POST', '/graphql', (), b'{\"query\": \"{readiness}\"}'));"
        "assert 'graphql' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def nested(depth: int) -> str:
    inner = "columns { table { " * depth + "name" + " } }" * depth
    return f"{{ dataModel {{ tables {{ {inner} }} }} }}"


def test_an_answer_that_would_grow_beyond_bounds_is_refused(
    typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each level has every column again: it would be 15 to the power of 8 fields."""
    monkeypatch.setattr(graphql_root, "MOST_FIELDS", 1_000)
    assert "more than 1000 fields" in errors(typed.graphql(nested(8)))


def test_a_document_of_too_many_tokens_is_refused(asker) -> None:
    fields = " ".join(f"a{number}: readiness" for number in range(MOST_TOKENS))
    assert "token" in errors(asker.graphql(f"{{ {fields} }}"))


def test_a_document_that_is_nested_too_deeply_is_refused(asker) -> None:
    assert "deep" in errors(asker.graphql(nested(5_000)))
