"""LIVE: the session itself, its tables, rows and frames."""

from __future__ import annotations

from connect_contracts.chapters.builder import (
    AS_ADMIN,
    add,
    as_admin,
    connect,
    get_table,
    head,
    list_tables,
    must,
    owner_rows,
    secure,
    story,
    table,
)
from connect_contracts.chapters.case import Story
from connect_contracts.chapters.live.chapter import (
    CHAPTER,
    ONLY_0_9_1,
    ONLY_6_2,
    WITH_A_ROW,
    owned,
    shown,
)
from connect_contracts.checks.expectation import Gives, GivesRows, Raises, Returns
from connect_contracts.checks.wire_checks import FollowsLink, GivesUrl, NoChange
from connect_contracts.model.clause import Depth, Level
from connect_contracts.model.scenario import Basic, Own, Token, Use, User

LIVE_12 = CHAPTER.clause(
    12,
    "session.user has the connected user's name and roles; session.url is the target's, and "
    "str(session.link) begins with an address that leads to it",
    "documentation of Session",
    Level.DOCUMENTED,
    ONLY_6_2,
)


@CHAPTER.case(LIVE_12, depth=Depth.CORE)
def the_user() -> Story:
    """``session.user`` of someone with roles of their own."""
    pilot = User("Cooper", "endurance", ("ROLE_USER", "ROLE_PILOT"))
    return story(
        secure(users=(pilot,)),
        connect(Basic("Cooper", "endurance")),
        must(Use("user"), Gives({"name": "Cooper", "roles": ["ROLE_PILOT", "ROLE_USER"]})),
    )


@CHAPTER.case(LIVE_12)
def the_url() -> Story:
    """``session.url`` is the target's, also one with a path."""
    return as_admin(must(Use("url"), Returns(), GivesUrl()), target=secure(base_path="/one"))


@CHAPTER.case(LIVE_12)
def the_link() -> Story:
    """``str(session.link)`` begins with an address that leads to the target."""
    return as_admin(must(Use("follow link"), Returns(), FollowsLink()))


@CHAPTER.case(LIVE_12)
def the_link_below_a_path() -> Story:
    """As before; the target lives below a path."""
    return as_admin(
        must(Use("follow link"), Returns(), FollowsLink()), target=secure(base_path="/one/two")
    )


@CHAPTER.case(LIVE_12)
def the_user_of_a_token() -> Story:
    """``session.user`` of an administrator without ``ROLE_USER``, known by a token alone."""
    pilot = User("Cooper", "endurance", ("ROLE_ADMIN", "ROLE_PILOT"))
    return story(
        secure(users=(pilot,)),
        connect(Token("Cooper")),
        must(Use("user"), Gives({"name": "Cooper", "roles": ["ROLE_ADMIN", "ROLE_PILOT"]})),
    )


LIVE_1 = CHAPTER.clause(
    1,
    "secure target, user with ROLE_ADMIN: list(session.tables) names the target's tables, "
    "session.tables[name] gives one; an unknown name is a KeyError (0.9.1: implied)",
    "example; documented errors",
    Level.DOCUMENTED,
)
LIVE_2 = CHAPTER.clause(
    2,
    "table += row, target on the same host, adds the row on the target: seen by head() (0.9.1: "
    "documented), by the target's owner and by another session (implied)",
    "example",
    Level.DOCUMENTED,
)
LIVE_3 = CHAPTER.clause(
    3,
    "table.head() is a data frame of the documented look: the columns, the values, an index from "
    "0 for a table without keys (by the keys for one that has them), at most n rows, 5 by "
    "default; which rows is left open, so frames are compared as multisets",
    "example, documentation of Table.head",
    Level.DOCUMENTED,
)
LIVE_8 = CHAPTER.clause(
    8,
    "tables created and rows added by the owner after connect are seen (robust); roles changed "
    "after connect: observe",
    "-",
    Level.ROBUST,
)
LIVE_13 = CHAPTER.clause(13, "connect by itself changes nothing on the target", "-", Level.ROBUST)


@CHAPTER.case(LIVE_1, depth=Depth.CORE)
def names_of_the_tables() -> Story:
    """An administrator lists the tables of a target that has eleven."""
    names = ("Example", "Another", *(f"Table {number}" for number in range(9, 0, -1)))
    return as_admin(
        must(list_tables(), Gives(sorted(names))),
        target=secure(tables=tuple(map(table, names))),
    )


@CHAPTER.case(LIVE_1)
def one_table() -> Story:
    """An administrator takes a table by its name."""
    return as_admin(must(get_table(), Returns()))


def _unknown_table() -> Story:
    return as_admin(
        must(get_table("No such table"), Raises("KeyError")), twin=as_admin(get_table())
    )


@CHAPTER.case(LIVE_1, profiles=ONLY_6_2)
def an_unknown_name() -> Story:
    """An administrator asks for a table that is not there."""
    return _unknown_table()


@CHAPTER.case(LIVE_1, level=Level.IMPLIED, profiles=ONLY_0_9_1)
def an_unknown_name_0_9_1() -> Story:
    """An administrator asks for a table that is not there."""
    return _unknown_table()


def _added_and_seen_by_head() -> Story:
    return as_admin(
        must(add(("foo",)), Returns()),
        must(head(), shown(("foo",))),
        # head() could answer from the client's memory: the row must be on the target.
        must(owner_rows(), owned(("foo",))),
    )


@CHAPTER.case(LIVE_2, profiles=ONLY_0_9_1, depth=Depth.CORE)
def seen_by_head() -> Story:
    """An administrator adds a row, and ``head()`` shows it."""
    return _added_and_seen_by_head()


@CHAPTER.case(LIVE_2, level=Level.IMPLIED, profiles=ONLY_6_2, depth=Depth.CORE)
def seen_by_head_6_2() -> Story:
    """An administrator adds a row, and ``head()`` shows it."""
    return _added_and_seen_by_head()


@CHAPTER.case(LIVE_2, level=Level.IMPLIED)
def seen_by_the_owner() -> Story:
    """An administrator adds a row, and the target's owner has it."""
    return as_admin(
        must(add(("foo",)), Returns()),
        must(owner_rows(), owned(("before",), ("foo",))),
        target=secure(tables=(WITH_A_ROW,)),
    )


@CHAPTER.case(LIVE_2, level=Level.IMPLIED)
def seen_by_another_session() -> Story:
    """An administrator adds a row, and another session shows it."""
    return as_admin(
        connect(AS_ADMIN, session="another"),
        must(add(("foo",)), Returns()),
        must(head(session="another"), shown(("foo",))),
    )


CITIES = ("Paris", 2), ("Rome", 3)
TYPES = {"City": "String", "Count": "int"}


def _frame_of_cities(expected: GivesRows, keys: tuple[str, ...] = ()) -> Story:
    spec = table("Example", *CITIES, data_types=tuple(TYPES.items()), keys=keys)
    return as_admin(must(head(), expected), target=secure(tables=(spec,)))


@CHAPTER.case(LIVE_3, depth=Depth.CORE)
def without_keys() -> Story:
    """The frame of a table without keys: its columns, its values, an index from 0."""
    return _frame_of_cities(shown(*CITIES, columns=tuple(TYPES), types=tuple(TYPES.values())))


@CHAPTER.case(LIVE_3)
def with_keys() -> Story:
    """The frame of a table with a key is indexed by it."""
    indexed = GivesRows(("Count",), tuple(TYPES.values()), CITIES, index=("City",))
    return _frame_of_cities(indexed, keys=("City",))


@CHAPTER.case(LIVE_3)
def with_two_keys() -> Story:
    """The frame of a table with two keys is indexed by both; no order is that of the alphabet."""
    columns = ("Zone", "City", "Area", "Count")
    rows = (("north", "Rome", "e", "1"), ("north", "Bern", "d", "2"), ("east", "Rome", "c", "3"))
    types = tuple((name, "String") for name in columns)
    spec = table("Example", *rows, data_types=types, keys=columns[:2])
    return as_admin(
        must(head(), GivesRows(columns[2:], ("String",) * 4, rows, index=columns[:2])),
        target=secure(tables=(spec,)),
    )


def _of_seven_rows(asked_for: int | None, shown: int) -> Story:
    rows = tuple((f"row {number}",) for number in range(7))
    return as_admin(
        must(head(n=asked_for), GivesRows(("Id",), ("String",), rows, at_most=shown)),
        target=secure(tables=(table("Example", *rows),)),
    )


@CHAPTER.case(LIVE_3)
def five_rows_by_default() -> Story:
    """Of seven rows ``head()`` shows five, whichever they are."""
    return _of_seven_rows(None, 5)


@CHAPTER.case(LIVE_3)
def as_many_rows_as_asked_for() -> Story:
    """Of seven rows ``head(3)`` shows three."""
    return _of_seven_rows(3, 3)


@CHAPTER.case(LIVE_3)
def an_empty_table() -> Story:
    """The frame of a table without rows has its columns."""
    return as_admin(must(head(), shown()))


@CHAPTER.case(LIVE_8)
def tables_of_the_owner_after_connect() -> Story:
    """The owner creates a table after connect, and it is listed."""
    return as_admin(
        Own("create table", spec=table("Later")), must(list_tables(), Gives(["Example", "Later"]))
    )


@CHAPTER.case(LIVE_8)
def rows_of_the_owner_after_connect() -> Story:
    """The owner adds a row after connect, and it is shown."""
    return as_admin(
        must(head(), shown()),
        Own("add", rows=(("of the owner",),)),
        must(head(), shown(("of the owner",))),
    )


@CHAPTER.case(LIVE_8, level=Level.OBSERVE)
def a_role_taken_away_after_connect() -> Story:
    """The owner takes ``ROLE_ADMIN`` from someone who is connected."""
    return as_admin(
        Own("set roles", user=User("admin", roles=("ROLE_USER",))), list_tables(), add(("foo",))
    )


@CHAPTER.case(LIVE_13)
def connecting_alone() -> Story:
    """Connecting asks for no change, and the owner's tables are as before."""
    return story(
        secure(tables=(WITH_A_ROW,)),
        must(connect(AS_ADMIN), Returns(), NoChange()),
        must(Own("tables"), Gives(["Example"])),
        must(owner_rows(), owned(("before",))),
    )
