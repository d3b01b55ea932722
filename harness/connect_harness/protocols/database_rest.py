"""The Database REST API: what there is, reading rows, adding rows.

Paths and shapes are those of the documented API (Database REST API, version 10).
"""

from __future__ import annotations

from connect_harness.exchange import Answer
from connect_harness.protocols.database_change import read_change
from connect_harness.protocols.database_query import Query, read_query
from connect_harness.protocols.errors import bad_request, not_found
from connect_harness.protocols.json_text import write_json
from connect_harness.protocols.routing import Call, Route
from connect_harness.protocols.target import Target
from connect_harness.releases import Release
from connect_harness.state import DataError, NoSuchTable, Table

BRANCH = "master"
"""The one branch of a session of this kind."""


def _discovery(target: Target, call: Call) -> Answer:
    tables = [_description(target, call, table) for table in target.database.tables.values()]
    return _json({"branches": [BRANCH], "joins": [], "separator": "/", "tables": tables})


def _tables(target: Target, call: Call) -> Answer:
    return _json([_description(target, call, each) for each in target.database.tables.values()])


def _table_names(target: Target, _: Call) -> Answer:
    return _json(list(target.database.tables))


def _one_table(target: Target, call: Call) -> Answer:
    return _json(_description(target, call, _table(target, call)))


def _size(target: Target, call: Call) -> Answer:
    return _json(_table(target, call).size)


def _rows(target: Target, call: Call) -> Answer:
    table = _table(target, call)
    query = read_query(call.request)
    if query.branch != BRANCH:
        raise not_found(f"There is no branch {query.branch!r}.")
    epoch = target.database.epoch
    if query.epoch not in (-1, epoch):
        raise bad_request(f"The epoch is {epoch}; an earlier one is not kept.")
    columns = _columns(table, query)
    rows = table.rows[query.first : query.last]
    return _json(
        {
            "epoch": epoch,
            "headers": [
                {"name": table.columns[index].name, "type": table.columns[index].data_type}
                for index in columns
            ],
            "pagination": {},
            "rows": [[row[index] for index in columns] for row in rows],
        }
    )


def _change(target: Target, call: Call) -> Answer:
    if call.names["branch"] != BRANCH:
        raise not_found(f"There is no branch {call.names['branch']!r}.")
    change = read_change(call.request.body, target.database)
    try:
        taken = target.database.add_all(
            change.additions, by="connected", expected_epoch=change.expected_epoch
        )
    except NoSuchTable as error:
        raise not_found(str(error)) from None
    except DataError as error:
        raise bad_request(str(error)) from None
    return _json(taken)


def _table(target: Target, call: Call) -> Table:
    try:
        return target.database.table(call.names["table"])
    except NoSuchTable as error:
        raise not_found(str(error)) from None


def _columns(table: Table, query: Query) -> list[int]:
    names = [column.name for column in table.columns]
    if query.fields is None:
        return list(range(len(names)))
    for field in query.fields:
        if field not in names:
            raise bad_request(f"Table {table.name!r} has no column {field!r}.")
    return [names.index(field) for field in query.fields]


def _description(target: Target, call: Call, table: Table) -> dict[str, object]:
    changeable = target.may_change(call.user.name)
    names = [column.name for column in table.columns]
    fields = [
        {
            "defaultValue": column.default,
            "hasParser": column.data_type != "Object",
            "index": index,
            "name": column.name,
            "readOnly": not changeable,
            "type": column.data_type,
        }
        for index, column in enumerate(table.columns)
    ]
    return {
        "name": table.name,
        "canDelete": changeable,
        "canEdit": changeable,
        "canInsert": changeable,
        "fields": fields,
        "keyFields": [names.index(key) for key in table.keys],
    }


def _json(value: object) -> Answer:
    return Answer(200, write_json(value))


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
