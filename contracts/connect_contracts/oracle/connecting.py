"""A call of ``connect``: it passes every check, or is stopped at one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

from connect_contracts.checks.expectation import GivesSession, Raises, Returns
from connect_contracts.checks.wire_checks import (
    BearerToken,
    BelowBasePath,
    CallableAsked,
    FaultFired,
    FirstRequest,
    HostNamed,
    KnownAs,
    NoAuthorization,
    Presents,
    PresentsNothing,
    TokenFetched,
    WireCheck,
)
from connect_contracts.model.allowed import AUTHORITY_FILES
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import AuthorityFile, Connect, TargetSpec
from connect_contracts.oracle.caller import known_as
from connect_contracts.oracle.connect_checks import (
    CONNECT_CHECKS,
    ConnectCall,
    Ruling,
    fault_clause,
    or_unsent,
    sent_pair,
)
from connect_contracts.oracle.decision import (
    BELIEVES,
    NO_CHANGE,
    SILENT,
    Decision,
    must_raise,
    must_return,
    only,
)
from connect_contracts.oracle.world import SessionModel, World
from connect_harness.certificates import DEFECTS, Chain

_ORDINARY = re.compile("[A-Za-z0-9-]{1,64}")
"""User names and passwords that arrive whatever is done to them, those of a run's own included."""


def connect(world: World, step: Connect, *, interrupted: bool = False) -> Decision:
    """What must be seen of a call of ``connect``; the session that it opens enters the world.

    Parameters:
        interrupted: Whether it is interrupted while its target holds an answer (CLEAN-8).
    """
    connect_call = ConnectCall(world, step.call)
    target = connect_call.target
    decision = _decide(connect_call)
    if interrupted and must_return(decision.alternatives):
        decision = Decision("CLEAN-8", only(Raises("KeyboardInterrupt"), FaultFired(), NO_CHANGE))
    if _undescribed(connect_call):
        decision = replace(decision, alternatives=SILENT)
    allowed = decision.alternatives
    username = known_as(connect_call.caller, target) if target.spec.secure else None
    world.connected = True
    world.sessions[step.session] = SessionModel(
        target,
        username,
        target.roles_of(username),
        "absent" if must_raise(allowed) else "open" if must_return(allowed) else "perhaps",
        step.call,
        # It may be known as somebody else than the call says.
        altered=allowed == SILENT or step.call.userinfo is not None,
    )
    # A client shows its own certificate to no other target (MTLS-6), and no other's (MTLS-8).
    presents_nothing = "MTLS-6" if connect_call.caller.kind == "certificate" else "MTLS-8"
    of_wire_checks = {
        "NoChange": "LIVE-13",
        "PresentsNothing": presents_nothing,
        BELIEVES: _of_trust(connect_call),
    }
    return replace(decision, wire_check_clauses=of_wire_checks)


def _undescribed(connect_call: ConnectCall) -> bool:
    """Whether no documentation describes anything like this call."""
    spec = connect_call.target.spec
    tls_without_security = not spec.secure and connect_call.https
    certificate_without_tls = spec.client_certificate is not None and not connect_call.https
    return _surrounded(connect_call) or tls_without_security or certificate_without_tls


def _surrounded(connect_call: ConnectCall) -> bool:
    """Whether what surrounds the call may decide about it.

    A file and credentials that are given win over those of the environment (CA-1, AUTH-2); proxies
    and all else are observed.
    """
    scenario, call = connect_call.world.scenario, connect_call.call
    if scenario.netrc is not None and call.authentication is None:
        return True
    bundles = call.authority_file is not None or not connect_call.https
    return not all(
        bundles and name in AUTHORITY_FILES and value == "{stranger}"
        for name, value in scenario.surroundings
    )


def _decide(connect_call: ConnectCall) -> Decision:
    """What the first check that stops the call says, or that it succeeds."""
    unsure = False
    for check in CONNECT_CHECKS:
        found = check(connect_call)
        if isinstance(found, Decision):
            return found.or_raises() if unsure else found
        unsure = unsure or found is Ruling.OPEN
    succeeds = _succeeds(connect_call)
    return succeeds.or_raises() if unsure else succeeds


# What is seen of a call that passes.


def _succeeds(connect_call: ConnectCall) -> Decision:
    # Of the class that it was called on: documented in 6.2 alone (SIG-4).
    any_class = connect_call.call.subclass and connect_call.world.profile is Profile.V0_9_1
    outcome = Returns() if any_class else GivesSession()
    wire = (*_address(connect_call), *_identified(connect_call), NO_CHANGE)
    return Decision(_special(connect_call), or_unsent(connect_call, only(outcome, *wire)))


def _address(connect_call: ConnectCall) -> list[WireCheck]:
    host = connect_call.call.host
    checks: list[WireCheck] = [HostNamed(f"[{host}]" if ":" in host else host)]
    # Wire checks compare with base paths as they are written, so they must be written one way
    # only: that of this target, and of all targets where they look at every request so far.
    if _written_one_way(connect_call.target.spec):
        checks.append(FirstRequest())
    if all(map(_written_one_way, connect_call.world.scenario.targets)):
        checks.append(BelowBasePath())
    if connect_call.target.fault is not None:
        checks.append(FaultFired())
    return checks


def _written_one_way(spec: TargetSpec) -> bool:
    return spec.base_path == quote(spec.base_path)


def _identified(connect_call: ConnectCall) -> list[WireCheck]:
    calling = connect_call.caller
    username = known_as(calling, connect_call.target)
    checks: list[WireCheck] = [KnownAs(username)] if username is not None else []
    match calling.kind:
        case "nobody" if not connect_call.world.connected:
            checks.append(NoAuthorization())
        case "basic":
            checks += sent_pair(connect_call)
        case "token":
            checks.append(BearerToken(calling.token_type or "Bearer"))
        case "grant" if username is not None:
            checks += [BearerToken(), TokenFetched(username, calling.scopes)]
        case "callable" if connect_call.world.callables == 1:
            checks.append(CallableAsked(each=True))
        case "certificate" if not connect_call.world.connected:
            checks.append(Presents())
    if connect_call.asked_for_certificate and calling.kind != "certificate":
        checks.append(PresentsNothing())
    return checks


def _special(connect_call: ConnectCall) -> str:
    """The clause of what is special about a call that must succeed, the rarest first."""
    call, target = connect_call.call, connect_call.target
    # Rarer than any form of the call, and by far more often the reason.
    if ":" in call.host:
        return "URL-9"
    if target.fault is not None:
        return fault_clause(target.fault)
    if connect_call.https and target.chain.defect is not None:
        return DEFECTS[target.chain.defect].clause
    return next(_specials(connect_call), "SIG-1")


def _of_trust(connect_call: ConnectCall) -> str:
    """The clause by which a call that must succeed has to believe its target."""
    defect = connect_call.target.chain.defect
    if defect is not None:
        return DEFECTS[defect].clause
    clauses = _specials(connect_call)
    return next((clause for clause in clauses if clause.startswith("CA-")), "CA-1")


def _specials(connect_call: ConnectCall) -> Iterator[str]:
    """The clauses of all that is special about a call, the rarest first."""
    call, target = connect_call.call, connect_call.target
    spec, chain, https = target.spec, target.chain, connect_call.https
    calling, file = connect_call.caller, call.authority_file or AuthorityFile()
    pair = (calling.username, calling.password)
    special = {
        "CLEAN-6": call.event_loop,
        "SIG-7": call.url_by_keyword,
        "SIG-3": call.explicit_none,
        "SIG-4": call.subclass,
        "URL-2": spec.base_path != "",
        "MTLS-1": calling.kind == "certificate",
        "AUTH-9": calling.kind == "token",
        "AUTH-14": calling.kind == "grant",
        "AUTH-7": calling.kind == "callable",
        "AUTH-3": calling.kind == "basic"
        and not all(_ORDINARY.fullmatch(text or "") for text in pair),
        "CA-5": len(file.authorities) > 1 or file.layout != "plain",
        "CA-9": file.naming != "plain",
        "CA-6": https and chain.intermediates > 0,
        "CA-10": https and (chain.names != Chain().names or call.host != chain.names[0]),
        "CA-15": https and spec.tls is not None,
        "URL-9": call.host != "localhost",
        "CA-1": https,
        "AUTH-17": not target.ready,
        "AUTH-2": calling.kind == "basic",
    }
    return (clause for clause, there in special.items() if there)
