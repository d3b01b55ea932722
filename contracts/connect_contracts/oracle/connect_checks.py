"""What may stop a call of ``connect``, in the order in which it happens.

Each check stops the call (it decides what must be seen, and by which clause), lets it pass, or
leaves open whether it does. After a check that leaves it open, the call may raise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache, cached_property

from connect_contracts.checks.expectation import Alternative, Raises, Returns
from connect_contracts.checks.wire_checks import (
    BasicPair,
    CallableAsked,
    FaultFired,
    HandshakeRefusedByTarget,
    NoHttpByte,
    NothingArrived,
    NoTokenGiven,
    NowhereInAddress,
    PlainHttpRefused,
    PresentsNothing,
    RefusedWith,
    WireCheck,
)
from connect_contracts.execution.call_defects import CALL_DEFECTS
from connect_contracts.execution.call_defects.registry import CallDefect, Check
from connect_contracts.model.scenario import Call
from connect_contracts.oracle import trust
from connect_contracts.oracle.caller import Caller, caller, is_plain, known_as, may_stay_unsent
from connect_contracts.oracle.decision import Alternatives, Decision, only, refused
from connect_contracts.oracle.world import ROLE_ADMIN, ROLE_USER, TargetModel, World, is_harmless
from connect_harness.certificates import DEFECTS
from connect_harness.certificates.chain import is_host_name
from connect_harness.faults import Effect, fault_kinds


@cache
def stopping(topic: str) -> Mapping[str, int | None]:
    """The faults of a topic that stop every call, with an error's status.

    Of ``versions`` and ``statuses``: answers that cannot be the versions document (URL-3, URL-4,
    URL-6); of ``handshakes``: what breaks off a connection before any request (CA-17); of others:
    answers that are not whole, or none (FAULT-1 to FAULT-3).
    """
    return {
        name: kind.status
        for name, kind in fault_kinds().items()
        if kind.topic == topic and kind.effect is Effect.STOPS
    }


SHORTEST_SECRET = 8
"""Characters from which on a password is known again where it stands by mistake."""


class Ruling(Enum):
    """What a check says of a call that it does not stop."""

    PASSES = "passes"
    OPEN = "open"
    """It may be refused here, or go on."""


@dataclass(frozen=True)
class ConnectCall:
    """One call of ``connect``, at one moment of the world that decides about it."""

    world: World
    call: Call

    @cached_property
    def target(self) -> TargetModel:
        return self.world.targets[self.call.target]

    @cached_property
    def caller(self) -> Caller:
        """Who calls, the defect of the call included."""
        return caller(self.call, self.target)

    @property
    def https(self) -> bool:
        return self.target.spec.scheme == "https"

    @property
    def asked_for_certificate(self) -> bool:
        return self.https and self.target.spec.client_certificate is not None


ConnectCheck = Callable[[ConnectCall], Ruling | Decision]


def or_unsent(connect_call: ConnectCall, alternatives: Alternatives) -> Alternatives:
    """``alternatives``; nothing is sent where the credentials may be refused for that."""
    if may_stay_unsent(connect_call.caller):
        return (*alternatives, *refused(NothingArrived()))
    return alternatives


def sent_pair(connect_call: ConnectCall) -> tuple[WireCheck, ...]:
    """That Basic credentials arrive byte for byte, if the call gives any that are known."""
    match connect_call.caller:
        case Caller("basic", str(username), str(password)):
            return (BasicPair(username, password),)
    return ()


_CLAUSES = {
    "gzip-coded where it is accepted": "URL-12",
    "body in chunks": "URL-12",
    "early hints before the answer": "URL-13",
    "bytes that are no HTTP": "FAULT-3",
    "status line of nonsense": "FAULT-3",
    "header of 1 MiB": "FAULT-3",
    "body of 16 MiB": "FAULT-3",
    "closed after the answer": "FAULT-7",
}
"""The clauses of faults that neither their topic nor their effect tells."""


def fault_clause(fault: str) -> str:
    """The clause about an answer that is wrong, or that a client has to put up with."""
    kind = fault_kinds()[fault]
    if fault in stopping("versions") or fault in stopping("statuses"):
        return {404: "URL-3", None: "URL-4"}.get(kind.status, "URL-6")
    if fault in _CLAUSES:
        return _CLAUSES[fault]
    if kind.topic == "redirects":
        return "URL-11"
    if kind.topic == "versions" or (kind.effect is Effect.HARMLESS and kind.topic != "framing"):
        return "URL-5"
    if kind.stalls:
        return "FAULT-4"
    broken_off = fault.startswith(("closed", "reset", "plain", "stalled"))
    return "FAULT-1" if broken_off or kind.topic in ("handshakes", "requests") else "FAULT-2"


def clause_of_later_fault(target: TargetModel) -> str:
    """The clause about what a session does while a fault is armed on its target."""
    clauses = [fault_clause(step.fault) for step in target.faults if step.fault is not None]
    return next((clause for clause in clauses if clause.startswith("FAULT")), "FAULT-1")


def _met(connect_call: ConnectCall, check: Check) -> CallDefect | None:
    """The defect of the call, if ``check`` is the one that meets it."""
    defect = CALL_DEFECTS.get(connect_call.call.defect or "")
    return defect if defect is not None and defect.check == check else None


def _arguments(connect_call: ConnectCall) -> Ruling | Decision:
    defect = _met(connect_call, "arguments")
    if defect is None:
        return Ruling.PASSES
    if defect.expectation == "observe":
        return Ruling.OPEN
    assert defect.clause is not None, f"{defect.name} is refused and names no clause"
    return Decision(defect.clause, refused(NothingArrived()))


def _port(connect_call: ConnectCall) -> Ruling | Decision:
    if _met(connect_call, "port") is None:
        return Ruling.PASSES
    to_tls = connect_call.call.defect == "http to a TLS port"
    if to_tls != connect_call.https:
        return Ruling.PASSES
    if not to_tls:
        return Decision("CA-17", refused(NoHttpByte()))
    seen = refused(PlainHttpRefused())
    if connect_call.caller.kind == "certificate" or not is_plain(connect_call.caller):
        # A client certificate has no use without TLS: a client may see that and send nothing.
        return Decision("CA-17", (*seen, *refused(NothingArrived())))
    return Decision("CA-17", or_unsent(connect_call, seen))


def _authority_file(connect_call: ConnectCall) -> Ruling | Decision:
    given = trust.authorities_given(connect_call.call)
    if not connect_call.https:
        return Ruling.PASSES if given is None else Ruling.OPEN
    if given == ():
        return Decision("CA-7", refused(NoHttpByte(after_connecting=False)))
    return Ruling.OPEN if _met(connect_call, "authority file") else Ruling.PASSES


def _client_files(connect_call: ConnectCall) -> Ruling | Decision:
    defect = _met(connect_call, "client files")
    if defect is None:
        return Ruling.PASSES
    # Without TLS, a client need not read them.
    if defect.expectation == "observe" or not connect_call.https:
        return Ruling.OPEN
    return Decision("MTLS-5", refused(NoHttpByte(after_connecting=False)))


def _handshake(connect_call: ConnectCall) -> Ruling | Decision:
    spec, fault = connect_call.target.spec, connect_call.target.fault
    if fault in stopping("handshakes") and not connect_call.target.may_meet_connect:
        silent = (NoHttpByte(),) if connect_call.https else ()
        return Decision("CA-17", refused(FaultFired(), *silent))
    if not connect_call.https:
        return Ruling.PASSES
    if spec.tls in ("1.0", "1.1"):
        return Decision("CA-15", refused(NoHttpByte()))
    unrecognised = spec.server_name_unrecognised and not trust.is_address(connect_call.call.host)
    if spec.ciphers is not None or unrecognised:
        return Decision("CA-17", refused(NoHttpByte()))
    return Ruling.PASSES if "http/1.1" in spec.alpn else Ruling.OPEN


def _server_certificate(connect_call: ConnectCall) -> Ruling | Decision:
    if not connect_call.https:
        return Ruling.PASSES
    chain = connect_call.target.chain
    believed = trust.server_believed(chain, connect_call.call, connect_call.world.scenario.trusted)
    if believed == "refused":
        presents = (PresentsNothing(),) if connect_call.caller.kind == "certificate" else ()
        return Decision(_distrust_clause(connect_call), refused(NoHttpByte(), *presents))
    return Ruling.OPEN if believed == "open" else Ruling.PASSES


def _distrust_clause(connect_call: ConnectCall) -> str:
    """The clause by which the chain of the target is refused: purpose, defect, authority, name."""
    chain, call = connect_call.target.chain, connect_call.call
    if chain.purpose == "client":
        return "CA-13"
    if call.host.isascii() and not is_host_name(call.host.lower()):
        return "CA-10"
    # No rule compares a host in other letters with a name, so no name is refused for it.
    named = replace(chain, names=(call.host.lower(),) if call.host.isascii() else chain.names)
    # A chain of an authority that is trusted anyway is refused for its defect alone.
    trusted = (chain.authority,)
    if chain.defect and trust.server_believed(named, call, trusted) == "refused":
        return DEFECTS[chain.defect].clause
    if trust.server_believed(named, call, connect_call.world.scenario.trusted) == "refused":
        return "CA-2" if trust.authorities_given(call) is None else "CA-3"
    return "CA-10"


def _client_certificate(connect_call: ConnectCall) -> Ruling | Decision:
    chain, spec = connect_call.caller.chain, connect_call.target.spec
    if connect_call.caller.kind == "certificate" and not connect_call.https:
        return Ruling.OPEN
    if not connect_call.asked_for_certificate:
        return Ruling.PASSES
    alerts = trust.client_refusal(chain, connect_call.target)
    if not alerts:
        return Ruling.PASSES if alerts is None else Ruling.OPEN
    refusal = refused(HandshakeRefusedByTarget(alerts))
    if chain is None:
        return Decision("MTLS-3", refusal)
    if "unknown_ca" in alerts and spec.client_certificate == "optional":
        refusal = (*refusal, *refused(RefusedWith(401)))
    return Decision("MTLS-4", refusal)


def _callable(connect_call: ConnectCall) -> Ruling | Decision:
    kind = connect_call.caller.kind
    if kind not in ("raising", "raising later") or not connect_call.target.spec.secure:
        return Ruling.PASSES
    raises = Raises(within="CallableError")
    if kind == "raising later":
        # How many requests a connect takes is its own affair.
        asked = CallableAsked(each=True)
        return Decision("AUTH-8", (Alternative(raises, (asked,)), Alternative(Returns(), (asked,))))
    return Decision("AUTH-8", only(raises, NoHttpByte(after_connecting=False)))


def _issuer(connect_call: ConnectCall) -> Ruling | Decision:
    """The issuer of the caller's token, which is asked before the target is (AUTH-14)."""
    calling, target = connect_call.caller, connect_call.target
    if calling.kind != "grant":
        return Ruling.PASSES
    issuer, fault = target.spec.issuer, target.fault_of_issuer
    # An issuer can be believed as the machine's authorities have it, and as the call has it.
    trusted = "authority" in connect_call.world.scenario.trusted
    given = trust.authorities_given(connect_call.call) or ()
    if issuer is None or not (trusted and "authority" in given) or not target.spec.secure:
        return Ruling.OPEN
    if target.may_meet_tokens or issuer.answers == "another issuer" or not is_plain(calling):
        return Ruling.OPEN
    wrong = known_as(calling, target) is None or issuer.answers != "tokens"
    stopped = fault is not None and not is_harmless(fault)
    if wrong or stopped:
        met = (FaultFired(),) if stopped else ()
        return Decision("AUTH-14", refused(NoTokenGiven(), *met))
    return Ruling.PASSES


def _userinfo(connect_call: ConnectCall) -> Ruling | Decision:
    userinfo = connect_call.call.userinfo
    if userinfo is None:
        return Ruling.PASSES
    password = userinfo.partition(":")[2]
    # A short one may stand in any address by chance.
    wire = (NowhereInAddress(password),) if len(password) >= SHORTEST_SECRET else ()
    return Decision("URL-14", (Alternative(Returns(), wire), Alternative(Raises(), wire)))


def _versions(connect_call: ConnectCall) -> Ruling | Decision:
    if connect_call.target.may_meet_connect:
        return Ruling.OPEN
    fault = connect_call.target.fault or "noop"
    plain_in_tls = fault == "plain bytes within the stream" and connect_call.https
    kind = fault_kinds()[fault]
    if fault in stopping(kind.topic) or plain_in_tls:
        status = stopping(kind.topic).get(fault)
        answer = () if status is None else (RefusedWith(status),)
        seen = or_unsent(connect_call, refused(FaultFired(), *answer))
        return Decision(fault_clause(fault), seen)
    return Ruling.PASSES if is_harmless(fault) else Ruling.OPEN


def _identity(connect_call: ConnectCall) -> Ruling | Decision:
    target, calling = connect_call.target, connect_call.caller
    if not target.spec.secure:
        return Ruling.PASSES if calling.kind == "nobody" else Ruling.OPEN
    if not is_plain(calling) or not target.lets_in_as_known:
        return Ruling.OPEN
    username = known_as(calling, target)
    roles = target.roles_of(username)
    # What a target that is not ready answers to others than administrators.
    unready = () if target.ready or ROLE_ADMIN in roles else refused(RefusedWith(503))
    if username is None:
        clause = "AUTH-4"
        if calling.kind == "nobody":
            clause = "MTLS-3" if connect_call.asked_for_certificate else "AUTH-5"
        refusal = refused(RefusedWith(401), *sent_pair(connect_call))
    elif not roles & {ROLE_ADMIN, ROLE_USER}:
        clause, refusal = "AUTH-6", refused(RefusedWith(403))
    elif unready:
        clause, refusal = "AUTH-17", ()
    else:
        return Ruling.PASSES
    return Decision(clause, or_unsent(connect_call, (*refusal, *unready)))


CONNECT_CHECKS: tuple[ConnectCheck, ...] = (
    _arguments,
    _port,
    _authority_file,
    _client_files,
    _handshake,
    _server_certificate,
    _client_certificate,
    _callable,
    _issuer,
    _userinfo,
    _versions,
    _identity,
)
