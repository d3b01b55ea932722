"""Where a call of ``connect`` stops, as the oracle decides it, and by which clause."""

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
    secure,
    unsecure,
    with_issuer,
)
from connect_contracts.checks.expectation import Alternative, GivesSession, Outcome, Raises, Returns
from connect_contracts.checks.wire_checks import (
    BasicPair,
    BearerToken,
    FaultFired,
    HandshakeRefusedByTarget,
    KnownAs,
    NoHttpByte,
    NothingArrived,
    NoTokenGiven,
    NowhereInAddress,
    PlainHttpRefused,
    PresentsNothing,
    RefusedWith,
    TokenFetched,
)
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import (
    AuthorityFile,
    Basic,
    Callback,
    Certificate,
    Own,
    PasswordGrant,
    Step,
    TargetSpec,
    User,
)
from oracle_decides import Alternatives, decided, last, refused

Given = tuple[TargetSpec | Step, ...]


# Where a call stops.

UNSENT = refused(NothingArrived())
SILENT = refused(NoHttpByte())
UNTRIED = refused(NoHttpByte(after_connecting=False))
PLAIN = refused(PlainHttpRefused())
FIRED, FIRED_SILENT = refused(FaultFired()), refused(FaultFired(), NoHttpByte())
FIRED_500 = refused(FaultFired(), RefusedWith(500))
BY_401, BY_403, BY_503 = (refused(RefusedWith(status)) for status in (401, 403, 503))
RAISED = (Alternative(Raises(within="CallableError"), UNTRIED[0].wire),)


def alerts(*names: str) -> Alternatives:
    return refused(HandshakeRefusedByTarget(names))


ANY_TLS = "handshake_failure", "certificate_required"
CLIENT = connect_tls(Certificate())
STRANGE_CLIENT = connect_tls(Certificate(), defect="client certificate of an unknown authority")
SERVER_AS_CLIENT = connect_tls(client_certificate(purpose="server"))
TO_TLS = "http to a TLS port"
AS_A_B = connect_tls(Basic("a:b"), defect=TO_TLS)
NO_KEY = "key's file missing"
REVOKED = connect_tls(client_certificate(defect="client certificate revoked"))
NAMELESS = connect_tls(client_certificate(subject=None, names=("localhost",)))
NO_USER = connect_tls(client_certificate(subject="stranger"))
HELLO = arm("closed after the client hello")
ADMIN_CALL, ZOE_CALL = connect(AS_ADMIN), connect(Basic("zoë", "passwd"))
RAISING = connect(Callback("user"), defect="callable raises")

STOPS: dict[str, tuple[str, Given, Alternatives]] = {
    "http to TLS, with a client certificate": (
        "CA-17",
        (mutual_tls(), connect_tls(Certificate(), defect=TO_TLS)),
        PLAIN + UNSENT,
    ),
    "http to TLS, with an odd name": (
        "CA-17",
        (https(users=(User("a:b", "passwd"),)), AS_A_B),
        PLAIN + UNSENT,
    ),
    "empty file": ("CA-7", (https(), connect_tls(defect="empty file")), UNTRIED),
    "no key": ("MTLS-5", (mutual_tls(), connect_tls(Certificate(), defect=NO_KEY)), UNTRIED),
    "old TLS under a harmless fault": (
        "CA-15",
        (https(tls="1.0"), arm("versions extended"), connect_tls()),
        SILENT,
    ),
    "name unrecognised": ("CA-17", (https(server_name_unrecognised=True), connect_tls()), SILENT),
    "expired, and a wrong password": (
        "CA-12",
        (https(defect="leaf expired"), connect_tls(Basic("admin", "wrong"))),
        SILENT,
    ),
    "other authority, with a client certificate": (
        "CA-3",
        (mutual_tls(authority="another authority"), CLIENT),
        refused(NoHttpByte(), PresentsNothing()),
    ),
    "no client certificate, TLS 1.2": (
        "MTLS-3",
        (mutual_tls(tls="1.2"), connect_tls(None)),
        alerts("handshake_failure"),
    ),
    "no client certificate": ("MTLS-3", (mutual_tls(), connect_tls(None)), alerts(*ANY_TLS)),
    "no optional certificate": ("MTLS-3", (mutual_tls("optional"), connect_tls(None)), BY_401),
    "strange client, optional": (
        "MTLS-4",
        (mutual_tls("optional"), STRANGE_CLIENT),
        alerts("unknown_ca", *ANY_TLS) + BY_401,
    ),
    "server as client": (
        "MTLS-4",
        (mutual_tls(), SERVER_AS_CLIENT),
        alerts("unsupported_certificate"),
    ),
    "raising callable": ("AUTH-8", (secure(), RAISING), RAISED),
    "broken handshake": ("CA-17", (https(), HELLO, connect_tls()), FIRED_SILENT),
    "broken connection": ("CA-17", (secure(), HELLO, ADMIN_CALL), FIRED),
    "first fault of three": (
        "URL-6",
        (secure(), arm("noop"), arm("status 500"), arm("status 503"), ADMIN_CALL),
        FIRED_500,
    ),
    "nobody, unready": ("AUTH-5", (secure(ready=False), connect()), BY_401 + BY_503),
    "stranger or unsent": (
        "AUTH-4",
        (secure(), ZOE_CALL),
        refused(RefusedWith(401), BasicPair("zoë", "passwd")) + UNSENT,
    ),
    "nameless client": ("AUTH-4", (mutual_tls(), NAMELESS), BY_401),
    "client without a role": ("AUTH-6", (mutual_tls(), NO_USER), BY_403),
    "no role or unsent": (
        "AUTH-6",
        (secure(users=(User("zoë", "passwd"),)), ZOE_CALL),
        BY_403 + UNSENT,
    ),
    "unready": ("AUTH-17", (secure(ready=False), connect(AS_USER)), BY_503),
    "client certificate without TLS": ("AUTH-4", (secure(), connect(Certificate())), refused()),
    "client certificate without TLS and key": (
        "AUTH-4",
        (secure(), connect(Certificate(), defect=NO_KEY)),
        refused(),
    ),
}


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("name", STOPS)
def test_where_a_call_stops(name: str, profile: Profile) -> None:
    clause, given, alternatives = STOPS[name]
    decision = decided(*given, profile=profile)
    assert (decision.clause, decision.alternatives) == (clause, alternatives)


def test_a_callable_knows_the_password_of_when_the_scenario_began() -> None:
    changed = Own("set password", user=User("user", "another"))
    assert last(secure(), changed, connect(Callback("user"))) == refused(RefusedWith(401))
    assert last(secure(), connect(Callback("stranger"))) == refused(RefusedWith(401))


OTHER_FILE = AuthorityFile(("another authority",))


@pytest.mark.parametrize(
    ("clause", "target", "call"),
    [
        ("CA-3", https(), connect_tls(host="bücher.test", authority_file=OTHER_FILE)),
        (
            "CA-3",
            https(defect="authority sent too", intermediates=1),
            connect_tls(authority_file=OTHER_FILE),
        ),
        # No certificate can have this name.
        ("CA-10", https(), connect_tls(host="a b")),
        # The file that is given decides about this; its defect decides about nothing.
        ("CA-2", https(defect="leaf for any usage"), ADMIN_CALL),
    ],
)
def test_what_a_certificate_is_refused_for(clause: str, target: TargetSpec, call: Step) -> None:
    assert decided(target, call).clause == clause


def test_an_authority_of_the_store_is_no_reason_to_refuse() -> None:
    other_name = https(names=("another.test",))
    assert decided(other_name, ADMIN_CALL, trusted=("authority",)).clause == "CA-10"
    assert decided(https(), ADMIN_CALL, trusted=("another authority",)).clause == "CA-2"


@pytest.mark.parametrize(
    ("fault", "clause"),
    [
        ("reset within the body", "FAULT-1"),
        ("body without a length", "FAULT-2"),
        ("stalled before the answer", "FAULT-4"),
        ("noop", "AUTH-2"),
    ],
)
def test_the_clause_of_a_fault(fault: str, clause: str) -> None:
    assert decided(secure(), arm(fault), connect(AS_ADMIN)).clause == clause


# What may stop a call, and what does not.

MAY_STOP, GOES_ON, UNSAID = [GivesSession(), Raises()], [GivesSession()], []


@pytest.mark.parametrize(
    ("target", "call", "outcomes"),
    [
        (secure(), connect_tls(), MAY_STOP),
        (https(), connect_tls(defect="certificate as DER"), MAY_STOP),
        (mutual_tls(), connect_tls(Certificate(), defect="client certificate as DER"), MAY_STOP),
        (https(names=(), subject="localhost"), connect_tls(), MAY_STOP),
        (unsecure(), connect(AS_ADMIN), MAY_STOP),
        # What stops others, and not this call.
        (https(server_name_unrecognised=True), connect_tls(host="127.0.0.1"), GOES_ON),
        (mutual_tls(checks_revocation=False), REVOKED, GOES_ON),
        # What no documentation describes.
        (https(secure=False), connect_tls(None), UNSAID),
        (https(secure=False), connect_tls(defect="empty file"), UNSAID),
        (secure(client_certificate="required"), connect(AS_ADMIN, defect="no url"), UNSAID),
    ],
)
def test_what_may_stop_a_call(target: TargetSpec, call: Step, outcomes: list[Outcome]) -> None:
    assert [each.outcome for each in last(target, call)] == outcomes


def test_what_a_proxy_does_is_not_described() -> None:
    proxy = (("HTTP_PROXY", "{target}"),)
    assert last(secure(), connect(AS_ADMIN), surroundings=proxy) == ()


def test_a_netrc_counts_only_where_nobody_is_given() -> None:
    assert last(secure(), connect(), netrc="user") == ()
    assert last(secure(), connect(AS_ADMIN, defect="no authentication"), netrc="user") == ()
    beside = connect(AS_ADMIN)
    assert last(secure(), beside, netrc="user") == last(secure(), beside) != ()


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


# The issuer of a token (AUTH-14).

GRANT = PasswordGrant()
NO_TOKEN, MET_AND_NO_TOKEN = refused(NoTokenGiven()), refused(NoTokenGiven(), FaultFired())


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ((with_issuer(), connect_tls(GRANT, defect="wrong password")), NO_TOKEN),
        ((with_issuer(), connect_tls(PasswordGrant("stranger"))), NO_TOKEN),
        ((with_issuer(), arm("status 503", "tokens"), connect_tls(GRANT)), MET_AND_NO_TOKEN),
        # A fault of the issuer is none of the target's.
        (
            (with_issuer(), arm("status 503", "tokens"), connect_tls(AS_ADMIN)),
            last(with_issuer(), connect_tls(AS_ADMIN), trusted=("authority",)),
        ),
    ],
)
def test_where_an_issuer_gives_no_token(given: Given, seen: Alternatives) -> None:
    assert last(*given, trusted=("authority",)) == seen


def _is_open(alternatives: Alternatives) -> bool:
    return [each.outcome for each in alternatives] == [GivesSession(), Raises()]


@pytest.mark.parametrize(
    "given",
    [
        (with_issuer(answers="another issuer"), connect_tls(GRANT)),
        (with_issuer(), arm("status 503", "tokens", times=1), connect_tls(GRANT)),
    ],
)
def test_where_an_issuer_may_give_a_token_or_not(given: Given) -> None:
    assert Raises() in [each.outcome for each in last(*given, trusted=("authority",))]
    assert decided(*given, trusted=("authority",)).clause != "AUTH-14" or _is_open(
        last(*given, trusted=("authority",))
    )


def test_an_issuer_that_only_the_call_s_file_vouches_for_may_be_refused() -> None:
    assert _is_open(last(with_issuer(), connect_tls(GRANT)))


def test_a_token_that_was_fetched() -> None:
    grant = PasswordGrant("user", "passwd", ("openid",))
    decision = decided(
        with_issuer(), arm("noop", "tokens"), connect_tls(grant), trusted=("authority",)
    )
    assert decision.clause == "AUTH-14"
    (only,) = decision.alternatives
    assert {TokenFetched("user", ("openid",)), BearerToken(), KnownAs("user")} <= {*only.wire}
