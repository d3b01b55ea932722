"""What the oracle says of sessions that read, that end, and that tell of themselves."""

from __future__ import annotations

from typing import Any

import pytest

from connect_contracts.chapters.builder import (
    AS_ADMIN,
    AS_USER,
    add,
    arm,
    close,
    connect,
    get_table,
    head,
    list_tables,
    restart,
    secure,
    unsecure,
)
from connect_contracts.checks.expectation import (
    Alternative,
    Gives,
    GivesRows,
    Raises,
    Returns,
)
from connect_contracts.checks.wire_checks import (
    ConnectionsClosed,
    FollowsLink,
    GivesUrl,
    KnownAs,
)
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import (
    Own,
    TableSpec,
    Use,
)
from oracle_said import NO_CHANGE, RAISES, RETURNS, UNAVAILABLE, gives, last, rows, said

AS_ADMIN_KNOWN = KnownAs("admin")


# Reading: what is asked of the target is known as the user's, what is known already need not be.


@pytest.mark.parametrize(
    ("use", "outcome"),
    [
        (list_tables(), Gives(["Example"])),
        (head(), rows(at_most=5)),
        (head(n=1), rows(at_most=1)),
        (Use("query"), rows()),
    ],
)
def test_who_asks_for_data_is_known(use: Use, outcome: Any) -> None:
    expected = (Alternative(outcome, (NO_CHANGE, AS_ADMIN_KNOWN)),)
    assert last(secure(), connect(AS_ADMIN), use) == expected


@pytest.mark.parametrize("n", [0, -1])
def test_what_head_gives_of_no_rows_is_left_open(n: int) -> None:
    # The documentation speaks of at most n rows; a client may want a positive number.
    assert last(secure(), connect(AS_ADMIN), head(n=n)) == ()


@pytest.mark.parametrize(
    ("use", "outcome"),
    [
        (get_table(), Returns()),
        (Use("columns"), Gives(["Id"])),
        (Use("keys"), Gives([])),
        (get_table("Other"), Raises("KeyError")),
    ],
)
def test_what_may_be_known_already(use: Use, outcome: Any) -> None:
    expected = (Alternative(outcome, (NO_CHANGE,)),)
    assert last(secure(), connect(AS_ADMIN), use) == expected


def test_keys_and_columns_in_their_order() -> None:
    spec = TableSpec("Example", (("B", "String"), ("A", "int")), ("B",))
    target = secure(tables=(spec,))
    assert last(target, connect(AS_ADMIN), Use("columns")) == gives(["B", "A"], NO_CHANGE)
    assert last(target, connect(AS_ADMIN), Use("keys")) == gives(["B"], NO_CHANGE)


def test_a_query_asks_for_the_first_column_of_the_table() -> None:
    spec = TableSpec("Example", (("Key", "String"), ("Id", "int")))
    (one,) = last(secure(tables=(spec,)), connect(AS_ADMIN), Use("query"))
    assert one.outcome == GivesRows(("Key",), ("String",), ())


def test_a_table_that_came_later_is_asked_for_the_column_of_the_example() -> None:
    created = Own("create table", table="New", spec=TableSpec("New", (("Id", "int"),)))
    (one,) = last(secure(), created, connect(AS_ADMIN), Use("query", "New"))
    assert one.outcome == GivesRows(("Id",), ("int",), ())
    other = Own("create table", table="New", spec=TableSpec("New", (("Key", "int"),)))
    (one,) = last(secure(), other, connect(AS_ADMIN), Use("query", "New"))
    assert one.outcome == Raises("KeyError")


@pytest.mark.parametrize("n", [-1, -5])
def test_a_negative_number_of_rows_is_not_described(n: int) -> None:
    assert last(secure(), connect(AS_ADMIN), head(n=n)) == ()


def test_the_head_of_a_table_without_columns_is_not_described() -> None:
    assert last(secure(tables=(TableSpec("Example", ()),)), connect(AS_ADMIN), head()) == ()


def test_a_table_without_columns_has_none_to_ask_for() -> None:
    target = secure(tables=(TableSpec("Example", ()),))
    (one,) = last(target, connect(AS_ADMIN), Use("query"))
    assert one.outcome == Raises("KeyError")


def test_which_conditions_hold_for_a_release_is_unknown() -> None:
    target = secure(release="0.9.5")
    assert last(target, connect(AS_ADMIN), list_tables()) == ()
    assert last(target, connect(AS_USER), add(("a",))) == ()
    assert set(last(target, connect(AS_ADMIN), add(("a",)))) == {RETURNS, RAISES}


# A session that is there no more, or never was.


@pytest.mark.parametrize("end", [close(), Use("leave with")])
def test_the_last_session_closes_its_connections(end: Use) -> None:
    closed = (Alternative(Returns(), (ConnectionsClosed(),)),)
    assert last(secure(), connect(AS_ADMIN), end) == closed


def test_a_session_beside_an_open_one_is_closed_alone() -> None:
    two = connect(AS_ADMIN, session="other")
    steps = said(secure(), connect(AS_ADMIN), two, close(), close("other"))
    assert steps[2:] == [(RETURNS,), (Alternative(Returns(), (ConnectionsClosed(),)),)]


@pytest.mark.parametrize(
    "use",
    [
        list_tables(),
        get_table(),
        Use("columns"),
        Use("keys"),
        add(("a",)),
        head(),
        Use("query"),
        Use("create table", "New"),
    ],
)
def test_a_closed_session_refuses_what_it_was_opened_for(use: Use) -> None:
    expected = (Alternative(Raises(), (NO_CHANGE,)),)
    assert last(secure(), connect(AS_ADMIN), close(), use) == expected


@pytest.mark.parametrize("use", [Use("user"), Use("url"), Use("follow link")])
def test_a_closed_session_may_tell_of_itself(use: Use) -> None:
    assert last(secure(), connect(AS_ADMIN), close(), use, profile=Profile.V6_2) == ()


@pytest.mark.parametrize("end", [Use("drop"), close()])
def test_of_a_session_that_is_gone_nothing_is_said(end: Use) -> None:
    dropped = said(secure(), connect(AS_ADMIN), Use("drop"), list_tables(), end)
    assert dropped[2:] == [(), ()]
    refused = said(secure(), connect(), list_tables(), end)
    assert refused[1:] == [(), ()]
    assert last(secure(), connect(AS_ADMIN), list_tables("nobody")) == ()


def test_closing_under_a_fault_may_raise_and_dropping_may_not() -> None:
    before = secure(), connect(AS_ADMIN), arm("versions 500")
    assert set(last(*before, close())) == {RETURNS, RAISES}
    # When what was dropped is collected is nobody's rule, so nothing is demanded of connections.
    assert last(*before, Use("drop")) == (RETURNS,)


def test_a_session_that_is_perhaps_there_is_used_without_a_word() -> None:
    perhaps = secure(), connect(AS_ADMIN, defect="fragment")
    assert said(*perhaps, list_tables(), close(), list_tables())[1:] == [(), (), ()]


# Across a fault, a restart, and a target that is not ready.


@pytest.mark.parametrize(
    ("trouble", "raises"),
    [
        (arm("noop"), False),
        (arm("versions extended"), False),
        (arm("versions 500"), True),
        (restart(), True),
        (Own("set ready", ready=False), False),
    ],
)
def test_when_a_right_use_may_raise(trouble: Own, raises: bool) -> None:
    alternatives = last(secure(), connect(AS_ADMIN), trouble, list_tables())
    expected = [Gives(["Example"]), *([Raises()] if raises else [])]
    assert [one.outcome for one in alternatives] == expected


def test_a_target_that_is_not_ready_turns_away_who_is_no_administrator() -> None:
    steps = connect(AS_USER), Own("set ready", ready=False), list_tables()
    alternatives = last(secure(), *steps, profile=Profile.V6_2)
    assert [one.outcome for one in alternatives] == [Gives(["Example"]), Raises()]
    ready = connect(AS_USER), Own("set ready", ready=True), list_tables()
    assert len(last(secure(), *ready, profile=Profile.V6_2)) == 1


def test_what_may_raise_still_changes_nothing() -> None:
    alternatives = last(secure(), connect(AS_ADMIN), restart(), list_tables())
    assert [one.wire for one in alternatives] == [(NO_CHANGE,), (NO_CHANGE,)]


# What a session knows of itself.


def test_of_itself_a_session_of_6_2_tells() -> None:
    target, call = secure(), connect(AS_ADMIN)
    url = last(target, call, Use("url"), profile=Profile.V6_2)
    assert url == (Alternative(Returns(), (GivesUrl(),)),)
    link = last(target, call, Use("follow link"), profile=Profile.V6_2)
    assert link == (Alternative(Returns(), (FollowsLink(),)),)
    user = last(target, call, Use("user"), profile=Profile.V6_2)
    assert user == gives({"name": "admin", "roles": ["ROLE_ADMIN", "ROLE_USER"]})
    for action in ("url", "follow link", "user"):
        assert last(target, call, Use(action), profile=Profile.V0_9_1) == ()


def test_the_url_is_compared_as_its_owner_has_it() -> None:
    numbered = connect(AS_ADMIN, host="127.0.0.1")
    assert last(secure(), numbered, Use("url"), profile=Profile.V6_2) == ()
    link = last(secure(), numbered, Use("follow link"), profile=Profile.V6_2)
    assert link == (Alternative(Returns(), (FollowsLink(),)),)


def test_where_the_link_of_another_name_leads_is_not_known() -> None:
    named = connect(AS_ADMIN, host="a.example.test")
    assert last(secure(), named, Use("follow link"), profile=Profile.V6_2) == (RETURNS,)


def test_demands_on_addresses_look_at_the_first_target() -> None:
    second = connect(AS_ADMIN, target="second")
    targets = secure(), secure(name="second")
    for action in ("url", "follow link"):
        assert last(*targets, second, Use(action), profile=Profile.V6_2) == ()


# Without security.


def test_a_target_without_security_has_no_live_extension_for_anybody() -> None:
    for use in (list_tables(), get_table(), add(("a",)), head()):
        assert last(unsecure(), connect(), use) == (UNAVAILABLE,)
