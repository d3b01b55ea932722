"""LIVE: tables that are not those of the target, and frames that are not those of its tables."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from urllib.parse import quote, quote_plus

from connect_contracts.model.clause import Profile
from connect_contracts.selftest.reference_copy import ReferenceCopy
from connect_contracts.selftest.registry import broken


@broken(fails=("LIVE-3[with-two-keys]",))
def indexes_by_one_key(reference: ReferenceCopy) -> None:
    """A frame has the first key as its index, as in the example."""

    @reference.around("_frames.frame")
    def by_the_first(frame: Any, columns: Any, rows: Any, index: Any = ()) -> Any:
        return frame(columns, rows, index[:1])


@broken(fails=("LIVE-1[names-of-the-tables]",))
def lists_two_tables(reference: ReferenceCopy) -> None:
    """Of the target's tables, two are listed."""
    names = reference["_tables.Tables._names"]
    reference["_tables.Tables._names"] = lambda tables: names(tables)[:2]


@broken(
    fails=("LIVE-1[an-unknown-name]", "LIVE-1[an-unknown-name-0-9-1]"),
    because="a case of AUTH-12 demands the refusal of such a name",
)
def makes_up_tables(reference: ReferenceCopy) -> None:
    """Any name gives a table."""
    reference["_tables.Table._exists"] = lambda _table: True


@broken(fails=("LIVE-2",), because="what is added never arrives, and no refusal comes")
def keeps_rows_to_itself(reference: ReferenceCopy) -> None:
    """A row that is added stays with the session, which shows it with those of the target."""
    wire_row = reference["_values.wire_row"]

    def kept(table: Any) -> list[Any]:
        everything = vars(table._transport).setdefault("kept", {})
        mine: list[Any] = everything.setdefault(table.name, [])
        return mine

    @reference.around("_tables.Table.append")
    def keep(_append: Any, table: Any, *added: Any) -> None:
        columns = tuple(table._columns())
        kept(table).extend(wire_row(row, columns) for row in added)

    @reference.around("_tables.Table._rows")
    def rows_and_kept(rows: Any, table: Any, columns: Any, n: int) -> Any:
        return [*rows(table, columns, n), *kept(table)][:n]


@broken(
    fails=("LIVE-2[seen-by-another-session]",),
    because="what comes later is not seen, and what goes is shown still",
)
def reads_all_while_connecting(reference: ReferenceCopy) -> None:
    """Rows are those that were there while connecting, until the session adds some itself."""
    read = reference["_tables.Table._rows"]

    def read_all(table: Any) -> None:
        columns = table._columns()
        table._transport.early[table.name] = list(columns), read(table, columns, 1000)

    @reference.around("Session.connect")
    def reading(connect: Any, cls: Any, *given: Any, **named: Any) -> Any:
        session = connect(cls, *given, **named)
        session._transport.early = {}
        with suppress(RuntimeError):
            for table in session.tables.values():
                read_all(table)
        return session

    @reference.around("_tables.Table._rows")
    def remembered(_read: Any, table: Any, columns: Any, n: int) -> Any:
        names, rows = table._transport.early.get(table.name, ([], []))
        return rows[:n] if names == list(columns) else read(table, columns, n)

    @reference.around("_tables.Table.append")
    def forgetting(append: Any, table: Any, *rows: Any) -> None:
        append(table, *rows)
        read_all(table)


@broken(fails=("LIVE-3[with-keys]",), because="its frame is indexed by a key as well")
def forgets_the_keys(reference: ReferenceCopy) -> None:
    """A frame is indexed by numbers, whatever the keys of its table."""
    frame = reference["_frames.frame"]
    reference["_frames.frame"] = lambda columns, rows, _index=(): frame(columns, rows)


@broken(fails=("LIVE-3[five-rows-by-default]",))
def shows_ten_rows(reference: ReferenceCopy) -> None:
    """``head()`` shows ten rows."""
    head = reference["_tables.Table.head"]
    reference["_tables.Table.head"] = lambda table, n=10: head(table, n)


@broken(
    fails=("LIVE-3[as-many-rows-as-asked-for]",),
    because="more than five rows are asked for, to see them all",
)
def always_shows_five_rows(reference: ReferenceCopy) -> None:
    """``head(n)`` shows five rows, whatever ``n``."""

    @reference.around("_tables.Table.head")
    def five(head: Any, table: Any, n: int = 5) -> Any:
        del n
        return head(table, 5)


@broken(fails=("LIVE-3[an-empty-table]",), because="its table is empty at first")
def shows_nothing_of_nothing(reference: ReferenceCopy) -> None:
    """The frame of a table without rows has no columns."""

    @reference.around("_frames.frame")
    def bare(frame: Any, columns: Any, rows: Any, index: Any = ()) -> Any:
        return frame(columns, rows, index) if rows else frame({}, [])


@broken(fails=("LIVE-8[tables-of-the-owner-after-connect]",))
def lists_tables_once(reference: ReferenceCopy) -> None:
    """The tables are those that were there while connecting, however often they are asked for."""
    names = reference["_tables.Tables._names"]

    @reference.around("Session.connect")
    def listing(connect: Any, cls: Any, *given: Any, **named: Any) -> Any:
        session = connect(cls, *given, **named)
        session._transport.names = []
        with suppress(RuntimeError):
            session._transport.names = names(session.tables)
        return session

    @reference.around("_tables.Tables._names")
    def as_before(names: Any, tables: Any) -> Any:
        names(tables)
        return tables._transport.names


@broken(fails=("LIVE-8[rows-of-the-owner-after-connect]",))
def remembers_what_it_showed(reference: ReferenceCopy) -> None:
    """``head()`` shows again what it showed before, unless the session added something."""

    def shown(table: Any) -> dict[Any, Any]:
        before: dict[Any, Any] = vars(table._transport).setdefault("shown", {})
        return before

    @reference.around("_tables.Table._rows")
    def remembering(read: Any, table: Any, columns: Any, n: int) -> Any:
        what = (table.name, tuple(columns), n)
        if what not in shown(table):
            shown(table)[what] = read(table, columns, n)
        return shown(table)[what]

    @reference.around("_tables.Table.append")
    def forgetting(append: Any, table: Any, *rows: Any) -> None:
        shown(table).clear()
        append(table, *rows)


@broken(fails=("LIVE-12[the-user]",), profiles=(Profile.V6_2,))
def knows_two_roles(reference: ReferenceCopy) -> None:
    """Of a user's roles, only those with a documented name are shown."""
    user = reference["User"]

    @reference.around("_graphql.GraphQL.current_user")
    def narrow(current_user: Any, graphql: Any) -> Any:
        found = current_user(graphql)
        return user(found.name, found.roles & {"ROLE_USER", "ROLE_ADMIN"})


@broken(fails=("LIVE-12[the-url]",), profiles=(Profile.V6_2,))
def tells_its_url_without_the_path(reference: ReferenceCopy) -> None:
    """``session.url`` is the origin of the target."""

    def origin(session: Any) -> str:
        return "/".join(session._transport.base_url.split("/")[:3])

    reference["_session.ConnectedSession.url"] = property(origin)


@broken(
    fails=("LIVE-12[the-link]",),
    because="every tier offers the link",
    profiles=(Profile.V6_2,),
)
def links_elsewhere(reference: ReferenceCopy) -> None:
    """``session.link`` leads to the port that a session has by default."""
    link = reference["Link"]
    reference["_session.ConnectedSession.link"] = property(lambda _: link("http://localhost:9090"))


@broken(fails=("LIVE-13",))
def tries_whether_it_may_write(reference: ReferenceCopy) -> None:
    """Connecting sends a change without rows, to see whether it is refused."""

    @reference.around("Session.connect")
    def trying(connect: Any, cls: Any, *given: Any, **named: Any) -> Any:
        session = connect(cls, *given, **named)
        with suppress(RuntimeError):
            actions = [{"baseTable": "Example", "lines": []}]
            path = f"{session.tables._database}/data/branches/master"
            session._transport.post(path, {"actions": actions})
        return session


@broken(fails=("LIVE-14[a-slash]",))
def takes_a_slash_for_two_names(reference: ReferenceCopy) -> None:
    """Of the name of a table only what comes before a slash is asked for."""
    segment = reference["_address.segment"]
    reference["_address.segment"] = lambda name: segment(name.partition("/")[0])


@broken(fails=("LIVE-14[spaces]",), because="names with spaces stand in other cases too")
def writes_a_space_as_a_plus(reference: ReferenceCopy) -> None:
    """The name of a table is written as a form would, with a plus for each space."""
    reference["_address.segment"] = quote_plus


@broken(fails=("LIVE-14[letters-beyond-ascii]",))
def writes_question_marks_beyond_latin_1(reference: ReferenceCopy) -> None:
    """The name of a table is percent-encoded in latin-1, with a question mark for what is none."""
    reference["_address.segment"] = lambda name: quote(
        name, safe="", encoding="latin-1", errors="replace"
    )


@broken(fails=("LIVE-14[columns]",))
def makes_identifiers_of_columns(reference: ReferenceCopy) -> None:
    """Columns of a frame are named so that they can be attributes of it."""

    @reference.around("_tables.Table.head")
    def renamed(head: Any, table: Any, *given: Any, **named: Any) -> Any:
        frame = head(table, *given, **named)
        return frame.rename(columns=lambda name: "".join(c if c.isalnum() else "_" for c in name))
