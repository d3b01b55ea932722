"""One connect before anything is judged: what it returns says what the implementation is.

It is the warm-up too: what a first connect imports is not to be blamed on a clause.
"""

from __future__ import annotations

import platform
import ssl
import warnings
from collections.abc import Iterator
from copy import copy
from functools import cache
from importlib import metadata
from typing import Any, Literal

import msgspec

from connect_contracts.execution.adapter_checks import WrongAdapter, check_adapter
from connect_contracts.execution.environment.loopback import blocked
from connect_contracts.execution.identity import Identity, identity_of, looked_in
from connect_contracts.execution.implementation import AWAITED, BadImplementation, Implementation
from connect_contracts.execution.targets import played_release
from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Observation
from connect_contracts.model.scenario import (
    ADMIN,
    AuthorityFile,
    Basic,
    Call,
    Connect,
    Scenario,
    TargetSpec,
    Use,
)

WARM_UP_LIMIT = 10.0
"""Seconds that the connect may take; nothing is judged by it."""

_NAMES = {
    "basic": "BasicAuthentication",
    "token": "TokenAuthentication",
    "client_certificate": "ClientCertificate",
    "session_type": "Session",
}
"""The documented names, by the method that looks for each."""

_TARGETS = (
    ("an unsecured target", TargetSpec(secure=False), Call()),
    (
        "a secure target over HTTPS",
        TargetSpec(scheme="https"),
        Call(authentication=Basic(ADMIN.name), authority_file=AuthorityFile()),
    ),
)
"""Targets of the connect with their descriptions, and its calls; the second if the first raises."""

_READ = Scenario(
    (TargetSpec(),), (Connect(Call(authentication=Basic(ADMIN.name))), Use("head", table="Example"))
)

_REPLACED = ("BasicAuthentication", "TokenAuthentication")
"""Names in whose place a callable is given, which the documentation allows."""


def identify(implementation: Implementation, profile: Profile) -> None:
    """Let ``implementation`` take from what its ``connect`` returns what nothing declares.

    It connects once to an unsecured target over HTTP; where that raises, as for a wrapper that
    demands credentials, once more to a secure target over HTTPS as its administrator. What is
    declared wins. If that raises too, or ``connect`` has not returned at the limit, everything
    stays as it is. A second call does nothing. ``BadImplementation`` is raised as by ``adopt``.
    """
    if implementation.identity is not None or blocked() is not None:
        return
    release = played_release(implementation, profile)
    found = _connected(implementation, release)
    implementation.adopt(found)
    check_adapter(implementation)
    if found.plain == "a coroutine":
        raise BadImplementation(AWAITED.format(name=implementation.name, connect="connect"))
    if type(implementation).frame is not Implementation.frame:
        _check_frame(implementation, release)


def _check_frame(implementation: Implementation, release: str) -> None:
    """Raise ``WrongAdapter`` if the adapter makes no ``Frame`` of what ``head`` returns."""
    seen = _unjudged(_READ, implementation, release)
    for result in seen.results:
        if result.how == "adapter wrong" and result.raised is not None:
            where = f" at {result.raised.where[-1]}" if result.raised.where else ""
            raise WrongAdapter(
                f"The adapter is wrong: {type(implementation).__qualname__}.frame, given what head "
                f"returned, raised {result.raised}{where}."
            )


def warm_up(implementation: Implementation, profile: Profile) -> None:
    """Connect once, unjudged, to the release that the targets of ``profile`` play."""
    _connected(implementation, played_release(implementation, profile))


@cache
def _connected(implementation: Implementation, release: str) -> Identity:
    """What is returned by a connect to a target that plays ``release``."""
    noted: list[Identity] = []

    def connect(*arguments: Any, **keywords: Any) -> Any:
        session = implementation.connect(*arguments, **keywords)
        try:
            noted.append(identity_of(session))
        except Exception as error:  # its class may do anything where it is looked at
            why = f"its connect returned what raises {type(error).__name__}"
            noted.append(Identity(failed=why))
        return session

    noting = copy(implementation)
    vars(noting)["connect"] = connect
    failed = []
    for where, target, call in _TARGETS:
        seen = _unjudged(Scenario((target,), (Connect(call),)), noting, release)
        if noted:
            return noted[0]
        raised = next((result.raised.type for result in seen.results if result.raised), None)
        if raised is None:
            return Identity(failed=f"its connect to {where} did not return")
        failed.append(f"to {where} raised {raised}")
    failures = f"its connect {' and '.join(failed)}"
    return Identity(
        failed=f"{failures}: say in its module what it follows, as in __connect_contract__ = "
        '{"profile": "6.2", "server_version": "6.2.2"}'
    )


def _unjudged(scenario: Scenario, implementation: Implementation, release: str) -> Observation:
    """What is seen of a scenario that nothing is judged by, on a target that plays ``release``."""
    # Loaded on demand: reading settings needs none of it.
    from connect_contracts.execution.run import run

    targets = tuple(msgspec.structs.replace(spec, release=release) for spec in scenario.targets)
    played = msgspec.structs.replace(scenario, targets=targets, limit=WARM_UP_LIMIT)
    with warnings.catch_warnings():
        # A filter of the surroundings that makes errors of warnings is not the client's.
        warnings.simplefilter("default")
        return run(played, implementation, Profile.V0_9_1)


def remarks(implementation: Implementation) -> tuple[str, ...]:
    """What the head of a run says of ``implementation``, a sentence each."""
    return tuple(filter(None, (said_by_session(implementation), *_of_names(implementation))))


def made_with(implementation: Implementation) -> str:
    """The distributions that the implementation's module comes from, Python and its TLS library."""
    installed = [f"{name} {version}" for name, version in distributions(implementation)]
    library = " ".join(ssl.OPENSSL_VERSION.split()[:2])
    return ", ".join([*installed, f"Python {platform.python_version()}", library])


def distributions(implementation: Implementation) -> tuple[tuple[str, str], ...]:
    """Name and version of the distributions that the implementation's module comes from."""
    top = "" if implementation.module is None else implementation.module.__name__.partition(".")[0]
    return tuple((name, metadata.version(name)) for name in _distributions().get(top, ()))


@cache
def _distributions() -> dict[str, list[str]]:
    return {top: sorted(set(names)) for top, names in metadata.packages_distributions().items()}


def said_by_session(implementation: Implementation) -> str | None:
    """What was taken from the session that it returned, or why nothing could be, as a sentence."""
    identity = implementation.identity
    if identity is None:
        return None
    if identity.failed is not None:
        known = implementation.declares("profile")
        return None if known else identity.failed
    taken = [
        f"{key.replace('_', ' ')} {value}"
        for key, value in identity.declared.items()
        if not implementation.declares(key)
    ]
    taken += [name for name in _NAMES.values() if _found_in(implementation, name) == "session"]
    if not taken:
        if implementation.declares("profile") or identity.plain is None:
            return None
        return f"its connect returned {identity.plain}, which says nothing of a client"
    of = identity.client or identity.modules[0]
    return f"its connect returned a session of {of}, which gives {', '.join(taken)}"


def _of_names(implementation: Implementation) -> Iterator[str]:
    lacking = names_not_found(implementation)
    if found := [name for name in _NAMES.values() if _found_in(implementation, name)]:
        yield f"names found: {', '.join(found)}"
    if lost := [name for name in lacking if name not in _REPLACED]:
        yield f"not found, so that its cases are not testable: {', '.join(lost)}"
    if replaced := [name for name in lacking if name in _REPLACED]:
        yield f"not found, so that a callable is given instead: {', '.join(replaced)}"


def names_not_found(implementation: Implementation) -> tuple[str, ...]:
    """The documented names that are found nowhere, and that no method of an adapter stands for."""
    return tuple(
        name
        for method, name in _NAMES.items()
        if getattr(type(implementation), method) is getattr(Implementation, method)
        and _found_in(implementation, name) is None
    )


def _found_in(implementation: Implementation, name: str) -> Literal["module", "session"] | None:
    """Where ``name`` is found first: in the implementation's module, or by what it returned."""
    if any(hasattr(module, name) for module in looked_in(implementation.module, None, name)):
        return "module"
    by_session = looked_in(None, implementation.identity, name)
    return "session" if any(hasattr(module, name) for module in by_session) else None
