"""Which clause is told of a call of connect that goes otherwise than the documentation decides."""

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
    replace_certificate,
    secure,
    unsecure,
)
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import (
    AuthorityFile,
    Basic,
    Callback,
    Certificate,
    Step,
    TargetSpec,
    Token,
    User,
)
from connect_contracts.oracle.clause_attribution import deciding
from connect_harness.certificates import Chain
from oracle_said import scenario_of


def last(
    *given: TargetSpec | Step,
    profile: Profile = Profile.V6_2,
    demand: str | None = None,
    **scenario: Any,
) -> str:
    """The clause that decides about the last step."""
    played = scenario_of(*given, **scenario)
    return deciding(played, profile, len(played.steps) - 1, demand)


# A call that is refused.


@pytest.mark.parametrize(
    ("defect", "clause"),
    [
        ("authentication by position", "SIG-2"),
        ("certificate_authority by position", "SIG-2"),
        ("unknown keyword", "SIG-5"),
        ("no url", "SIG-6"),
        ("url is None", "SIG-6"),
        ("url is a number", "SIG-6"),
        ("nothing listens", "URL-7"),
        ("name does not resolve", "URL-7"),
        ("no scheme", "URL-8"),
        ("port is no port", "URL-8"),
        ("https to a plain port", "CA-17"),
        ("wrong password", "AUTH-4"),
        ("no authentication", "AUTH-5"),
    ],
)
def test_a_defect_of_the_call(defect: str, clause: str) -> None:
    assert last(secure(), connect(AS_ADMIN, defect=defect)) == clause


@pytest.mark.parametrize(
    ("clause", "target", "call"),
    [
        ("CA-7", https(), connect_tls(defect="empty file")),
        ("CA-17", https(), connect_tls(defect="http to a TLS port")),
        ("CA-17", https(ciphers="none in common"), connect_tls()),
        ("CA-15", https(tls="1.0"), connect_tls()),
        ("CA-15", https(tls="1.1"), connect_tls()),
        ("MTLS-5", mutual_tls(), connect_tls(Certificate(), defect="key's file missing")),
        ("MTLS-3", mutual_tls(), connect_tls()),
        ("MTLS-3", mutual_tls("optional"), connect_tls(None)),
        ("MTLS-4", mutual_tls(), connect_tls(client_certificate(defect="leaf expired"))),
        ("AUTH-4", secure(), connect(Basic("stranger"))),
        ("AUTH-5", secure(), connect()),
        ("AUTH-6", secure(users=(User("admin", "passwd"),)), connect(AS_ADMIN)),
        ("AUTH-8", secure(), connect(Callback(), defect="callable raises")),
        ("AUTH-17", secure(ready=False), connect(AS_USER)),
        ("URL-14", secure(), connect(AS_ADMIN, userinfo="someone:else")),
    ],
)
def test_a_stage_that_stops_a_call(clause: str, target: TargetSpec, call: Step) -> None:
    assert last(target, call) == clause


def test_an_old_version_of_tls_is_told_unless_the_handshake_is_broken_off_before() -> None:
    old = https(tls="1.0")
    assert last(old, arm("closed when accepted"), connect_tls()) == "CA-17"
    assert last(old, arm("versions extended"), connect_tls()) == "CA-15"


OTHER_FILE = AuthorityFile(("another authority",))
CROSS_FILE = AuthorityFile(("cross",))


@pytest.mark.parametrize(
    ("clause", "target", "call"),
    [
        ("CA-2", https(), connect_tls(defect="authority file not given")),
        ("CA-2", https(), connect(AS_ADMIN)),
        ("CA-3", https(), connect_tls(defect="file of another authority")),
        ("CA-3", https(), connect_tls(defect="file of another authority of the same name")),
        ("CA-3", https(), connect_tls(defect="leaf of another chain")),
        ("CA-3", https(), connect_tls(authority_file=OTHER_FILE)),
        ("CA-3", https(), connect_tls(host="bücher.test", authority_file=OTHER_FILE)),
        ("CA-10", https(names=("another.test",)), connect_tls()),
        ("CA-10", https(names=("another.test",)), connect_tls(host="LOCALHOST")),
        ("CA-13", https(purpose="client"), connect_tls()),
        ("CA-12", https(defect="leaf expired"), connect_tls()),
        ("CA-12", https(defect="leaf expired"), connect_tls(host="LOCALHOST")),
        ("CA-12", https(defect="leaf expired", authority="private"), connect(AS_ADMIN)),
        ("CA-12", https(defect="leaf expired"), connect_tls(defect="file of another authority")),
        # The leaf has no name at all; for an address it is another one that it lacks.
        ("CA-10", https(defect="no name at all"), connect_tls()),
        # Which file is given decides about these, and they decide about nothing.
        ("CA-3", https(defect="authority sent too"), connect_tls(authority_file=OTHER_FILE)),
        ("CA-2", https(defect="leaf for any usage"), connect(AS_ADMIN)),
        ("CA-10", https(defect="authority sent too", names=("another.test",)), connect_tls()),
        # An authority that signed across is as good as the first.
        (
            "CA-10",
            https(cross_signed_by="cross", names=("another.test",)),
            connect_tls(authority_file=CROSS_FILE),
        ),
    ],
)
def test_what_a_certificate_is_refused_for(clause: str, target: TargetSpec, call: Step) -> None:
    assert last(target, call) == clause


def test_an_authority_of_the_store_is_no_reason_to_refuse() -> None:
    call = connect(AS_ADMIN)
    assert last(https(names=("another.test",)), call, trusted=("authority",)) == "CA-10"
    assert last(https(), call, trusted=("another authority",)) == "CA-2"


@pytest.mark.parametrize(
    ("fault", "clause"),
    [
        ("versions missing", "URL-3"),
        ("versions not JSON", "URL-4"),
        ("versions 403", "URL-6"),
        ("versions 503", "URL-6"),
        ("versions extended", "URL-5"),
        ("closed when accepted", "CA-17"),
        ("closed within the headers", "FAULT-1"),
        ("reset within the body", "FAULT-1"),
        ("body cut short", "FAULT-2"),
        ("body cut short with close_notify", "FAULT-2"),
        ("chunk cut short", "FAULT-2"),
        ("wrong chunk size", "FAULT-2"),
        ("body without a length", "FAULT-2"),
        ("stalled before the answer", "FAULT-4"),
        ("noop", "AUTH-2"),
    ],
)
def test_a_fault(fault: str, clause: str) -> None:
    assert last(secure(), arm(fault), connect(AS_ADMIN)) == clause


# A call that succeeds.


def user(name: str, password: str) -> tuple[TargetSpec, Step]:
    return secure(users=(User(name, password, ("ROLE_USER",)),)), connect(Basic(name, password))


@pytest.mark.parametrize(
    ("clause", "target", "call"),
    [
        ("SIG-1", unsecure(), connect()),
        ("SIG-3", unsecure(), connect(explicit_none=True)),
        ("SIG-4", secure(), connect(AS_ADMIN, subclass=True)),
        ("SIG-7", secure(), connect(AS_ADMIN, url_by_keyword=True)),
        ("URL-2", secure(base_path="/one"), connect(AS_ADMIN)),
        ("URL-9", secure(), connect(AS_ADMIN, host="127.0.0.1")),
        ("AUTH-2", secure(), connect(AS_ADMIN)),
        ("AUTH-2", *user("zoe-1", "pass-word")),
        ("AUTH-3", *user("zoe", "pass word")),
        ("AUTH-3", *user("zoe o", "password")),
        ("AUTH-3", *user("zoë", "password")),
        ("AUTH-3", *user("zoe", "€")),
        ("AUTH-3", *user("zoe", "")),
        ("AUTH-3", *user("zoe", "p" * 4096)),
        ("AUTH-7", secure(), connect(Callback())),
        ("AUTH-9", secure(), connect(Token())),
        ("AUTH-17", secure(ready=False), connect(AS_ADMIN)),
        ("MTLS-1", mutual_tls(), connect_tls(Certificate())),
        ("CA-1", https(), connect_tls()),
        ("CA-5", https(), connect_tls(authority_file=AuthorityFile(("authority", "further")))),
        ("CA-5", https(), connect_tls(authority_file=AuthorityFile(layout="text between"))),
        ("CA-9", https(), connect_tls(authority_file=AuthorityFile(naming="relative"))),
        ("CA-6", https(intermediates=1), connect_tls()),
        ("CA-10", https(names=("localhost", "another.test")), connect_tls()),
        ("CA-15", https(tls="1.2"), connect_tls()),
        # A chain with a defect that nobody may refuse it for.
        ("CA-13", https(defect="leaf without key usage"), connect_tls()),
    ],
)
def test_what_is_special_about_a_call_that_succeeds(
    clause: str, target: TargetSpec, call: Step
) -> None:
    assert last(target, call) == clause


@pytest.mark.parametrize(
    ("clause", "target", "call"),
    [
        ("URL-9", secure(base_path="/one"), connect(AS_ADMIN, host="::1", url_by_keyword=True)),
        ("SIG-7", secure(base_path="/one"), connect(AS_ADMIN, url_by_keyword=True)),
        ("URL-2", secure(base_path="/one"), connect(Callback(), host="127.0.0.1")),
        ("CA-13", https(defect="leaf without key usage"), connect_tls(url_by_keyword=True)),
        ("URL-9", https(defect="leaf without key usage"), connect_tls(host="::1")),
        ("CA-6", https(intermediates=1, tls="1.3"), connect_tls(host="127.0.0.1")),
    ],
)
def test_what_is_rarest_comes_first(clause: str, target: TargetSpec, call: Step) -> None:
    assert last(target, call) == clause


def test_a_fault_is_told_before_the_form_of_the_call() -> None:
    call = connect(AS_ADMIN, url_by_keyword=True)
    assert last(secure(), arm("versions extended"), call) == "URL-5"
    assert last(secure(), arm("noop"), call) == "SIG-7"


def test_a_certificate_that_came_instead_is_what_a_later_call_is_about() -> None:
    renewed = replace_certificate(Chain(intermediates=1))
    assert last(https(), renewed, connect_tls()) == "CA-6"
    assert last(https(), replace_certificate(Chain(names=("b.test",))), connect_tls()) == "CA-10"


# What is demanded besides.


def test_a_call_that_changed_something() -> None:
    assert last(secure(), connect(AS_ADMIN), demand="NoChange") == "LIVE-13"


def test_a_client_certificate_that_was_presented() -> None:
    assert last(mutual_tls("optional"), connect_tls(), demand="PresentsNothing") == "MTLS-8"
    expired = mutual_tls(defect="leaf expired")
    assert last(expired, connect_tls(Certificate()), demand="PresentsNothing") == "MTLS-6"


def test_a_demand_that_says_no_more_than_the_outcome() -> None:
    expired = https(defect="leaf expired")
    assert last(expired, connect_tls(), demand="NoHttpByte") == "CA-12"
    stranger = connect(AS_ADMIN, defect="wrong password")
    assert last(secure(), stranger, demand="RefusedWith") == "AUTH-4"
