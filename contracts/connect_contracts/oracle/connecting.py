"""One call of ``connect``: it passes every stage, or is stopped at one."""

from __future__ import annotations

from urllib.parse import quote

from connect_contracts.checks.expectation import GivesSession, Returns
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
    WireCheck,
)
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Connect, TargetSpec
from connect_contracts.oracle.alternatives import (
    NO_CHANGE,
    SILENT,
    Alternatives,
    may_raise,
    must_raise,
    only,
    or_raises,
)
from connect_contracts.oracle.caller import caller, known_as
from connect_contracts.oracle.connect_call import Attempt, Ruling, or_unsent, sent_pair
from connect_contracts.oracle.connect_checks import CONNECT_CHECKS
from connect_contracts.oracle.world import SessionModel, World


def connect(world: World, step: Connect) -> Alternatives:
    """What must be seen of a call of ``connect``; the session that it opens enters the world."""
    attempt = attempt_of(world, step)
    target = attempt.target
    world.connected = True
    said = SILENT if _undescribed(world, attempt) else _ruled(attempt)
    username = known_as(attempt.caller, target) if target.spec.secure else None
    world.sessions[step.session] = SessionModel(
        target,
        username,
        target.roles_of(username),
        "perhaps",
        step.call,
        # It may be known as somebody else than the call says.
        altered=said == SILENT or step.call.userinfo is not None,
    )
    if must_raise(said):
        world.sessions[step.session].state = "absent"
    elif said and not may_raise(said):
        world.sessions[step.session].state = "open"
    return said


def attempt_of(world: World, step: Connect) -> Attempt:
    """The call of ``step`` with all that decides about it at this moment of the world."""
    target = world.targets[step.call.target]
    return Attempt(
        call=step.call,
        target=target,
        caller=caller(step.call, target),
        profile=world.profile,
        first=not world.connected,
        only_callable=world.callables == 1,
        trusted=world.scenario.trusted,
        plain_paths=all(_written_one_way(spec) for spec in world.scenario.targets),
    )


def _undescribed(world: World, attempt: Attempt) -> bool:
    """Whether no documentation speaks of anything like this call."""
    spec = attempt.target.spec
    tls_without_security = not spec.secure and attempt.https
    certificate_without_tls = spec.client_certificate is not None and not attempt.https
    # Proxies, .netrc and further variables are observed.
    surrounded = bool(world.scenario.surroundings)
    return surrounded or tls_without_security or certificate_without_tls


def _ruled(attempt: Attempt) -> Alternatives:
    unsure = False
    for stage in CONNECT_CHECKS:
        ruling = stage(attempt)
        if isinstance(ruling, Ruling):
            unsure = unsure or ruling is Ruling.OPEN
        else:
            return or_raises(ruling) if unsure else ruling
    return or_raises(_succeeds(attempt)) if unsure else _succeeds(attempt)


# What is seen of a call that passes.


def _succeeds(attempt: Attempt) -> Alternatives:
    # Of the class that it was called on: documented in 6.2 alone (SIG-4).
    any_class = attempt.call.subclass and attempt.profile is Profile.V0_9_1
    outcome = Returns() if any_class else GivesSession()
    said = only(outcome, *_address(attempt), *_identified(attempt), NO_CHANGE)
    return or_unsent(attempt, said)


def _address(attempt: Attempt) -> list[WireCheck]:
    host = f"[{attempt.call.host}]" if ":" in attempt.call.host else attempt.call.host
    demands: list[WireCheck] = [HostNamed(host)]
    # Demands compare with base paths as they are written, so they must be written one way only:
    # that of this target, and of all targets where they look at every request so far.
    if _written_one_way(attempt.target.spec):
        demands.append(FirstRequest())
    if attempt.plain_paths:
        demands.append(BelowBasePath())
    if attempt.target.fault is not None:
        demands.append(FaultFired())
    return demands


def _written_one_way(spec: TargetSpec) -> bool:
    return spec.base_path == quote(spec.base_path)


def _identified(attempt: Attempt) -> list[WireCheck]:
    one = attempt.caller
    username = known_as(one, attempt.target)
    demands: list[WireCheck] = [KnownAs(username)] if username is not None else []
    match one.kind:
        case "nobody" if attempt.first:
            demands.append(NoAuthorization())
        case "basic":
            demands += sent_pair(attempt)
        case "token":
            demands.append(BearerToken(one.token_type or "Bearer"))
        case "callable" if attempt.only_callable:
            demands.append(CallableAsked(each=True))
        case "certificate" if attempt.first:
            demands.append(Presents())
    if attempt.asked_for_certificate and one.kind != "certificate":
        demands.append(PresentsNothing())
    return demands
