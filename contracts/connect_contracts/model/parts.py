"""The parts of an implementation that it may declare as not offered, each by one name.

A name is that of the method of ``Implementation`` that calls the part, or that of several parts
together: what is within another part is not offered where that one is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import NamedTuple

from connect_contracts.model.actions import Action
from connect_contracts.model.scenario import (
    Basic,
    Call,
    Callback,
    Certificate,
    Connect,
    PasswordGrant,
    Scenario,
    Token,
    Use,
    placed_steps,
)


class Part(NamedTuple):
    """What is known of a part.

    Parameters:
        text: What it is in the documentation.
        within: The part that contains it.
        action: The action of a session that needs it.
    """

    text: str
    within: str | None = None
    action: Action | None = None


PARTS: Mapping[str, Part] = {
    "authentication": Part("argument authentication"),
    "basic": Part("BasicAuthentication", "authentication"),
    "token": Part("TokenAuthentication", "authentication"),
    "callable": Part("callable as authentication", "authentication"),
    "client_certificate": Part("ClientCertificate", "authentication"),
    "password_grant": Part("OAuth2ResourceOwnerPasswordAuthentication", "authentication"),
    "certificate_authority": Part("argument certificate_authority"),
    "session": Part("session that can be used"),
    "session_type": Part("Session", "session"),
    "connect_of_subclass": Part("Session.connect", "session_type"),
    "tables": Part("session.tables", "session", "get table"),
    "list_tables": Part("list(session.tables)", "tables", "list tables"),
    "columns": Part("list(table)", "tables", "columns"),
    "keys": Part("table.keys", "tables", "keys"),
    "add": Part("table += row", "tables", "add"),
    "head": Part("table.head", "tables", "head"),
    "query": Part("table.query", "tables", "query"),
    "schema": Part("session.tables.schema", "tables", "schema"),
    "create_table": Part("session.create_table", "tables", "create table"),
    "turn_unready": Part("session.ready", "session", "turn unready"),
    "grant_role": Part("session.security", "session", "grant role"),
    "user": Part("session.user", "session", "user"),
    "url": Part("session.url", "session", "url"),
    "link": Part("session.link", "session", "follow link"),
    "close": Part("session.close", "session", "close"),
    "leave": Part("with", "session", "leave with"),
}
"""Every part, by its name."""

_BY_ACTION = {part.action: name for name, part in PARTS.items() if part.action is not None}

_BY_CREDENTIAL = {
    Basic: ("basic", "callable"),
    Token: ("token", "callable"),
    Callback: ("callable",),
    Certificate: ("client_certificate",),
    PasswordGrant: ("password_grant",),
}
"""The parts by which each credential can be given: one is enough. A callable can give a header."""


def unknown_part(name: str) -> str | None:
    """Why ``name`` is no part, with what it may be, or ``None`` if it is one."""
    if name in PARTS:
        return None
    nearest = get_close_matches(name, PARTS, 1, 0)
    return f"there is no part {name!r}: the nearest is {nearest[0]!r}, and the parts are " + (
        ", ".join(PARTS)
    )


def wrong_part(name: str, within: str) -> str | None:
    """Why what calls the part ``within`` cannot say that ``name`` is missing, or ``None``.

    It says so of that part, or of one that contains it; ``connect`` of any that it is given, and of
    what a session needs to be connected.
    """
    if (why := unknown_part(name)) is not None:
        return why
    if within == "connect":
        allowed = [part for part, known in PARTS.items() if known.action is None]
    else:
        allowed = [*chain(within)]
    if name in allowed:
        return None
    return f"{PARTS[name].text} is not what {within} calls: name {' or '.join(map(repr, allowed))}"


def part_of_action(action: Action) -> str | None:
    """The part that an action of a session needs."""
    return _BY_ACTION.get(action)


def chain(name: str) -> Iterator[str]:
    """``name`` and the parts that contain it, from the inside."""
    part: str | None = name
    while part is not None:
        yield part
        part = PARTS[part].within


def with_sub_parts(names: Iterable[str]) -> tuple[str, ...]:
    """``names`` with all that is within them, in the order of the table."""
    given = set(names)
    return tuple(name for name in PARTS if given & set(chain(name)))


def part_of(text: str) -> str | None:
    """The part that an error names by ``text``, such as ``MySession.tables``."""
    for name, part in PARTS.items():
        if text in (name, part.text):
            return name
    last = text.rpartition(".")[2]
    dotted = (name for name, part in PARTS.items() if part.text.rpartition(".")[1:] == (".", last))
    return next(dotted, None)


def needs(scenario: Scenario) -> Iterator[tuple[str, ...]]:
    """What ``scenario`` needs, also to set up. Of the parts in one tuple, one is enough."""
    for _, step in placed_steps(scenario):
        if isinstance(step, Connect):
            yield from _needs_of_call(step.call)
            if step.times > 1:
                yield ("close",)
        elif isinstance(step, Use) and step.action in _BY_ACTION:
            yield (_BY_ACTION[step.action],)


def _needs_of_call(call: Call) -> Iterator[tuple[str, ...]]:
    if call.authentication is not None:
        yield _BY_CREDENTIAL[type(call.authentication)]
    if call.explicit_none:
        yield ("authentication",)
    if call.explicit_none or call.authority_file is not None:
        yield ("certificate_authority",)
    if call.subclass:
        yield ("connect_of_subclass",)


def declared_missing(part: str, without: Iterable[str]) -> str | None:
    """That ``part`` is declared as not offered, by itself or by a whole, as a sentence."""
    given = set(without)
    declared = next((name for name in chain(part) if name in given), None)
    if declared is None:
        return None
    return f"the implementation declares that it offers no {PARTS[declared].text}"


def not_offered(scenario: Scenario, without: Iterable[str]) -> str | None:
    """Why ``scenario`` does not apply to an implementation that declares ``without``."""
    for either in needs(scenario):
        why = [declared_missing(part, without) for part in either]
        if all(why):
            return why[0]
    return None


def how_to_declare(names: Iterable[str]) -> str:
    """What an implementation writes that offers none of the parts ``names``."""
    return f"if it offers none, declare __connect_contract__ = {{{without_entry(names)}}}"


def without_entry(names: Iterable[str], there: Iterable[str] = ()) -> str:
    """The entry of ``__connect_contract__`` for ``names``, but for what of them is ``there``."""
    kept = {whole for part in there for whole in chain(part)}
    rest = [part for part in with_sub_parts(names) if part not in kept]
    largest = (f'"{part}"' for part in rest if PARTS[part].within not in rest)
    return f'"without": [{", ".join(largest)}]'
