"""A session is used: what it may see, what it may change, and what is left of both after."""

from __future__ import annotations

from connect_contracts.clauses import Profile
from connect_contracts.expectation import Gives, Raises, Returns
from connect_contracts.oracle.alternatives import SILENT, Alternatives, only, or_raises, refused
from connect_contracts.oracle.tables import TableModel
from connect_contracts.oracle.world import SessionModel, World
from connect_contracts.scenario import Use
from connect_contracts.wire import ConnectionsClosed, NoChange

UNAVAILABLE = Raises("LiveExtensionUnavailableError", "Live extension is not available")
NO_SUCH_TABLE = only(Raises("KeyError"))

_OF_TABLES = ("list tables", "get table", "columns", "keys", "add", "head", "query", "create table")
_OF_ITSELF = ("user", "url", "follow link")


def use(world: World, step: Use) -> Alternatives:
    """What must be seen of a use of a session."""
    session = world.sessions.get(step.session)
    if session is None or session.state in ("absent", "dropped"):
        return SILENT
    if step.action in ("close", "leave with", "drop"):
        return _end(world, session, step)
    if session.state == "closed":
        # What it was opened for is over (KEEP-4); what it knows of itself may still be told.
        return refused(NoChange(since_step=True)) if step.action in _OF_TABLES else SILENT
    unsure = session.state == "perhaps" or session.altered
    if step.action in _OF_ITSELF:
        said = _told_of_itself(world, session, step)
    elif step.action == "create table":
        said = _create_table(world, session, step.table, unsure=unsure)
    elif step.action == "add":
        said = _add(world, session, step, unsure=unsure)
    else:
        said = _read(world, session, step)
    if unsure:
        return SILENT
    return or_raises(said) if session.may_fail else said


def _end(world: World, session: SessionModel, step: Use) -> Alternatives:
    if session.state != "open":
        session.state = "dropped"
        return SILENT
    session.state = "dropped" if step.action == "drop" else "closed"
    others = [one for one in world.sessions.values() if one.state != "closed"]
    demands = () if others else (ConnectionsClosed(),)
    said = only(Returns(), *demands)
    return or_raises(said) if session.may_fail and session.state == "closed" else said


# What a session may do (facts 1.2 to 1.4).


def _is_refused_tables(world: World, session: SessionModel) -> bool:
    """Whether it has no tables at all: 0.9.1, without the Live Extension."""
    return world.profile is Profile.V0_9_1 and not session.admin


def _is_undecided(session: SessionModel) -> bool:
    """Whether it is unknown if the target plays the release that the implementation expects."""
    return session.target.spec.release is not None


def _table(session: SessionModel, name: str) -> TableModel | None:
    return session.target.tables.get(name)


def _unavailable() -> Alternatives:
    return only(UNAVAILABLE, NoChange(since_step=True))


# Reading.


def _read(world: World, session: SessionModel, step: Use) -> Alternatives:
    if _is_undecided(session):
        return SILENT
    if _is_refused_tables(world, session):
        return _unavailable()
    tables = session.target.tables
    if step.action == "list tables":
        certain = all(table.certain for table in tables.values())
        return only(Gives(sorted(tables))) if certain else SILENT
    table = _table(session, step.table)
    if table is None:
        return NO_SUCH_TABLE
    return _read_table(world, table, step) if table.certain else SILENT


def _read_table(world: World, table: TableModel, step: Use) -> Alternatives:
    match step.action:
        case "get table":
            return only(Returns())
        case "columns":
            return only(Gives(list(table.columns)))
        case "keys":
            return only(Gives(list(table.keys)))
        case "head" if table.columns and (step.n is None or step.n >= 0):
            return table.head(step.n)
        case "query":
            # Asked for is the first column of the table that the scenario's targets began with.
            asked = next(iter(world.row_types.get(table.name, {"Id": ""})), "Id")
            return table.query(asked) if asked in table.columns else NO_SUCH_TABLE
        case _:
            return SILENT


# Changing.


def _add(world: World, session: SessionModel, step: Use, *, unsure: bool) -> Alternatives:
    table = _table(session, step.table)
    if not _is_undecided(session) and _is_refused_tables(world, session) and not unsure:
        return _unavailable()
    if table is None:
        return SILENT if _is_undecided(session) else NO_SUCH_TABLE
    if not table.certain:
        return SILENT
    if not step.rows:
        return only(Returns())
    if unsure or _is_undecided(session) or session.may_fail:
        return _perhaps_add(table, step, session)
    if not session.admin:
        if session.target.spec.enforces_roles:
            return refused()
        return _perhaps_add(table, step, session)
    return _add_each(world, table, step)


def _perhaps_add(table: TableModel, step: Use, session: SessionModel) -> Alternatives:
    if session.target.spec.enforces_roles and not session.admin and not session.altered:
        return refused()
    table.perhaps_add(step.rows)
    return only(Returns())
