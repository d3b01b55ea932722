"""FAULT: what is stored where something goes wrong while rows are added."""

from __future__ import annotations

from connect_contracts.chapters.builder import (
    AS_ADMIN,
    add,
    arm,
    connect,
    either,
    must,
    owner_rows,
    secure,
    story,
    table,
)
from connect_contracts.chapters.case import Story, row
from connect_contracts.chapters.fault.answers import CHAPTER
from connect_contracts.checks.expectation import Raises, Returns
from connect_contracts.checks.wire_checks import StoredAsSaid
from connect_contracts.model.clause import Level
from connect_contracts.model.scenario import Own

FAULT_5 = CHAPTER.clause(
    5,
    "a fault while a row is added: an exception and the row stored once or not at all, or no "
    "exception and stored exactly once (a keyed row sent twice is stored once)",
    "RFC 9110 9.2.2",
    Level.ROBUST,
)


def _adds(*faults: Own, keys: tuple[str, ...] = ()) -> Story:
    types = (("Id", "String"), ("Value", "String"))
    spec = table("Example", ("before", "there"), data_types=types, keys=keys)
    return story(
        secure(tables=(spec,)),
        connect(AS_ADMIN),
        *faults,
        either(add(("new", "added")), (Returns(),), (Raises(),)),
        must(owner_rows(), Returns(), StoredAsSaid(after_fault=True)),
    )


RESET = arm("reset before the answer", "changes", times=1)
"""After a fault of HTTP alone it is what a client meets that adds rows by Py4J."""

CHAPTER.table(
    FAULT_5,
    _adds,
    row(
        "stored-and-reset-before-the-answer",
        "The row is stored, and the connection is reset before the answer.",
        RESET,
    ),
    row(
        "stored-and-closed-before-the-answer",
        "The row is stored, and the stream ends before the answer.",
        arm("closed before the answer", "changes", times=1),
    ),
    row(
        "stored-and-refused",
        "The row is stored, and the answer is 500.",
        arm("status 500 after the change was made", "changes", times=1),
        RESET,
    ),
    row(
        "refused",
        "The row is not stored, and the answer is 503.",
        arm("status 503", "changes", times=1),
        RESET,
    ),
    row(
        "reset-within-the-request",
        "The connection is reset before the rows are read: nothing is stored.",
        arm("reset within the request", "changes", times=1),
        RESET,
    ),
)


@CHAPTER.case(FAULT_5)
def stored_by_its_key_and_reset() -> Story:
    """The row has a key; it is stored, and the connection is reset before the answer."""
    return _adds(RESET, keys=("Id",))
