"""One call of ``connect``: what may stop it, in the order in which it happens.

Each stage either stops the call (it says what must be seen), or lets it pass, or leaves open
whether it does: from there on the call may raise, whatever else is decided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from urllib.parse import quote

from connect_contracts.clauses import Profile
from connect_contracts.expectation import Alternative, GivesSession, Raises, Returns
from connect_contracts.oracle import trust
from connect_contracts.oracle.alternatives import (
    NO_CHANGE,
    SILENT,
    Alternatives,
    may_raise,
    must_raise,
    only,
    or_raises,
    refused,
)
from connect_contracts.oracle.caller import Caller, caller, is_plain, known_as, may_stay_unsent
from connect_contracts.oracle.world import (
    HARMLESS_FAULTS,
    ROLE_ADMIN,
    ROLE_USER,
    SessionModel,
    TargetModel,
    World,
)
from connect_contracts.scenario import Call, Connect
from connect_contracts.wire import (
    BasicPair,
    BearerToken,
    BelowBasePath,
    CallableAsked,
    Demand,
    FaultFired,
    FirstRequest,
    HandshakeRefusedByTarget,
    HostNamed,
    KnownAs,
    NoAuthorization,
    NoHttpByte,
    NothingArrived,
    NowhereInAddress,
    Presents,
    PresentsNothing,
    RefusedWith,
)

WRONG_ARGUMENTS = (
    "authentication by position",
    "certificate_authority by position",
    "unknown keyword",
    "no url",
    "url is None",
    "url is a number",
)
LEADS_NOWHERE = (
    "nothing listens",
    "name does not resolve",
    "no scheme",
    "scheme of another protocol",
    "no host",
    "port is no port",
    "space in the host",
)
OBSERVED_URLS = ("url is bytes", "port out of range", "space in the path", "query", "fragment")

STOPPING_FAULTS: Mapping[str, int | None] = {
    "versions missing": 404,
    "versions not JSON": None,
    "versions an array": None,
    "versions a text": None,
    "versions with apis not an object": None,
    "versions empty": None,
    "versions a login page": None,
    "versions 403": 403,
    "versions 429": 429,
    "versions 500": 500,
    "versions 502": 502,
    "versions 503": 503,
}
"""Answers that cannot be the versions document (URL-3, URL-4, URL-6), with an error's status."""

SHORTEST_SECRET = 8
"""Characters from which on a password is known again where it stands by mistake."""


class Ruling(Enum):
    """What a stage says of a call that it does not stop."""

    PASSES = "passes"
    OPEN = "open"
    """It may be refused here, or go on."""


@dataclass(frozen=True)
class Attempt:
    """One call, with all that decides about it.

    Parameters:
        first: Nothing connected to any target before.
        only_callable: No other call of the scenario gives a callable, whose calls are counted.
    """

    call: Call
    target: TargetModel
    caller: Caller
    profile: Profile
    first: bool
    only_callable: bool

    @property
    def https(self) -> bool:
        """Whether TLS is spoken."""
        return self.target.spec.scheme == "https"

    @property
    def asked_for_certificate(self) -> bool:
        """Whether the target asks for a client certificate."""
        return self.https and self.target.spec.client_certificate is not None


Stage = Callable[[Attempt], Ruling | Alternatives]


def connect(world: World, step: Connect) -> Alternatives:
    """What must be seen of a call of ``connect``; the session that it opens enters the world."""
    target = world.targets[step.call.target]
    attempt = Attempt(
        call=step.call,
        target=target,
        caller=caller(step.call, target),
        profile=world.profile,
        first=not world.connected,
        only_callable=world.callables == 1,
    )
    world.connected = True
    said = SILENT if _undescribed(world, attempt) else _ruled(attempt)
    username = known_as(attempt.caller, target) if target.spec.secure else None
    world.sessions[step.session] = SessionModel(
        target, username, target.roles_of(username), "perhaps", step.call.host
    )
    if must_raise(said):
        world.sessions[step.session].state = "absent"
    elif said and not may_raise(said):
        world.sessions[step.session].state = "open"
    return said


def _undescribed(world: World, attempt: Attempt) -> bool:
    """Whether no documentation speaks of anything like this call."""
    spec = attempt.target.spec
    tls_without_security = not spec.secure and attempt.https
    certificate_without_tls = spec.client_certificate is not None and not attempt.https
    # Proxies, .netrc, further trust: what surrounds a call is observed (URL-11, CA-19).
    return bool(world.scenario.surroundings) or tls_without_security or certificate_without_tls


def _ruled(attempt: Attempt) -> Alternatives:
    unsure = False
    for stage in STAGES:
        ruling = stage(attempt)
        if isinstance(ruling, Ruling):
            unsure = unsure or ruling is Ruling.OPEN
        else:
            return or_raises(ruling) if unsure else ruling
    return or_raises(_succeeds(attempt)) if unsure else _succeeds(attempt)


# The stages.


def _arguments(attempt: Attempt) -> Ruling | Alternatives:
    defect = attempt.call.defect
    if defect in WRONG_ARGUMENTS or defect in LEADS_NOWHERE:
        return refused(NothingArrived())
    return Ruling.OPEN if defect in OBSERVED_URLS else Ruling.PASSES


def _authority_file(attempt: Attempt) -> Ruling | Alternatives:
    given = trust.authorities_given(attempt.call)
    if not attempt.https:
        return Ruling.PASSES if given is None else Ruling.OPEN
    if given == ():
        return refused(NoHttpByte(after_connecting=False))
    half = attempt.call.defect == trust.HALF_USABLE_FILE
    return Ruling.OPEN if half else Ruling.PASSES


def _server_certificate(attempt: Attempt) -> Ruling | Alternatives:
    if not attempt.https:
        return Ruling.PASSES
    judged = trust.server_believed(attempt.target.spec.chain, attempt.call)
    if judged == "refused":
        presents = (PresentsNothing(),) if attempt.caller.kind == "certificate" else ()
        return refused(NoHttpByte(), *presents)
    return Ruling.OPEN if judged == "open" else Ruling.PASSES


def _client_certificate(attempt: Attempt) -> Ruling | Alternatives:
    if attempt.caller.kind == "certificate" and not attempt.https:
        return Ruling.OPEN
    if not attempt.asked_for_certificate:
        return Ruling.PASSES
    alerts = trust.client_refusal(attempt.caller.chain, attempt.target)
    if not alerts:
        return Ruling.PASSES if alerts is None else Ruling.OPEN
    refusal = refused(HandshakeRefusedByTarget(alerts))
    unpresented = attempt.caller.chain is not None and "unknown_ca" in alerts
    if unpresented and attempt.target.spec.client_certificate == "optional":
        return (*refusal, *refused(RefusedWith(401)))
    return refusal


def _callable(attempt: Attempt) -> Ruling | Alternatives:
    if attempt.caller.kind != "raising" or not attempt.target.spec.secure:
        return Ruling.PASSES
    return only(Raises(within="CallableError"), NoHttpByte(after_connecting=False))


def _userinfo(attempt: Attempt) -> Ruling | Alternatives:
    userinfo = attempt.call.userinfo
    if userinfo is None:
        return Ruling.PASSES
    password = userinfo.partition(":")[2]
    # A short one may stand in any address by chance.
    hidden = len(password) >= SHORTEST_SECRET
    demands = (NowhereInAddress(password),) if hidden else ()
    return (Alternative(Returns(), demands), Alternative(Raises(), demands))


def _versions(attempt: Attempt) -> Ruling | Alternatives:
    fault = attempt.target.fault or "noop"
    if fault in STOPPING_FAULTS:
        status = STOPPING_FAULTS[fault]
        answer = () if status is None else (RefusedWith(status),)
        return _or_unsent(attempt, refused(FaultFired(), *answer))
    return Ruling.PASSES if fault in HARMLESS_FAULTS else Ruling.OPEN


def _identity(attempt: Attempt) -> Ruling | Alternatives:
    target, one = attempt.target, attempt.caller
    if not target.spec.secure:
        return Ruling.PASSES if one.kind == "nobody" else Ruling.OPEN
    if not is_plain(one):
        return Ruling.OPEN
    username = known_as(one, target)
    if username is None:
        pair = _sent_pair(attempt)
        unready = () if target.ready else refused(RefusedWith(503))
        return _or_unsent(attempt, (*refused(RefusedWith(401), *pair), *unready))
    return _rights(attempt, target.roles_of(username))


def _rights(attempt: Attempt, roles: frozenset[str]) -> Ruling | Alternatives:
    statuses = []
    if not roles & {ROLE_ADMIN, ROLE_USER}:
        statuses.append(403)
    if not attempt.target.ready and ROLE_ADMIN not in roles:
        statuses.append(503)
    if not statuses:
        return Ruling.PASSES
    refusal = tuple(one for status in statuses for one in refused(RefusedWith(status)))
    return _or_unsent(attempt, refusal)


STAGES: tuple[Stage, ...] = (
    _arguments,
    _authority_file,
    _server_certificate,
    _client_certificate,
    _callable,
    _userinfo,
    _versions,
    _identity,
)


# What is seen of those that pass, and of those that may not.


def _or_unsent(attempt: Attempt, alternatives: Alternatives) -> Alternatives:
    if may_stay_unsent(attempt.caller):
        return (*alternatives, *refused(NothingArrived()))
    return alternatives


def _sent_pair(attempt: Attempt) -> tuple[Demand, ...]:
    one = attempt.caller
    if one.kind == "basic" and one.username is not None and one.password is not None:
        return (BasicPair(one.username, one.password),)
    return ()


def _succeeds(attempt: Attempt) -> Alternatives:
    # Of the class that it was called on: documented in 6.2 alone (SIG-4).
    any_class = attempt.call.subclass and attempt.profile is Profile.V0_9_1
    outcome = Returns() if any_class else GivesSession()
    said = only(outcome, *_address(attempt), *_identified(attempt), NO_CHANGE)
    return _or_unsent(attempt, said)


def _address(attempt: Attempt) -> list[Demand]:
    host = f"[{attempt.call.host}]" if ":" in attempt.call.host else attempt.call.host
    demands: list[Demand] = [HostNamed(host)]
    base_path = attempt.target.spec.base_path
    # Demands compare with the base path as it is written, so it must be written one way only.
    if base_path == quote(base_path):
        demands += [FirstRequest(), BelowBasePath()]
    if attempt.target.fault == "versions extended":
        demands.append(FaultFired())
    return demands


def _identified(attempt: Attempt) -> list[Demand]:
    one = attempt.caller
    username = known_as(one, attempt.target)
    demands: list[Demand] = [KnownAs(username)] if username is not None else []
    match one.kind:
        case "nobody" if attempt.first:
            demands.append(NoAuthorization())
        case "basic":
            demands += _sent_pair(attempt)
        case "token":
            demands.append(BearerToken(one.token_type or "Bearer"))
        case "callable" if attempt.only_callable:
            demands.append(CallableAsked(each=True))
        case "certificate" if attempt.first:
            demands.append(Presents())
    if attempt.asked_for_certificate and one.kind != "certificate":
        demands.append(PresentsNothing())
    return demands
