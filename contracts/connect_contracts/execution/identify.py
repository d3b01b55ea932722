"""One connect before anything is judged: what it returns says what the implementation is.

It is the warm-up too: what a first connect imports is not to be blamed on a clause.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from functools import cache, partial
from typing import Any

from connect_contracts.execution import unjudged
from connect_contracts.execution.adapter_checks import WrongAdapter, check_adapter
from connect_contracts.execution.connect_kind import no_session
from connect_contracts.execution.environment.loopback import blocked
from connect_contracts.execution.identity import Identity, identity_of
from connect_contracts.execution.implementation import (
    NO_FRAME,
    BadImplementation,
    Implementation,
)
from connect_contracts.execution.offered import found_in, mistake_of_methods, offered_all_the_same
from connect_contracts.execution.targets import played_release
from connect_contracts.model.clause import Profile
from connect_contracts.model.parts import (
    declared_missing,
    how_to_declare,
    part_of,
)
from connect_contracts.model.scenario import (
    ADMIN,
    Basic,
    Call,
    Connect,
    Scenario,
    TargetSpec,
    Use,
)

_NAMES = {
    "basic": "BasicAuthentication",
    "token": "TokenAuthentication",
    "client_certificate": "ClientCertificate",
    "password_grant": "OAuth2ResourceOwnerPasswordAuthentication",
    "session_type": "Session",
}
"""The documented names, by the method that looks for each."""

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
    try:
        _check(implementation, found, release)
    except BadImplementation:
        # A second call looks again, and raises again.
        implementation.identity = None
        raise


def _check(implementation: Implementation, found: Identity, release: str) -> None:
    check_adapter(implementation)
    if why := no_session(implementation.name, found.plain):
        raise BadImplementation(why)
    if implementation.without and (why := offered_all_the_same(implementation, release)):
        raise BadImplementation(why)
    if not found.hung and (why := mistake_of_methods(implementation, release)):
        raise WrongAdapter(why)
    kind = type(implementation)
    if kind.frame is not Implementation.frame or kind.head is not Implementation.head:
        _check_frame(implementation, release)


def _check_frame(implementation: Implementation, release: str) -> None:
    """Raise ``WrongAdapter`` if the adapter's ``head`` or ``frame`` gives what is no frame."""
    seen, kind = unjudged.observe(_READ, implementation, release), type(implementation)
    for result in seen.results:
        other = result.raised.text.partition(NO_FRAME)[2] if result.raised is not None else ""
        if other and kind.head is not Implementation.head:
            raise WrongAdapter(
                f"The adapter is wrong: {kind.__qualname__}.head returned {other}, which is no "
                "data frame: let it return one, or override frame too."
            )
        if result.how == "adapter wrong" and result.raised is not None:
            lines = result.raised.origin.lines
            method = lines[-1].function if lines else f"{kind.__qualname__}.frame"
            given = ", given what head returned," if method.endswith(".frame") else ""
            where = f" at {lines[-1].file}:{lines[-1].line}" if lines else ""
            raise WrongAdapter(
                f"The adapter is wrong: {method}{given} raised {result.raised}{where}."
            )
    last = seen.results[-1] if seen.results else None
    if last is None or last.what != "head" or last.how != "raised":
        return
    asked = copy(implementation)
    vars(asked)["head"] = partial(Implementation.head, asked)
    if unjudged.observe(_READ, asked, release).results[-1].how == "returned":
        raise WrongAdapter(
            f"The adapter is wrong: {kind.__qualname__}.head raised {last.raised} where n is None, "
            "and table.head() returns: let it call head without n then."
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
    for where, target, call in unjudged.TARGETS:
        seen = unjudged.observe(Scenario((target,), (Connect(call),)), noting, release)
        if noted:
            return noted[0]
        if seen.harness_error is not None:
            mistake = seen.harness_error.strip().rpartition("\n")[2]
            return Identity(failed=f"the target of its first connect failed by itself: {mistake}")
        raised = next((result.raised.type for result in seen.results if result.raised), None)
        if raised is None:
            if any(result.how == "part missing" for result in seen.results):
                return Identity(failed="its connect says that a session is not offered")
            why = f"its connect to {where} did not return within {unjudged.WARM_UP_LIMIT:g} s"
            return Identity(failed=why, hung=True)
        failed.append(f"to {where} raised {raised}")
    return Identity(
        failed=f"its connect {' and '.join(failed)}: say in its module what it follows, as in "
        '__connect_contract__ = {"profile": "6.2", "server_version": "6.2.2"}'
    )


def remarks(implementation: Implementation, profile: Profile) -> tuple[str, ...]:
    """What the head of a run says of ``implementation``, a sentence each."""
    names = _of_names(implementation, profile)
    return tuple(filter(None, (said_by_session(implementation), *names)))


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
    taken += [name for name in _NAMES.values() if found_in(implementation, name) == "session"]
    if not taken:
        if implementation.declares("profile") or identity.plain is None:
            return None
        return f"its connect returned {identity.plain}, which says nothing of a client"
    of = identity.client or identity.modules[0]
    return f"its connect returned a session of {of}, which gives {', '.join(taken)}"


def _of_names(implementation: Implementation, profile: Profile) -> Iterator[str]:
    lacking = names_not_found(implementation, profile)
    if implementation.without:
        yield f"declared as not offered: {', '.join(implementation.without)}"
    if found := [name for name in _NAMES.values() if found_in(implementation, name)]:
        yield f"names found: {', '.join(found)}"
    if lost := [name for name in lacking if name not in _REPLACED]:
        yield f"not found, so that its cases are not testable: {', '.join(lost)}"
        yield how_to_declare(filter(None, map(part_of, lost)))
    if replaced := [name for name in lacking if name in _REPLACED]:
        yield f"not found, so that a callable is given instead: {', '.join(replaced)}"


def names_not_found(implementation: Implementation, profile: Profile) -> tuple[str, ...]:
    """The names that ``profile`` documents and that are found nowhere, that no method of an adapter
    stands for, and that are not declared as missing.
    """
    return tuple(
        name
        for method, name in _NAMES.items()
        if not (method == "password_grant" and profile is Profile.V0_9_1)
        and declared_missing(method, implementation.without) is None
        and getattr(type(implementation), method) is getattr(Implementation, method)
        and found_in(implementation, name) is None
    )
