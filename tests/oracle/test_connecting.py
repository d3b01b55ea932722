"""What the oracle demands of a call of ``connect`` that succeeds, and by which clause."""

from __future__ import annotations

from typing import Any

import pytest

from connect_contracts.chapters.builder import (
    AS_ADMIN,
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
from connect_contracts.checks.expectation import Alternative, GivesSession, Raises, Returns
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
    NothingArrived,
    Presents,
    PresentsNothing,
)
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import (
    AuthorityFile,
    Basic,
    Callback,
    Certificate,
    Scenario,
    Step,
    TargetSpec,
    Token,
    User,
)
from connect_contracts.oracle import apply
from connect_contracts.oracle.caller import LONGEST
from connect_contracts.oracle.world import World
from oracle_decides import NO_CHANGE, Alternatives, decided, last, refused

Given = tuple[TargetSpec | Step, ...]


def is_open(alternatives: Alternatives) -> bool:
    return [each.outcome for each in alternatives] == [GivesSession(), Raises()]


def of_user(name: str, password: str) -> Given:
    return secure(users=(User(name, password, ("ROLE_USER",)),)), connect(Basic(name, password))


# What is seen of a call that succeeds.

ADMIN_PAIR = KnownAs("admin"), BasicPair("admin", "passwd")
CALLABLE = connect(Callback("user"))


def succeeds(*wire: Any, host: str = "localhost") -> Alternatives:
    address = HostNamed(host), FirstRequest(), BelowBasePath()
    return (Alternative(GivesSession(), (*address, *wire, NO_CHANGE)),)


@pytest.mark.parametrize(
    ("given", "wire"),
    [
        ((secure(), arm("noop"), connect(AS_ADMIN)), ADMIN_PAIR),
        ((secure(), arm("versions extended"), connect(AS_ADMIN)), (FaultFired(), *ADMIN_PAIR)),
        ((unsecure(), connect()), (NoAuthorization(),)),
        ((secure(), connect(Token("user"))), (KnownAs("user"), BearerToken("Bearer"))),
        ((secure(), connect(Token("user", "DPoP"))), (KnownAs("user"), BearerToken("DPoP"))),
        ((secure(), CALLABLE), (KnownAs("user"), CallableAsked(each=True))),
        ((mutual_tls(), connect_tls(Certificate())), (KnownAs("admin"), Presents())),
        ((mutual_tls("optional"), connect_tls()), (*ADMIN_PAIR, PresentsNothing())),
        # A connection that is kept presents what it presented, and a callable's calls are counted.
        ((unsecure(), connect(session="first"), connect()), ()),
        ((unsecure(), ping(), connect()), ()),
        (
            (mutual_tls(), connect_tls(Certificate(), session="first"), connect_tls(Certificate())),
            (KnownAs("admin"),),
        ),
    ],
)
def test_who_calls_and_by_what_it_is_known(given: Given, wire: tuple[Any, ...]) -> None:
    assert last(*given) == succeeds(*wire)


def test_non_ascii_credentials_arrive_as_utf_8_or_not_at_all() -> None:
    pair = KnownAs("zoë"), BasicPair("zoë", "pässwörd")
    assert last(*of_user("zoë", "pässwörd")) == (*succeeds(*pair), *refused(NothingArrived()))


def test_the_host_is_named_as_it_was_written() -> None:
    assert last(https(), connect_tls(host="::1")) == succeeds(*ADMIN_PAIR, host="[::1]")


def test_a_call_of_a_subclass_gives_that_class_in_6_2() -> None:
    call = connect(AS_ADMIN, subclass=True)
    (before,) = last(secure(), call, profile=Profile.V0_9_1)
    (after,) = last(secure(), call, profile=Profile.V6_2)
    assert (before.outcome, after.outcome) == (Returns(), GivesSession())


ODD = secure(base_path="/a b")


@pytest.mark.parametrize(
    ("given", "compared"),
    [
        ((ODD, connect(AS_ADMIN)), ()),
        ((secure(base_path="/a/b"), connect(AS_ADMIN)), (FirstRequest(), BelowBasePath())),
        # Requests so far are compared where every base path is written in one way.
        ((ODD, secure(name="other"), connect(AS_ADMIN, target="other")), (FirstRequest(),)),
    ],
)
def test_a_base_path_that_may_be_written_in_two_ways_is_not_compared(
    given: Given, compared: tuple[Any, ...]
) -> None:
    (alternative,) = last(*given)
    assert alternative.wire == (HostNamed("localhost"), *compared, *ADMIN_PAIR, NO_CHANGE)


@pytest.mark.parametrize(("target", "known"), [(secure(), "admin"), (unsecure(), None)])
def test_a_target_without_security_knows_nobody_by_name(
    target: TargetSpec, known: str | None
) -> None:
    world = World(Scenario((target,), ()), Profile.V6_2)
    apply(world, connect(AS_ADMIN))
    assert world.sessions["session"].username == known


@pytest.mark.parametrize(
    ("clause", "given"),
    [
        ("AUTH-3", of_user("zoe o", "password")),
        ("AUTH-3", of_user("zoe", "")),
        ("SIG-1", (unsecure(), connect())),
        ("CA-5", (https(), connect_tls(authority_file=AuthorityFile(("authority", "further"))))),
        ("CA-5", (https(), connect_tls(authority_file=AuthorityFile(layout="text between")))),
        # The rarest comes first.
        ("URL-9", (secure(base_path="/one"), connect(AS_ADMIN, host="::1", url_by_keyword=True))),
        ("SIG-7", (secure(base_path="/one"), connect(AS_ADMIN, url_by_keyword=True))),
        ("URL-2", (secure(base_path="/one"), connect(Callback(), host="127.0.0.1"))),
        ("CA-6", (https(intermediates=1, tls="1.3"), connect_tls(host="127.0.0.1"))),
        ("SIG-7", (secure(), arm("noop"), connect(AS_ADMIN, url_by_keyword=True))),
    ],
)
def test_what_is_special_about_a_call_that_succeeds(clause: str, given: Given) -> None:
    assert decided(*given).clause == clause


@pytest.mark.parametrize(
    ("clause", "around"),
    [
        ("CA-1", {"surroundings": (("CURL_CA_BUNDLE", "{stranger}"),)}),
        ("AUTH-2", {"netrc": "user"}),
    ],
)
def test_what_surrounds_a_call_is_special(clause: str, around: dict[str, Any]) -> None:
    assert decided(https(), connect_tls(url_by_keyword=True), **around).clause == clause


@pytest.mark.parametrize(
    ("given", "wire_check", "clause"),
    [
        ((secure(), connect(AS_ADMIN)), "NoChange", "LIVE-13"),
        ((mutual_tls("optional"), connect_tls()), "PresentsNothing", "MTLS-8"),
        (
            (mutual_tls(defect="leaf expired"), connect_tls(Certificate())),
            "PresentsNothing",
            "MTLS-6",
        ),
        # These say no more than the outcome.
        ((https(defect="leaf expired"), connect_tls()), "NoHttpByte", "CA-12"),
        ((secure(), connect(AS_ADMIN, defect="wrong password")), "RefusedWith", "AUTH-4"),
    ],
)
def test_the_clause_of_a_wire_check(given: Given, wire_check: str, clause: str) -> None:
    assert decided(*given).clause_of(wire_check) == clause


# Which names and secrets a rule says how to send.


@pytest.mark.parametrize(
    ("authentication", "plain"),
    [
        (Basic("a" * LONGEST, "passwd"), True),
        (Basic("a" * (LONGEST + 1), "passwd"), False),
        (Basic("new", "pass\nwd"), False),
        (Token("new", "a b"), False),
        (Callback("a:b"), False),
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
