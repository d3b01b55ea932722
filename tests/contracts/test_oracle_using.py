"""What the oracle says of sessions in use, of owners, and of what is done at once."""

from __future__ import annotations

from typing import Any

import pytest

from connect_contracts.clauses import Profile
from connect_contracts.expectation import (
    Alternative,
    Expectation,
    Gives,
    GivesRows,
    Raises,
    Returns,
)
from connect_contracts.oracle import oracle
from connect_contracts.scenario import (
    Own,
    Scenario,
    Step,
    TableSpec,
    TargetSpec,
    Together,
    Use,
    User,
)
from connect_contracts.story import (
    AS_ADMIN,
    AS_USER,
    add,
    arm,
    close,
    connect,
    connect_tls,
    get_table,
    head,
    https,
    list_tables,
    mutual_tls,
    owner_rows,
    ping,
    replace_certificate,
    restart,
    secure,
    unsecure,
)
from connect_contracts.wire import (
    ConnectionsClosed,
    FollowsLink,
    GivesUrl,
    KnownAs,
    NoChange,
    NoHttpByte,
)
from connect_harness.certificates import Chain

Said = list[tuple[Alternative, ...]]

NO_CHANGE = NoChange(since_step=True)
AS_ADMIN_KNOWN = KnownAs("admin")
UNAVAILABLE = Alternative(
    Raises("LiveExtensionUnavailableError", "Live extension is not available"), (NO_CHANGE,)
)
RETURNS, RAISES = Alternative(Returns()), Alternative(Raises())
KEYED = TableSpec("Example", (("Id", "String"), ("Count", "int")), ("Id",))


def said(*given: TargetSpec | Step, profile: Profile = Profile.V0_9_1, **scenario: Any) -> Said:
    """What the oracle says of each step: its alternatives, none where it is silent."""
    targets = tuple(one for one in given if isinstance(one, TargetSpec))
    steps = tuple(one for one in given if not isinstance(one, TargetSpec))
    by_step = {one.step: one for one in oracle(Scenario(targets, steps, **scenario), profile)}
    silent = Expectation(0, ())
    return [by_step.get(index, silent).alternatives for index in range(len(steps))]


def last(*given: TargetSpec | Step, **more: Any) -> tuple[Alternative, ...]:
    """What the oracle says of the last step."""
    return said(*given, **more)[-1]


def gives(value: Any, *wire: Any) -> tuple[Alternative, ...]:
    return (Alternative(Gives(value), wire),)


def rows(*given: tuple[Any, ...], **special: Any) -> GivesRows:
    return GivesRows(("Id",), ("String",), given, **special)


# Reading: what is asked of the target is known as the user's, what is known already need not be.


@pytest.mark.parametrize(
    ("use", "outcome"),
    [
        (list_tables(), Gives(["Example"])),
        (head(), rows(at_most=5)),
        (head(n=0), rows(at_most=0)),
        (head(n=1), rows(at_most=1)),
        (Use("query"), rows()),
    ],
)
def test_who_asks_for_data_is_known(use: Use, outcome: Any) -> None:
    expected = (Alternative(outcome, (NO_CHANGE, AS_ADMIN_KNOWN)),)
    assert last(secure(), connect(AS_ADMIN), use) == expected


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


# Another chain.

OTHER = Chain(authority="another authority")


def test_an_impostor_is_asked_nothing() -> None:
    before = https(), connect_tls(), replace_certificate(OTHER)
    refused = (Alternative(Raises(), (NoHttpByte(),)),)
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
    assert len(last(https(), connect_tls(), right, list_tables())) == 1


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


def test_a_table_in_the_place_of_another_is_not_described() -> None:
    create = Use("create table", "Example")
    after = owner_rows(), Own("tables"), Own("add", table="Example", rows=(("a",),)), get_table()
    seen = said(secure(), connect(AS_ADMIN), create, *after)
    assert seen[1:] == [(), (), (), (), ()]


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


def test_demands_on_addresses_look_at_the_first_target() -> None:
    second = connect(AS_ADMIN, target="second")
    targets = secure(), secure(name="second")
    for action in ("url", "follow link"):
        assert last(*targets, second, Use(action), profile=Profile.V6_2) == ()


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


# At once.


def at_once(*branches: tuple[Any, ...]) -> Together:
    return Together(branches)


BOTH = connect(AS_ADMIN, session="one"), connect(AS_ADMIN, session="two")


def test_branches_that_share_a_session_are_not_described() -> None:
    shared = at_once((add(("a",), session="one"),), (list_tables("one"),))
    seen = said(secure(), *BOTH, shared, owner_rows(), list_tables("one"), list_tables("two"))
    assert seen[2:5] == [(), (), ()]


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


# Without security.


def test_a_target_without_security_has_no_live_extension_for_anybody() -> None:
    for use in (list_tables(), get_table(), add(("a",)), head()):
        assert last(unsecure(), connect(), use) == (UNAVAILABLE,)
