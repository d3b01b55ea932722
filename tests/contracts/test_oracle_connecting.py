"""What the oracle says of a call of connect, demand by demand, and at which stage it stops."""

from __future__ import annotations

from typing import Any

import pytest

from connect_contracts.clauses import Profile
from connect_contracts.expectation import (
    Alternative,
    Expectation,
    GivesSession,
    Raises,
    Returns,
)
from connect_contracts.oracle import oracle
from connect_contracts.oracle.alternatives import and_seen, may_raise, must_raise, or_raises
from connect_contracts.oracle.caller import LONGEST
from connect_contracts.oracle.names import MANY, is_address, matched
from connect_contracts.oracle.values import fit, identity
from connect_contracts.scenario import (
    AuthorityFile,
    Basic,
    Callback,
    Certificate,
    Own,
    Scenario,
    Step,
    TargetSpec,
    Token,
    User,
)
from connect_contracts.story import (
    AS_ADMIN,
    AS_USER,
    arm,
    connect,
    connect_tls,
    https,
    mutual_tls,
    ping,
    secure,
    unsecure,
)
from connect_contracts.wire import (
    BasicPair,
    BearerToken,
    BelowBasePath,
    CallableAsked,
    FaultFired,
    FirstRequest,
    HandshakeRefusedByTarget,
    HostNamed,
    KnownAs,
    NoAuthorization,
    NoChange,
    NoHttpByte,
    NothingArrived,
    NowhereInAddress,
    PlainHttpRefused,
    Presents,
    PresentsNothing,
    RefusedWith,
)
from connect_harness.certificates import Chain

Alternatives = tuple[Alternative, ...]

NO_CHANGE = NoChange(since_step=True)


def last(
    *given: TargetSpec | Step, profile: Profile = Profile.V0_9_1, **scenario: Any
) -> Alternatives:
    """What the oracle says of the last step."""
    targets = tuple(one for one in given if isinstance(one, TargetSpec))
    steps = tuple(one for one in given if not isinstance(one, TargetSpec))
    by_step = {one.step: one for one in oracle(Scenario(targets, steps, **scenario), profile)}
    return by_step.get(len(steps) - 1, Expectation(0, ())).alternatives


def succeeds(*wire: Any, host: str = "localhost") -> Alternatives:
    address = HostNamed(host), FirstRequest(), BelowBasePath()
    return (Alternative(GivesSession(), (*address, *wire, NO_CHANGE)),)


def refused(*wire: Any) -> Alternatives:
    return (Alternative(Raises(), wire),)


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
    ],
)
def test_what_a_rule_says_how_to_send(authentication: Any, plain: bool) -> None:
    password = getattr(authentication, "password", "passwd")
    users = (User(authentication.username, password, ("ROLE_USER",)),)
    alternatives = last(secure(users=users), connect(authentication))
    assert is_open(alternatives[:2]) != plain
    assert alternatives[0].outcome == GivesSession()


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


# Alternatives.


def test_what_may_raise_as_well_leaves_open_what_is_seen() -> None:
    changing = (Alternative(Returns(), (FaultFired(),)),)
    assert or_raises(changing) == (Alternative(Returns()), Alternative(Raises()))
    harmless = (Alternative(Returns(), (FaultFired(), NO_CHANGE)),)
    same = (Alternative(Returns(), (NO_CHANGE,)), Alternative(Raises(), (NO_CHANGE,)))
    assert or_raises(harmless) == same
    mixed = or_raises((*harmless, *changing))
    assert [one.wire for one in mixed] == [(), (), ()]
    assert or_raises(refused(NoHttpByte())) == refused()
    assert or_raises(()) == ()


def test_a_further_demand_on_each_alternative() -> None:
    both = (Alternative(Returns(), (FaultFired(),)), Alternative(Raises()))
    assert and_seen(both, NO_CHANGE) == (
        Alternative(Returns(), (FaultFired(), NO_CHANGE)),
        Alternative(Raises(), (NO_CHANGE,)),
    )


def test_what_may_and_what_must_raise() -> None:
    returns, raises = (Alternative(Returns()),), (Alternative(Raises()),)
    assert [may_raise(one) for one in ((), returns, raises, returns + raises)] == [
        False,
        False,
        True,
        True,
    ]
    assert [must_raise(one) for one in ((), returns, raises, returns + raises)] == [
        False,
        False,
        True,
        False,
    ]


# Names.


@pytest.mark.parametrize(
    ("names", "host", "judged"),
    [
        (("a.test",), "a.test", "believed"),
        (("a.test",), "A.TEST", "believed"),
        (("a.test",), "b.test", "refused"),
        (("*.test",), "a.test", "believed"),
        (("*.test",), "a.b.test", "refused"),
        (("*.b.test",), "a.b.test", "believed"),
        (("*.test",), ".test", "refused"),
        (("*.test",), "test", "refused"),
        (("*",), "a", "open"),
        (("*.",), "a.", "open"),
        (("a.test",), "a.test.", "open"),
        (("a_b.test",), "a_b.test", "open"),
        (("a_b.test",), "c.test", "open"),
        (("127.0.0.1",), "127.0.0.1", "believed"),
        (("127.0.0.1",), "127.0.0.2", "refused"),
        (("::1",), "0:0:0:0:0:0:0:1", "believed"),
        (("*.0.0.1",), "127.0.0.1", "refused"),
        (("127.0.0.1",), "localhost", "refused"),
        (tuple(f"n{number}.test" for number in range(MANY)), "a.test", "refused"),
        (tuple(f"n{number}.test" for number in range(MANY + 1)), "n1.test", "open"),
    ],
)
def test_names_of_a_certificate(names: tuple[str, ...], host: str, judged: str) -> None:
    assert matched(Chain(names=names, subject="somebody"), host) == judged


@pytest.mark.parametrize(
    ("names", "subject", "host", "judged"),
    [
        ((), "a.test", "a.test", "open"),
        ((), "A.Test", "a.test", "open"),
        ((), "b.test", "a.test", "refused"),
        (("127.0.0.1",), None, "a.test", "refused"),
        (("127.0.0.1",), "a.test", "a.test", "open"),
        (("b.test",), "a.test", "a.test", "refused"),
        ((), "127.0.0.1", "127.0.0.1", "refused"),
    ],
)
def test_a_name_in_the_common_name_alone(
    names: tuple[str, ...], subject: str | None, host: str, judged: str
) -> None:
    assert matched(Chain(names=names, subject=subject), host) == judged


def test_what_is_an_address() -> None:
    assert [is_address(one) for one in ("127.0.0.1", "::1", "localhost", "1.2.3", "")] == [
        True,
        True,
        False,
        False,
        False,
    ]


# Values, at the edges of their types.


@pytest.mark.parametrize(
    ("value", "data_type", "judged"),
    [
        (-(2**31), "int", "right"),
        (-(2**31) - 1, "int", "wrong"),
        (2**63 - 1, "long", "right"),
        (2**63, "long", "wrong"),
        (-(2**63) - 1, "long", "wrong"),
        (2**53, "double", "right"),
        (2**53 + 2, "double", "open"),
        (-(2**53) - 2, "double", "open"),
        (2**24, "float", "right"),
        (2**24 + 2, "float", "open"),
        (0.1, "float", "right"),
        (2**2000, "double", "open"),
        (1e39, "double", "right"),
        (True, "double", "open"),
        ("-Infinity", "float", "right"),
        (True, "boolean", "right"),
        ("true", "boolean", "wrong"),
        (1.0, "boolean", "open"),
        ([1], "Object", "open"),
        ([1], "String", "wrong"),
        (("a",), "int", "wrong"),
        ([], "int[]", "right"),
        ((1,), "int[]", "right"),
        (5, "LocalDate", "wrong"),
        ("2024-02-29T00:00:00", "LocalDate", "wrong"),
        ("2024-02-29T01:02:03+01:00", "LocalDateTime", "open"),
        ("01:02:03.123456", "LocalTime", "right"),
        ("2024-02-29T01:02:03Z", "ZonedDateTime", "right"),
    ],
)
def test_values_at_the_edges_of_their_types(value: Any, data_type: str, judged: str) -> None:
    assert fit(value, data_type) == judged


@pytest.mark.parametrize(
    ("one", "other", "data_type", "same"),
    [
        ("2024-02-29", "2024-03-01", "LocalDate", False),
        ("01:02:00", "01:02", "LocalTime", True),
        (1, 1.0, "double", True),
        (1, 2, "double", False),
        ("NaN", "NaN", "float", True),
        (1, 1.0, "float", True),
        (1, True, "int", False),
        ("a", "a", "String", True),
        ("a", "A", "String", False),
    ],
)
def test_what_is_the_same_key(one: Any, other: Any, data_type: str, same: bool) -> None:
    assert (identity(one, data_type) == identity(other, data_type)) == same
