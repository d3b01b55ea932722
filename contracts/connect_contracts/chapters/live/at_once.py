"""LIVE: many sessions that add rows at once."""

from __future__ import annotations

from connect_contracts.chapters.builder import (
    AS_ADMIN,
    add,
    connect,
    either,
    must,
    owner_rows,
    secure,
    story,
    table,
)
from connect_contracts.chapters.case import Story
from connect_contracts.chapters.live.chapter import CHAPTER
from connect_contracts.checks.expectation import Raises, Returns
from connect_contracts.checks.wire_checks import StoredAsSaid
from connect_contracts.model.clause import Level
from connect_contracts.model.scenario import Together

LIVE_9 = CHAPTER.clause(
    9,
    "many sessions adding rows at once: rows stored are the successful adds, each once, and there "
    "are some",
    "-",
    Level.ROBUST,
)

SESSIONS = tuple(f"session {number}" for number in range(1, 5))
ROWS_OF_EACH = 3


def _at_once(columns: tuple[str, ...], keys: tuple[str, ...] = ()) -> Story:
    def named(name: str) -> tuple[str, ...]:
        return tuple(f"{column} {name}" for column in columns)

    types = tuple((column, "String") for column in columns)
    target = secure(tables=(table("Example", named("before"), data_types=types, keys=keys),))
    adding = tuple(
        tuple(add(named(f"{number} of {name}"), session=name) for number in range(ROWS_OF_EACH))
        for name in SESSIONS
    )
    return story(
        target,
        *(connect(AS_ADMIN, session=name) for name in SESSIONS),
        # A client may refuse to add while another does, and says so.
        either(Together(adding), (Returns(),), (Raises(),)),
        must(owner_rows(), Returns(), StoredAsSaid(some=True)),
        twin=story(target, connect(AS_ADMIN), add(named("alone"))).scenario,
    )


@CHAPTER.case(LIVE_9)
def rows_of_many_sessions() -> Story:
    """Four sessions add three rows each, at one moment, to a table without keys."""
    return _at_once(("Id",))


@CHAPTER.case(LIVE_9)
def rows_with_keys_of_many_sessions() -> Story:
    """Four sessions add three rows each, with keys of their own, at one moment."""
    return _at_once(("Id", "Value"), keys=("Id",))
