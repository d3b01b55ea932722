"""The course of a scenario: who connects, what is written, what happens, what is read."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from connect_contracts.model.scenario import (
    ADMIN,
    USER,
    Basic,
    Call,
    Certificate,
    Connect,
    Own,
    Row,
    Step,
    TableSpec,
    TargetSpec,
    Together,
    Use,
    User,
)
from connect_contracts.search.strategies.dimensions import (
    AGAIN,
    ELSEWHERE,
    LATER,
    ON_CHANGE,
    ONE_SESSION,
    REDIRECT,
    WRONG_PASSWORD,
    Dimensions,
)
from connect_contracts.search.strategies.specifics import FURTHER_ROLE, sample_row

OTHER_SESSION = "other"
NEW_TABLE = "New"
IMPOSTOR = "impostor's authority"

# Own.action and Use.action have these words, but for those that stand for more.
_READ = {"head of two": ("head", 2)}


def steps(
    chosen: Dimensions,
    table: TableSpec,
    rows: tuple[Row, ...],
    call: Call,
    user: User,
    fault: str | None,
    target: TargetSpec,
) -> tuple[Step, ...]:
    """The steps of a scenario with these values, about this call of ``user`` to ``target``.

    Parameters:
        rows: What is added, if anything is.
        fault: What is armed, before the call or after it.
    """
    armed = () if fault is None else (_armed(chosen, fault),)
    later = chosen.fault.endswith((LATER, ON_CHANGE))
    return (
        *(() if later else armed),
        *_connecting(chosen, call, user),
        *(armed if later else ()),
        *_writing(chosen, table, rows),
        *_event(chosen, user, target),
        *_reading(chosen, table),
        *_looking(chosen, table),
    )


def _armed(chosen: Dimensions, fault: str) -> Own:
    if chosen.fault.endswith(ON_CHANGE):
        return Own("arm", fault=fault, requests="changes", times=1)
    if chosen.fault.endswith(LATER):
        return Own("arm", fault=fault, requests="any")
    elsewhere = chosen.fault == REDIRECT and chosen.company == "on another target"
    return Own("arm", fault=fault, to="another" if elsewhere else None)


def _connecting(chosen: Dimensions, call: Call, user: User) -> tuple[Step, ...]:
    connect = Connect(call)
    sound = msgspec.structs.replace(call, defect=None)
    match chosen.company:
        case "same user":
            return (connect, Connect(sound, OTHER_SESSION))
        case _ if chosen.company == WRONG_PASSWORD:
            wrong = msgspec.structs.replace(sound, defect="wrong password")
            return (connect, Connect(wrong, OTHER_SESSION))
        case _ if chosen.company == ELSEWHERE:
            elsewhere = msgspec.structs.replace(sound, target="another")
            return (connect, Connect(elsewhere, OTHER_SESSION))
        case _ if chosen.company == AGAIN:
            before = (Connect(call, OTHER_SESSION), Use("close", session=OTHER_SESSION))
            return (*before, *before, connect)
        case "another user" | "on another target":
            return (connect, Connect(_of_another(chosen, sound, user), OTHER_SESSION))
        case "at once":
            other = Connect(_of_another(chosen, sound, user), OTHER_SESSION)
            return (Together(((connect,), (other,))),)
        case _:
            return (connect,)


def _of_another(chosen: Dimensions, call: Call, user: User) -> Call:
    """The call of another user, on the same target or on another one."""
    other = USER if user.name == ADMIN.name else ADMIN
    authentication = None
    if chosen.security == "secure":
        authentication = Basic(other.name, other.password or "")
    call = msgspec.structs.replace(call, authentication=authentication)
    if chosen.company == "on another target":
        return msgspec.structs.replace(call, target="another")
    if chosen.client_certificate == "required":
        chain = replace(Certificate().chain, subject=other.name)
        return msgspec.structs.replace(call, authentication=Certificate(chain))
    return call


def _writing(chosen: Dimensions, table: TableSpec, rows: tuple[Row, ...]) -> tuple[Step, ...]:
    types = tuple(kind for _, kind in table.data_types)
    match chosen.writing:
        case "session adds":
            return (Use("add", table.name, rows),)
        case "owner adds":
            return (Own("add", table=table.name, rows=rows),)
        case "row too wide":
            return (Use("add", table.name, ((*sample_row(types, 0), "more"),)),)
        case "value of another type":
            # The first column is a text.
            return (Use("add", table.name, ((5, *sample_row(types, 0)[1:]),)),)
        case "session creates a table":
            return (Use("create table", NEW_TABLE),)
        case "owner creates a table":
            return (Own("create table", table=NEW_TABLE, spec=TableSpec(NEW_TABLE)),)
        case _:
            return ()


def _event(chosen: Dimensions, user: User, target: TargetSpec) -> tuple[Step, ...]:
    match chosen.event:
        case "restart":
            return (Own("restart"),)
        case "roles granted":
            more = (*user.roles, *(role for role in ADMIN.roles if role not in user.roles))
            more = (*more, FURTHER_ROLE) if more == user.roles else more
            return (Own("set roles", user=User(user.name, roles=more)),)
        case "roles revoked":
            return (Own("set roles", user=User(user.name)),)
        case "password changed":
            return (Own("set password", user=User(user.name, "another password")),)
        case "no longer ready":
            return (Own("set ready", ready=False),)
        case "renewed certificate":
            chain = replace(target.chain, intermediates=2)
            return (Own("replace certificate", chain=chain),)
        case "impostor":
            chain = replace(target.chain, authority=IMPOSTOR, cross_signed_by=None)
            return (Own("replace certificate", chain=chain),)
        case "close":
            return (Use("close"), Own("ping"))
        case "leave with":
            return (Use("leave with"), Own("ping"))
        case "drop":
            return (Use("drop"), Own("ping"))
        case _:
            return ()


def _reading(chosen: Dimensions, table: TableSpec) -> tuple[Step, ...]:
    if chosen.reading == "nothing":
        return ()
    action, n = _READ.get(chosen.reading, (chosen.reading, None))
    use = msgspec.convert({"type": "use", "action": action, "table": table.name, "n": n}, Use)
    other = msgspec.structs.replace(use, session=OTHER_SESSION)
    if chosen.company == "on another target":
        # That one has the table of the documented example.
        other = msgspec.structs.replace(other, table=TableSpec().name)
    match chosen.company:
        case company if company in ONE_SESSION:
            return (use,)
        case "at once":
            return (Together(((use,), (other,))),)
        case _:
            return (use, other)


def _looking(chosen: Dimensions, table: TableSpec) -> tuple[Step, ...]:
    """The owner looks at what is there in the end."""
    match chosen.writing:
        case "nothing":
            return ()
        case "session creates a table" | "owner creates a table":
            return (Own("tables"),)
        case _:
            return (Own("rows", table=table.name),)
