"""Whether an implementation offers a part that it, or its adapter, says it does not offer."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from copy import copy
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal

import msgspec

from connect_contracts.execution.adapter_checks import raised_by_adapter
from connect_contracts.execution.capture.output_capture import type_name
from connect_contracts.execution.identity import looked_in
from connect_contracts.execution.implementation import Implementation, PartMissing, PartNotFound
from connect_contracts.execution.own_code import origin_of
from connect_contracts.execution.returned import wrong_return
from connect_contracts.execution.unjudged import TARGETS, observe
from connect_contracts.model.actions import Action
from connect_contracts.model.observation import Result
from connect_contracts.model.parts import PARTS, chain, with_sub_parts, without_entry, wrong_part
from connect_contracts.model.scenario import (
    ADMIN,
    AuthorityFile,
    Basic,
    Call,
    Callback,
    Certificate,
    Connect,
    IssuerSpec,
    PasswordGrant,
    Scenario,
    TargetSpec,
    Token,
    Use,
)
from connect_harness.server import ConnectionAccepted

_BUILT: dict[str, Callable[[Implementation], object]] = {
    "session_type": lambda given: given.session_type(),
    "connect_of_subclass": lambda given: given.connect_of_subclass(),
    "basic": lambda given: given.basic("user", "passwd"),
    "token": lambda given: given.token("token", None),
    "client_certificate": lambda given: given.client_certificate(Path("it.pem"), None, None),
    "password_grant": lambda given: given.password_grant(
        username="user",
        password="passwd",
        client_id="client",
        client_secret="secret",
        issuer_url="https://localhost",
        scopes=frozenset(),
    ),
}
"""Parts that have a name in a module, with what asks for it."""

_SECURE = TargetSpec(scheme="https")

_WORKING = {
    part: Scenario(
        (target,),
        (
            Connect(
                Call(
                    authentication=given,
                    authority_file=AuthorityFile() if target.scheme == "https" else None,
                )
            ),
        ),
    )
    for part, target, given in (
        ("basic", TargetSpec(), Basic(ADMIN.name)),
        ("token", TargetSpec(), Token(ADMIN.name)),
        ("callable", TargetSpec(), Callback(ADMIN.name)),
        (
            "client_certificate",
            msgspec.structs.replace(_SECURE, client_certificate="required"),
            Certificate(),
        ),
        (
            "password_grant",
            msgspec.structs.replace(_SECURE, issuer=IssuerSpec()),
            PasswordGrant(ADMIN.name),
        ),
        ("certificate_authority", _SECURE, Basic(ADMIN.name)),
    )
}
"""Connects that succeed, or ask the issuer, if a part works: a session's package may have more than
is offered."""


METHODS = {
    "connect": None,
    **{
        method: part.action
        for name, part in PARTS.items()
        if hasattr(Implementation, method := "table" if name == "tables" else name)
    },
}
"""The methods of an adapter that may raise ``PartMissing``, with the action that calls each."""

_USED = (
    (TargetSpec(), Call(authentication=Basic(ADMIN.name))),
    *((target, call) for _, target, call in reversed(TARGETS)),
)
"""Targets on which a session is used, with the calls; one that is unsecured may have no tables."""

ROWS = (("a row",),)
"""What is added, where that is tried: the table of a target has one column of texts."""


@cache
def offered_all_the_same(implementation: Implementation, release: str) -> str | None:
    """That a part is there which is declared as not offered, as a sentence, or ``None``.

    It is there if it is found by its name, or if it works. A declaration that is wrong would leave
    out cases that can be judged.
    """
    asked = copy(implementation)
    asked.without = ()
    there = _there(with_sub_parts(implementation.without), asked, release)
    if not there:
        return None
    wholes = {whole for part in there for whole in chain(part)}
    found = ", ".join(PARTS[part].text for part in there)
    names = ", ".join(f'"{name}"' for name in implementation.without if name in wholes)
    return (
        f"{implementation.name} declares that it does not offer {names}, and it offers {found}: "
        f"declare {without_entry(implementation.without, there)}."
    )


@cache
def mistake_of_methods(implementation: Implementation, release: str) -> str | None:
    """What the adapter's methods do wrong where each is called once, as a sentence, or ``None``.

    The part of a ``PartMissing`` must be one of that method, and must not be there where the method
    is the default one.
    """
    missing, mistakes = _called(implementation, release)
    if mistakes:
        return f"The adapter is wrong: {mistakes[0]}."
    for method, part in missing.items():
        if why := wrong_part(part, "tables" if method == "table" else method):
            raised = f"{type(implementation).__qualname__}.{method} raised PartMissing({part!r})"
            return f"The adapter is wrong: {raised}: {why}."
    asked = copy(implementation)
    asked.without = ()
    for method in missing:
        vars(asked)[method] = partial(getattr(Implementation, method), asked)
    claimed = {part for method in missing.items() for part in _claimed(*method)}
    if not (there := _there(claimed, asked, release)):
        return None
    wholes = {whole for part in there for whole in chain(part)}
    wrong = {method: part for method, part in missing.items() if part in wholes}
    names = ", ".join(f'"{name}"' for name in dict.fromkeys(wrong.values()))
    found = ", ".join(PARTS[part].text for part in there)
    return (
        f"{implementation.name} declares by PartMissing that it does not offer {names}, and it "
        f"offers {found}: remove the method{'s' * (len(wrong) > 1)} {', '.join(wrong)}."
    )


class _Noted(Exception):
    """In place of ``PartMissing``, so that the steps after it are executed too."""


def _called(implementation: Implementation, release: str) -> tuple[dict[str, str], list[str]]:
    """What the adapter's methods raised ``PartMissing`` for, by method, and what they do wrong."""
    noting, missing, mistakes = copy(implementation), dict[str, str](), list[str]()
    noting.without = ()

    def noted(method: str) -> Callable[..., Any]:
        own = getattr(implementation, method)

        def call(*given: Any, **keywords: Any) -> Any:
            try:
                value = own(*given, **keywords)
            except PartNotFound:
                raise
            except PartMissing as error:
                missing.setdefault(method, error.part)
                raise _Noted from error
            except Exception as error:
                # What else raises in it is judged, or the adapter's mistake in a run.
                if method == "connect" and raised_by_adapter(
                    error, implementation, documented=True
                ):
                    lines = origin_of(error, implementation).lines
                    where = f" at {lines[-1]}" if lines else ""
                    name = f"{type(implementation).__qualname__}.connect"
                    mistakes.append(f"{name} raised {type_name(error)}{where}")
                raise
            why = wrong_return(implementation, method, value)
            if why and not (method == "connect" and _returns_none(implementation, given, keywords)):
                mistakes.append(why)
            return value

        return call

    kind = type(implementation)
    methods = [name for name in METHODS if getattr(kind, name) is not getattr(Implementation, name)]
    vars(noting).update((method, noted(method)) for method in methods)
    for method in methods:
        if method in _BUILT:
            with suppress(Exception):
                _BUILT[method](noting)
    left = [action for method in methods if (action := METHODS[method]) is not None]
    going_on = bool(methods)
    while going_on:
        used = _used(left, noting, release)
        # One that ends the scenario has been tried too.
        left = left[len(used) :]
        going_on = bool(left and used and used[-1].how != "hung")
    return missing, mistakes


def _returns_none(
    implementation: Implementation, given: tuple[Any, ...], keywords: dict[str, Any]
) -> bool:
    """Whether the client's own ``connect`` returns ``None`` for these arguments."""
    try:
        return Implementation.connect(implementation, *given, **keywords) is None
    except Exception:
        return False


def _claimed(method: str, part: str) -> tuple[str, ...]:
    """The parts that are not offered if ``method`` raises ``PartMissing(part)``."""
    if (method, part) == ("table", "tables"):
        # A session may list its tables, and give none.
        return ("tables", "columns", "keys", "add", "head", "query")
    return with_sub_parts([part])


def _there(parts: Collection[str], asked: Implementation, release: str) -> list[str]:
    return [part for part in PARTS if part in parts and _is_there(part, asked, release)]


def _is_there(part: str, implementation: Implementation, release: str) -> bool:
    action = PARTS[part].action
    if action is not None:
        return _is_used(action, implementation, release)
    if part in _BUILT:
        if not _is_built(part, implementation):
            return False
        name = PARTS[part].text
        if part not in _WORKING or found_in(implementation, name) == "module":
            return True
    if part not in _WORKING:
        # Each of its parts is looked for.
        return False
    seen = observe(_WORKING[part], implementation, release)
    if part == "password_grant":
        # It works if the issuer was asked: the machine's authorities need not vouch for that one.
        issuers = {target.name for target in seen.targets if target.issuer_of is not None}
        asked = (event.target for event in seen.events if isinstance(event, ConnectionAccepted))
        return not issuers.isdisjoint(asked)
    return all(result.how == "returned" for result in seen.results)


def _is_built(part: str, implementation: Implementation) -> bool:
    try:
        _BUILT[part](implementation)
    except PartMissing:
        return False
    except Exception:
        # It is there, whatever it says of a file that is not.
        return True
    return True


def _is_used(action: Action, implementation: Implementation, release: str) -> bool:
    return any(
        result.how in ("returned", "raised", "hung")
        and (result.raised is None or "NotImplementedError" not in result.raised.names)
        for result in _used([action], implementation, release)
    )


def _used(actions: list[Action], implementation: Implementation, release: str) -> list[Result]:
    """The results of ``actions`` on the first target to which it connects, until one ends it.

    There are none where its connect hangs: it would wait as long again at each target.
    """
    uses = [Use(action, rows=ROWS) for action in actions]
    for target, call in _USED:
        results = observe(Scenario((target,), (Connect(call), *uses)), implementation, release)
        connected, *used = results.results or (None,)
        if connected is not None and connected.how in ("returned", "hung"):
            return used
    return []


def found_in(implementation: Implementation, name: str) -> Literal["module", "session"] | None:
    """Where ``name`` is found first: in the implementation's module, or by what it returned."""
    if any(hasattr(module, name) for module in looked_in(implementation.module, None, name)):
        return "module"
    by_session = looked_in(None, implementation.identity, name)
    return "session" if any(hasattr(module, name) for module in by_session) else None
