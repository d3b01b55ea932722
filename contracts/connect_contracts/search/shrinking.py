"""A scenario that fails is made as small as it can be and still fail in the same way.

Smaller scenarios come from the scenario alone: the ladder, a strategy or a colleague's file may
have made it. Smaller is: a step, a target, a user or a row less; a field with its default; a
shorter text or a smaller number, wherever the scenario has it; and what has to change together.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from connect_contracts.execution.call_defects import CALL_DEFECTS
from connect_contracts.model.scenario import (
    Basic,
    Call,
    Callback,
    Certificate,
    Connect,
    IssuerSpec,
    Own,
    PasswordGrant,
    Row,
    Scenario,
    TableSpec,
    TargetSpec,
    Together,
    Token,
    Use,
    User,
    calls_of,
)
from connect_contracts.oracle.trust import is_address
from connect_harness.certificates import Chain

T = TypeVar("T")

_USERS = ("admin", "user")
_PASSWORDS = ("passwd",)
_TABLES = ("Example",)
_COLUMNS = ("Id",)
_SESSIONS = ("session",)

FREE_TEXTS: Mapping[type, Mapping[str, tuple[str, ...]]] = {
    User: {"name": _USERS, "password": _PASSWORDS},
    Basic: {"username": _USERS, "password": _PASSWORDS},
    Token: {"username": _USERS},
    Callback: {"username": _USERS},
    PasswordGrant: {"username": _USERS, "password": _PASSWORDS, "scopes": ()},
    IssuerSpec: {"path": ()},
    Chain: {"subject": _USERS},
    TargetSpec: {"base_path": ()},
    TableSpec: {
        "name": _TABLES,
        "data_types": _COLUMNS,
        "keys": _COLUMNS,
        "rows": (),
        "default_values": _COLUMNS,
    },
    Connect: {"session": _SESSIONS},
    Use: {"table": _TABLES, "rows": (), "session": _SESSIONS},
    Own: {"table": _TABLES, "rows": ()},
}
"""The fields whose text may be any: of a pair such as a column's, all but its data type.

With the texts that say nothing special there, and are read more easily than shorter ones.
"""

KEPT = ("name", "target", "session", "action", "user", "fault", "spec")
"""Fields that do not get their default: another scenario would come of it."""

USUAL_LETTER = "a"


def shrunk(scenario: Scenario, fails: Callable[[Scenario], bool], runs: int) -> Scenario:
    """The smallest scenario that was found to fail in the same way.

    Every smaller scenario is tried, in the same order each time. The search goes on from the first
    that still fails.

    Parameters:
        fails: Whether a scenario fails in the same way; it is run for that.
        runs: How many scenarios are run at most.
    """
    tried = {msgspec.json.encode(scenario)}
    smallest, going_on = scenario, True
    while going_on and runs > 0:
        going_on = False
        for candidate in smaller(smallest):
            key = msgspec.json.encode(candidate)
            if key in tried:
                continue
            tried.add(key)
            runs -= 1
            if fails(candidate):
                smallest, going_on = candidate, True
                break
            if runs <= 0:
                break
    return smallest


def smaller(scenario: Scenario) -> Iterator[Scenario]:
    """Each scenario that is one change smaller, those that are much smaller first."""
    yield from _fewer_steps(scenario)
    yield from linked(scenario)
    yield from _with_defaults(scenario)
    yield from _shorter_texts(scenario)


def _fewer_steps(scenario: Scenario) -> Iterator[Scenario]:
    steps = scenario.steps
    for length in range(1, len(steps)):
        yield replace(scenario, steps=steps[:length])
    for at in reversed(range(len(steps))):
        if len(steps) > 1:
            yield replace(scenario, steps=_without(steps, at))


def _without(items: tuple[T, ...], at: int) -> tuple[T, ...]:
    return (*items[:at], *items[at + 1 :])


# Changes that belong together.


def linked(scenario: Scenario) -> Iterator[Scenario]:
    """Each scenario that is smaller in several places, where one place alone would not do.

    Steps that are taken together are taken one after the other. TLS goes with the authority's file
    and the client certificates. A token or a callable becomes a password. A column goes with its
    cells, wherever they are added. All calls are written in the same plainer way.
    """
    for at, step in enumerate(scenario.steps):
        if isinstance(step, Together):
            one_by_one = (*scenario.steps[:at], *step.steps(), *scenario.steps[at + 1 :])
            yield replace(scenario, steps=one_by_one)
    calls = [call for _, call in calls_of(scenario)]
    for name, default in _defaults(Call()).items():
        special = [call for call in calls if getattr(call, name) != default]
        if len(special) > 1 and name not in (*KEPT, "authentication"):
            yield _with_calls(scenario, name, default)
    for target in scenario.targets:
        if target.scheme == "https":
            yield _in_plain_http(scenario, target.name)
    for target in scenario.targets:
        by_password = _by_password(scenario, target)
        if by_password != scenario:
            yield by_password
    for target in scenario.targets:
        for table in target.tables:
            columns = len(table.data_types)
            for at in reversed(range(columns)) if columns > 1 else ():
                yield _without_column(scenario, table, at)


def _with_calls(scenario: Scenario, name: str, default: Any) -> Scenario:
    return _changed(
        scenario,
        lambda part: replace(part, **{name: default}) if isinstance(part, Call) else part,
    )


def _in_plain_http(scenario: Scenario, target: str) -> Scenario:
    default = TargetSpec()

    def change(part: Any) -> Any:
        if isinstance(part, TargetSpec) and part.name == target:
            return replace(
                part,
                scheme="http",
                chain=Chain(),
                tls=None,
                ciphers=None,
                alpn=default.alpn,
                client_certificate=None,
                checks_revocation=False,
                server_name_unrecognised=False,
            )
        if isinstance(part, Call) and part.target == target:
            given = part.authentication
            return replace(
                part,
                host=part.host if is_address(part.host) else Call().host,
                authority_file=None,
                authentication=Basic() if isinstance(given, Certificate) else given,
            )
        return part

    return _changed(scenario, change)


def _by_password(scenario: Scenario, target: TargetSpec) -> Scenario:
    passwords = {user.name: user.password for user in target.users}

    def change(part: Any) -> Any:
        if isinstance(part, Call) and part.target == target.name:
            match part.authentication:
                case Token(username) | Callback(username):
                    password = passwords.get(username) or Basic().password
                    return replace(part, authentication=Basic(username, password))
        return part

    return _changed(scenario, change)


def _without_column(scenario: Scenario, table: TableSpec, at: int) -> Scenario:
    name, _ = table.data_types[at]

    def narrower(rows: tuple[Row, ...]) -> tuple[Row, ...]:
        width = len(table.data_types)
        return tuple(_without(row, at) if len(row) == width else row for row in rows)

    def change(part: Any) -> Any:
        if part == table:
            return replace(
                table,
                data_types=_without(table.data_types, at),
                keys=tuple(key for key in table.keys if key != name),
                default_values=tuple(pair for pair in table.default_values if pair[0] != name),
                rows=narrower(table.rows),
            )
        if isinstance(part, Use | Own) and part.action == "add" and part.table == table.name:
            return replace(part, rows=narrower(part.rows))
        return part

    return _changed(scenario, change)


# Fields with their defaults.


def _with_defaults(value: Any) -> Iterator[Any]:
    """``value`` with one thing in it left out, or with its default."""
    if isinstance(value, tuple | list):
        for at, item in enumerate(value):
            if len(value) > 1 or not isinstance(item, msgspec.Struct):
                yield _without(tuple(value), at)
            for simpler in _with_defaults(item):
                yield (*value[:at], simpler, *value[at + 1 :])
    elif isinstance(value, bool):
        return
    elif isinstance(value, int | float):
        yield from _smaller_numbers(value)
    else:
        for name, default in _defaults(value).items():
            if not (name == "authentication" and _replaces_caller(value)):
                yield from _with_default(value, name, default)


def _replaces_caller(call: Call) -> bool:
    """Whether its defect changes who calls: left out, another one would call."""
    defect = CALL_DEFECTS.get(call.defect or "")
    return defect is not None and defect.check == "caller"


def _with_default(value: Any, name: str, default: Any) -> Iterator[Any]:
    given = getattr(value, name)
    if given == default or name == "limit":
        return
    simpler = _with_defaults(given)
    if name == "steps":
        # They were left out one by one before.
        simpler = (steps for steps in simpler if len(steps) == len(given))
    if name == "rows":
        # A column goes with all its cells: see ``linked``.
        widths = {len(row) for row in given}
        simpler = (rows for rows in simpler if widths.issuperset(map(len, rows)))
    elif name not in KEPT and default is not msgspec.NODEFAULT:
        yield from _replaced(value, name, default)
    for part in simpler:
        yield from _replaced(value, name, part)


def _smaller_numbers(value: float) -> Iterator[float]:
    if value in (0, 1):
        return
    yield 0
    if isinstance(value, int):
        for nearer in (value // 2 if value > 0 else -(-value // 2), value - 1, value + 1):
            if abs(nearer) < abs(value):
                yield nearer


def _replaced(value: Any, name: str, part: Any) -> Iterator[Any]:
    try:
        yield _with_fields(value, {name: part})
    except ValueError:
        # A chain refuses to be what cannot be issued.
        return


# Texts, which may stand in several places: a user's password is also the caller's.


def _shorter_texts(scenario: Scenario) -> Iterator[Scenario]:
    found: dict[str, tuple[str, ...]] = {}

    def note(text: str, usual: tuple[str, ...]) -> str:
        found[text] = usual
        return text

    _with_texts(scenario, note)
    texts = {text: usual for text, usual in found.items() if text not in usual}
    for text in sorted(texts, key=lambda text: (-len(text), text)):
        for shorter in (*texts[text], *_shorter(text)):
            try:
                yield _with_texts(scenario, partial(_instead, text, shorter))
            except ValueError:
                # No session can have this name.
                continue


def _instead(old: str, new: str, text: str, _: object) -> str:
    return new if text == old else text


def _shorter(text: str) -> Iterator[str]:
    start = "/" if text.startswith("/") else ""
    rest = text[len(start) :]
    half, places = len(rest) // 2, range(min(len(rest), 40))
    shorter = [rest[:half], rest[half:]] if half else []
    shorter += [rest[:at] + rest[at + 1 :] for at in places]
    shorter += [
        rest[:at] + USUAL_LETTER + rest[at + 1 :] for at in places if rest[at] != USUAL_LETTER
    ]
    for candidate in dict.fromkeys(shorter):
        if candidate or not start:
            yield start + candidate


def _with_texts(scenario: Scenario, change: Callable[[str, tuple[str, ...]], str]) -> Scenario:
    """``scenario`` with every text that may be any given to ``change``, with the usual ones."""

    def changed_texts(value: Any, usual: tuple[str, ...]) -> Any:
        if isinstance(value, str):
            return change(value, usual) if value or usual else value
        if isinstance(value, tuple | list):
            return tuple(changed_texts(item, usual) for item in value)
        return value

    def change_part(part: Any) -> Any:
        fields = {}
        for name, usual in FREE_TEXTS.get(type(part), {}).items():
            value = getattr(part, name)
            if name == "data_types":
                fields[name] = tuple((change(column, usual), kind) for column, kind in value)
            else:
                fields[name] = changed_texts(value, usual)
        return _with_fields(part, fields) if fields else part

    return _changed(scenario, change_part)


# Any part of a scenario.


def _changed(value: T, change: Callable[[Any], Any]) -> T:
    """``value`` with each part of it, the innermost first, in the form that ``change`` gives."""
    whole: Any = value
    if isinstance(value, tuple):
        whole = tuple(_changed(item, change) for item in value)
    elif fields := _defaults(value):
        parts = {name: _changed(getattr(value, name), change) for name in fields}
        whole = _with_fields(value, parts)
    made: T = change(whole)
    return made


def _defaults(value: Any) -> dict[str, Any]:
    """The fields of a part of a scenario with their defaults; none if it has no fields."""
    if isinstance(value, msgspec.Struct):
        return {field.name: field.default for field in msgspec.structs.fields(type(value))}
    if isinstance(value, Chain):
        return {field.name: field.default for field in dataclasses.fields(value)}
    return {}


def _with_fields(value: Any, parts: Mapping[str, Any]) -> Any:
    if isinstance(value, Chain):
        return dataclasses.replace(value, **parts)
    return replace(value, **parts)
