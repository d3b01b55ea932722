"""At which stage a call of connect stops, as the oracle says it, and by what that is seen."""

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
)
from connect_contracts.checks.expectation import (
    Alternative,
    GivesSession,
    Raises,
)
from connect_contracts.checks.wire_checks import (
    BasicPair,
    FaultFired,
    HandshakeRefusedByTarget,
    NoHttpByte,
    NothingArrived,
    PlainHttpRefused,
    PresentsNothing,
    RefusedWith,
)
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import (
    AuthorityFile,
    Basic,
    Callback,
    Certificate,
    User,
)
from connect_contracts.oracle.alternatives import may_raise
from oracle_said import last, refused

Alternatives = tuple[Alternative, ...]


def test_a_client_certificate_need_not_be_sent_without_tls() -> None:
    call = connect_tls(client_certificate(), defect="http to a TLS port")
    either = (*refused(PlainHttpRefused()), *refused(NothingArrived()))
    assert last(mutual_tls(), call) == either
    colon = connect_tls(Basic("a:b"), defect="http to a TLS port")
    assert last(https(users=(User("a:b", "passwd"),)), colon) == either


def is_open(alternatives: Alternatives) -> bool:
    return [one.outcome for one in alternatives] == [GivesSession(), Raises()]


# Where it stops.


@pytest.mark.parametrize(
    ("target", "call", "expected"),
    [
        (secure(), connect(AS_ADMIN, defect="nothing listens"), refused(NothingArrived())),
        (
            https(),
            connect_tls(defect="http to a TLS port"),
            refused(PlainHttpRefused()),
        ),
        (secure(), connect_tls(defect="https to a plain port"), refused(NoHttpByte())),
        (
            https(),
            connect_tls(defect="empty file"),
            refused(NoHttpByte(after_connecting=False)),
        ),
        (
            mutual_tls(),
            connect_tls(Certificate(), defect="key's file missing"),
            refused(NoHttpByte(after_connecting=False)),
        ),
        (https(tls="1.1"), connect_tls(), refused(NoHttpByte())),
        (https(server_name_unrecognised=True), connect_tls(), refused(NoHttpByte())),
        (https(authority="another authority"), connect_tls(), refused(NoHttpByte())),
        (
            mutual_tls(authority="another authority"),
            connect_tls(Certificate()),
            refused(NoHttpByte(), PresentsNothing()),
        ),
        (
            mutual_tls(tls="1.2"),
            connect_tls(None),
            refused(HandshakeRefusedByTarget(("handshake_failure",))),
        ),
        (
            mutual_tls(),
            connect_tls(None),
            refused(HandshakeRefusedByTarget(("handshake_failure", "certificate_required"))),
        ),
        (
            secure(),
            connect(Callback("user"), defect="callable raises"),
            (Alternative(Raises(within="CallableError"), (NoHttpByte(after_connecting=False),)),),
        ),
        (secure(), connect(), refused(RefusedWith(401))),
        (
            secure(),
            connect(Basic("admin", "wrong")),
            refused(RefusedWith(401), BasicPair("admin", "wrong")),
        ),
        (secure(ready=False), connect(AS_USER), refused(RefusedWith(503))),
        (
            secure(ready=False),
            connect(),
            (*refused(RefusedWith(401)), *refused(RefusedWith(503))),
        ),
        (
            secure(ready=False, users=(User("new", "passwd"),)),
            connect(Basic("new", "passwd")),
            (*refused(RefusedWith(403)), *refused(RefusedWith(503))),
        ),
    ],
)
def test_where_a_call_stops(target: Any, call: Any, expected: Alternatives) -> None:
    for profile in Profile:
        assert last(target, call, profile=profile) == expected


def test_an_unknown_authority_of_the_client_is_refused_or_not_presented() -> None:
    unknown = connect_tls(Certificate(), defect="client certificate of an unknown authority")
    by_target = HandshakeRefusedByTarget(
        ("unknown_ca", "handshake_failure", "certificate_required")
    )
    assert last(mutual_tls(), unknown) == refused(by_target)
    both = (*refused(by_target), *refused(RefusedWith(401)))
    assert last(mutual_tls("optional"), unknown) == both


def test_a_certificate_of_a_server_is_none_of_a_client() -> None:
    of_a_server = connect_tls(client_certificate(purpose="server"))
    expected = refused(HandshakeRefusedByTarget(("unsupported_certificate",)))
    assert last(mutual_tls(), of_a_server) == expected


def test_a_revoked_certificate_is_refused_where_that_is_looked_at() -> None:
    revoked = connect_tls(client_certificate(defect="client certificate revoked"))
    expected = refused(HandshakeRefusedByTarget(("certificate_revoked",)))
    assert last(mutual_tls(checks_revocation=True), revoked) == expected
    assert not may_raise(last(mutual_tls(checks_revocation=False), revoked))


@pytest.mark.parametrize(
    ("fault", "wire"),
    [
        ("versions 500", (FaultFired(), RefusedWith(500))),
        ("versions not JSON", (FaultFired(),)),
        ("body cut short", (FaultFired(),)),
    ],
)
def test_a_wrong_answer_stops_a_call(fault: str, wire: tuple[Any, ...]) -> None:
    assert last(secure(), arm(fault), connect(AS_ADMIN)) == refused(*wire)


def test_a_handshake_that_breaks_shows_no_http() -> None:
    broken = arm("closed after the client hello")
    assert last(https(), broken, connect_tls()) == refused(FaultFired(), NoHttpByte())
    assert last(secure(), broken, connect(AS_ADMIN)) == refused(FaultFired())


def test_credentials_that_are_no_ascii_may_stay_unsent_wherever_the_call_stops() -> None:
    call = connect(Basic("zoë", "passwd"))
    unsent = Alternative(Raises(), (NothingArrived(),))
    assert last(secure(), call) == (
        Alternative(Raises(), (RefusedWith(401), BasicPair("zoë", "passwd"))),
        unsent,
    )
    met = Alternative(Raises(), (FaultFired(), RefusedWith(500)))
    assert last(secure(), arm("versions 500"), call) == (met, unsent)
    poor = secure(users=(User("zoë", "passwd"),))
    assert last(poor, call) == (Alternative(Raises(), (RefusedWith(403),)), unsent)


@pytest.mark.parametrize(
    ("target", "call"),
    [
        (secure(), connect(AS_ADMIN, defect="port out of range")),
        (secure(), connect_tls(authority_file=AuthorityFile())),
        (https(), connect_tls(defect="certificate as DER")),
        (mutual_tls(), connect_tls(Certificate(), defect="client certificate as DER")),
        (https(alpn=("h2",)), connect_tls()),
        (https(key="rsa-4096"), connect_tls()),
        (unsecure(), connect(AS_ADMIN)),
    ],
)
def test_what_may_stop_a_call(target: Any, call: Any) -> None:
    assert is_open(last(target, call))


@pytest.mark.parametrize("defect", [None, "key's file missing"])
def test_a_client_certificate_without_tls_is_refused_somewhere(defect: str | None) -> None:
    assert last(secure(), connect(Certificate(), defect=defect)) == refused()


@pytest.mark.parametrize(
    "call",
    [
        connect_tls(host="127.0.0.1"),
        connect_tls(defect="https to a plain port"),
    ],
)
def test_what_stops_others_and_not_this_call(call: Any) -> None:
    target = https(server_name_unrecognised=call.call.host == "127.0.0.1")
    assert not may_raise(last(target, call))
