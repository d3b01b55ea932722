"""What a request for a change of rows says, in its body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from connect_harness.protocols.errors import bad_request
from connect_harness.protocols.json_text import NotJson, read_json
from connect_harness.state import Database


@dataclass(frozen=True)
class Change:
    """Lines to be added, in one transaction.

    Parameters:
        additions: Names of tables with the lines for each, in order.
        expected_epoch: The version of the data that the change is meant for, if it says so.
    """

    additions: tuple[tuple[str, list[list[Any]]], ...]
    expected_epoch: int | None


def read_change(body: bytes, database: Database) -> Change:
    """Reads the body of a change.

    Parameters:
        body: The body of the request.
        database: The tables that it may be about.

    Raises:
        Refusal: It cannot be read, changes otherwise than by lines, or writes to a column of the
            type ``Object``, of which JSON has no values (400).
    """
    try:
        given = read_json(body)
    except NotJson as error:
        raise bad_request(str(error)) from None
    actions = given.get("actions") if isinstance(given, dict) else None
    if not isinstance(actions, list):
        raise bad_request("The body has no list of actions.")
    epoch = given.get("expectedEpoch")
    if epoch is not None and (isinstance(epoch, bool) or not isinstance(epoch, int)):
        raise bad_request("expectedEpoch is an integer.")
    return Change(tuple(_addition(action, database) for action in actions), epoch)


def _addition(action: Any, database: Database) -> tuple[str, list[list[Any]]]:
    if not isinstance(action, dict) or not isinstance(action.get("baseTable"), str):
        raise bad_request("An action has the name of a table under baseTable.")
    name, lines = action["baseTable"], action.get("lines")
    if not isinstance(lines, list) or not all(isinstance(line, list) for line in lines):
        raise bad_request("An action has a list of lines, each of them a list.")
    for other in ("where", "updateProcedure"):
        if action.get(other):
            raise bad_request(f"Changes by {other} are not served by this session.")
    table = database.tables.get(name)
    columns = table.columns if table else ()
    for line in lines:
        for column, value in zip(columns, line, strict=False):
            if column.data_type == "Object" and value is not None:
                raise bad_request(f"Column {column.name!r} of type Object cannot be written.")
    return name, lines
