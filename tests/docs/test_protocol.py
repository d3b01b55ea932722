"""The page of the protocol has all that a target serves, with what a target really answers."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from connect_harness.protocols.py4j.api import Api

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What makes the page, from its modules."""
    pytest.importorskip("sphinx", reason="the extra docs is not installed")
    pytest.importorskip("pyarrow", reason="the extra arrow is not installed")
    monkeypatch.syspath_prepend(str(DOCS))
    from from_code import exchanges, protocol

    return SimpleNamespace(exchanges=exchanges, protocol=protocol)


def test_the_recorded_exchanges_are_what_targets_answer(page: SimpleNamespace) -> None:
    told = "python docs/from_code/exchanges.py makes them again"
    assert json.loads(page.exchanges.written()) == json.loads(
        page.exchanges.FILE.read_text("utf-8")
    ), told


def test_every_endpoint_has_a_description_and_an_exchange(page: SimpleNamespace) -> None:
    protocol = page.protocol
    missing = [
        f"{method} {path}"
        for handler, forms in protocol.endpoints_by_handler().items()
        for method, path in forms
        if not protocol.described(handler) or not any(protocol.exchanges_of(handler))
    ]
    assert missing == []


def test_every_graphql_operation_is_recorded(page: SimpleNamespace) -> None:
    from graphql import FieldNode, OperationDefinitionNode, parse

    from connect_harness.protocols.graphql_http import schema

    def root_fields(query: str) -> set[str]:
        (operation,) = parse(query).definitions
        assert isinstance(operation, OperationDefinitionNode)
        selected = operation.selection_set.selections
        return {field.name.value for field in selected if isinstance(field, FieldNode)}

    recorded = {
        name for one in page.exchanges.OPERATIONS for name in root_fields(one.body["query"])
    }
    types = (schema().query_type, schema().mutation_type)
    assert [name for kind in types if kind for name in kind.fields if name not in recorded] == []


def test_every_path_of_the_issuer_is_recorded(page: SimpleNamespace) -> None:
    from connect_harness.issuer import METADATA_PATHS, TOKEN_PATH

    recorded = {one["request"].split(" ")[1] for one in page.protocol._recorded()["issuer"]}
    assert recorded == {*METADATA_PATHS, TOKEN_PATH}
    assert TOKEN_PATH in page.protocol.issuer()


def test_what_the_gateway_serves_has_a_description(page: SimpleNamespace) -> None:
    described, remotes = page.protocol.described, page.protocol.remotes()
    assert [kind.__name__ for kind in remotes if not described(kind)] == []
    # What the small objects give, their names say.
    methods = page.protocol.methods_of(Api)
    assert [name for name, method in methods.items() if not described(method)] == []
