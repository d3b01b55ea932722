"""What is special about a scenario, up to one of its steps: each a short phrase.

A scenario without any is the plain one: a secure target over HTTP, and its administrator. The fewer
it has, the simpler it is.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from connect_contracts.model.scenario import (
    ADMIN,
    AuthorityFile,
    Basic,
    Call,
    Callback,
    Certificate,
    Connect,
    Own,
    Scenario,
    Step,
    TargetSpec,
    Together,
    Token,
    Use,
)
from connect_contracts.model.without_defaults import without_defaults

_TOLD_IN_FULL = ("name", "scheme", "chain", "users", "tables", "tls", "secure")


def up_to(scenario: Scenario, step: str) -> Scenario:
    """``scenario`` without the steps after ``step`` (its number, counted from 1)."""
    last = int(step.partition(".")[0])
    return msgspec.structs.replace(scenario, steps=scenario.steps[:last])


def traits(scenario: Scenario) -> tuple[str, ...]:
    """What is special about ``scenario``, each once."""
    return tuple(dict.fromkeys(_traits(scenario)))


def _traits(scenario: Scenario) -> Iterator[str]:
    for number, target in enumerate(scenario.targets):
        if number:
            yield "a further target"
        yield from _of_target(target)
    specs = {target.name: target for target in scenario.targets}
    connected = False
    for number, step in enumerate(scenario.steps, 1):
        yield from _of_step(step, specs, first=not connected, last=number == len(scenario.steps))
        connected = connected or isinstance(step, Connect)
    for name, _ in scenario.surroundings:
        yield f"{name} is set"
    if scenario.trusted:
        yield "the machine trusts an authority"
    if scenario.isolation == "process":
        yield "a fresh interpreter"


def _of_target(target: TargetSpec) -> Iterator[str]:
    if target.scheme == "https":
        yield "HTTPS"
    if target.tls is not None:
        yield f"TLS {target.tls} alone"
    if not target.secure:
        yield "an unsecured target"
    for name, value in without_defaults(target.chain).items():
        yield f"its certificate has the {name} {value!r}"
    # The scenario's classes grow: a new field has its own name here.
    for name, value in without_defaults(target).items():
        if name not in _TOLD_IN_FULL:
            yield f"{name.replace('_', ' ')}: {value}"
    for table in target.tables:
        data_types = {kind for _, kind in table.data_types} - {"String"}
        yield from (f"a column of {kind}" for kind in sorted(data_types))
        if table.keys:
            yield "a table with keys"
        if table.default_values:
            yield "a table with default values"
        if table.rows:
            yield "a table with rows"


def _of_step(step: Step, specs: dict[str, TargetSpec], *, first: bool, last: bool) -> Iterator[str]:
    match step:
        case Connect():
            if not first:
                yield "a further connect"
            yield from _of_call(step.call, specs.get(step.call.target))
        case Use():
            if not last:
                yield f"after {step.action}"
            if step.n is not None:
                yield "a number of rows"
        case Own():
            yield f"the owner: {step.action}" + (f" {step.fault!r}" if step.fault else "")
        case Together():
            yield "together"


def _of_call(call: Call, target: TargetSpec | None) -> Iterator[str]:
    if call.defect is not None:
        yield f"the call's defect {call.defect!r}"
    if call.host != Call().host:
        yield f"the host {call.host}"
    if call.authority_file not in (None, AuthorityFile()):
        yield "another authority's file"
    if call.authority_file is None and target is not None and target.scheme == "https":
        yield "without the authority's file"
    for name, value in (
        ("the URL by keyword", call.url_by_keyword),
        ("None given", call.explicit_none),
        ("a subclass", call.subclass),
        ("credentials in the URL", call.userinfo),
    ):
        if value:
            yield name
    yield from _of_caller(call, target)


def _of_caller(call: Call, target: TargetSpec | None) -> Iterator[str]:
    given = call.authentication
    match given:
        case None:
            if target is not None and target.secure:
                yield "no authentication"
            return
        case Basic():
            name = given.username
        case Token():
            yield "a token"
            if given.token_type is not None:
                yield f"the token type {given.token_type}"
            name = given.username
        case Callback():
            yield "a callable"
            name = given.username
        case Certificate():
            yield "a client certificate"
            for field, value in without_defaults(given.chain).items():
                if field not in ("names", "subject", "authority", "purpose"):
                    yield f"the client certificate has the {field} {value!r}"
            if given.layout != Certificate().layout:
                yield f"the key in {given.layout}"
            name = given.chain.subject or ""
    if target is not None and target.secure and name != ADMIN.name:
        known = next((user for user in target.users if user.name == name), None)
        if known is None:
            yield "an unknown user"
        elif "ROLE_ADMIN" not in known.roles:
            yield "a user without ROLE_ADMIN"
        else:
            yield "another administrator"
