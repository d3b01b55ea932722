"""What the oracle says of sessions that change something, and of an impostor they meet."""

from __future__ import annotations

from typing import Any

import pytest

from connect_contracts.chapters.builder import (
    AS_ADMIN,
    AS_USER,
    add,
    connect,
    connect_tls,
    get_table,
    https,
    list_tables,
    owner_rows,
    replace_certificate,
    restart,
    secure,
)
from connect_contracts.checks.expectation import (
    Alternative,
    Gives,
    Raises,
)
from connect_contracts.checks.wire_checks import (
    NoHttpByte,
)
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import (
    Own,
    Step,
    TableSpec,
    Use,
)
from connect_harness.certificates import Chain
from oracle_said import NO_CHANGE, RAISES, RETURNS, UNAVAILABLE, gives, last, rows, said

# Another chain.

OTHER = Chain(authority="another authority")


def test_an_impostor_is_asked_nothing() -> None:
    before = https(), connect_tls(), replace_certificate(OTHER)
    refused = (Alternative(Raises(), (NoHttpByte(after_connecting=False),)),)
    assert last(*before, list_tables()) == refused
    assert last(*before, add(("a",))) == refused
    # What it knows of itself is asked of nobody.
    assert last(*before, Use("url"), profile=Profile.V6_2) != refused


def test_of_those_who_only_read_nothing_is_said_of_an_impostor() -> None:
    assert last(https(), connect_tls(AS_USER), replace_certificate(OTHER), list_tables()) == ()


def test_a_chain_that_may_be_believed_is_not_judged() -> None:
    open_chain = replace_certificate(Chain(key="rsa-4096"))
    assert last(https(), connect_tls(), open_chain, list_tables()) == ()
    right = replace_certificate(Chain(intermediates=1))
    outcomes = [one.outcome for one in last(https(), connect_tls(), right, list_tables())]
    assert outcomes == [Gives(["Example"]), Raises()]


# Changing.


def test_what_an_administrator_adds_is_there() -> None:
    steps = said(secure(), connect(AS_ADMIN), add(("a",), ("b",)), owner_rows())
    expected = (Alternative(rows(("a",), ("b",), of_owner=True)),)
    assert steps[1:] == [(RETURNS,), expected]


def test_no_row_at_all_may_be_added_by_anybody_who_sees_the_table() -> None:
    before = secure(), connect(AS_USER)
    assert last(*before, add(("a",)), profile=Profile.V6_2) == (RAISES,)
    assert set(last(*before, add(), profile=Profile.V6_2)) == {RETURNS, RAISES}
    assert last(*before, add(), profile=Profile.V0_9_1) == (UNAVAILABLE,)
    no_such = (Alternative(Raises("KeyError")),)
    assert last(*before, add(("a",), table="Other"), profile=Profile.V6_2) == no_such


def test_values_of_types_that_json_does_not_know_are_written_as_the_table_began() -> None:
    spec = TableSpec("Example", (("Day", "LocalDate"),))
    target = secure(tables=(spec,))
    assert last(target, connect(AS_ADMIN), add(("2024-02-29",))) == (RETURNS,)
    assert last(target, connect(AS_ADMIN), add(("2024-02-30",))) == (RAISES,)
    created = Own("create table", table="New", spec=TableSpec("New", (("Day", "LocalDate"),)))
    days = last(target, created, connect(AS_ADMIN), add(("2024-02-29",), table="New"))
    assert set(days) == {RETURNS, RAISES}
    texts = Own("create table", table="New", spec=TableSpec("New", (("Day", "String"),)))
    assert last(target, texts, connect(AS_ADMIN), add(("a",), table="New")) == (RETURNS,)


def test_after_a_value_that_is_open_nothing_is_known_of_the_table() -> None:
    spec = TableSpec("Example", (("Count", "int"),))
    seen = said(secure(tables=(spec,)), connect(AS_ADMIN), add((5.0,)), owner_rows())
    assert set(seen[1]) == {RETURNS, RAISES}
    assert seen[2] == ()


def test_a_session_creates_a_table() -> None:
    create = Use("create table", "New")
    seen = said(secure(), connect(AS_ADMIN), create, list_tables(), restart(), Own("tables"))
    assert seen[1] == (RETURNS,)
    assert seen[2][0].outcome == Gives(["Example", "New"])
    # Only what the owner created outlasts a restart.
    assert seen[4] == gives(["Example"])


@pytest.mark.parametrize(
    ("call", "surroundings"),
    [
        (connect(AS_USER, userinfo="admin:passwd"), ()),
        (connect(AS_USER), (("NETRC", "netrc"),)),
    ],
)
@pytest.mark.parametrize("profile", Profile)
def test_who_is_perhaps_known_as_somebody_else_perhaps_adds(
    call: Step, surroundings: Any, profile: Profile
) -> None:
    steps = call, add(("a",)), owner_rows()
    seen = last(secure(), *steps, profile=profile, surroundings=surroundings)
    assert [one.outcome for one in seen] == [rows(of_owner=True), rows(("a",), of_owner=True)]


@pytest.mark.parametrize(("profile", "wire"), [(Profile.V0_9_1, (NO_CHANGE,)), (Profile.V6_2, ())])
def test_who_may_not_creates_no_table(profile: Profile, wire: tuple[Any, ...]) -> None:
    create = Use("create table", "New")
    seen = said(secure(), connect(AS_USER), create, Own("tables"), profile=profile)
    assert seen[1:] == [(Alternative(Raises(), wire),), gives(["Example"])]


def test_a_table_that_was_perhaps_created_is_perhaps_there() -> None:
    create = Use("create table", "New")
    seen = said(secure(), connect(AS_ADMIN), restart(), create, Own("tables"), owner_rows("New"))
    assert set(seen[2]) == {RETURNS, RAISES}
    assert seen[3:] == [(), ()]
    again = said(secure(), connect(AS_ADMIN), restart(), create, list_tables(), get_table("New"))
    assert again[3:] == [(), ()]


def test_where_a_server_enforces_nothing_a_table_is_perhaps_created() -> None:
    create = Use("create table", "New")
    target = secure(enforces_roles=False)
    seen = said(target, connect(AS_USER), create, Own("tables"), profile=Profile.V6_2)
    assert seen[1:] == [(RETURNS, RAISES), ()]


def test_a_table_in_the_place_of_another_is_not_described() -> None:
    create = Use("create table", "Example")
    after = owner_rows(), Own("tables"), Own("add", table="Example", rows=(("a",),)), get_table()
    seen = said(secure(), connect(AS_ADMIN), create, *after)
    assert seen[1:] == [(), (), (), (), ()]
