"""GraphQL over HTTP: one endpoint, executed by graphql-core on ``schema.graphql``.

The form is that of the GraphQL-over-HTTP draft: ``query``, ``operationName`` and ``variables`` in
a JSON body, and the media type that the client prefers. Whatever is refused has status 400.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connect_harness.exchange import Answer
from connect_harness.protocols.bodies import bad_request, read_json, write_json
from connect_harness.protocols.graphql_root import (
    DOCUMENTED_NAMES,
    Changes,
    Query,
    TooManyFields,
    resolver,
)
from connect_harness.protocols.routing import Call, Route, Target
from connect_harness.releases import Release
from connect_harness.state import DataError

if TYPE_CHECKING:
    from graphql import DocumentNode, GraphQLError, GraphQLSchema

RESPONSE = "application/graphql-response+json"

MOST_SHOWN = 60
"""How many characters of an unknown name the journal shows."""

MOST_TOKENS = 20_000
"""How many tokens a document may have; how deep it is nested the library bounds by itself."""


def _graphql(target: Target, call: Call) -> Answer:
    """A GraphQL operation: ``query``, ``operationName`` and ``variables`` in a JSON object.

    ``operationName`` and ``variables`` may be null or left out. The media type of the answer is
    ``application/graphql-response+json`` if ``Accept`` names it. Queries are for every user,
    mutations for those who may change the session. A body of another form is refused as by other
    endpoints. A refused operation has status 400 and a list of ``errors``, each with a
    ``message``; a field that fails alone is null, and the status is 200.
    """
    given = read_json(call.request.body)
    if not isinstance(given, dict) or not isinstance(given.get("query"), str):
        raise bad_request("The body has no text under query.")
    name, variables = given.get("operationName"), given.get("variables")
    if not isinstance(name, str | None) or not isinstance(variables, dict | None):
        raise bad_request("operationName is a text, and variables an object.")
    answer = _execute(target, call, given["query"], name, variables)
    prefers = RESPONSE.encode() in (call.request.header("accept") or b"")
    return replace(answer, content_type=RESPONSE if prefers else "application/json")


def _execute(
    target: Target, call: Call, query: str, name: str | None, variables: dict[str, Any] | None
) -> Answer:
    from graphql import ExecutionResult, GraphQLError, execute_sync, get_operation_ast

    document = _valid_document(query)
    if isinstance(document, list):
        target.not_served(_operation(query, name))
        return _refused(document)
    chosen = get_operation_ast(document, name)
    if chosen is None:
        return _refused([GraphQLError("The document does not say which operation is meant.")])
    change = chosen.operation.value == "mutation"
    if change and not target.may_change(call.user.name):
        error = GraphQLError(f"Access is denied: {call.user.name} may not change this session.")
        return replace(_refused([error]), change=True)
    try:
        result = execute_sync(
            schema(),
            document,
            Changes(target) if change else Query(target, call.user),
            variable_values=variables,
            operation_name=name,
            field_resolver=resolver(),
        )
    except TooManyFields as error:
        return replace(_refused([GraphQLError(str(error))]), change=change)
    assert isinstance(result, ExecutionResult)
    if any(error.path is None for error in result.errors or ()):
        # A variable that does not fit the schema: no field was reached.
        unknown = _unknown_type(variables)
        of_type = f" with the data type {unknown[:MOST_SHOWN]!r}" if unknown else ""
        target.not_served(_operation(query, name) + of_type)
    return replace(_answer(result.data, result.errors or []), change=change)


def _unknown_type(variables: dict[str, Any] | None) -> str | None:
    """The first data type that variables name and the schema has not."""
    # Grows while it is read: clients nest more deeply than Python calls.
    values: list[object] = [variables]
    for value in values:
        match value:
            case {"dataType": str(name)} if name not in DOCUMENTED_NAMES:
                return name
            case dict():
                values.extend(value.values())
            case list():
                values.extend(value)
    return None


def _operation(query: str, name: str | None) -> str:
    """The operation of a document, which may be no GraphQL, by its name."""
    found = re.search(r"\b(?:query|mutation|subscription)\s+(\w+)", query)
    return f"GraphQL {name or (found[1] if found else 'operation without a name')}"


@lru_cache(maxsize=64)
def _valid_document(query: str) -> DocumentNode | list[GraphQLError]:
    """The document of ``query``, or what is wrong with it; clients send the same few again."""
    from graphql import GraphQLError, parse, validate

    try:
        document = parse(query, max_tokens=MOST_TOKENS)
        return validate(schema(), document) or document
    except GraphQLError as error:
        return [error]
    except RecursionError:
        return [GraphQLError("The document is nested too deeply.")]


def _answer(data: dict[str, Any] | None, errors: list[GraphQLError]) -> Answer:
    from graphql import GraphQLError

    for error in errors:
        mistake = error.original_error
        # What the data or GraphQL refuses is the caller's mistake; anything else is ours.
        if mistake is not None and not isinstance(mistake, DataError | GraphQLError):
            raise mistake
    if data is None:
        return _refused(errors)
    found = {"errors": [error.formatted for error in errors]} if errors else {}
    return Answer(200, write_json({"data": data, **found}))


def _refused(errors: list[GraphQLError]) -> Answer:
    return Answer(400, write_json({"errors": [error.formatted for error in errors]}))


@cache
def schema() -> GraphQLSchema:
    """The schema of every release."""
    from graphql import build_schema

    return build_schema(Path(__file__).with_name("schema.graphql").read_text("utf-8"))


def routes(release: Release) -> list[Route]:
    return [Route("POST", path, _graphql) for path in release.rest_paths("graphql")]
