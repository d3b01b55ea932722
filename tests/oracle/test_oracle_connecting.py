"""What the oracle says of a call of connect that goes on, demand by demand, and of its caller."""

from __future__ import annotations

from typing import Any

import pytest

from connect_contracts.chapters.builder import (
    AS_ADMIN,
    AS_USER,
    arm,
    client_certificate,
    connect,
    connect_tls,
    https,
    mutual_tls,
    ping,
    secure,
    unsecure,
)
from connect_contracts.checks.expectation import (
    Alternative,
    GivesSession,
    Raises,
    Returns,
)
from connect_contracts.checks.wire_checks import (
    BasicPair,
    BearerToken,
    BelowBasePath,
    CallableAsked,
    FaultFired,
    FirstRequest,
    HostNamed,
    KnownAs,
    NoAuthorization,
    NowhereInAddress,
    Presents,
    PresentsNothing,
    RefusedWith,
)
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import (
    Basic,
    Callback,
    Certificate,
    Own,
    Scenario,
    Step,
    TargetSpec,
    Together,
    Token,
    User,
)
from connect_contracts.oracle import apply
from connect_contracts.oracle.caller import LONGEST
from connect_contracts.oracle.world import World
from oracle_said import NO_CHANGE, last, refused

Alternatives = tuple[Alternative, ...]


def succeeds(*wire: Any, host: str = "localhost") -> Alternatives:
    address = HostNamed(host), FirstRequest(), BelowBasePath()
    return (Alternative(GivesSession(), (*address, *wire, NO_CHANGE)),)


def is_open(alternatives: Alternatives) -> bool:
    return [one.outcome for one in alternatives] == [GivesSession(), Raises()]


ADMIN_PAIR = KnownAs("admin"), BasicPair("admin", "passwd")


# What is seen of a call that succeeds.


@pytest.mark.parametrize(
    ("target", "call", "wire"),
    [
        (secure(), connect(AS_ADMIN), ADMIN_PAIR),
        (unsecure(), connect(), (NoAuthorization(),)),
        (secure(), connect(Token("user")), (KnownAs("user"), BearerToken("Bearer"))),
        (
            secure(),
            connect(Token("user", "DPoP")),
            (KnownAs("user"), BearerToken("DPoP")),
        ),
        (secure(), connect(Callback("user")), (KnownAs("user"), CallableAsked(each=True))),
        (mutual_tls(), connect_tls(Certificate()), (KnownAs("admin"), Presents())),
        (mutual_tls("optional"), connect_tls(), (*ADMIN_PAIR, PresentsNothing())),
        (https(), connect_tls(), ADMIN_PAIR),
    ],
)
def test_who_calls_and_by_what_it_is_known(target: Any, call: Any, wire: Any) -> None:
    assert last(target, call) == succeeds(*wire)


def test_what_an_earlier_call_may_have_left_is_not_looked_at() -> None:
    first = connect(AS_ADMIN, session="first")
    # A connection that is kept presents what it presented, and a callable's calls are counted.
    assert last(unsecure(), connect(session="first"), connect()) == succeeds()
    assert last(unsecure(), ping(), connect()) == succeeds()
    two = connect(Callback("user"), session="first"), connect(Callback("user"))
    assert last(secure(), *two) == succeeds(KnownAs("user"))
    at_once = Together(((connect(Callback("user"), session="first"),),))
    assert last(secure(), at_once, connect(Callback("user"))) == succeeds(KnownAs("user"))
    certificates = connect_tls(Certificate(), session="first"), connect_tls(Certificate())
    assert last(mutual_tls(), *certificates) == succeeds(KnownAs("admin"))
    assert last(secure(), first, connect(AS_USER)) == succeeds(
        KnownAs("user"), BasicPair("user", "passwd")
    )


def test_a_call_of_a_subclass_gives_that_class_in_6_2() -> None:
    call = connect(AS_ADMIN, subclass=True)
    (before,) = last(secure(), call, profile=Profile.V0_9_1)
    (after,) = last(secure(), call, profile=Profile.V6_2)
    assert (before.outcome, after.outcome) == (Returns(), GivesSession())


def test_a_base_path_that_may_be_written_in_two_ways_is_not_compared() -> None:
    (one,) = last(secure(base_path="/a b"), connect(AS_ADMIN))
    assert one.wire == (HostNamed("localhost"), *ADMIN_PAIR, NO_CHANGE)
    (one,) = last(secure(base_path="/a/b"), connect(AS_ADMIN))
    assert one.wire[1:3] == (FirstRequest(), BelowBasePath())


def test_a_harmless_fault_is_met() -> None:
    (one,) = last(secure(), arm("versions extended"), connect(AS_ADMIN))
    assert one.wire[3] == FaultFired()
    assert last(secure(), arm("noop"), connect(AS_ADMIN)) == succeeds(*ADMIN_PAIR)


# What no documentation speaks of.


@pytest.mark.parametrize(
    ("target", "call"),
    [
        (https(secure=False), connect_tls(None)),
        (https(secure=False), connect_tls(defect="empty file")),
        (secure(client_certificate="optional"), connect(AS_ADMIN)),
        (secure(client_certificate="required"), connect(AS_ADMIN, defect="no url")),
    ],
)
def test_tls_without_users_and_client_certificates_without_tls_are_not_described(
    target: TargetSpec, call: Step
) -> None:
    assert last(target, call) == ()


# Userinfo.


@pytest.mark.parametrize(
    ("userinfo", "wire"),
    [
        ("someone:12345678", (NowhereInAddress("12345678"),)),
        ("someone:1234567", ()),
        ("someone:a:bcdefgh", (NowhereInAddress("a:bcdefgh"),)),
        ("someone-without-a-password", ()),
    ],
)
def test_userinfo_may_be_refused_and_its_password_stays_out(
    userinfo: str, wire: tuple[Any, ...]
) -> None:
    expected = (Alternative(Returns(), wire), Alternative(Raises(), wire))
    assert last(secure(), connect(AS_ADMIN, userinfo=userinfo)) == expected


# Callers.


@pytest.mark.parametrize(
    ("authentication", "plain"),
    [
        (Basic("a" * LONGEST, "passwd"), True),
        (Basic("a" * (LONGEST + 1), "passwd"), False),
        (Basic("new", "p" * (LONGEST + 1)), False),
        (Basic("a:b", "passwd"), False),
        (Basic("new", "pass:wd"), True),
        (Basic("new", "pass\nwd"), False),
        (Basic("zoe\u0308", "passwd"), False),
        (Token("new", "a b"), False),
        (Token("new", "Basic"), False),
        (Token("new", "basic-like"), True),
        (Token("a:b"), True),
        (Callback("a:b"), False),
        (Callback("new"), True),
        (Callback("lone\ud800"), False),
    ],
)
def test_what_a_rule_says_how_to_send(authentication: Any, plain: bool) -> None:
    password = getattr(authentication, "password", "passwd")
    users = (User(authentication.username, password, ("ROLE_USER",)),)
    alternatives = last(secure(users=users), connect(authentication))
    assert is_open(alternatives[:2]) != plain
    assert alternatives[0].outcome == GivesSession()


@pytest.mark.parametrize(("subject", "plain"), [("Ada-B. 2", True), ("a+b", False), ("", False)])
def test_which_common_names_of_a_client_are_read_alike_by_all(subject: str, plain: bool) -> None:
    target = mutual_tls(users=(User(subject, None, ("ROLE_USER",)),))
    alternatives = last(target, connect_tls(client_certificate(subject=subject)))
    assert is_open(alternatives) != plain
    assert alternatives[0].outcome == GivesSession()


def test_a_client_certificate_of_no_user_has_no_role() -> None:
    stranger = connect_tls(client_certificate(subject="stranger"))
    assert last(mutual_tls(), stranger) == refused(RefusedWith(403))
    nameless = connect_tls(client_certificate(subject=None, names=("localhost",)))
    assert last(mutual_tls(), nameless) == refused(RefusedWith(401))


@pytest.mark.parametrize(("target", "known"), [(secure(), "admin"), (unsecure(), None)])
def test_a_target_without_security_knows_nobody_by_name(
    target: TargetSpec, known: str | None
) -> None:
    world = World(Scenario((target,), ()), Profile.V6_2)
    apply(world, connect(AS_ADMIN))
    assert world.sessions["session"].username == known


@pytest.mark.parametrize(
    ("defect", "authentication"),
    [
        ("wrong password", AS_USER),
        ("wrong password", Token("user")),
        ("wrong password", Callback("user")),
        ("unknown user", AS_USER),
        ("unknown token", Token("user")),
        ("no authentication", AS_USER),
    ],
)
def test_a_defect_of_the_credentials(defect: str, authentication: Any) -> None:
    # What the wrong password is, is not known, so no pair can be compared.
    assert last(secure(), connect(authentication, defect=defect)) == refused(RefusedWith(401))


def test_a_callable_knows_the_password_of_when_the_scenario_began() -> None:
    changed = Own("set password", user=User("user", "another"))
    assert last(secure(), changed, connect(Callback("user"))) == refused(RefusedWith(401))
    assert last(secure(), connect(Callback("stranger"))) == refused(RefusedWith(401))
