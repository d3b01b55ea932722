"""The Database REST API: what there is, reading rows, adding rows.

Paths and shapes are those of the documented API (Database REST API, version 10).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from connect_harness.exchange import Answer, Request
from connect_harness.protocols.bodies import (
    bad_request,
    not_found,
    not_served,
    read_json,
    write_json,
)
from connect_harness.protocols.routing import Call, Route, Target
from connect_harness.protocols.row_conditions import read_conditions
from connect_harness.releases import Release
from connect_harness.state import Database, DataError, NoSuchTable, Table

BRANCH = "master"
"""The one branch of a session of this kind."""
DEFAULT_PAGE_SIZE = 20  # rows; the schema of the documented API says so
LATEST = -1
_INTEGER = re.compile(r"-?\d{1,18}", re.ASCII)


def _discovery(target: Target, call: Call) -> Answer:
    """All tables with their columns, and the one branch."""
    tables = _descriptions(target, call, target.database.tables.values())
    return _json({"branches": [BRANCH], "joins": [], "separator": "/", "tables": tables})


def _tables(target: Target, call: Call) -> Answer:
    """All tables with their columns.

    ``keyFields`` are the key columns by their index. ``canEdit`` and the like say whether the
    caller may change the session. ``type`` is a documented data type, such as ``double[]``.
    """
    return _json(_descriptions(target, call, target.database.tables.values()))


def _table_names(target: Target, _: Call) -> Answer:
    """The names of all tables, in the order in which they were created."""
    return _json(list(target.database.tables))


def _one_table(target: Target, call: Call) -> Answer:
    """One table with its columns. 404 if there is none of this name."""
    return _json(_descriptions(target, call, [_table(target, call)])[0])


def _size(target: Target, call: Call) -> Answer:
    """How many rows a table has. 404 if there is none of this name."""
    return _json(_table(target, call).size)


def _rows(target: Target, call: Call) -> Answer:
    """Rows of a table, in the order in which they were added.

    All is optional, in the query (``fields`` with commas) or in a JSON object: ``fields`` are
    names of columns, all by default; ``pageSize`` is how many rows, 20 by default, without an
    upper limit; ``page`` counts from 1; ``branch`` is ``master``; ``epoch`` is the present one, or
    -1. 404 if there is no such table or branch, 400 for what is wrong otherwise. The values of a
    row are in the order of ``headers``.
    """
    table = _table(target, call)
    query = _read_query(call.request)
    if query.branch != BRANCH:
        raise not_found(f"There is no branch {query.branch!r}.")
    epoch = target.database.epoch
    if query.epoch not in (LATEST, epoch):
        raise bad_request(f"The epoch is {epoch}; an earlier one is not kept.")
    columns = _columns(table, query.fields)
    matches = read_conditions(query.conditions, table)
    rows = [row for row in table.rows if matches(row)]
    first = (query.page - 1) * query.page_size
    return _json(
        {
            "epoch": epoch,
            "headers": [
                {"name": table.columns[index].name, "type": table.columns[index].data_type}
                for index in columns
            ],
            "pagination": {},
            "rows": [
                [row[index] for index in columns] for row in rows[first : first + query.page_size]
            ],
        }
    )


def _change(target: Target, call: Call) -> Answer:
    """Adds lines to tables, in one transaction: all of them or none.

    The one branch is ``master``. An action has the name of a table under ``baseTable``, and
    ``lines`` with a value for each column, in order. A line with the keys of a row that is there
    replaces it. The answer has the number of lines for each table. 404 if there is no such table
    or branch. 400 if a line has another width, or a value that its column does not take; if
    ``expectedEpoch`` is given and is not the present epoch; for changes by ``where`` or
    ``updateProcedure``; and for values of the type ``Object``, which JSON does not have.
    """
    if call.names["branch"] != BRANCH:
        raise not_found(f"There is no branch {call.names['branch']!r}.")
    additions, epoch = _read_change(call.request.body, target.database)
    try:
        added = target.database.add_all(additions, by="connected", expected_epoch=epoch)
    except NoSuchTable as error:
        raise not_found(str(error)) from None
    except DataError as error:
        raise bad_request(str(error)) from None
    return _json(added)


def _table(target: Target, call: Call) -> Table:
    try:
        return target.database.table(call.names["table"])
    except NoSuchTable as error:
        raise not_found(str(error)) from None


def _columns(table: Table, fields: tuple[str, ...] | None) -> list[int]:
    names = [column.name for column in table.columns]
    for field in fields or ():
        if field not in names:
            raise bad_request(f"Table {table.name!r} has no column {field!r}.")
    return [names.index(field) for field in (names if fields is None else fields)]


def _descriptions(target: Target, call: Call, tables: Iterable[Table]) -> list[dict[str, object]]:
    changeable = target.may_change(call.user.name)
    return [
        {
            "name": table.name,
            "canDelete": changeable,
            "canEdit": changeable,
            "canInsert": changeable,
            "fields": [
                {
                    "defaultValue": column.default,
                    "hasParser": column.data_type != "Object",
                    "index": index,
                    "name": column.name,
                    "readOnly": not changeable,
                    "type": column.data_type,
                }
                for index, column in enumerate(table.columns)
            ],
            "keyFields": _columns(table, table.keys),
        }
        for table in tables
    ]


def _json(value: object) -> Answer:
    return Answer(200, write_json(value))


@dataclass(frozen=True)
class _Query:
    """A request for rows: of these columns in this order, or of all; pages count from 1."""

    fields: tuple[str, ...] | None
    conditions: object
    page: int
    page_size: int
    branch: str
    epoch: int


def _read_query(request: Request) -> _Query:
    """What ``request`` asks for; what stands in its query counts before its body.

    Raises:
        Refusal: It cannot be read (400).
    """
    given = {**_from_body(request), **_from_query(request)}
    page = _integer(given, "page", 1, least=1)
    size = _integer(given, "pageSize", DEFAULT_PAGE_SIZE, least=0)
    epoch = _integer(given, "epoch", LATEST, least=LATEST)
    fields = given.get("fields")
    if fields is not None:
        if not isinstance(fields, list) or not all(isinstance(field, str) for field in fields):
            raise bad_request("fields are names of columns.")
        fields = tuple(fields)
    branch = given.get("branch")
    if branch is not None and not isinstance(branch, str):
        raise bad_request("branch is the name of a branch.")
    conditions = given.get("conditions") or {}
    return _Query(fields, conditions, page, size, BRANCH if branch is None else branch, epoch)


def _from_query(request: Request) -> dict[str, Any]:
    try:
        pairs = parse_qs(request.query, keep_blank_values=True, errors="strict")
    except ValueError:
        raise bad_request("The query is not percent-encoded UTF-8.") from None
    given: dict[str, Any] = {}
    for name, (*_, value) in pairs.items():
        if name == "fields":
            given[name] = value.split(",")
        else:
            given[name] = int(value) if name != "branch" and _INTEGER.fullmatch(value) else value
    return given


def _from_body(request: Request) -> dict[str, Any]:
    if request.method != "POST" or not request.body:
        return {}
    body = read_json(request.body)
    if not isinstance(body, dict):
        raise bad_request("The body is no JSON object.")
    return body


def _integer(given: dict[str, Any], name: str, default: int, *, least: int) -> int:
    value = given.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise bad_request(f"{name} is an integer, and at least {least}.")
    return value


Additions = list[tuple[str, list[list[Any]]]]
"""Names of tables with the lines for each, in order."""


def _read_change(body: bytes, database: Database) -> tuple[Additions, int | None]:
    """The lines that a request adds in one transaction, and the epoch that it is meant for.

    Raises:
        Refusal: It cannot be read, changes otherwise than by lines, or writes to a column of the
            type ``Object``, because JSON has no values of that type (400).
    """
    given = read_json(body)
    actions = given.get("actions") if isinstance(given, dict) else None
    if not isinstance(actions, list):
        raise bad_request("The body has no list of actions.")
    epoch = given.get("expectedEpoch")
    if epoch is not None and (isinstance(epoch, bool) or not isinstance(epoch, int)):
        raise bad_request("expectedEpoch is an integer.")
    return [_addition(action, database) for action in actions], epoch


def _addition(action: Any, database: Database) -> tuple[str, list[list[Any]]]:
    if not isinstance(action, dict) or not isinstance(action.get("baseTable"), str):
        raise bad_request("An action has the name of a table under baseTable.")
    name, lines = action["baseTable"], action.get("lines")
    if not isinstance(lines, list) or not all(isinstance(line, list) for line in lines):
        raise bad_request("An action has a list of lines, each of them a list.")
    for other in ("where", "updateProcedure"):
        if action.get(other):
            raise not_served(f"Changes by {other} are not served by this session.")
    table = database.tables.get(name)
    columns = table.columns if table else ()
    for line in lines:
        for column, value in zip(columns, line, strict=False):
            if column.data_type == "Object" and value is not None:
                raise bad_request(f"Column {column.name!r} of type Object cannot be written.")
    return name, lines


def routes(release: Release) -> list[Route]:
    """The endpoints, at each place where a release has them.

    Releases before 0.9.8 read below the pivot API, the others below the API's own path.
    """
    own = release.rest_paths("activeviam/database")
    below_pivot = (f"{path}/database" for path in release.rest_paths("activeviam/pivot"))
    return [
        route
        for path in (*own, *below_pivot)
        for route in (
            Route("GET", f"{path}/discovery", _discovery),
            Route("GET", f"{path}/discovery/tables", _tables),
            Route("GET", f"{path}/discovery/tableNames", _table_names),
            Route("GET", f"{path}/discovery/tables/{{table}}", _one_table),
            Route("GET", f"{path}/discovery/tables/{{table}}/size", _size),
            Route("GET", f"{path}/data/tables/{{table}}", _rows),
            Route("POST", f"{path}/data/tables/{{table}}", _rows),
            Route("POST", f"{path}/data/branches/{{branch}}", _change, change=True),
        )
    ]
