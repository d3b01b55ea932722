"""The oracle, held against the examples of the documentation and against what it leaves open."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

import oracle_said
from connect_contracts.chapters.builder import (
    AS_ADMIN,
    AS_USER,
    add,
    arm,
    close,
    connect,
    connect_tls,
    expired_client_certificate,
    head,
    https,
    list_tables,
    mutual_tls,
    owner_rows,
    replace_certificate,
    restart,
    secure,
    table,
    unsecure,
)
from connect_contracts.checks.expectation import (
    Alternative,
    Gives,
    GivesRows,
    GivesSession,
    Outcome,
    Raises,
    Returns,
)
from connect_contracts.checks.wire_checks import (
    BasicPair,
    FaultFired,
    HandshakeRefusedByTarget,
    HostNamed,
    KnownAs,
    NoHttpByte,
    NothingArrived,
    RefusedWith,
    WireCheck,
)
from connect_contracts.model.clause import ALL, Profile
from connect_contracts.model.scenario import (
    ADMIN,
    USER,
    AuthorityFile,
    Basic,
    Certificate,
    Own,
    Scenario,
    Step,
    TableSpec,
    TargetSpec,
    Together,
    Token,
    Use,
    User,
)
from connect_contracts.oracle import oracle
from connect_contracts.oracle.connect_checks import (
    BROKEN_ANSWERS,
    BROKEN_HANDSHAKES,
    STOPPING_FAULTS,
)
from connect_contracts.oracle.world import HARMLESS_FAULTS
from connect_harness.certificates import DEFECTS, Chain
from connect_harness.faults import fault_kinds

UNAVAILABLE = Raises("LiveExtensionUnavailableError", "Live extension is not available")
OWNED = table("Example", ("owned",))


def said(
    targets: TargetSpec | tuple[TargetSpec, ...],
    *steps: Step,
    profile: Profile = Profile.V0_9_1,
    **scenario: Any,
) -> list[tuple[Alternative, ...]]:
    """What the oracle says of each step: its alternatives, none where it is silent."""
    given = targets if isinstance(targets, tuple) else (targets,)
    return oracle_said.said(*given, *steps, profile=profile, **scenario)


def outcomes(
    targets: TargetSpec | tuple[TargetSpec, ...],
    *steps: Step,
    profile: Profile = Profile.V0_9_1,
    **scenario: Any,
) -> list[list[Outcome]]:
    """The outcomes that the oracle allows of each step."""
    alternatives = said(targets, *steps, profile=profile, **scenario)
    return [[one.outcome for one in each] for each in alternatives]


def rows(*given: tuple[Any, ...], **special: Any) -> GivesRows:
    """Rows of the example's table."""
    return GivesRows(("Id",), ("String",), given, **special)


def demands(alternatives: tuple[Alternative, ...]) -> list[tuple[WireCheck, ...]]:
    return [one.wire for one in alternatives]


# The examples of the page.


def test_the_administrator_of_a_secure_session_adds_a_row() -> None:
    steps = (connect(AS_ADMIN), Use("get table"), add(("foo",)), head(), owner_rows())
    assert outcomes(secure(), *steps) == [
        [GivesSession()],
        [Returns()],
        [Returns()],
        [rows(("foo",), at_most=5)],
        [rows(("foo",), of_owner=True)],
    ]


def test_a_user_of_a_secure_session_has_no_live_extension() -> None:
    assert outcomes(secure(), connect(AS_USER), list_tables()) == [[GivesSession()], [UNAVAILABLE]]


def test_an_unsecured_session_has_no_live_extension() -> None:
    assert outcomes(unsecure(), connect(), list_tables()) == [[GivesSession()], [UNAVAILABLE]]


def test_what_a_session_added_is_lost_when_the_target_restarts() -> None:
    steps = (
        connect(AS_ADMIN),
        add(("foo",)),
        owner_rows(),
        restart(),
        owner_rows(),
        connect(AS_ADMIN, session="new"),
        head(session="new"),
    )
    seen = outcomes(secure(tables=(OWNED,)), *steps)
    assert seen[2] == [rows(("owned",), ("foo",), of_owner=True)]
    assert seen[4] == [rows(("owned",), of_owner=True)]
    assert seen[6] == [rows(("owned",), at_most=5)]


def test_the_example_of_6_2_reads_and_changes_nothing() -> None:
    steps = (connect(AS_USER), list_tables(), head(), add(("foo",)), owner_rows())
    assert outcomes(secure(tables=(OWNED,)), *steps, profile=Profile.V6_2) == [
        [GivesSession()],
        [Gives(["Example"])],
        [rows(("owned",), at_most=5)],
        [Raises()],
        [rows(("owned",), of_owner=True)],
    ]


# Connecting: what stops it first decides how it is seen.


@pytest.mark.parametrize(
    ("target", "call", "evidence"),
    [
        (secure(), connect(AS_ADMIN, defect="no url"), NothingArrived()),
        (secure(), connect(AS_ADMIN, defect="no host"), NothingArrived()),
        (secure(), connect(), RefusedWith(401)),
        (secure(), connect(Basic("admin", "wrong")), RefusedWith(401)),
        (secure(), connect(AS_ADMIN, defect="unknown token"), RefusedWith(401)),
        (secure(users=(User("new", "passwd"),)), connect(Basic("new", "passwd")), RefusedWith(403)),
        (secure(ready=False), connect(AS_USER), RefusedWith(503)),
        (https(), connect(AS_ADMIN), NoHttpByte()),
        (https(), connect_tls(defect="missing file"), NoHttpByte(after_connecting=False)),
        (https(names=("localhost",)), connect_tls(host="127.0.0.1"), NoHttpByte()),
        (https(defect="leaf expired"), connect_tls(Basic("admin", "wrong")), NoHttpByte()),
        (
            mutual_tls(tls="1.3"),
            connect_tls(None),
            HandshakeRefusedByTarget(("certificate_required",)),
        ),
        (
            mutual_tls("optional"),
            connect_tls(expired_client_certificate()),
            HandshakeRefusedByTarget(("certificate_expired",)),
        ),
    ],
)
def test_a_refused_call(target: TargetSpec, call: Step, evidence: WireCheck) -> None:
    for profile in ALL:
        (alternatives,) = said(target, call, profile=profile)
        assert [type(one.outcome) for one in alternatives] == [Raises]
        assert evidence in alternatives[0].wire


def test_a_name_is_wrong_only_for_hosts_of_its_kind() -> None:
    target = https(defect="wrong DNS name")
    assert outcomes(target, connect_tls(), connect_tls(host="127.0.0.1")) == [
        [Raises()],
        [GivesSession()],
    ]


OF_SERVERS = [one.name for one in DEFECTS.values() if one.chain.purpose == "server"]


@pytest.mark.parametrize("name", OF_SERVERS)
def test_every_defect_of_a_chain_is_what_its_rule_demands(name: str) -> None:
    defect = DEFECTS[name]
    target = TargetSpec(scheme="https", chain=defect.defective_chain)
    call = connect_tls(host=defect.host, authority_file=AuthorityFile(defect.given))
    (seen,) = outcomes(target, call)
    assert (
        seen
        == {
            "refused": [Raises()],
            "accepted": [GivesSession()],
            "observe": [GivesSession(), Raises()],
        }[defect.expectation]
    )


def test_every_fault_is_known_or_left_open() -> None:
    for name in fault_kinds():
        _, alternatives = said(secure(), arm(name), connect(AS_ADMIN))
        seen = [one.outcome for one in alternatives]
        if name in (*STOPPING_FAULTS, *BROKEN_HANDSHAKES, *BROKEN_ANSWERS):
            assert seen == [Raises()]
            assert FaultFired() in alternatives[0].wire
        elif name in HARMLESS_FAULTS:
            assert seen == [GivesSession()]
        else:
            assert seen == [GivesSession(), Raises()]


def test_the_fault_that_was_armed_first_fires() -> None:
    steps = (arm("noop"), arm("versions 500"), arm("versions 503"), connect(AS_ADMIN))
    (alternative,) = said(secure(), *steps)[3]
    assert RefusedWith(500) in alternative.wire


def test_non_ascii_credentials_arrive_as_utf_8_or_not_at_all() -> None:
    user = User("zoë", "pässwörd", ("ROLE_USER",))
    (alternatives,) = said(secure(users=(user,)), connect(Basic("zoë", "pässwörd")))
    accepted, unsent = alternatives
    assert accepted.outcome == GivesSession()
    assert {BasicPair("zoë", "pässwörd"), KnownAs("zoë")} <= set(accepted.wire)
    assert unsent == Alternative(Raises(), (NothingArrived(),))


def test_the_host_is_named_as_it_was_written() -> None:
    (alternatives,) = said(https(), connect_tls(host="::1"))
    assert HostNamed("[::1]") in alternatives[0].wire


@pytest.mark.parametrize(
    ("target", "call"),
    [
        (secure(), connect(AS_ADMIN, defect="url is bytes")),
        (secure(), connect(AS_ADMIN, defect="fragment")),
        (secure(), connect(AS_ADMIN, userinfo="someone:something")),
        (secure(), connect_tls()),
        (unsecure(), connect(AS_ADMIN)),
        (https(), connect_tls(defect="one good certificate and one damaged")),
        (
            secure(users=(User("a:b", "passwd", ADMIN.roles),)),
            connect(Basic("a:b", "passwd")),
        ),
        (
            TargetSpec(scheme="https", chain=Chain(names=(), subject="localhost")),
            connect_tls(),
        ),
    ],
)
def test_of_what_is_observed_both_are_allowed(target: TargetSpec, call: Step) -> None:
    (seen,) = outcomes(target, call)
    assert {isinstance(one, Raises) for one in seen} == {True, False}


def test_what_surrounds_a_call_is_not_judged() -> None:
    proxy = (("HTTP_PROXY", "{target}"),)
    assert outcomes(secure(), connect(AS_ADMIN), head(), surroundings=proxy) == [[], []]


# Using a session.


def test_a_row_that_is_refused_stops_those_after_it() -> None:
    steps = (connect(AS_ADMIN), add(("first",), ("too", "wide"), ("last",)), owner_rows())
    assert outcomes(secure(), *steps)[1:] == [[Raises()], [rows(("first",), of_owner=True)]]


def test_across_a_restart_a_session_shows_the_new_state_or_raises() -> None:
    steps = (connect(AS_ADMIN), add(("foo",)), restart(), head(), add(("bar",)), owner_rows())
    seen = outcomes(secure(), *steps)
    assert seen[3] == [rows(at_most=5), Raises()]
    assert seen[4] == [Returns(), Raises()]
    assert seen[5] == [rows(of_owner=True), rows(("bar",), of_owner=True)]


def test_a_closed_session_is_of_no_more_use() -> None:
    assert outcomes(secure(), connect(AS_ADMIN), close(), list_tables(), Own("ping")) == [
        [GivesSession()],
        [Returns()],
        [Raises()],
        [Returns()],
    ]


@pytest.mark.parametrize("action", ["set roles", "set password"])
def test_a_session_whose_user_changed_is_not_judged(action: Any) -> None:
    changed = Own(action, user=User("user", "another", ("ROLE_ADMIN",)))
    steps = (connect(AS_USER), changed, list_tables(), connect(AS_ADMIN, session="other"))
    seen = outcomes(secure(), *steps, list_tables("other"), profile=Profile.V6_2)
    assert seen[2] == []
    assert seen[4] == [Gives(["Example"])]


def test_a_server_that_enforces_nothing() -> None:
    target = secure(enforces_roles=False)
    steps = (connect(AS_USER), add(("foo",)), owner_rows())
    assert outcomes(target, *steps, profile=Profile.V0_9_1)[1:] == [
        [UNAVAILABLE],
        [rows(of_owner=True)],
    ]
    assert outcomes(target, *steps, profile=Profile.V6_2)[1:] == [
        [Returns(), Raises()],
        [rows(of_owner=True), rows(("foo",), of_owner=True)],
    ]


def test_the_connected_user_is_documented_in_6_2() -> None:
    steps = (connect(Token(USER.name)), Use("user"))
    user = Gives({"name": "user", "roles": ["ROLE_USER"]})
    assert outcomes(secure(), *steps, profile=Profile.V6_2)[1] == [user]
    assert outcomes(secure(), *steps, profile=Profile.V0_9_1)[1] == []
    (_, anonymous) = outcomes(unsecure(), connect(), Use("user"), profile=Profile.V6_2)
    roles = ["ROLE_ADMIN", "ROLE_ANONYMOUS", "ROLE_USER"]
    assert anonymous == [Gives({"name": "anonymousUser", "roles": roles})]


def test_a_client_certificate_names_the_user() -> None:
    certificate = Certificate()
    (alternatives,) = said(mutual_tls(), connect_tls(certificate))
    assert KnownAs("admin") in alternatives[0].wire


# Together.


def test_what_runs_at_once_is_added_in_any_order() -> None:
    both = Together(((add(("a",), session="one"),), (add(("b",), session="two"),)))
    steps = (connect(AS_ADMIN, session="one"), connect(AS_ADMIN, session="two"), both)
    assert outcomes(secure(), *steps, owner_rows())[2:] == [
        [Returns()],
        [rows(("a",), ("b",), of_owner=True)],
    ]


def test_of_two_that_write_one_key_it_is_unknown_which_is_last() -> None:
    keyed = TableSpec("Example", (("Id", "String"), ("Count", "int")), ("Id",))
    both = Together(((add(("a", 1), session="one"),), (add(("a", 2), session="two"),)))
    steps = (connect(AS_ADMIN, session="one"), connect(AS_ADMIN, session="two"), both)
    assert outcomes(secure(tables=(keyed,)), *steps, owner_rows())[2:] == [[Returns()], []]


def test_one_refused_call_among_many_is_told_of_all() -> None:
    both = Together(((connect(AS_ADMIN),), (connect(session="nobody"),)))
    assert outcomes(secure(), both) == [[Raises()]]


# A pure function.


def test_it_says_the_same_twice() -> None:
    scenario = Scenario((secure(),), (connect(AS_ADMIN), add(("foo",)), head(), restart(), head()))
    once, twice = oracle(scenario, Profile.V0_9_1), oracle(scenario, Profile.V0_9_1)
    assert once == twice


def test_it_loads_nothing_that_talks_to_anybody() -> None:
    talking = (
        "connect_harness.server",
        "connect_harness.session",
        "connect_contracts.execution.run",
        "ssl",
    )
    program = (
        "import sys, connect_contracts.oracle; "
        f"print(*[name for name in {talking!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.stdout.strip(), done.returncode) == ("", 0)


def test_what_the_store_trusts_is_believed_without_a_file() -> None:
    without = connect_tls(authority_file=None)
    assert outcomes(https(), without) == [[Raises()]]
    assert outcomes(https(), without, trusted=("authority",)) == [[GivesSession()]]
    assert outcomes(https(), without, trusted=("another authority",)) == [[Raises()]]


def test_whether_a_file_adds_to_the_store_is_left_open() -> None:
    other = connect_tls(defect="file of another authority")
    assert outcomes(https(), other, trusted=("authority",)) == [[GivesSession(), Raises()]]
    assert outcomes(https(), connect_tls(defect="empty file"), trusted=("authority",)) == [
        [Raises()]
    ]


def test_an_impostor_is_not_believed_by_an_open_session() -> None:
    other = replace_certificate(Chain(authority="another authority"))
    _, _, used, again = said(https(), connect_tls(), other, list_tables(), list_tables())
    cut, anew = NoHttpByte(after_connecting=False), NoHttpByte(since_replaced=True)
    assert [(one.outcome, one.wire) for one in used] == [(Raises(), (cut,))]
    assert [(one.outcome, one.wire) for one in again] == [(Raises(), (anew,))]


def test_a_session_whose_connection_was_cut_may_raise() -> None:
    same = replace_certificate(Chain())
    used = outcomes(https(), connect_tls(), same, list_tables())[2]
    assert used == [Gives(["Example"]), Raises()]


@pytest.mark.parametrize("tls", ["1.0", "1.1"])
def test_old_versions_are_refused(tls: Any) -> None:
    assert outcomes(https(tls=tls), connect_tls()) == [[Raises()]]


@pytest.mark.parametrize(
    ("names", "host", "believed"),
    [
        (("*.example.test",), "a.example.test", True),
        (("*.example.test",), "A.Example.TEST", True),
        (("*.example.test",), "a.b.example.test", False),
        (("*.example.test",), "example.test", False),
        (("f*.example.test",), "foo.example.test", False),
        (("a.*.test",), "a.example.test", False),
        (("::1",), "0:0:0:0:0:0:0:1", True),
        (("127.0.0.1",), "localhost", False),
    ],
)
def test_names_and_hosts(names: tuple[str, ...], host: str, believed: bool) -> None:
    seen = outcomes(https(names=names), connect_tls(host=host))
    assert seen == [[GivesSession() if believed else Raises()]]
