"""KEEP: what lasts."""

from __future__ import annotations

from connect_contracts.chapters.builder import (
    AS_ADMIN,
    add,
    as_admin,
    close,
    connect,
    either,
    head,
    list_tables,
    must,
    owner_rows,
    ping,
    restart,
    secure,
    table,
)
from connect_contracts.chapters.case import Chapter, Story
from connect_contracts.chapters.live.chapter import owned, shown
from connect_contracts.checks.expectation import Raises, Returns
from connect_contracts.checks.wire_checks import ConnectionsClosed, NoChange
from connect_contracts.model.clause import Depth, Level
from connect_contracts.model.scenario import Use

CHAPTER = Chapter("KEEP", "what lasts")

KEEP_1 = CHAPTER.clause(
    1,
    "a row that the owner saw before the restart is not shown by a new session after it, and "
    "nothing writes it again; twin: without a restart it is there",
    "Note",
    Level.DOCUMENTED,
)
KEEP_2 = CHAPTER.clause(
    2,
    "a session that was open across the restart shows the new state or raises; it never shows "
    "what is gone and never sends it again",
    "Note",
    Level.IMPLIED,
)
KEEP_3 = CHAPTER.clause(
    3,
    "closing or dropping a connected session does not stop the target (asked by the harness "
    "itself)",
    "-",
    Level.ROBUST,
)
KEEP_4 = CHAPTER.clause(
    4,
    "after close() (or the end of a with block, where offered) use of the session (listing its "
    "tables) raises (implied); its connections are closed (robust)",
    "documentation of Session.close",
    Level.IMPLIED,
)

OF_OWNER, OF_SESSION = ("of the owner",), ("of the session",)
TARGET = secure(tables=(table("Example", OF_OWNER),))


@CHAPTER.case(KEEP_1, depth=Depth.CORE)
def gone_after_a_restart() -> Story:
    """A row is added, the owner sees it, the target restarts, and a new session looks."""
    return as_admin(
        add(OF_SESSION),
        must(owner_rows(), owned(OF_OWNER, OF_SESSION)),
        restart(),
        must(connect(AS_ADMIN, session="after"), Returns()),
        must(head(session="after"), shown(OF_OWNER), NoChange(since_step=True)),
        must(owner_rows(), owned(OF_OWNER)),
        target=TARGET,
    )


@CHAPTER.case(KEEP_1)
def there_without_a_restart() -> Story:
    """The twin of the other case: without a restart a new session shows the row."""
    return as_admin(
        add(OF_SESSION),
        must(owner_rows(), owned(OF_OWNER, OF_SESSION)),
        must(connect(AS_ADMIN, session="after"), Returns()),
        must(head(session="after"), shown(OF_OWNER, OF_SESSION)),
        target=TARGET,
    )


@CHAPTER.case(KEEP_2)
def open_across_a_restart() -> Story:
    """A session that added a row stays open while the target restarts, and looks again."""
    silent = NoChange(since_step=True)
    return as_admin(
        add(OF_SESSION),
        must(owner_rows(), owned(OF_OWNER, OF_SESSION)),
        restart(),
        either(head(), (shown(OF_OWNER), silent), (Raises(), silent)),
        must(owner_rows(), owned(OF_OWNER)),
        target=TARGET,
        twin=as_admin(add(OF_SESSION), owner_rows(), head(), target=TARGET),
    )


@CHAPTER.case(KEEP_3)
def closed() -> Story:
    """A session is closed; the target still answers, and has what it had."""
    return as_admin(
        list_tables(),
        must(close(), Returns(), NoChange()),
        must(ping(), Returns()),
        must(owner_rows(), owned(OF_OWNER)),
        target=TARGET,
    )


@CHAPTER.case(KEEP_3)
def closed_beside_another() -> Story:
    """One of a user's two sessions is closed, and the other goes on."""
    return as_admin(
        must(connect(AS_ADMIN, session="other"), Returns()),
        list_tables(),
        close(),
        must(head(session="other"), shown(OF_OWNER)),
        must(ping(), Returns()),
        target=TARGET,
    )


@CHAPTER.case(KEEP_3)
def dropped() -> Story:
    """The last reference to a session goes, and the target still answers."""
    return as_admin(list_tables(), Use("drop"), must(ping(), Returns()), target=TARGET)


def _used_after(end: Use) -> Story:
    return as_admin(
        list_tables(),
        end,
        must(list_tables(), Raises()),
        target=TARGET,
        twin=as_admin(list_tables(), list_tables(), target=TARGET),
    )


@CHAPTER.case(KEEP_4)
def used_after_close() -> Story:
    """After ``close()`` the tables are listed."""
    return _used_after(close())


@CHAPTER.case(KEEP_4)
def used_after_with() -> Story:
    """After the end of a ``with`` block the tables are listed."""
    return _used_after(Use("leave with"))


@CHAPTER.case(KEEP_4, level=Level.ROBUST)
def connections_closed() -> Story:
    """After ``close()`` no connection of the session is open."""
    return as_admin(list_tables(), must(close(), Returns(), ConnectionsClosed()), target=TARGET)
