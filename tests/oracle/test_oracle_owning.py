"""What the oracle says of owners, and of what is done at once."""

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
    https,
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
)
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import (
    Basic,
    Own,
    TableSpec,
    TargetSpec,
    Together,
    Use,
    User,
)
from oracle_said import RETURNS, gives, last, rows, said

KEYED = TableSpec("Example", (("Id", "String"), ("Count", "int")), ("Id",))


# The owner.


def test_the_owner_creates_adds_and_looks() -> None:
    create = Own("create table", table="New")
    seen = said(
        secure(), create, create, Own("add", table="New", rows=(("a",),)), owner_rows("New")
    )
    assert seen == [
        (RETURNS,),
        (),
        (RETURNS,),
        (Alternative(rows(("a",), of_owner=True)),),
    ]
    assert last(secure(), create, Own("tables")) == gives(["Example", "New"])


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
        (secure(), "versions 500", False),
        (https(), "noop", True),
        (mutual_tls("optional"), "noop", True),
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
    assert [one.outcome for one in last(secure(), password, connect(AS_USER))] == [Raises()]
    new = connect(Basic("user", "another"))
    assert [one.outcome for one in last(secure(), password, new)] == [GivesSession()]


# At once.


def at_once(*branches: tuple[Any, ...]) -> Together:
    return Together(branches)


BOTH = connect(AS_ADMIN, session="one"), connect(AS_ADMIN, session="two")


def test_branches_that_share_a_session_are_not_described() -> None:
    shared = at_once((add(("a",), session="one"),), (list_tables("one"),))
    seen = said(secure(), *BOTH, shared, owner_rows(), list_tables("one"), list_tables("two"))
    assert seen[2:5] == [(), (), ()]
    # It may have been closed by the other branch.
    assert last(secure(), *BOTH, shared, Use("url", session="one"), profile=Profile.V6_2) == ()


def test_a_session_used_twice_in_one_branch_is_not_shared() -> None:
    twice = at_once((add(("a",), session="one"), list_tables("one")), (list_tables("two"),))
    assert last(secure(), *BOTH, twice) == (RETURNS,)


def test_a_table_created_beside_others_is_not_described() -> None:
    creating = at_once((Use("create table", "New", session="one"),), (list_tables("two"),))
    seen = said(secure(), *BOTH, creating, Own("tables"), list_tables("two"))
    assert seen[2:] == [(), (), ()]


def test_what_may_raise_among_others_leaves_all_open() -> None:
    perhaps = at_once((list_tables("one"),), (list_tables("two"),))
    assert last(secure(), *BOTH, restart(), perhaps) == ()
    silent = at_once((list_tables("one"),), (head(n=-1, session="two"),))
    assert last(secure(), *BOTH, silent) == ()
    dropped = at_once((list_tables("one"),), (list_tables("nobody"),))
    assert last(secure(), *BOTH, dropped) == ()


def test_two_keys_in_two_branches_do_not_clash() -> None:
    apart = at_once((add(("a", 1), session="one"),), (add(("b", 1), session="two"),))
    (one,) = last(secure(tables=(KEYED,)), *BOTH, apart, owner_rows())
    assert isinstance(one.outcome, GivesRows)
    assert one.outcome.rows == (("a", 1), ("b", 1))


def test_a_key_twice_in_one_branch_does_not_clash() -> None:
    twice = at_once((add(("a", 1), ("a", 2), session="one"),), (list_tables("two"),))
    (one,) = last(secure(tables=(KEYED,)), *BOTH, twice, owner_rows())
    assert isinstance(one.outcome, GivesRows)
    assert one.outcome.rows == (("a", 2),)


def test_the_same_key_of_another_table_does_not_clash() -> None:
    other = TableSpec("Other", KEYED.data_types, KEYED.keys)
    apart = at_once((add(("a", 1), session="one"),), (add(("a", 2), table="Other", session="two"),))
    assert last(secure(tables=(KEYED, other)), *BOTH, apart, owner_rows()) != ()


def test_reading_beside_writing_does_not_clash() -> None:
    reading = at_once((add(("a", 1), session="one"),), (head(session="two"), head(session="two")))
    assert last(secure(tables=(KEYED,)), *BOTH, reading, owner_rows()) != ()
