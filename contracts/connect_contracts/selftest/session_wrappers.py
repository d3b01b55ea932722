"""Wrappers around what a session can do: tables, rows, frames, its end."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from msgspec.structs import replace

from connect_contracts.execution.implementation import PartNotFound
from connect_contracts.model.observation import Frame
from connect_contracts.selftest.wrapping import Calls, wrapper

# Tables.


@wrapper(notices=("LIVE-1",))
def lists_no_tables(calls: Calls) -> None:
    """The names of the tables are an empty list."""

    @calls.around("list_tables")
    def nothing(list_tables: Any, session: Any) -> list[str]:
        list_tables(session)
        return []


@wrapper(notices=("LIVE-8[tables-of-the-owner-after-connect]",))
def lists_the_tables_once(calls: Calls) -> None:
    """The first list of a session's tables is given for every later one."""
    known: list[tuple[Any, list[str]]] = []

    @calls.around("connect")
    def at_connect(connect: Any, *given: Any, **named: Any) -> Any:
        session = connect(*given, **named)
        with suppress(Exception):
            known.append((session, calls.implementation.list_tables(session)))
        return session

    @calls.around("list_tables")
    def once(list_tables: Any, session: Any) -> list[str]:
        found = [names for other, names in known if other is session]
        return found[0] if found else list(list_tables(session))


@wrapper(notices=("6.2:LIVE-1[an-unknown-name]", "0.9.1:LIVE-1[an-unknown-name-0-9-1]"))
def hides_that_a_table_is_unknown(calls: Calls) -> None:
    """A table that is not there is given all the same."""

    @calls.around("table")
    def lenient(table: Any, session: Any, name: str) -> Any:
        try:
            return table(session, name)
        except KeyError:
            return object()


@wrapper(notices=("LIVE-4", "LIVE-5", "KEEP-4"))
def hides_that_tables_are_unavailable(calls: Calls) -> None:
    """Where tables cannot be listed, an empty list is given."""

    @calls.around("list_tables")
    def lenient(list_tables: Any, session: Any) -> list[str]:
        try:
            return list(list_tables(session))
        except Exception:  # each of them is what it hides
            return []


# Rows.


@wrapper(notices=("LIVE-2",))
def adds_a_row_twice(calls: Calls) -> None:
    """Each row is added twice."""

    @calls.around("add")
    def twice(add: Any, table: Any, row: Any) -> None:
        add(table, row)
        add(table, row)


@wrapper(notices=("LIVE-2",))
def adds_nothing(calls: Calls) -> None:
    """A row that is added goes nowhere."""

    @calls.around("add")
    def nothing(_add: Any, _table: Any, _row: Any) -> None:
        pass


@wrapper(notices=("LIVE-7[too-narrow-a-row]",))
def hides_that_a_row_is_refused(calls: Calls) -> None:
    """An exception of adding a row is swallowed."""

    @calls.around("add")
    def lenient(add: Any, table: Any, row: Any) -> None:
        with suppress(Exception):
            add(table, row)


@wrapper(notices=("FAULT-5",))
def adds_again_what_failed(calls: Calls) -> None:
    """A row whose adding raises is added once more, although it may be stored."""

    @calls.around("add")
    def repeating(add: Any, table: Any, row: Any) -> None:
        try:
            add(table, row)
        except Exception:  # whatever failed is tried again
            add(table, row)


@wrapper(notices=("KEEP-2",))
def adds_rows_again(calls: Calls) -> None:
    """What was added is added again, by a session of its own, before rows are read."""
    added: list[tuple[Any, ...]] = []
    connected: list[Any] = []
    calling = calls.implementation
    add_row = calling.add

    @calls.around("connect")
    def noting_arguments(connect: Any, *given: Any, **named: Any) -> Any:
        connected[:] = [lambda: connect(*given, **named)]
        return connect(*given, **named)

    @calls.around("add")
    def noting(add: Any, table: Any, row: Any) -> None:
        add(table, row)
        added.append(row)

    @calls.around("head")
    def restoring(head: Any, table: Any, n: int | None) -> Any:
        if added:
            # The session of before a restart may no longer be able to add anything.
            session = connected[0]()
            again = calling.table(session, calling.list_tables(session)[0])
            for row in added:
                add_row(again, row)
        return head(table, n)


@wrapper(notices=("LIVE-13",))
def adds_a_row_when_it_connects(calls: Calls) -> None:
    """Connect adds a row to the first table that it finds."""

    @calls.around("connect")
    def adding(connect: Any, *given: Any, **named: Any) -> Any:
        session, calling = connect(*given, **named), calls.implementation
        try:
            table = calling.table(session, calling.list_tables(session)[0])
            calling.add(table, ("connected",) * len(calling.columns(table)))
        except Exception as error:
            # Without a row nothing is wrong, and nothing can be noticed.
            raise PartNotFound("table += row") from error
        return session


# Frames.


@wrapper(notices=("LIVE-8[rows-of-the-owner-after-connect]",))
def reads_rows_once(calls: Calls) -> None:
    """The first frame of a table is given for every later one."""
    names: list[tuple[Any, str]] = []
    frames: dict[tuple[str, int | None], Any] = {}

    @calls.around("table")
    def noting(table: Any, session: Any, name: str) -> Any:
        names.append((table(session, name), name))
        return names[-1][0]

    @calls.around("head")
    def once(head: Any, table: Any, n: int | None) -> Any:
        key = next(name for other, name in reversed(names) if other is table), n
        if key not in frames:
            frames[key] = head(table, n)
        return frames[key]


@wrapper(notices=("LIVE-3",))
def shows_one_row_fewer(calls: Calls) -> None:
    """A frame lacks its last row."""

    @calls.around("frame")
    def cut(frame: Any, value: Any) -> Frame:
        whole: Frame = frame(value)
        return replace(whole, labels=whole.labels[:-1], rows=whole.rows[:-1])


@wrapper(notices=("LIVE-3[as-many-rows-as-asked-for]",))
def shows_more_rows_than_asked_for(calls: Calls) -> None:
    """``head`` passes over the number of rows that it is given."""

    @calls.around("head")
    def every(head: Any, table: Any, _n: int | None) -> Any:
        return head(table, 1000)


@wrapper(notices=("LIVE-7[ints]", "LIVE-7[doubles]"))
def shows_numbers_as_text(calls: Calls) -> None:
    """The values of a frame are texts."""

    @calls.around("frame")
    def as_text(frame: Any, value: Any) -> Frame:
        whole: Frame = frame(value)
        return replace(whole, rows=tuple(tuple(map(str, row)) for row in whole.rows))


class _Unread:
    """Stands for rows that could not be read."""


@wrapper(notices=("FAULT-1[rows-closed-before-the-answer]", "FAULT-2[rows-cut-short]"))
def shows_nothing_where_reading_fails(calls: Calls) -> None:
    """Rows that cannot be read are shown as a frame without rows."""

    @calls.around("table")
    def unread(table: Any, session: Any, name: str) -> Any:
        try:
            return table(session, name)
        except Exception:  # some ask for a table's columns as soon as it is named
            return _Unread()

    @calls.around("head")
    def lenient(head: Any, table: Any, n: int | None) -> Any:
        try:
            return head(table, n)
        except Exception:  # each of them is what it hides
            return _Unread()

    @calls.around("frame")
    def empty(frame: Any, value: Any) -> Any:
        return Frame(("Id",), (None,), (), ()) if isinstance(value, _Unread) else frame(value)


# The session itself.


@wrapper(notices=("LIVE-12[the-user]",))
def names_another_user(calls: Calls) -> None:
    """``session.user`` has another name, and the right roles."""

    @calls.around("user")
    def renamed(user: Any, session: Any) -> tuple[str, list[str]]:
        name, roles = user(session)
        return f"not {name}", roles


@wrapper(notices=("LIVE-12[the-url]",))
def tells_another_url(calls: Calls) -> None:
    """``session.url`` is that of another port."""

    @calls.around("url")
    def another(url: Any, session: Any) -> str:
        return f"{url(session)}1"


@wrapper(notices=("KEEP-4",))
def closes_nothing(calls: Calls) -> None:
    """``close()`` does nothing."""

    @calls.around("close")
    def nothing(_close: Any, _session: Any) -> None:
        pass
