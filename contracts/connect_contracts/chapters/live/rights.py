"""LIVE: who may change anything."""

from __future__ import annotations

from connect_contracts.chapters.builder import (
    AS_USER,
    add,
    as_admin,
    connect,
    list_tables,
    must,
    owner_rows,
    secure,
    story,
    table,
    unsecure,
)
from connect_contracts.chapters.case import Story, row
from connect_contracts.chapters.live.chapter import (
    CHAPTER,
    ONLY_0_9_1,
    ONLY_6_2,
    WITH_A_ROW,
    owned,
    shown,
)
from connect_contracts.checks.expectation import Gives, Raises, Returns
from connect_contracts.checks.wire_checks import NoChange
from connect_contracts.model.clause import Depth, Level
from connect_contracts.model.scenario import Basic, Own, TargetSpec, Use

LIVE_4 = CHAPTER.clause(
    4,
    "without ROLE_ADMIN: connect succeeds, and the first use of tables (the attribute or the "
    "listing) raises LiveExtensionUnavailableError, Live extension is not available ...",
    "example",
    Level.DOCUMENTED,
    ONLY_0_9_1,
)
LIVE_5 = CHAPTER.clause(
    5,
    "on an unsecured target: the same, although its anonymous user is an administrator",
    "example",
    Level.DOCUMENTED,
    ONLY_0_9_1,
)
LIVE_6 = CHAPTER.clause(
    6,
    "someone who may not change anything changes nothing: on a target that enforces roles the "
    "owner's tables are unchanged; on one that enforces nothing the same (0.9.1: it is the "
    "implementation that refuses, and no writing request was sent; 6.2: observe, for there the "
    "documentation shows the server refusing)",
    "example",
    Level.IMPLIED,
)
LIVE_11 = CHAPTER.clause(
    11,
    "without ROLE_ADMIN, or on an unsecured target, reading the schema and querying a table work, "
    "a change raises",
    "documented tiers and errors",
    Level.DOCUMENTED,
    ONLY_6_2,
)


UNAVAILABLE = Raises("LiveExtensionUnavailableError", "Live extension is not available")


@CHAPTER.case(LIVE_4, depth=Depth.CORE)
def without_the_role() -> Story:
    """A user without ``ROLE_ADMIN`` connects, and then uses ``tables``."""
    return story(
        secure(),
        must(connect(AS_USER), Returns()),
        must(list_tables(), UNAVAILABLE),
        twin=as_admin(list_tables()),
    )


@CHAPTER.case(LIVE_5, depth=Depth.CORE)
def on_an_unsecured_target() -> Story:
    """The anonymous administrator of an unsecured target connects, and then uses ``tables``."""
    return story(
        unsecure(),
        must(connect(), Returns()),
        must(list_tables(), UNAVAILABLE),
        twin=as_admin(list_tables()),
    )


def _may_change_nothing(target: TargetSpec, authentication: Basic | None, *wire: NoChange) -> Story:
    return story(
        target,
        must(connect(authentication), Returns()),
        must(add(("foo",)), Raises(), *wire),
        must(owner_rows(), owned(("before",))),
        twin=as_admin(add(("foo",)), owner_rows(), target=secure(tables=(WITH_A_ROW,))),
    )


@CHAPTER.case(LIVE_6)
def a_user_where_the_server_refuses() -> Story:
    """A user without ``ROLE_ADMIN`` adds a row; the target would refuse it."""
    return _may_change_nothing(secure(tables=(WITH_A_ROW,)), AS_USER)


@CHAPTER.case(LIVE_6)
def anonymous_where_the_server_refuses() -> Story:
    """A row is added on an unsecured target, which would refuse it."""
    return _may_change_nothing(unsecure(tables=(WITH_A_ROW,)), None)


@CHAPTER.case(LIVE_6, profiles=ONLY_0_9_1)
def a_user_where_nobody_else_refuses() -> Story:
    """A user without ``ROLE_ADMIN`` adds a row; the target would let it through."""
    return _may_change_nothing(
        secure(tables=(WITH_A_ROW,), enforces_roles=False), AS_USER, NoChange()
    )


@CHAPTER.case(LIVE_6, profiles=ONLY_0_9_1)
def anonymous_where_nobody_else_refuses() -> Story:
    """A row is added on an unsecured target, which would let it through."""
    return _may_change_nothing(
        unsecure(tables=(WITH_A_ROW,), enforces_roles=False), None, NoChange()
    )


@CHAPTER.case(LIVE_6, level=Level.OBSERVE, profiles=ONLY_6_2)
def a_user_where_the_target_lets_it_through() -> Story:
    """A user without ``ROLE_ADMIN`` adds a row; the target would let it through."""
    return story(
        secure(tables=(WITH_A_ROW,), enforces_roles=False), connect(AS_USER), add(("foo",))
    )


def _reads(target: TargetSpec, authentication: Basic | None) -> Story:
    return story(
        target,
        must(connect(authentication), Returns()),
        must(list_tables(), Gives(["Example"])),
        must(Use("columns"), Gives(["Id"])),
        must(Use("query"), shown(("before",))),
    )


def _creates_no_table(target: TargetSpec, authentication: Basic | None) -> Story:
    return story(
        target,
        must(connect(authentication), Returns()),
        must(Use("create table", "New"), Raises()),
        must(Own("tables"), Gives(["Example"])),
        twin=as_admin(Use("create table", "New"), target=secure(tables=(WITH_A_ROW,))),
    )


CHAPTER.table(
    LIVE_11,
    _reads,
    row(
        "a-user-reads",
        "A user without ``ROLE_ADMIN`` reads schema and rows.",
        *(secure(tables=(WITH_A_ROW,)), AS_USER),
        depth=Depth.CORE,
    ),
    row(
        "anonymous-reads",
        "On an unsecured target schema and rows are read.",
        *(unsecure(tables=(WITH_A_ROW,)), None),
    ),
)
CHAPTER.table(
    LIVE_11,
    _creates_no_table,
    row(
        "a-user-creates-no-table",
        "A user without ``ROLE_ADMIN`` creates a table, which raises.",
        *(secure(tables=(WITH_A_ROW,)), AS_USER),
    ),
    row(
        "anonymous-creates-no-table",
        "On an unsecured target a table is created, which raises.",
        *(unsecure(tables=(WITH_A_ROW,)), None),
    ),
)


@CHAPTER.case(LIVE_11)
def one_column_of_two() -> Story:
    """A user without ``ROLE_ADMIN`` queries one column of a table that has two."""
    types = (("Zone", "String"), ("City", "String"))
    spec = table("Example", ("north", "Bern"), ("east", "Rome"), data_types=types)
    return story(
        secure(tables=(spec,)),
        connect(AS_USER),
        must(Use("query"), shown(("north",), ("east",), columns=("Zone",))),
    )
