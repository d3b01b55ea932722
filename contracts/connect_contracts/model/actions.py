"""The actions of sessions and of owners, each with what every room must know of it.

A new action has its row here. ``execution/session_thread.py`` executes it and
``oracle/session_steps.py`` decides what must be seen of it; for an owner's action these are
``execution/targets.py`` and ``oracle/owner_steps.py``. ``tests/model/test_actions.py`` fails with
the name of an action that one of them lacks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

Action = Literal[
    "list tables",
    "get table",
    "columns",
    "keys",
    "add",
    "head",
    "query",
    "schema",
    "create table",
    "turn unready",
    "grant role",
    "user",
    "url",
    "follow link",
    "close",
    "leave with",
    "drop",
]

OwnerAction = Literal[
    "rows",
    "tables",
    "add",
    "create table",
    "restart",
    "replace certificate",
    "arm",
    "disarm",
    "close connections",
    "ping",
    "set ready",
    "set roles",
    "set password",
]


GRANTEE, GRANTED = "newcomer", "ROLE_USER"
"""Whom the action ``grant role`` grants what."""


class Kind(NamedTuple):
    """What is known of an action.

    Parameters:
        text: The action for a reader, as a format of the step's fields; ``{rows}`` are its rows
            with the types of their columns, ``{roles}`` those of its user.
        reads: Whether it reads data that the target holds.
        changes: Whether it changes data that the target holds.
        ends: Whether the session is over after it.
        of_itself: Whether the session answers from what it knows of itself.
        since_6_2: Whether only the profile 6.2 has it.
        needs: The field of the step without which there is nothing to do.
    """

    text: str
    reads: bool = False
    changes: bool = False
    ends: bool = False
    of_itself: bool = False
    since_6_2: bool = False
    needs: str | None = None


ACTIONS: Mapping[Action, Kind] = {
    "list tables": Kind("list tables", reads=True),
    "get table": Kind("get table {table}"),
    "columns": Kind("columns of {table}"),
    "keys": Kind("keys of {table}"),
    "add": Kind("add {rows} to {table}", changes=True),
    "head": Kind("{table}.head({n})", reads=True),
    "query": Kind("query of {table}", reads=True, since_6_2=True),
    "schema": Kind("schema of the tables", reads=True, since_6_2=True),
    "create table": Kind("create table {table}", changes=True),
    "turn unready": Kind("turn the target unready", changes=True, since_6_2=True),
    "grant role": Kind(f"grant {GRANTED} to {GRANTEE}", changes=True, since_6_2=True),
    "user": Kind("user", of_itself=True, since_6_2=True),
    "url": Kind("url", of_itself=True, since_6_2=True),
    "follow link": Kind("follow link", of_itself=True, since_6_2=True),
    "close": Kind("close", ends=True),
    "leave with": Kind("leave with", ends=True),
    "drop": Kind("drop", ends=True),
}
"""The actions of a session."""

OWNER_ACTIONS: Mapping[OwnerAction, Kind] = {
    "rows": Kind("the owner looks at the rows of {table}", reads=True),
    "tables": Kind("the owner: tables", reads=True),
    "add": Kind("the owner: add", changes=True),
    "create table": Kind("the owner: create table", changes=True),
    "restart": Kind("the owner: restart"),
    "replace certificate": Kind("from then on the port presents {chain}", needs="chain"),
    "arm": Kind("the owner arms the fault {fault!r}{schedule}", needs="fault"),
    "disarm": Kind("the owner disarms all faults"),
    "close connections": Kind("the target closes its open connections"),
    "ping": Kind("the owner: ping"),
    "set ready": Kind("the owner: set ready"),
    "set roles": Kind("the owner sets the roles of {user} to {roles}", needs="user"),
    "set password": Kind("the owner changes or revokes the password of {user}", needs="user"),
}
"""The actions of a target's owner."""
