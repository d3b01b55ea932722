"""LIVE: what each documented tier offers and refuses, as one table.

The conditions are those of the page: (a) the target requires authentication, (b) what is given
grants ``ROLE_ADMIN``, (c) the same version of the Python SDK started it, (d) it runs on the same
host, (e) its server is of the same version, (f) it exposes itself to Python. Every target here is
on the same host. What a target without cubes cannot show (``query_mdx``, ``Cube.query``,
``create_cube``) has no row, nor has what no connected session is ever offered.
"""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from itertools import product
from typing import Any, NamedTuple

from connect_contracts.chapters.builder import (
    AS_ADMIN,
    AS_USER,
    CLIENT_CERTIFICATE,
    Must,
    add,
    connect,
    connect_tls,
    must,
    mutual_tls,
    owner_rows,
    secure,
    story,
    unsecure,
)
from connect_contracts.chapters.case import Story
from connect_contracts.chapters.live.chapter import CHAPTER, ONLY_6_2, WITH_A_ROW, owned, shown
from connect_contracts.checks.expectation import Gives, Outcome, Raises, Returns
from connect_contracts.checks.wire_checks import FollowsLink, RefusedWith, WireCheck
from connect_contracts.model.actions import GRANTEE
from connect_contracts.model.clause import Depth, Level
from connect_contracts.model.scenario import (
    ADMIN,
    PASSWORD,
    USER,
    Basic,
    Connect,
    Own,
    TargetSpec,
    Use,
    User,
)
from connect_contracts.model.target_spec import ANOTHER_RELEASE

LIVE_10 = CHAPTER.clause(
    10,
    "tiers: Local, No security management, Read-only and Minimal offer and refuse what the page "
    "lists, for each combination of the conditions (d only as same host; Remote is not testable "
    "here)",
    "documented conditions and tiers",
    Level.DOCUMENTED,
    ONLY_6_2,
)

USERS = (ADMIN, USER, User(GRANTEE, PASSWORD))


class Tier(StrEnum):
    """The tiers of the page."""

    LOCAL = "Local"
    NO_SECURITY_MANAGEMENT = "No security management"
    READ_ONLY = "Read-only"
    MINIMAL = "Minimal"


class Combination(NamedTuple):
    """A combination of the conditions, and the tier that it gives."""

    name: str
    description: str
    target: TargetSpec
    call: Connect
    tier: Tier
    depth: Depth = Depth.FULL


class Member(NamedTuple):
    """A member of a session, and the tiers that offer it.

    Parameters:
        use: The step that uses it.
        offered: What must be seen of that step where it is offered; elsewhere it raises.
        done, undone: What shows that it did something where it is offered, and nothing elsewhere.
        of_users: Whether that is seen of other users, who have passwords.
    """

    name: str
    offered_by: tuple[Tier, ...]
    use: Use
    offered: Must
    done: tuple[Must, ...] = ()
    undone: tuple[Must, ...] = ()
    of_users: bool = False


def _secure(**special: Any) -> TargetSpec:
    return secure(tables=(WITH_A_ROW,), users=USERS, **special)


def _unsecure(**special: Any) -> TargetSpec:
    return unsecure(tables=(WITH_A_ROW,), **special)


ADMINISTRATOR, PLAIN_USER, ANYONE = connect(AS_ADMIN), connect(AS_USER), connect()
LOCAL = Combination(
    "local",
    "(a, b, c, e) An administrator, of a target that the same version started",
    _secure(),
    ADMINISTRATOR,
    Tier.LOCAL,
    Depth.DEFAULT,
)
COMBINATIONS = (
    LOCAL,
    Combination(
        "local-by-certificate",
        "(a, b, c, e) An administrator by client certificate",
        mutual_tls(tables=(WITH_A_ROW,), users=USERS),
        connect_tls(CLIENT_CERTIFICATE),
        Tier.LOCAL,
    ),
    Combination(
        "in-java",
        "(a, b, e, f) An administrator, of an application in Java that exposes itself",
        _secure(application="Java"),
        ADMINISTRATOR,
        Tier.NO_SECURITY_MANAGEMENT,
        Depth.DEFAULT,
    ),
    Combination(
        "not-exposed",
        "(a, b, e) An administrator, of an application in Java that does not expose itself",
        _secure(application="Java, not exposed"),
        ADMINISTRATOR,
        Tier.READ_ONLY,
        Depth.DEFAULT,
    ),
    Combination(
        "a-user",
        "(a, c, e) Someone without ROLE_ADMIN, of a target that the same version started",
        _secure(),
        PLAIN_USER,
        Tier.READ_ONLY,
        Depth.DEFAULT,
    ),
    Combination(
        "a-user-in-java",
        "(a, e, f) Someone without ROLE_ADMIN, of an application in Java that exposes itself",
        _secure(application="Java"),
        PLAIN_USER,
        Tier.READ_ONLY,
    ),
    Combination(
        "unsecured",
        "(c, e) Anyone, of an unsecured target that the same version started",
        _unsecure(),
        ANYONE,
        Tier.READ_ONLY,
        Depth.DEFAULT,
    ),
    Combination(
        "unsecured-in-java",
        "(e, f) Anyone, of an unsecured application in Java that exposes itself",
        _unsecure(application="Java"),
        ANYONE,
        Tier.READ_ONLY,
    ),
    Combination(
        "another-version",
        "(a, b, f) An administrator, of a target whose server is of another version",
        _secure(release=ANOTHER_RELEASE),
        ADMINISTRATOR,
        Tier.MINIMAL,
        Depth.DEFAULT,
    ),
    Combination(
        "another-version-in-java",
        "(a, b) An administrator, of an application in Java on a server of another version",
        _secure(release=ANOTHER_RELEASE, application="Java, not exposed"),
        ADMINISTRATOR,
        Tier.MINIMAL,
    ),
    Combination(
        "another-version-as-a-user",
        "(a, f) Someone without ROLE_ADMIN, of a target whose server is of another version",
        _secure(release=ANOTHER_RELEASE),
        PLAIN_USER,
        Tier.MINIMAL,
    ),
    Combination(
        "another-version-unsecured",
        "(f) Anyone, of an unsecured target whose server is of another version",
        _unsecure(release=ANOTHER_RELEASE),
        ANYONE,
        Tier.MINIMAL,
    ),
)


CHANGING = (Tier.LOCAL, Tier.NO_SECURITY_MANAGEMENT)
READING = (*CHANGING, Tier.READ_ONLY)


def _member(
    name: str,
    offered_by: tuple[Tier, ...],
    use: Use,
    outcome: Outcome,
    *wire: WireCheck,
    **special: Any,
) -> Member:
    return Member(name, offered_by, use, must(use, outcome, *wire), **special)


AS_NEWCOMER = connect(Basic(GRANTEE, PASSWORD), session="newcomer")
ANOTHER_USER = connect(AS_USER, session="another")
MEMBERS = (
    _member("link", tuple(Tier), Use("follow link"), Returns(), FollowsLink()),
    _member("tables-schema", READING, Use("schema"), Returns()),
    _member("table-query", READING, Use("query"), shown(("before",))),
    _member(
        "table-row",
        CHANGING,
        add(("added",)),
        Returns(),
        done=(must(owner_rows(), owned(("before",), ("added",))),),
        undone=(must(owner_rows(), owned(("before",))),),
    ),
    _member(
        "create-table",
        CHANGING,
        Use("create table", "New"),
        Returns(),
        done=(must(Own("tables"), Gives(["Example", "New"])),),
        undone=(must(Own("tables"), Gives(["Example"])),),
    ),
    _member(
        "ready",
        CHANGING,
        Use("turn unready"),
        Returns(),
        done=(must(ANOTHER_USER, Raises(), RefusedWith(503)),),
        undone=(must(ANOTHER_USER, Returns()),),
        of_users=True,
    ),
    _member(
        "security",
        (Tier.LOCAL,),
        Use("grant role"),
        Returns(),
        done=(must(AS_NEWCOMER, Returns()),),
        undone=(must(AS_NEWCOMER, Raises(), RefusedWith(403)),),
        of_users=True,
    ),
)


def _story(combination: Combination, member: Member) -> Story:
    offered = combination.tier in member.offered_by
    shown = member.done if offered else member.undone
    if member.of_users and (combination.target.scheme == "https" or not combination.target.secure):
        # It has no users with passwords, or they would need certificates of their own.
        shown = ()
    return story(
        combination.target,
        must(combination.call, Returns()),
        member.offered if offered else must(member.use, Raises()),
        *shown,
        # Where all of it is offered, whoever else is let in before.
        twin=story(LOCAL.target, LOCAL.call, ANOTHER_USER, member.use).scenario,
    )


for _combination, _used in product(COMBINATIONS, MEMBERS):
    CHAPTER.add(
        LIVE_10,
        f"{_combination.name}-{_used.name}",
        f"{_combination.description}: {_combination.tier} "
        f"{'offers' if _combination.tier in _used.offered_by else 'refuses'} {_used.name}.",
        partial(_story, _combination, _used),
        depth=Depth.CORE
        if (_combination, _used.name) == (LOCAL, "create-table")
        else _combination.depth,
    )
