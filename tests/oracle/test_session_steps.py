"""What the oracle decides about sessions: what they read, change and know, and how they end."""

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
    connect_tls,
    get_table,
    head,
    https,
    list_tables,
    owner_rows,
    replace_certificate,
    restart,
    secure,
    unsecure,
)
from connect_contracts.checks.expectation import Alternative, Gives, GivesRows, Raises, Returns
from connect_contracts.checks.wire_checks import (
    ConnectionsClosed,
    FollowsLink,
    GivesUrl,
    KnownAs,
    NoHttpByte,
)
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Own, Step, TableSpec, Use
from connect_harness.certificates import Chain
from oracle_decides import (
    NO_CHANGE,
    RAISES,
    RETURNS,
    UNAVAILABLE,
    allowed,
    gives,
    last,
    outcomes,
    refused,
    rows,
)

ADMIN = connect(AS_ADMIN)
CREATE = Use("create table", "New")
EITHER = (RETURNS, RAISES)
COUNT = TableSpec("Example", (("Count", "int"),))
NO_COLUMNS = secure(tables=(TableSpec("Example", ()),))


# Reading: what is asked of the target is known as the user's, what is known already need not be.


@pytest.mark.parametrize(
    ("use", "outcome", "asks"),
    [
        (head(n=1), rows(at_most=1), True),
        (get_table(), Returns(), False),
        (Use("columns"), Gives(["Id"]), False),
        (Use("keys"), Gives([]), False),
    ],
)
def test_what_an_administrator_reads(use: Use, outcome: Any, asks: bool) -> None:
    wire = (NO_CHANGE, *((KnownAs("admin"),) if asks else ()))
    assert last(secure(), ADMIN, use) == (Alternative(outcome, wire),)


def created(column: str) -> Own:
    return Own("create table", table="New", spec=TableSpec("New", ((column, "int"),)))


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        # A table that came later is asked for the column of the example.
        ((secure(), created("Id"), ADMIN, Use("query", "New")), GivesRows(("Id",), ("int",), ())),
        ((secure(), created("Key"), ADMIN, Use("query", "New")), Raises("KeyError")),
        ((NO_COLUMNS, ADMIN, Use("query")), Raises("KeyError")),
    ],
)
def test_which_columns_are_read(given: tuple[Any, ...], outcome: Any) -> None:
    assert outcomes(*given)[-1] == [outcome]


@pytest.mark.parametrize(
    "given",
    [
        (secure(), ADMIN, head(n=0)),
        (NO_COLUMNS, ADMIN, head()),
        (secure(release="0.9.5"), connect(AS_USER), add(("a",))),
        (secure(), ADMIN, Use("drop"), list_tables()),
        (secure(), connect(), list_tables()),
        # A session that is perhaps there, and one that is perhaps of another user.
        (secure(), connect(AS_ADMIN, defect="fragment"), list_tables()),
        (secure(), connect(AS_ADMIN, defect="fragment"), close()),
        (secure(), connect(AS_ADMIN, defect="fragment"), close(), list_tables()),
    ],
)
def test_what_is_not_described(given: tuple[Any, ...]) -> None:
    assert last(*given) == ()


@pytest.mark.parametrize("use", [list_tables(), get_table(), add(("a",)), head()])
def test_a_target_without_security_has_no_live_extension(use: Use) -> None:
    assert last(unsecure(), connect(), use) == (UNAVAILABLE,)


# A session that ends.


def test_the_last_session_closes_its_connections() -> None:
    closed = (Alternative(Returns(), (ConnectionsClosed(),)),)
    assert last(secure(), ADMIN, Use("leave with")) == closed
    two = connect(AS_ADMIN, session="other")
    assert allowed(secure(), ADMIN, two, close(), close("other"))[2:] == [(RETURNS,), closed]


@pytest.mark.parametrize("use", [list_tables(), Use("keys"), add(("a",)), CREATE])
def test_a_closed_session_refuses_what_it_was_opened_for(use: Use) -> None:
    assert last(secure(), ADMIN, close(), use) == refused(NO_CHANGE)


@pytest.mark.parametrize("action", ["user", "url", "follow link"])
def test_a_closed_session_may_tell_of_itself(action: Any) -> None:
    assert last(secure(), ADMIN, close(), Use(action), profile=Profile.V6_2) == ()


def test_closing_under_a_fault_may_raise_and_dropping_may_not() -> None:
    before = secure(), ADMIN, arm("status 500")
    assert last(*before, close()) == EITHER
    # No rule says when a dropped session is collected, so nothing is demanded of connections.
    assert last(*before, Use("drop")) == (RETURNS,)


# Across a fault, a restart, and a target that is not ready.


@pytest.mark.parametrize(
    ("call", "trouble", "raises"),
    [
        (ADMIN, arm("status 500"), True),
        (connect(AS_USER), Own("set ready", ready=False), True),
        (connect(AS_USER), Own("set ready", ready=True), False),
    ],
)
def test_when_a_right_use_may_raise(call: Step, trouble: Own, raises: bool) -> None:
    seen = outcomes(secure(), call, trouble, list_tables(), profile=Profile.V6_2)[-1]
    assert seen == [Gives(["Example"]), *([Raises()] if raises else [])]


def test_across_a_restart_a_session_shows_the_new_state_or_raises() -> None:
    steps = (ADMIN, add(("foo",)), restart(), head(), add(("bar",)), owner_rows())
    seen = allowed(secure(), *steps)
    assert seen[3] == tuple(Alternative(each, (NO_CHANGE,)) for each in (rows(at_most=5), Raises()))
    assert seen[4] == EITHER
    owned = [each.outcome for each in seen[5]]
    assert owned == [rows(of_owner=True), rows(("bar",), of_owner=True)]


def test_an_impostor_is_asked_nothing() -> None:
    other = replace_certificate(Chain(authority="another authority"))
    before = https(), connect_tls(), other
    untried = refused(NoHttpByte(after_connecting=False))
    assert last(*before, add(("a",))) == untried
    again = allowed(*before, list_tables(), list_tables())[-2:]
    assert again == [untried, refused(NoHttpByte(since_replaced=True))]
    # What it knows of itself is asked of nobody; it may raise.
    assert last(*before, Use("url"), profile=Profile.V6_2) != untried
    user = outcomes(*before, Use("user"), profile=Profile.V6_2)[-1]
    assert [type(each) for each in user] == [Gives, Raises]
    # Of sessions that only read, nothing is said.
    assert last(https(), connect_tls(AS_USER), other, list_tables()) == ()


def test_a_chain_that_may_be_believed_is_not_judged() -> None:
    before = https(), connect_tls()
    assert last(*before, replace_certificate(Chain(key="rsa-4096")), list_tables()) == ()
    for chain in (Chain(), Chain(intermediates=1)):
        seen = outcomes(*before, replace_certificate(chain), list_tables())[-1]
        assert seen == [Gives(["Example"]), Raises()]


# What a session knows of itself.


@pytest.mark.parametrize(
    ("action", "seen"),
    [
        ("url", (Alternative(Returns(), (GivesUrl(),)),)),
        ("user", gives({"name": "admin", "roles": ["ROLE_ADMIN", "ROLE_USER"]})),
    ],
)
def test_of_itself_a_session_of_6_2_tells(action: Any, seen: Any) -> None:
    assert last(secure(), ADMIN, Use(action), profile=Profile.V6_2) == seen
    assert last(secure(), ADMIN, Use(action), profile=Profile.V0_9_1) == ()


LINK = (Alternative(Returns(), (FollowsLink(),)),)


@pytest.mark.parametrize(
    ("host", "link"),
    # Where the link of another name leads is not known.
    [("127.0.0.1", LINK), ("::1", LINK), ("LOCALHOST", LINK), ("a.example.test", (RETURNS,))],
)
def test_the_url_and_the_link_of_another_host(host: str, link: Any) -> None:
    call = connect(AS_ADMIN, host=host)
    assert last(secure(), call, Use("url"), profile=Profile.V6_2) == ()
    assert last(secure(), call, Use("follow link"), profile=Profile.V6_2) == link


@pytest.mark.parametrize("action", ["url", "follow link"])
def test_wire_checks_on_addresses_look_at_the_first_target(action: Any) -> None:
    second = connect(AS_ADMIN, target="second")
    assert last(secure(), secure(name="second"), second, Use(action), profile=Profile.V6_2) == ()


# Changing.


def test_a_row_or_none_of_another_user() -> None:
    before = secure(), connect(AS_USER)
    assert last(*before, add(("a",)), profile=Profile.V6_2) == (RAISES,)
    assert last(*before, add(), profile=Profile.V6_2) == EITHER
    assert last(*before, add(), profile=Profile.V0_9_1) == (UNAVAILABLE,)
    no_such = (Alternative(Raises("KeyError")),)
    assert last(*before, add(("a",), table="Other"), profile=Profile.V6_2) == no_such
    assert last(secure(release="0.9.5"), ADMIN, add(("a",))) == EITHER


def of_days(kind: str) -> Own:
    return Own("create table", table="New", spec=TableSpec("New", (("Day", kind),)))


@pytest.mark.parametrize(
    ("steps", "seen"),
    [
        # Values of types that JSON does not know are written as the table began.
        ((of_days("LocalDate"), ADMIN, add(("2024-02-29",), table="New")), EITHER),
        ((of_days("String"), ADMIN, add(("a",), table="New")), (RETURNS,)),
    ],
)
def test_values_of_types_that_json_does_not_know(steps: tuple[Step, ...], seen: Any) -> None:
    target = secure(tables=(TableSpec("Example", (("Day", "LocalDate"),)),))
    assert last(target, *steps) == seen


def test_after_a_value_that_is_open_nothing_is_known_of_the_table() -> None:
    seen = allowed(secure(tables=(COUNT,)), ADMIN, add((5.0,)), owner_rows())
    assert seen[1:] == [EITHER, ()]


@pytest.mark.parametrize(
    ("call", "surroundings"),
    [(connect(AS_USER, userinfo="admin:passwd"), ()), (connect(AS_USER), (("NETRC", "netrc"),))],
)
@pytest.mark.parametrize("profile", Profile)
def test_who_is_perhaps_known_as_somebody_else_perhaps_adds(
    call: Step, surroundings: Any, profile: Profile
) -> None:
    steps = call, add(("a",)), owner_rows()
    seen = outcomes(secure(), *steps, profile=profile, surroundings=surroundings)[-1]
    assert seen == [rows(of_owner=True), rows(("a",), of_owner=True)]


def test_a_server_that_enforces_nothing() -> None:
    before = secure(enforces_roles=False), connect(AS_USER)
    steps = add(("foo",)), owner_rows(), CREATE, Own("tables")
    none, one = rows(of_owner=True), rows(("foo",), of_owner=True)
    early = allowed(*before, *steps, profile=Profile.V0_9_1)[1:]
    refused_by_client = refused(NO_CHANGE)
    assert early == [(UNAVAILABLE,), (Alternative(none),), refused_by_client, gives(["Example"])]
    late = allowed(*before, *steps, profile=Profile.V6_2)[1:]
    assert late == [EITHER, (Alternative(none), Alternative(one)), EITHER, ()]


@pytest.mark.parametrize(
    ("steps", "profile", "seen"),
    [
        # Only what the owner created outlasts a restart.
        (
            (ADMIN, CREATE, Own("tables"), restart(), Own("tables")),
            Profile.V0_9_1,
            [(RETURNS,), gives(["Example", "New"]), (RETURNS,), gives(["Example"])],
        ),
        # A table that was perhaps created is perhaps there.
        (
            (ADMIN, restart(), CREATE, Own("tables"), owner_rows("New"), list_tables()),
            Profile.V0_9_1,
            [(RETURNS,), EITHER, (), (), ()],
        ),
        # A table in the place of another is not described.
        (
            (
                *(ADMIN, Use("create table", "Example"), owner_rows(), Own("tables")),
                *(Own("add", table="Example", rows=(("a",),)), get_table()),
            ),
            Profile.V0_9_1,
            [(), (), (), (), ()],
        ),
    ],
)
def test_a_session_creates_a_table(steps: tuple[Step, ...], profile: Profile, seen: Any) -> None:
    assert allowed(secure(), *steps, profile=profile)[1:] == seen
