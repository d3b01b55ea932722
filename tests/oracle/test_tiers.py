"""What the oracle decides of tiers: what is offered, and who is let in then."""

from __future__ import annotations

from typing import Any

import pytest

from connect_contracts.chapters.builder import (
    AS_ADMIN,
    AS_USER,
    add,
    arm,
    connect,
    head,
    list_tables,
    restart,
    secure,
)
from connect_contracts.checks.expectation import Alternative, GivesSession, Raises, Returns
from connect_contracts.checks.wire_checks import KnownAs
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Basic, Own, TargetSpec, Use, User
from oracle_decides import NO_CHANGE, RAISES, RETURNS, decided, last, refused

ADMIN = connect(AS_ADMIN)
CREATE = Use("create table", "New")
EITHER = (RETURNS, RAISES)

UNREADY, GRANT = Use("turn unready"), Use("grant role")
AS_NEWCOMER = connect(Basic("newcomer", "passwd"), session="newcomer")
NEWCOMER = secure(users=(*TargetSpec().users, User("newcomer", "passwd")))
CLOSED = secure(application="Java, not exposed")
OLDER = secure(release="0.9.16")


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ((secure(), ADMIN, UNREADY), (RETURNS,)),
        ((secure(enforces_roles=False), connect(AS_USER), UNREADY), EITHER),
        ((secure(), ADMIN, GRANT), (RETURNS,)),
        ((secure(), ADMIN, restart(), GRANT), EITHER),
        ((secure(), connect(AS_USER), GRANT), (RAISES,)),
        ((CLOSED, ADMIN, CREATE), (RAISES,)),
        ((OLDER, ADMIN, list_tables()), refused(NO_CHANGE)),
        # On a server of another version there is next to nothing.
        ((OLDER, ADMIN, Use("user")), ()),
        ((OLDER, ADMIN, Own("set roles", user=User("admin")), list_tables()), ()),
    ],
)
def test_what_a_tier_offers(given: tuple[Any, ...], seen: Any) -> None:
    assert last(*given, profile=Profile.V6_2) == seen


@pytest.mark.parametrize("use", [UNREADY, GRANT])
def test_0_9_1_says_nothing_of_readiness_and_roles(use: Use) -> None:
    assert last(secure(), ADMIN, use) == ()
    assert len(last(secure(), ADMIN, use, connect(AS_USER, session="user"))) == 2


@pytest.mark.parametrize(
    ("given", "outcomes_seen"),
    [
        # Where the role was perhaps granted, the user is perhaps let in.
        ((NEWCOMER, ADMIN, restart(), GRANT, AS_NEWCOMER), [GivesSession(), Raises()]),
        ((secure(), ADMIN, restart(), UNREADY, connect(AS_USER)), [GivesSession(), Raises()]),
    ],
)
def test_who_is_let_in_then(given: tuple[Any, ...], outcomes_seen: Any) -> None:
    seen = last(*given, profile=Profile.V6_2)
    assert [each.outcome for each in seen] == outcomes_seen


def test_what_a_user_who_is_granted_a_role_may_do_is_not_judged() -> None:
    newcomer = secure(users=(*TargetSpec().users, User("newcomer", "passwd", ("ROLE_USER",))))
    steps = ADMIN, AS_NEWCOMER, GRANT, list_tables("newcomer")
    assert last(newcomer, *steps, profile=Profile.V6_2) == ()


def test_the_schema_is_read_as_the_tables_are() -> None:
    known = (NO_CHANGE, KnownAs("user"))
    read = connect(AS_USER), Use("schema")
    assert last(secure(), *read, profile=Profile.V6_2) == (Alternative(Returns(), known),)
    assert last(secure(), ADMIN, Use("schema")) == ()


@pytest.mark.parametrize(
    ("given", "clause"),
    [
        ((secure(), ADMIN, GRANT), "LIVE-10"),
        ((secure(), ADMIN, arm("status 500", "changes"), add(("a",))), "FAULT-5"),
        ((secure(), ADMIN, arm("status 500", "changes"), head()), "FAULT-1"),
    ],
)
def test_the_clause_of_a_tier_or_of_a_fault(given: tuple[Any, ...], clause: str) -> None:
    assert decided(*given, profile=Profile.V6_2).clause == clause
