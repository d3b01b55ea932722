"""What the oracle decides about the owner's steps, and about steps that run at once."""

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
    mutual_tls,
    owner_rows,
    ping,
    restart,
    secure,
)
from connect_contracts.checks.expectation import (
    Alternative,
    GivesRows,
    GivesSession,
    Raises,
    Returns,
)
from connect_contracts.checks.wire_checks import StoredAsSaid
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Basic, Own, TableSpec, TargetSpec, Together, Use, User
from connect_contracts.oracle import decisions
from oracle_decides import RAISES, RETURNS, allowed, gives, last, outcomes, rows, scenario_of

KEYED = TableSpec("Example", (("Id", "String"), ("Count", "int")), ("Id",))


# The owner.


def test_the_owner_creates_adds_and_looks() -> None:
    create, new = Own("create table", table="New"), Own("add", table="New", rows=(("a",),))
    seen = allowed(secure(), create, create, new, owner_rows("New"), Own("tables"))
    held = (Alternative(rows(("a",), of_owner=True)),)
    assert seen == [(RETURNS,), (), (RETURNS,), held, gives(["Example", "New"])]


def test_the_owner_s_doubtful_row_is_not_judged() -> None:
    spec = TableSpec("Example", (("Count", "int"),))
    doubtful = Own("add", table="Example", rows=((1,), (2.0,)))
    assert last(secure(tables=(spec,)), doubtful) == ()
    assert last(secure(), Own("add", table="Other", rows=(("a",),))) == ()
    assert last(secure(), owner_rows("Other")) == ()


@pytest.mark.parametrize(
    ("target", "fault", "answers"),
    [
        (secure(), "noop", True),
        (mutual_tls("required"), "noop", False),
    ],
)
def test_when_a_target_is_sure_to_answer(target: TargetSpec, fault: str, answers: bool) -> None:
    assert last(target, arm(fault), ping()) == ((RETURNS,) if answers else ())


def test_a_fault_without_a_name_is_none() -> None:
    assert len(last(secure(), Own("arm"), connect(AS_ADMIN))) == 1


@pytest.mark.parametrize(
    ("owner", "altered"),
    [
        (Own("set roles", user=User("user", "passwd", ("ROLE_USER",))), False),
        (Own("set roles", user=User("user", "passwd", ("ROLE_ADMIN",))), True),
        (Own("set roles", user=User("nobody", "passwd", ("ROLE_ADMIN",))), False),
        (Own("set password", user=User("user", "passwd", ("ROLE_USER",))), True),
    ],
)
def test_whose_roles_or_password_change(owner: Own, altered: bool) -> None:
    seen = last(secure(), connect(AS_USER), owner, list_tables(), profile=Profile.V6_2)
    assert (seen == ()) == altered


def test_new_roles_and_passwords_count_from_then_on() -> None:
    roles = Own("set roles", user=User("user", "passwd", ("ROLE_ADMIN", "ROLE_USER")))
    assert last(secure(), roles, connect(AS_USER), add(("a",))) == (RETURNS,)
    password = Own("set password", user=User("user", "another"))
    new = connect(Basic("user", "another"))
    seen = outcomes(secure(), password, connect(AS_USER), new)
    assert seen[1:] == [[Raises()], [GivesSession()]]


# At once.

BOTH = connect(AS_ADMIN, session="one"), connect(AS_ADMIN, session="two")


def at_once(*branches: tuple[Any, ...]) -> Together:
    return Together(branches)


@pytest.mark.parametrize(
    ("steps", "seen"),
    [
        ((*BOTH, at_once((list_tables("one"),), (list_tables("two"),))), (RETURNS,)),
        ((*BOTH, at_once((list_tables("one"),), (head(n=-1, session="two"),))), ()),
        # What may raise among others leaves all open.
        ((*BOTH, restart(), at_once((list_tables("one"),), (list_tables("two"),))), ()),
    ],
)
def test_when_steps_at_once_return(steps: tuple[Any, ...], seen: Any) -> None:
    assert last(secure(), *steps) == seen


def test_branches_that_share_a_session_are_not_described() -> None:
    shared = at_once((add(("a",), session="one"),), (list_tables("one"),))
    seen = allowed(secure(), *BOTH, shared, owner_rows(), list_tables("one"), list_tables("two"))
    assert seen[2:5] == [(), (), ()]
    # The other branch may have closed it.
    assert last(secure(), *BOTH, shared, Use("url", session="one"), profile=Profile.V6_2) == ()


def test_a_table_created_beside_others_is_not_described() -> None:
    creating = at_once((Use("create table", "New", session="one"),), (list_tables("two"),))
    seen = allowed(secure(), *BOTH, creating, Own("tables"), list_tables("two"))
    assert seen[2:] == [(), (), ()]


ADDS_A = add(("a", 1), session="one")


@pytest.mark.parametrize(
    ("branches", "held"),
    [
        (((add(("a", 1), ("a", 2), session="one"),), (list_tables("two"),)), (("a", 2),)),
        (((ADDS_A,), (add(("a", 2), table="Other", session="two"),)), (("a", 1),)),
        (((ADDS_A,), (head(session="two"), head(session="two"))), (("a", 1),)),
    ],
)
def test_what_is_added_beside_other_steps(branches: Any, held: Any) -> None:
    other = TableSpec("Other", KEYED.data_types, KEYED.keys)
    seen = outcomes(secure(tables=(KEYED, other)), *BOTH, at_once(*branches), owner_rows())[2:]
    owned = GivesRows(("Id", "Count"), ("String", "int"), held, of_owner=True)
    assert seen == [[RETURNS.outcome], [owned]]


AS_SAID = (Alternative(Returns(), (StoredAsSaid(),)),)


@pytest.mark.parametrize(
    ("row", "then", "owned"),
    [
        (("b", 1), (), AS_SAID),
        (("b", 1), (Own("add", rows=(("c", 1),)),), AS_SAID),
        # Which of two that write one key is last is unknown.
        (("a", 2), (), ()),
        # What a default stands for is not said, and what does not fit is taken as it may be.
        (("b", None), (), ()),
        (("b", 1), (restart(),), ()),
    ],
)
def test_what_is_added_at_once(row: Any, then: Any, owned: Any) -> None:
    adding = at_once((ADDS_A,), (add(row, session="two"),))
    decided = decisions(
        scenario_of(secure(tables=(KEYED,)), *BOTH, adding, *then, owner_rows()), Profile.V6_2
    )
    assert decided[2].clause == "LIVE-9"
    # A client may refuse to add rows while another session does.
    assert decided[2].alternatives == (RETURNS, RAISES)
    assert decided[-1].alternatives == owned


def test_a_row_without_a_value_is_not_as_said() -> None:
    adding = at_once((ADDS_A,), (add(("b", 1), session="two"),))
    later = arm("status 500", "changes"), add(("c", None), session="one")
    assert last(secure(tables=(KEYED,)), *BOTH, adding, *later, owner_rows()) == ()
