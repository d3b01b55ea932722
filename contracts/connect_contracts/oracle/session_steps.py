"""A session is used: what it may see, what it may change, and what is left of both after."""

from __future__ import annotations

from typing import Literal

from connect_contracts.checks.expectation import Gives, Raises, Returns
from connect_contracts.checks.wire_checks import (
    ConnectionsClosed,
    FollowsLink,
    GivesUrl,
    KnownAs,
    NoHttpByte,
)
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import TableSpec, Use
from connect_contracts.oracle.alternatives import (
    NO_CHANGE,
    SILENT,
    Alternatives,
    and_seen,
    only,
    or_raises,
    refused,
)
from connect_contracts.oracle.names import is_address
from connect_contracts.oracle.tables import Rows, TableModel
from connect_contracts.oracle.trust import server_believed
from connect_contracts.oracle.world import ANONYMOUS, SessionModel, World

UNAVAILABLE = only(
    Raises("LiveExtensionUnavailableError", "Live extension is not available"),
    NO_CHANGE,
)
NO_SUCH_KEY = only(Raises("KeyError"))

_SAME_IN_JSON = ("String", "boolean", "int", "long")
"""Types whose values Python writes as JSON does."""

_OF_TABLES = ("list tables", "get table", "columns", "keys", "add", "head", "query", "create table")

Rights = Literal["may change", "may not", "open"]


def use(world: World, step: Use) -> Alternatives:
    """What must be seen of a use of a session."""
    session = world.sessions.get(step.session)
    if session is None or session.state in ("absent", "dropped"):
        return SILENT
    if step.action in ("close", "leave with", "drop"):
        return _end(world, session, step)
    if session.state == "closed":
        # What it was opened for is over (KEEP-4); what it knows of itself may still be told.
        return refused(NO_CHANGE) if step.action in _OF_TABLES else SILENT
    impostor = _not_believed(session) if step.action in _OF_TABLES else None
    if impostor is not None:
        return impostor
    match step.action:
        case "user" | "url" | "follow link":
            said = _told_of_itself(world, session, step)
        case "create table":
            said = _create_table(world, session, step.table)
        case "add":
            said = _add(world, session, step)
        case _:
            said = _read(world, session, step)
    if session.state == "perhaps" or session.altered:
        return SILENT
    return or_raises(said) if session.may_fail else said


def _not_believed(session: SessionModel) -> Alternatives | None:
    """What is seen where the target presents another chain since (CA-20); ``None`` if nothing is.

    Of those who read alone the same is true, but the documentation of 0.9.1 has them ask nobody.
    """
    target = session.target
    if target.chain == target.spec.chain or session.state != "open":
        return None
    judged = server_believed(target.chain, session.call)
    if judged == "believed":
        return None
    if judged == "open" or not session.admin:
        return SILENT
    # The first use may meet the connection that was cut, and make no other.
    shown = NoHttpByte(since_replaced=True) if session.tried else NoHttpByte(after_connecting=False)
    session.tried = True
    return refused(shown)


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


def _rights(world: World, session: SessionModel) -> Rights:
    """Whether it may change anything; where a server enforces nothing, 6.2 leaves it open."""
    spec = session.target.spec
    if session.altered:
        return "open"
    if session.admin:
        return "open" if _plays_a_release(session) else "may change"
    refused_by_client = world.profile is Profile.V0_9_1
    return "may not" if spec.enforces_roles or refused_by_client else "open"


def _plays_a_release(session: SessionModel) -> bool:
    """Whether the target plays a release of its own, perhaps not the one that is expected.

    Then it is not known which conditions of the page hold.
    """
    return session.target.spec.release is not None


def _has_no_tables(world: World, session: SessionModel) -> bool:
    """Whether the Live Extension is needed to see a table at all, and is not there."""
    return world.profile is Profile.V0_9_1 and _rights(world, session) == "may not"


def _works(session: SessionModel) -> bool:
    """Whether what it may do is sure to be done."""
    return session.state == "open" and not session.may_fail


# Reading.


def _read(world: World, session: SessionModel, step: Use) -> Alternatives:
    if _plays_a_release(session):
        return SILENT
    if _has_no_tables(world, session):
        return UNAVAILABLE
    said = _read_tables(world, session, step)
    asks = step.action in ("list tables", "head", "query")
    known = (KnownAs(session.username),) if asks and session.username is not None else ()
    return and_seen(said, NO_CHANGE, *known)


def _read_tables(world: World, session: SessionModel, step: Use) -> Alternatives:
    tables = session.target.tables
    if step.action == "list tables":
        certain = all(table.certain for table in tables.values())
        return only(Gives(sorted(tables))) if certain else SILENT
    table = tables.get(step.table)
    if table is None:
        return NO_SUCH_KEY
    return _read_table(world, table, step) if table.certain else SILENT


def _read_table(world: World, table: TableModel, step: Use) -> Alternatives:
    match step.action:
        case "get table":
            return only(Returns())
        case "columns":
            return only(Gives(list(table.columns)))
        case "keys":
            return only(Gives(list(table.keys)))
        case "head" if table.columns and (step.n is None or step.n > 0):
            return table.head(step.n)
        case "query":
            # Asked for is the first column of the table that the targets began with.
            asked = next(iter(world.row_types.get(table.name, {"Id": ""})), "Id")
            return table.query(asked) if asked in table.columns else NO_SUCH_KEY
        case _:
            return SILENT


# Changing.


def _add(world: World, session: SessionModel, step: Use) -> Alternatives:
    rights = _rights(world, session)
    if _has_no_tables(world, session):
        return SILENT if _plays_a_release(session) else UNAVAILABLE
    table = session.target.tables.get(step.table)
    if table is None:
        return NO_SUCH_KEY
    if not table.certain:
        return SILENT
    if rights == "may not" and step.rows:
        return refused()
    if rights == "may change" and _works(session):
        return _add_each(world, table, step.rows)
    table.perhaps_add(step.rows)
    return or_raises(only(Returns()))


def _add_each(world: World, table: TableModel, rows: Rows) -> Alternatives:
    """Rows are added one after the other, until one is refused."""
    for number, row in enumerate(rows):
        fit = table.fit(row) if _is_written_as_meant(world, table) else "open"
        if fit == "open":
            table.contents = ()
            return or_raises(only(Returns()))
        if fit == "wrong":
            return refused()
        table.add(rows[number : number + 1])
    return only(Returns())


def _is_written_as_meant(world: World, table: TableModel) -> bool:
    """Whether a session's values of this table are given in Python's types for its columns."""
    plain = all(kind in _SAME_IN_JSON for kind in table.types.values())
    return plain or world.row_types.get(table.name) == table.types


def _create_table(world: World, session: SessionModel, name: str) -> Alternatives:
    rights, tables = _rights(world, session), session.target.tables
    if rights == "may not":
        by_client = world.profile is Profile.V0_9_1
        return refused(NO_CHANGE) if by_client else refused()
    if name in tables:
        # Whether a table takes another's place is documented nowhere.
        tables[name].certain = False
        return SILENT
    works = rights == "may change" and _works(session)
    tables[name] = TableModel(TableSpec(name), of_owner=False, certain=works)
    return only(Returns()) if works else or_raises(only(Returns()))


# What it knows of itself (LIVE-12).


def _told_of_itself(world: World, session: SessionModel, step: Use) -> Alternatives:
    if world.profile is Profile.V0_9_1:
        return SILENT
    if step.action == "user":
        name = session.username or ANONYMOUS
        return only(Gives({"name": name, "roles": sorted(session.roles)}))
    # The demands compare with the address of the first target, as its owner has it.
    if not world.is_first(session.target):
        return SILENT
    if step.action == "follow link":
        # Where another name leads is known to whoever resolves it.
        known = session.call.host.lower() == "localhost" or is_address(session.call.host)
        return only(Returns(), FollowsLink()) if known else only(Returns())
    return only(Returns(), GivesUrl()) if session.call.host == "localhost" else SILENT
