"""Scenarios that are a little smaller than a given one.

They come from the scenario alone, whatever made it: the ladder, a strategy, the state machine, or a
colleague's file. Smaller is: a step, a target, a user or a row less; a field as it is by default; a
text or a number that is plainer, wherever the scenario has it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import msgspec

from connect_contracts.model.scenario import (
    Basic,
    Callback,
    Connect,
    Own,
    Scenario,
    TableSpec,
    TargetSpec,
    Token,
    Use,
    User,
)
from connect_contracts.search.shrinking.linked import linked
from connect_harness.certificates import Chain

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

With those that say nothing special there, and are read more easily than shorter ones.
"""

KEPT = ("name", "target", "session", "action", "user", "fault", "spec")
"""Fields that are not taken back to their defaults: another scenario would come of it."""

PLAIN_LETTER = "a"


def smaller(scenario: Scenario) -> Iterator[Scenario]:
    """Each scenario that is one step smaller, those that are much smaller first."""
    yield from _fewer_steps(scenario)
    yield from linked(scenario)
    yield from _plainer(scenario)
    yield from _shorter_texts(scenario)


# Parts that go.


def _fewer_steps(scenario: Scenario) -> Iterator[Scenario]:
    steps = scenario.steps
    for length in range(1, len(steps)):
        yield msgspec.structs.replace(scenario, steps=steps[:length])
    for at in reversed(range(len(steps))):
        if len(steps) > 1:
            yield msgspec.structs.replace(scenario, steps=(*steps[:at], *steps[at + 1 :]))


# Parts that become plain.


def _plainer(value: Any) -> Iterator[Any]:
    """``value`` with one thing in it taken back to its default, or left out."""
    if isinstance(value, tuple | list):
        for at, one in enumerate(value):
            if len(value) > 1 or not isinstance(one, msgspec.Struct):
                yield (*value[:at], *value[at + 1 :])
            for plainer in _plainer(one):
                yield (*value[:at], plainer, *value[at + 1 :])
    elif isinstance(value, bool):
        return
    elif isinstance(value, int | float):
        yield from _plainer_number(value)
    elif (fields := _fields(value)) is not None:
        for name, default in fields.items():
            yield from _plainer_field(value, name, default)


def _plainer_field(value: Any, name: str, default: Any) -> Iterator[Any]:
    given = getattr(value, name)
    if given == default or name == "limit":
        return
    if name not in KEPT and default is not msgspec.NODEFAULT:
        yield from _replaced(value, name, default)
    if name == "steps":
        # Left out one by one before.
        for at, one in enumerate(given):
            for plainer in _plainer(one):
                yield from _replaced(value, name, (*given[:at], plainer, *given[at + 1 :]))
        return
    for plainer in _plainer(given):
        yield from _replaced(value, name, plainer)


def _plainer_number(value: float) -> Iterator[float]:
    if value in (0, 1):
        return
    yield 0
    if isinstance(value, int):
        for down in (value // 2 if value > 0 else -(-value // 2), value - 1, value + 1):
            if abs(down) < abs(value):
                yield down


def _fields(value: Any) -> dict[str, Any] | None:
    """The fields of a part of a scenario with their defaults; ``None`` if it has none."""
    if isinstance(value, msgspec.Struct):
        return {one.name: one.default for one in msgspec.structs.fields(type(value))}
    if isinstance(value, Chain):
        return {one.name: one.default for one in dataclasses.fields(value)}
    return None


def _replaced(value: Any, name: str, part: Any) -> Iterator[Any]:
    try:
        if isinstance(value, Chain):
            yield dataclasses.replace(value, **{name: part})
        else:
            yield msgspec.structs.replace(value, **{name: part})
    except ValueError:
        # A chain refuses to be what cannot be issued.
        return


# Texts, which may stand in several places: a user's password is also the caller's.


def _shorter_texts(scenario: Scenario) -> Iterator[Scenario]:
    texts = {text: plain for text, plain in _texts(scenario) if text not in plain}
    for text in sorted(texts, key=lambda one: (-len(one), one)):
        for shorter in (*texts[text], *_shorter(text)):
            try:
                one = _substituted(scenario, {text: shorter})
            except ValueError:
                # No session can be called so.
                continue
            yield one


def _shorter(text: str) -> Iterator[str]:
    start = "/" if text.startswith("/") else ""
    rest = text[len(start) :]
    half = len(rest) // 2
    shorter = [rest[:half], rest[half:]] if half else []
    shorter += [rest[:at] + rest[at + 1 :] for at in range(min(len(rest), 40))]
    shorter += [
        rest[:at] + PLAIN_LETTER + rest[at + 1 :]
        for at in range(min(len(rest), 40))
        if rest[at] != PLAIN_LETTER
    ]
    for one in dict.fromkeys(shorter):
        if one or not start:
            yield start + one


def _texts(value: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every text that may be any, with those that would be plain in its place."""

    def note(text: str, plain: tuple[str, ...]) -> str:
        found.append((text, plain))
        return text

    found: list[tuple[str, tuple[str, ...]]] = []
    _mapped(value, note)
    yield from found


def _substituted(scenario: Scenario, instead: Mapping[str, str]) -> Scenario:
    changed: Scenario = _mapped(scenario, lambda text, _plain: instead.get(text, text))
    return changed


def _mapped(value: Any, change: Callable[[str, tuple[str, ...]], str]) -> Any:
    """``value`` with every text that may be any given to ``change``."""
    if isinstance(value, tuple):
        return tuple(_mapped(one, change) for one in value)
    fields = _fields(value)
    if fields is None:
        return value
    free = FREE_TEXTS.get(type(value), {})
    parts = {}
    for name in fields:
        part = getattr(value, name)
        if name in free:
            parts[name] = _all_mapped(part, name, partial(_given, change, free[name]))
        else:
            parts[name] = _mapped(part, change)
    if isinstance(value, Chain):
        return dataclasses.replace(value, **parts)
    return msgspec.structs.replace(value, **parts)


def _given(change: Callable[[str, tuple[str, ...]], str], plain: tuple[str, ...], text: str) -> str:
    return change(text, plain)


def _all_mapped(value: Any, name: str, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value) if value else value
    if isinstance(value, tuple | list):
        if name == "data_types":
            return tuple((change(column), kind) for column, kind in value)
        return tuple(_all_mapped(one, name, change) for one in value)
    return value
