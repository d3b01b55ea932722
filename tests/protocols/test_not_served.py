"""What a target does not serve: the error, and the operation in the journal, without its values."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connect_harness import SessionConfig, TargetSession
from connect_harness.protocols.py4j.commands import Commands
from connect_harness.protocols.py4j.objects import UNSUPPORTED as NO_SUCH_THING
from connect_harness.protocols.py4j.objects import JavaError, Registry, Remote
from connect_harness.server import NotServed

ROWS = "/activeviam/database/rest/v10/data/tables/Example"


@pytest.fixture
def operations(asker) -> list[str]:
    """The operations that were not served."""
    found: list[str] = []
    asker.application.target.not_served = found.append
    return found


@pytest.mark.parametrize(
    ("method", "target", "body", "status", "operation"),
    [
        ("GET", "/new/rest/v1/things?secret=1", None, 404, "GET /new/rest/v1/things"),
        ("PATCH", ROWS, {}, 405, f"PATCH {ROWS}"),
        ("POST", ROWS, {"conditions": {"Id": {"$like": "a%"}}}, 400, f"POST {ROWS}"),
        ("POST", "/graphql", {"query": "query Q { nonsense }"}, 400, "GraphQL Q"),
        ("POST", "/graphql", {"query": "{ nonsense }"}, 400, "GraphQL operation without a name"),
        (
            "POST",
            "/graphql",
            {
                "query": "mutation M($i: UpdateReadinessInput!) "
                "{ updateReadiness(input: $i) { __typename } }",
                "variables": {"i": {"secret": "their secret"}},
            },
            400,
            "GraphQL M",
        ),
        (
            "POST",
            "/graphql",
            {
                "query": "mutation Create($i: CreateInMemoryTableInput!) "
                "{ createInMemoryTable(input: $i) { __typename } }",
                "variables": {
                    "i": {
                        "tableName": "T",
                        "columns": [{"columnName": "A", "dataType": "STRING_ARRAY"}],
                    }
                },
            },
            400,
            "GraphQL Create with the data type 'STRING_ARRAY'",
        ),
        ("GET", f"{ROWS}?page=0", None, 400, None),
        ("GET", "/activeviam/database/rest/v10/data/tables/Nope", None, 404, None),
        ("POST", "/graphql", {"query": "{ readiness }"}, 200, None),
    ],
)
def test_requests(
    asker, operations, method: str, target: str, body: Any, status: int, operation: str | None
) -> None:
    assert asker.ask(method, target, body).status == status
    assert operations == ([] if operation is None else [operation])


def test_who_is_not_let_in_asks_for_nothing(asker, operations: list[str]) -> None:
    assert asker.as_(None).get("/new").status == 401
    assert operations == []


class Thing(Remote):
    def fails(self, class_name: str) -> None:
        raise JavaError("no", class_name)


@pytest.mark.parametrize(
    ("lines", "operation"),
    [
        (["c", "x", "newCall", "stheir secret"], "Py4J newCall"),
        (["c", "x", "fails", f"s{NO_SUCH_THING}"], "Py4J fails"),
        (["c", "list", "sort"], "Py4J sort"),
        (["d", "x"], "Py4J command d x"),
        (["c", "x", "fails", "sjava.lang.IllegalStateException"], None),
        (["c", "gone", "newCall"], None),
        (["c", "x", "toString"], None),
    ],
)
def test_commands(lines: list[str], operation: str | None) -> None:
    found: list[str] = []
    registry = Registry()
    words = registry.register(["a"])
    commands = Commands(registry, {"x": Thing()}, found.append)
    commands.execute([words if line == "list" else line for line in lines])
    assert found == ([] if operation is None else [operation])


def test_the_journal_has_it() -> None:
    import urllib.error
    import urllib.request

    with (
        TargetSession.start(SessionConfig(), name="other") as target,
        pytest.raises(urllib.error.HTTPError) as refused,
    ):
        urllib.request.urlopen(f"{target.url}/new")
    assert json.loads(refused.value.read())["error"] == "Not Found"
    (event,) = target.journal.of(NotServed)
    assert (event.target, event.operation) == ("other", "GET /new")
