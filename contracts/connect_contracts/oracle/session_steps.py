"""A session is used: what it may see, what it may change, and what is left of both after."""

from __future__ import annotations

import re
from typing import Literal

from connect_contracts.checks.expectation import Alternative, Gives, Raises, Returns
from connect_contracts.checks.wire_checks import (
    ConnectionsClosed,
    FollowsLink,
    GivesUrl,
    KnownAs,
    NoHttpByte,
)
from connect_contracts.model.actions import ACTIONS, GRANTED, GRANTEE
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import TableSpec, Use
from connect_contracts.oracle.connect_checks import clause_of_later_fault
from connect_contracts.oracle.decision import (
    NO_CHANGE,
    SILENT,
    Alternatives,
    Decision,
    only,
    or_raises,
    refused,
)
from connect_contracts.oracle.known import UnknownToOracle
from connect_contracts.oracle.tables import Rows, TableModel
from connect_contracts.oracle.trust import is_address, server_believed
from connect_contracts.oracle.world import ANONYMOUS, SessionModel, World

UNAVAILABLE = only(
    Raises("LiveExtensionUnavailableError", "Live extension is not available"), NO_CHANGE
)
NO_SUCH_KEY = only(Raises("KeyError"))

_SAME_IN_JSON = {"String", "boolean", "int", "long"}
"""Types whose values Python writes as JSON does."""

_UNRESERVED = re.compile("[A-Za-z0-9._~-]+")
"""Names that a path holds as they are (RFC 3986 2.3)."""

Rights = Literal["may change", "may not", "open"]


def use(world: World, step: Use) -> Decision:
    """What must be seen of a use of a session, and the clause that decides."""
    session = world.sessions.get(step.session)
    if session is None:
        return Decision("KEEP-4")
    clause = _clause(world, session, step)
    decided = Decision(clause, _alternatives(world, session, step))
    session.idle_closed = session.idle_closed and ACTIONS[step.action].of_itself
    return decided


def _alternatives(world: World, session: SessionModel, step: Use) -> Alternatives:
    if session.state in ("absent", "dropped"):
        return SILENT
    kind = ACTIONS[step.action]
    if kind.ends:
        return _end(world, session, step)
    of_tables = not kind.of_itself
    if session.state == "closed":
        # What it was opened for is over (KEEP-4); it may still give what it knows of itself.
        return refused(NO_CHANGE) if of_tables else SILENT
    if of_tables and _has_only_the_link(world, session):
        return refused(NO_CHANGE) if session.state == "open" and not session.altered else SILENT
    impostor = _not_believed(session) if of_tables else None
    if impostor is not None:
        return impostor
    match step.action:
        case "user" | "url" | "follow link":
            allowed = _of_itself(world, session, step)
        case "create table":
            allowed = _create_table(world, session, step.table)
        case "add":
            allowed = _add(world, session, step)
        case "turn unready" | "grant role" if world.profile is Profile.V0_9_1:
            session.target.lets_in_as_known, allowed = False, SILENT
        case "turn unready":
            allowed = _turn_unready(world, session)
        case "grant role":
            allowed = _grant_role(world, session)
        case _:
            allowed = _read(world, session, step)
    if session.state == "perhaps" or session.altered:
        return SILENT
    return or_raises(allowed) if session.may_fail else allowed


# The clause: what happened to the session or its target comes first.


def _clause(world: World, session: SessionModel, step: Use) -> str:
    kind = ACTIONS[step.action]
    if session.state == "closed" or kind.ends:
        return "KEEP-4"
    if session.target.chain != session.target.spec.chain:
        return "CA-20"
    if session.target.troubled:
        clause = clause_of_later_fault(session.target)
        return "FAULT-5" if kind.changes else clause
    if session.idle_closed and kind.reads:
        return "FAULT-7"
    if step.action in ("turn unready", "grant role") or _has_only_the_link(world, session):
        return "LIVE-10"
    if kind.of_itself:
        return "LIVE-12"
    table = session.target.tables.get(step.table)
    if kind.changes:
        if not session.admin:
            creates = step.action == "create table" and world.profile is Profile.V6_2
            return "LIVE-11" if creates else "LIVE-6"
        if step.action == "create table" or table is None:
            return "LIVE-1"
        fits = all(table.fit(row) == "right" for row in step.rows)
        return _rows_clause(table, "LIVE-2") if fits else "LIVE-7"
    if not session.admin:
        unavailable = "LIVE-4" if session.target.spec.secure else "LIVE-5"
        return unavailable if world.profile is Profile.V0_9_1 else "LIVE-11"
    if session.restarted:
        return "KEEP-2"
    if step.action in ("list tables", "get table", "schema"):
        return "LIVE-1"
    if table is None:
        return "LIVE-3"
    if step.action in ("columns", "keys"):
        return "LIVE-14" if _named_specially(table) else "LIVE-3"
    added = any(contents.rows != contents.kept for contents in table.contents)
    return _rows_clause(table, "LIVE-2" if added else "LIVE-3")


def _rows_clause(table: TableModel, otherwise: str) -> str:
    """The clause about rows of ``table``: of its types, else of its names."""
    if not set(table.types.values()) <= {"String"}:
        return "LIVE-7"
    return "LIVE-14" if _named_specially(table) else otherwise


def _named_specially(table: TableModel) -> bool:
    return not all(_UNRESERVED.fullmatch(name) for name in (table.name, *table.types))


# Ends, and targets that are not believed any more.


def _not_believed(session: SessionModel) -> Alternatives | None:
    """What is seen where the target presents another chain since (CA-20); ``None`` if nothing is.

    Of sessions that only read the same is true, but in 0.9.1 they ask the target for nothing.
    """
    target = session.target
    if target.chain == target.spec.chain or session.state != "open":
        return None
    believed = server_believed(target.chain, session.call)
    if believed == "believed":
        return None
    if believed == "open" or not session.admin:
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
    last = all(each.state == "closed" for each in world.sessions.values())
    allowed = only(Returns(), *((ConnectionsClosed(),) if last else ()))
    return or_raises(allowed) if session.may_fail and session.state == "closed" else allowed


# What a session may do (facts 1.2 to 1.4).


def _rights(world: World, session: SessionModel) -> Rights:
    """Whether it may change anything; where a server enforces nothing, 6.2 leaves it open."""
    spec = session.target.spec
    if session.altered:
        return "open"
    if session.admin and spec.application != "Java, not exposed":
        return "open" if _plays_a_release(session) else "may change"
    refused_by_client = world.profile is Profile.V0_9_1
    return "may not" if spec.enforces_roles or refused_by_client else "open"


def _has_only_the_link(world: World, session: SessionModel) -> bool:
    """Whether the server is of another version, so that next to nothing is available (LIVE-10)."""
    release = session.target.spec.release
    other = release is not None and not release.startswith("6.2")
    return other and world.profile is Profile.V6_2


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
    return session.state == "open" and not session.may_fail and not session.idle_closed


# Reading.


def _read(world: World, session: SessionModel, step: Use) -> Alternatives:
    if _plays_a_release(session):
        return SILENT
    if _has_no_tables(world, session):
        return UNAVAILABLE
    asks = ACTIONS[step.action].reads
    known = (KnownAs(session.username),) if asks and session.username is not None else ()
    return tuple(
        Alternative(each.outcome, (*each.wire, NO_CHANGE, *known))
        for each in _read_tables(world, session, step)
    )


def _read_tables(world: World, session: SessionModel, step: Use) -> Alternatives:
    tables = session.target.tables
    if step.action == "schema":
        return only(Returns()) if world.profile is Profile.V6_2 else SILENT
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
        case "head":
            fits = table.columns and (step.n is None or step.n > 0)
            return table.head(step.n) if fits else SILENT
        case "query":
            # Asked for is the first column of the table that the targets began with.
            asked = next(iter(world.row_types.get(table.name, {"Id": ""})), "Id")
            return table.query(asked) if asked in table.columns else NO_SUCH_KEY
        case _:
            raise UnknownToOracle("action", step.action)


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
            table.forget()
            return or_raises(only(Returns()))
        if fit == "wrong":
            return refused()
        table.add(rows[number : number + 1])
    return only(Returns())


def _is_written_as_meant(world: World, table: TableModel) -> bool:
    """Whether a session's values of this table are given in Python's types for its columns."""
    same_in_json = set(table.types.values()) <= _SAME_IN_JSON
    return same_in_json or world.row_types.get(table.name) == table.types


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
    types = tuple(world.row_types.get(name, {"Id": "String"}).items())
    tables[name] = TableModel(TableSpec(name, types), of_owner=False, certain=works)
    return only(Returns()) if works else or_raises(only(Returns()))


# Who is let in (LIVE-10).


def _turn_unready(world: World, session: SessionModel) -> Alternatives:
    rights, target = _rights(world, session), session.target
    if rights == "may not":
        return refused()
    works = rights == "may change" and _works(session)
    target.ready, target.lets_in_as_known = False, target.lets_in_as_known and works
    return only(Returns()) if works else or_raises(only(Returns()))


def _grant_role(world: World, session: SessionModel) -> Alternatives:
    rights, target = _rights(world, session), session.target
    if rights == "may not" or target.spec.application != "Python":
        return refused()
    works = rights == "may change" and _works(session)
    target.roles[GRANTEE] = frozenset({GRANTED})
    target.lets_in_as_known = target.lets_in_as_known and works
    for other in world.sessions_on(target):
        other.altered = other.altered or other.username == GRANTEE
    return only(Returns()) if works else or_raises(only(Returns()))


# What it knows of itself (LIVE-12).


def _of_itself(world: World, session: SessionModel, step: Use) -> Alternatives:
    if world.profile is Profile.V0_9_1:
        return SILENT
    if step.action == "user":
        if _has_only_the_link(world, session):
            return SILENT  # no page gives it to a tier
        name = session.username or ANONYMOUS
        return only(Gives({"name": name, "roles": sorted(session.roles)}))
    # The wire checks compare with the address of the first target, as its owner has it.
    if not world.is_first(session.target):
        return SILENT
    if step.action == "follow link":
        # Only the resolver knows where another name leads.
        known = session.call.host.lower() == "localhost" or is_address(session.call.host)
        return only(Returns(), FollowsLink()) if known else only(Returns())
    return only(Returns(), GivesUrl()) if session.call.host == "localhost" else SILENT
