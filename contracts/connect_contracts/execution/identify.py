"""One connect before anything is judged: what it returns says what the implementation is.

It is the warm-up too: what a first connect imports is not to be blamed on a clause.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from copy import copy
from functools import cache
from typing import Any, Literal

import msgspec

from connect_contracts.execution.adapter_checks import check_adapter
from connect_contracts.execution.environment.loopback import blocked
from connect_contracts.execution.identity import Identity, identity_of, looked_in
from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.targets import played_release
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import (
    ADMIN,
    AuthorityFile,
    Basic,
    Call,
    Connect,
    Scenario,
    TargetSpec,
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
    implementation.adopt(_connected(implementation, played_release(implementation, profile)))
    check_adapter(implementation)


def warm_up(implementation: Implementation, profile: Profile) -> None:
    """Connect once, unjudged, to the release that the targets of ``profile`` play."""
    _connected(implementation, played_release(implementation, profile))


@cache
def _connected(implementation: Implementation, release: str) -> Identity:
    """What is returned by a connect to a target that plays ``release``."""
    # Loaded on demand: reading settings needs none of it.
    from connect_contracts.execution.run import run

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
        scenario = Scenario(
            (msgspec.structs.replace(target, release=release),),
            (Connect(call),),
            limit=WARM_UP_LIMIT,
        )
        with warnings.catch_warnings():
            # A filter of the surroundings that makes errors of warnings is not the client's.
            warnings.simplefilter("default")
            seen = run(scenario, noting, Profile.V0_9_1)
        if noted:
            return noted[0]
        raised = next((result.raised.type for result in seen.results if result.raised), None)
        if raised is None:
            return Identity(failed=f"its connect to {where} did not return")
        failed.append(f"to {where} raised {raised}")
    failures = f"its connect {' and '.join(failed)}"
    return Identity(failed=f"{failures}: say in __connect_contract__ what it follows")


def remarks(implementation: Implementation) -> tuple[str, ...]:
    """What the head of a run says of ``implementation``, a sentence each."""
    return tuple(filter(None, (said_by_session(implementation), *_of_names(implementation))))


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
