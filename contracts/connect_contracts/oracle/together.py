"""Steps that are taken at once: judged by what must hold in whatever order they happen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator

from connect_contracts.checks.expectation import Raises, Returns
from connect_contracts.model.scenario import Connect, Together, Use
from connect_contracts.oracle.alternatives import (
    SILENT,
    Alternatives,
    may_raise,
    must_raise,
    only,
)
from connect_contracts.oracle.connecting import connect
from connect_contracts.oracle.session_steps import use
from connect_contracts.oracle.tables import TableModel
from connect_contracts.oracle.world import World

Branch = tuple[Connect | Use, ...]


def together(world: World, step: Together) -> Alternatives:
    """Whether the whole returns, which it does if each of its steps does.

    The branches are walked one after the other. What they add is the same in any order, unless two
    of them write the same key; where one branch may undo what another needs, nothing is said.
    """
    clashing = _clashing_tables(world, step)
    said = [
        connect(world, one) if isinstance(one, Connect) else use(world, one)
        for branch in step.branches
        for one in branch
    ]
    for table in clashing:
        table.contents = ()
    if _branches_depend(step):
        _forget(world, step)
        return SILENT
    if any(must_raise(one) for one in said):
        return only(Raises())
    sure = all(one != SILENT and not may_raise(one) for one in said)
    return only(Returns()) if sure else SILENT


def _branches_depend(step: Together) -> bool:
    """Whether two branches share a session, or one creates a table."""
    sessions = Counter(name for branch in step.branches for name in {one.session for one in branch})
    creates = any(
        isinstance(one, Use) and one.action == "create table"
        for branch in step.branches
        for one in branch
    )
    return creates or any(count > 1 for count in sessions.values())


def _forget(world: World, step: Together) -> None:
    """Nothing more can be said of the sessions of ``step``, and of the tables they may change."""
    for name in {one.session for branch in step.branches for one in branch}:
        session = world.sessions.get(name)
        if session is not None:
            session.state = "perhaps"
            for table in session.target.tables.values():
                table.certain = False


def _clashing_tables(world: World, step: Together) -> list[TableModel]:
    """The tables of which two branches write the same row, by its key."""
    return [
        table
        for target in world.targets.values()
        for table in target.tables.values()
        if table.keys and _clash(table, step)
    ]


def _clash(table: TableModel, step: Together) -> bool:
    written = Counter(key for branch in step.branches for key in set(_keys_of(table, branch)))
    return any(count > 1 for count in written.values())


def _keys_of(table: TableModel, branch: Branch) -> Iterator[Hashable]:
    for one in branch:
        if isinstance(one, Use) and one.action == "add" and one.table == table.name:
            yield from (table.key(row) for row in one.rows if table.fit(row) == "right")
