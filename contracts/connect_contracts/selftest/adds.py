"""Rows that many sessions add at once, and rows that are added while something goes wrong."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import httpx

from connect_contracts.selftest.reference_copy import ReferenceCopy
from connect_contracts.selftest.registry import broken


@broken(fails=("LIVE-9[rows-of-many-sessions]",))
def sends_the_rows_of_every_session(reference: ReferenceCopy) -> None:
    """Rows wait in a list of the class, of which each session sends what it has not sent yet."""
    waiting: dict[tuple[str, str], list[Any]] = {}

    @reference.around("_session.ConnectedSession.__init__")
    def beginning(init: Any, session: Any, transport: Any, versions: Any) -> None:
        transport.sent = {key: len(rows) for key, rows in waiting.items()}
        init(session, transport, versions)

    @reference.around("_tables.Table.append")
    def sending(append: Any, table: Any, *rows: Any) -> None:
        key = table._transport.base_url, table.name
        mine = waiting.setdefault(key, [])
        mine.extend(rows)
        unsent = mine[table._transport.sent.get(key, 0) :]
        table._transport.sent[key] = len(mine)
        append(table, *unsent)


@broken(fails=("FAULT-5[stored-and-reset-before-the-answer]",))
def adds_again_after_a_reset(reference: ReferenceCopy) -> None:
    """Rows whose answer did not come are sent again, as Py4J sends a command again."""

    @reference.around("_tables.Table.append")
    def again(append: Any, table: Any, *rows: Any) -> None:
        try:
            append(table, *rows)
        except httpx.TransportError:
            append(table, *rows)


@broken(fails=("FAULT-5[reset-within-the-request]",))
def takes_no_answer_for_success(reference: ReferenceCopy) -> None:
    """Rows whose answer did not come are taken for added."""

    @reference.around("_tables.Table.append")
    def unanswered(append: Any, table: Any, *rows: Any) -> None:
        with suppress(httpx.TransportError):
            append(table, *rows)
