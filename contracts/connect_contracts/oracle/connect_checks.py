"""What may stop a call of ``connect``, in the order in which it happens.

Each stage either stops the call (it says what must be seen), or lets it pass, or leaves open
whether it does: from there on the call may raise, whatever else is decided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from connect_contracts.checks.expectation import Alternative, Raises, Returns
from connect_contracts.checks.wire_checks import (
    FaultFired,
    HandshakeRefusedByTarget,
    NoHttpByte,
    NothingArrived,
    NowhereInAddress,
    PlainHttpRefused,
    PresentsNothing,
    RefusedWith,
)
from connect_contracts.execution.call_defects import met_by
from connect_contracts.oracle import trust
from connect_contracts.oracle.alternatives import Alternatives, only, refused
from connect_contracts.oracle.caller import is_plain, known_as
from connect_contracts.oracle.connect_call import Attempt, Ruling, or_unsent, sent_pair
from connect_contracts.oracle.names import is_address
from connect_contracts.oracle.world import HARMLESS_FAULTS, ROLE_ADMIN, ROLE_USER
from connect_harness.faults import Effect, fault_kinds

ConnectCheck = Callable[[Attempt], Ruling | Alternatives]

STOPPING_FAULTS: Mapping[str, int | None] = {
    name: kind.status
    for name, kind in fault_kinds().items()
    if kind.topic == "versions" and kind.effect is Effect.STOPS
}
"""Answers that cannot be the versions document (URL-3, URL-4, URL-6), with an error's status."""

BROKEN_HANDSHAKES = tuple(
    name
    for name, kind in fault_kinds().items()
    if kind.topic == "handshakes" and kind.effect is Effect.STOPS
)
"""What breaks off a connection before any request (CA-17)."""

BROKEN_ANSWERS = tuple(
    name
    for name, kind in fault_kinds().items()
    if kind.topic == "framing" and kind.effect is Effect.STOPS
)
"""Answers that are not whole (FAULT-1, FAULT-2)."""

SHORTEST_SECRET = 8
"""Characters from which on a password is known again where it stands by mistake."""


def _arguments(attempt: Attempt) -> Ruling | Alternatives:
    defect = attempt.call.defect
    if defect in met_by("arguments", "refused"):
        return refused(NothingArrived())
    return Ruling.OPEN if defect in met_by("arguments", "observe") else Ruling.PASSES


def _authority_file(attempt: Attempt) -> Ruling | Alternatives:
    given = trust.authorities_given(attempt.call)
    if not attempt.https:
        return Ruling.PASSES if given is None else Ruling.OPEN
    if given == ():
        return refused(NoHttpByte(after_connecting=False))
    observed = attempt.call.defect in met_by("authority file", "observe")
    return Ruling.OPEN if observed else Ruling.PASSES


def _client_files(attempt: Attempt) -> Ruling | Alternatives:
    if attempt.call.defect in met_by("client files", "observe"):
        return Ruling.OPEN
    if attempt.call.defect not in met_by("client files", "refused"):
        return Ruling.PASSES
    # Where no TLS is spoken, nobody need look at them.
    return refused(NoHttpByte(after_connecting=False)) if attempt.https else Ruling.OPEN


def _port(attempt: Attempt) -> Ruling | Alternatives:
    if attempt.call.defect not in met_by("port", "refused"):
        return Ruling.PASSES
    to_tls = attempt.call.defect == "http to a TLS port"
    if to_tls != attempt.https:
        return Ruling.PASSES
    if not to_tls:
        return refused(NoHttpByte())
    if attempt.caller.kind == "certificate" or not is_plain(attempt.caller):
        # A client certificate has no use without TLS: whoever sees that need not send anything.
        return (*refused(PlainHttpRefused()), *refused(NothingArrived()))
    return or_unsent(attempt, refused(PlainHttpRefused()))


def _handshake(attempt: Attempt) -> Ruling | Alternatives:
    spec, fault = attempt.target.spec, attempt.target.fault
    if fault in BROKEN_HANDSHAKES:
        silent = (NoHttpByte(),) if attempt.https else ()
        return refused(FaultFired(), *silent)
    if not attempt.https:
        return Ruling.PASSES
    if spec.tls in ("1.0", "1.1") or spec.ciphers is not None:
        return refused(NoHttpByte())
    if spec.server_name_unrecognised and not is_address(attempt.call.host):
        return refused(NoHttpByte())
    return Ruling.PASSES if "http/1.1" in spec.alpn else Ruling.OPEN


def _server_certificate(attempt: Attempt) -> Ruling | Alternatives:
    if not attempt.https:
        return Ruling.PASSES
    judged = trust.server_believed(attempt.target.chain, attempt.call, attempt.trusted)
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
    if fault in BROKEN_ANSWERS or (fault == "plain bytes within the stream" and attempt.https):
        return or_unsent(attempt, refused(FaultFired()))
    if fault in STOPPING_FAULTS:
        status = STOPPING_FAULTS[fault]
        answer = () if status is None else (RefusedWith(status),)
        return or_unsent(attempt, refused(FaultFired(), *answer))
    return Ruling.PASSES if fault in HARMLESS_FAULTS else Ruling.OPEN


def _identity(attempt: Attempt) -> Ruling | Alternatives:
    target, one = attempt.target, attempt.caller
    if not target.spec.secure:
        return Ruling.PASSES if one.kind == "nobody" else Ruling.OPEN
    if not is_plain(one):
        return Ruling.OPEN
    username = known_as(one, target)
    if username is None:
        pair = sent_pair(attempt)
        unready = () if target.ready else refused(RefusedWith(503))
        return or_unsent(attempt, (*refused(RefusedWith(401), *pair), *unready))
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
    return or_unsent(attempt, refusal)


CONNECT_CHECKS: tuple[ConnectCheck, ...] = (
    _arguments,
    _port,
    _authority_file,
    _client_files,
    _handshake,
    _server_certificate,
    _client_certificate,
    _callable,
    _userinfo,
    _versions,
    _identity,
)
