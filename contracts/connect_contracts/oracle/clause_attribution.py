"""Which clause of the catalogue decides about a step of a scenario.

A hand-written case stands under its clause. Of any other scenario it is told here: each stage of a
call names the clause by which it stops it, each demand the clause that makes it, and of a step
that must succeed it is what is special about it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from connect_contracts.execution.call_defects import CALL_DEFECTS
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Connect, Own, Scenario, Together, Use
from connect_contracts.oracle import apply, connect_checks
from connect_contracts.oracle.caller import known_as
from connect_contracts.oracle.connect_call import Attempt, Ruling
from connect_contracts.oracle.connecting import attempt_of
from connect_contracts.oracle.trust import authorities_given, server_believed
from connect_contracts.oracle.world import ROLE_USER, SessionModel, World
from connect_harness.certificates import DEFECTS, Chain

DEMANDS: Mapping[str, str] = {
    "FirstRequest": "URL-1",
    "BelowBasePath": "URL-2",
    "HostNamed": "URL-9",
    "NowhereInAddress": "URL-14",
    "NoAuthorization": "AUTH-1",
    "KnownAs": "AUTH-2",
    "BasicPair": "AUTH-3",
    "CallableAsked": "AUTH-7",
    "BearerToken": "AUTH-9",
    "NotShared": "AUTH-11",
    "Presents": "MTLS-2",
    "GivesUrl": "LIVE-12",
    "FollowsLink": "LIVE-12",
    "ConnectionsClosed": "KEEP-4",
}
"""The clause that makes a demand, by the demand's class, wherever it is made."""

_ORDINARY = re.compile("[A-Za-z0-9-]{1,64}")
"""User names and passwords that arrive whatever is done to them, those of a run's own included."""

_UNRESERVED = re.compile("[A-Za-z0-9._~-]+")
"""Names that a path holds as they are (RFC 3986 2.3)."""


def deciding(scenario: Scenario, profile: Profile, index: int, demand: str | None = None) -> str:
    """The id of the clause that decides about the step with this index.

    Parameters:
        demand: The class of the demand that does not hold; ``None`` if it is the step's outcome.
    """
    if demand is not None and demand in DEMANDS:
        return DEMANDS[demand]
    world = World(scenario, profile)
    for step in scenario.steps[:index]:
        apply(world, step)
    match scenario.steps[index]:
        case Connect() as step:
            return _of_connect(world, step, demand)
        case Use() as step:
            return _of_use(world, step)
        case Own() as step:
            return _of_owner(world, step)
        case Together():
            return "AUTH-11"


# A call of connect.


def _of_connect(world: World, step: Connect, demand: str | None) -> str:
    attempt = attempt_of(world, step)
    if demand == "NoChange":
        return "LIVE-13"
    if demand == "PresentsNothing":
        # Who has a certificate shows it to nobody else; who has none shows none of another's.
        return "MTLS-6" if attempt.caller.kind == "certificate" else "MTLS-8"
    for stage in connect_checks.CONNECT_CHECKS:
        if not isinstance(stage(attempt), Ruling):
            name = stage.__name__
            return _ALWAYS[name] if name in _ALWAYS else _STAGES[name](attempt)
    return _of_success(attempt)


def _of_arguments(attempt: Attempt) -> str:
    return str(CALL_DEFECTS[str(attempt.call.defect)].clause)


def _of_handshake(attempt: Attempt) -> str:
    if attempt.target.fault in connect_checks.BROKEN_HANDSHAKES:
        return "CA-17"
    return "CA-15" if attempt.target.spec.tls in ("1.0", "1.1") else "CA-17"


def _of_server_certificate(attempt: Attempt) -> str:
    chain, call = attempt.target.chain, attempt.call
    if chain.purpose == "client":
        return "CA-13"
    # No rule compares a host in other letters with a name, so no name is refused for it.
    names = (call.host.lower(),) if call.host.isascii() else chain.names
    named = replace(chain, names=names)
    # Of an authority that is trusted anyway, it is refused for its defect alone.
    if chain.defect is not None and server_believed(named, call, (chain.authority,)) == "refused":
        return DEFECTS[chain.defect].clause
    if server_believed(named, call, attempt.trusted) == "refused":
        return "CA-2" if authorities_given(call) is None else "CA-3"
    return "CA-10"


def _of_client_certificate(attempt: Attempt) -> str:
    return "MTLS-3" if attempt.caller.chain is None else "MTLS-4"


def _of_versions(attempt: Attempt) -> str:
    # What stops a call there is a fault, so there is one.
    return _of_fault(str(attempt.target.fault))


def _of_fault(fault: str) -> str:
    """Of an answer that is not as it should be, or that a client has to put up with."""
    if fault == "versions missing":
        return "URL-3"
    if fault in connect_checks.STOPPING_FAULTS:
        return "URL-4" if connect_checks.STOPPING_FAULTS[fault] is None else "URL-6"
    if fault.startswith("versions"):
        return "URL-5"
    if fault.startswith(("body", "chunk", "wrong chunk")):
        return "FAULT-2"
    return "FAULT-4" if fault.startswith("stalled") else "FAULT-1"


def _of_identity(attempt: Attempt) -> str:
    if attempt.caller.kind == "nobody":
        return "MTLS-3" if attempt.asked_for_certificate else "AUTH-5"
    username = known_as(attempt.caller, attempt.target)
    if username is None:
        return "AUTH-4"
    # An administrator is let through in any case.
    return "AUTH-17" if ROLE_USER in attempt.target.roles_of(username) else "AUTH-6"


_ALWAYS: Mapping[str, str] = {
    "_authority_file": "CA-7",
    "_client_files": "MTLS-5",
    "_port": "CA-17",
    "_callable": "AUTH-8",
    "_userinfo": "URL-14",
}
"""By the name of a stage, the clause by which it stops every call that it stops."""

_STAGES: Mapping[str, Callable[[Attempt], str]] = {
    "_arguments": _of_arguments,
    "_handshake": _of_handshake,
    "_server_certificate": _of_server_certificate,
    "_client_certificate": _of_client_certificate,
    "_versions": _of_versions,
    "_identity": _of_identity,
}
"""By the name of a stage, what tells the clause by which it stops a call."""


def _of_success(attempt: Attempt) -> str:
    """What is special about a call that must succeed, the rarest first."""
    call, spec, chain = attempt.call, attempt.target.spec, attempt.target.chain
    # Rarer than any form of the call, and by far more often the reason.
    if ":" in call.host:
        return "URL-9"
    if attempt.target.fault is not None:
        return _of_fault(attempt.target.fault)
    if attempt.https and chain.defect is not None:
        return DEFECTS[chain.defect].clause
    pair = (attempt.caller.username, attempt.caller.password)
    special = (
        ("SIG-7", call.url_by_keyword),
        ("SIG-3", call.explicit_none),
        ("SIG-4", call.subclass),
        ("URL-2", spec.base_path != ""),
        ("MTLS-1", attempt.caller.kind == "certificate"),
        ("AUTH-9", attempt.caller.kind == "token"),
        ("AUTH-7", attempt.caller.kind == "callable"),
        (
            "AUTH-3",
            attempt.caller.kind == "basic"
            and not all(_ORDINARY.fullmatch(one or "") for one in pair),
        ),
        (
            "CA-5",
            call.authority_file is not None
            and (len(call.authority_file.authorities) > 1 or call.authority_file.layout != "plain"),
        ),
        ("CA-9", call.authority_file is not None and call.authority_file.naming != "plain"),
        ("CA-6", attempt.https and chain.intermediates > 0),
        ("CA-10", attempt.https and chain.names != Chain().names),
        ("CA-15", attempt.https and spec.tls is not None),
        ("URL-9", call.host != "localhost"),
        ("CA-1", attempt.https),
        ("AUTH-17", not attempt.target.ready),
        ("AUTH-2", attempt.caller.kind == "basic"),
    )
    return next((clause for clause, there in special if there), "SIG-1")


# A session that is used.


def _of_use(world: World, step: Use) -> str:
    session = world.sessions.get(step.session)
    if session is None or session.state == "closed":
        return "KEEP-4"
    if step.action in ("close", "leave with", "drop"):
        return "KEEP-4"
    if session.target.chain != session.target.spec.chain:
        return "CA-20"
    if session.target.troubled:
        return "FAULT-1"
    match step.action:
        case "user" | "url" | "follow link":
            return "LIVE-12"
        case "add" | "create table":
            return _of_change(session, step)
        case _:
            return _of_reading(world, session, step)


def _of_change(session: SessionModel, step: Use) -> str:
    if not session.admin:
        return "LIVE-6"
    table = session.target.tables.get(step.table)
    if step.action == "add" and table is not None:
        plain = all(table.fit(row) == "right" for row in step.rows)
        if not plain or not _only_text(session, step.table):
            return "LIVE-7"
        return "LIVE-14" if _named_specially(session, step.table) else "LIVE-2"
    return "LIVE-1"


def _of_reading(world: World, session: SessionModel, step: Use) -> str:
    if not session.admin:
        unavailable = "LIVE-4" if session.target.spec.secure else "LIVE-5"
        return unavailable if world.profile is Profile.V0_9_1 else "LIVE-11"
    if session.restarted:
        return "KEEP-2"
    if step.action in ("list tables", "get table"):
        return "LIVE-1"
    if step.action in ("columns", "keys"):
        return "LIVE-14" if _named_specially(session, step.table) else "LIVE-3"
    if not _only_text(session, step.table):
        return "LIVE-7"
    if _named_specially(session, step.table):
        return "LIVE-14"
    table = session.target.tables.get(step.table)
    added = table is not None and any(one.rows != one.kept for one in table.contents)
    return "LIVE-2" if added else "LIVE-3"


def _only_text(session: SessionModel, name: str) -> bool:
    table = session.target.tables.get(name)
    return table is None or set(table.types.values()) <= {"String"}


def _named_specially(session: SessionModel, name: str) -> bool:
    table = session.target.tables.get(name)
    names = () if table is None else (name, *table.types)
    return not all(_UNRESERVED.fullmatch(one) for one in names)


# What the owner sees.


def _of_owner(world: World, step: Own) -> str:
    if step.action == "ping":
        return "KEEP-3"
    on_it = list(world.sessions_on(world.targets[step.target]))
    if any(one.restarted for one in on_it):
        return "KEEP-1"
    return "LIVE-2" if any(one.admin for one in on_it) else "LIVE-6"
