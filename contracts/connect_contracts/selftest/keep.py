"""KEEP: sessions that outlive their end, and rows that outlive the target's."""

from __future__ import annotations

import json
import socket
import weakref
from typing import Any
from urllib.parse import urlsplit

import httpx

from connect_contracts.selftest.reference_copy import ReferenceCopy
from connect_contracts.selftest.registry import broken


def _noting_what_is_added(reference: ReferenceCopy) -> None:
    """Have each session's transport know the rows that were added by it, by table."""
    wire_row = reference["_values.wire_row"]

    @reference.around("_tables.Table.append")
    def noting(append: Any, table: Any, *rows: Any) -> None:
        append(table, *rows)
        columns = tuple(table._columns())
        added = vars(table._transport).setdefault("added", {}).setdefault(table.name, [])
        added.extend(wire_row(row, columns) for row in rows)


@broken(fails=("KEEP-1[gone-after-a-restart]",))
def brings_rows_back(reference: ReferenceCopy) -> None:
    """A new session adds what another, which is open still, had added and the target lost."""
    _noting_what_is_added(reference)
    append = reference["_tables.Table.append"]
    sessions: weakref.WeakSet[Any] = weakref.WeakSet()

    @reference.around("Session.connect")
    def restoring(connect: Any, cls: Any, *given: Any, **named: Any) -> Any:
        session = connect(cls, *given, **named)
        for other in list(sessions):
            if other.url != session.url or other._transport._client.is_closed:
                continue
            for name, rows in vars(other._transport).get("added", {}).items():
                table = session.tables[name]
                there = table._rows(table._columns(), 1000)
                append(table, *[tuple(row) for row in rows if row not in there])
        sessions.add(session)
        return session


@broken(fails=("KEEP-2",))
def sends_rows_again(reference: ReferenceCopy) -> None:
    """A session that misses what it added adds it again."""
    append = reference["_tables.Table.append"]
    _noting_what_is_added(reference)

    @reference.around("_tables.Table._rows")
    def restoring(read: Any, table: Any, columns: Any, n: int) -> Any:
        rows = read(table, columns, 1000)
        added = vars(table._transport).get("added", {}).get(table.name, [])
        missing = [] if table.keys else [tuple(row) for row in added if row not in rows]
        if missing:
            append(table, *missing)
        return read(table, columns, n)


def _shut_down_command(session: Any) -> Any:
    """What has the target stopped, by Py4J, when it is called; nothing where that is forbidden."""
    rest_path = session._versions.rest_path("atoti", "1", "0")
    answer = session._transport.get(f"{rest_path}/py4j/configuration")
    if answer.status != 200:
        return lambda: None
    gateway = json.loads(answer.body)
    address = (urlsplit(session.url).hostname, gateway["port"])

    def stop() -> None:
        with socket.create_connection(address) as connection:
            connection.sendall(f"A\n{gateway['token']}\n".encode())
            connection.recv(16)
            connection.sendall(b"s\n")
            while connection.recv(16):
                pass

    return stop


@broken(fails=("KEEP-3[closed-beside-another]",))
def closes_every_session(reference: ReferenceCopy) -> None:
    """Who closes one session closes all those that the process has with the target."""
    opened: weakref.WeakSet[Any] = weakref.WeakSet()

    @reference.around("Session.connect")
    def noting(connect: Any, cls: Any, *given: Any, **named: Any) -> Any:
        session = connect(cls, *given, **named)
        opened.add(session)
        return session

    @reference.around("Session.close")
    def closing(close: Any, session: Any) -> None:
        for other in list(opened):
            if other.url == session.url:
                close(other)


@broken(fails=("KEEP-3[closed]",))
def stops_the_target_when_closed(reference: ReferenceCopy) -> None:
    """Closing a session shuts the target down."""

    @reference.around("_session.ConnectedSession.close")
    def stopping(close: Any, session: Any) -> None:
        stop = _shut_down_command(session)
        close(session)
        stop()


@broken(fails=("KEEP-3[dropped]",))
def stops_the_target_when_dropped(reference: ReferenceCopy) -> None:
    """A session that is no longer referenced shuts the target down."""

    @reference.around("Session.connect")
    def ending(connect: Any, cls: Any, *given: Any, **named: Any) -> Any:
        session = connect(cls, *given, **named)
        session.end = weakref.finalize(session, _shut_down_command(session))
        return session

    @reference.around("_session.ConnectedSession.close")
    def closing(close: Any, session: Any) -> None:
        session.end.detach()
        close(session)


def _open_again(transport: Any) -> None:
    client = transport._client
    if client.is_closed:
        transport._client = httpx.Client(auth=client.auth, trust_env=False)
        weakref.finalize(transport, transport._client.close)


@broken(fails=("KEEP-4[used-after-close]", "KEEP-4[used-after-with]"))
def opens_again_after_close(reference: ReferenceCopy) -> None:
    """A session that is used after it was closed connects again."""
    reference["_transport.Transport.require_open"] = _open_again


@broken(fails=("KEEP-4[connections-closed]",))
def leaves_its_connections_open(reference: ReferenceCopy) -> None:
    """Once closed, a session cannot be used; its connections stay open."""

    @reference.around("_transport.Transport.require_open")
    def refusing(require_open: Any, transport: Any) -> None:
        if vars(transport).get("is_closed"):
            raise RuntimeError("the session is closed")
        require_open(transport)

    @reference.around("_transport.Transport.close")
    def mark(_close: Any, transport: Any) -> None:
        transport.is_closed = True
