"""One connect before anything is judged: what it returns says what the implementation is.

It is the warm-up too: what a first connect imports is not to be blamed on a clause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from connect_contracts.execution.adapter_checks import WrongAdapter, check_adapter
from connect_contracts.execution.environment.loopback import blocked
from connect_contracts.execution.identity import Identity, identity_of, looked_in
from connect_contracts.execution.implementation import (
    AWAITED,
    NO_FRAME,
    BadImplementation,
    Implementation,
    PartMissing,
)
from connect_contracts.execution.targets import played_release
from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Observation
from connect_contracts.model.parts import (
    PARTS,
    chain,
    declared_missing,
    how_to_declare,
    part_of,
    with_sub_parts,
    without_entry,
)
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

WARM_UP_LIMIT = 30.0
"""Seconds that the connect may take, which may have to import the client on a busy machine."""

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

_BUILT: dict[str, Callable[[Implementation], object]] = {
    "session_type": lambda given: given.session_type(),
    "connect_of_subclass": lambda given: given.connect_of_subclass(),
    "basic": lambda given: given.basic("user", "passwd"),
    "token": lambda given: given.token("token", None),
    "client_certificate": lambda given: given.client_certificate(Path("it.pem"), None, None),
    "password_grant": lambda given: given.password_grant(scopes=frozenset()),
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
"""Connects that succeed if a part works. A session's package may have more than is offered."""

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
    if implementation.without and (why := _offered_all_the_same(implementation, release)):
        # A second call looks again, and raises again.
        implementation.identity = None
        raise BadImplementation(why)
    if found.plain == "a coroutine":
        raise BadImplementation(AWAITED.format(name=implementation.name, connect="connect"))
    kind = type(implementation)
    if kind.frame is not Implementation.frame or kind.head is not Implementation.head:
        _check_frame(implementation, release)


@cache
def _offered_all_the_same(implementation: Implementation, release: str) -> str | None:
    """That a part is there which is declared as not offered, as a sentence, or ``None``.

    It is there if it is found by its name, or if it works. A declaration that is wrong would leave
    out cases that can be judged.
    """
    asked = copy(implementation)
    asked.without = ()
    there = [
        part for part in with_sub_parts(implementation.without) if _is_there(part, asked, release)
    ]
    if not there:
        return None
    wholes = {whole for part in there for whole in chain(part)}
    found = ", ".join(PARTS[part].text for part in there)
    names = ", ".join(f'"{name}"' for name in implementation.without if name in wholes)
    return (
        f"{implementation.name} declares that it does not offer {names}, and it offers {found}: "
        f"declare {without_entry(implementation.without, there)}."
    )


def _is_there(part: str, implementation: Implementation, release: str) -> bool:
    action = PARTS[part].action
    if action is not None:
        return any(
            _found_by_use(
                Scenario((target,), (Connect(call), Use(action))), implementation, release
            )
            for _, target, call in _TARGETS
        )
    if part in _BUILT:
        if not _is_built(part, implementation):
            return False
        name = PARTS[part].text
        if part not in _WORKING or _found_in(implementation, name) == "module":
            return True
    if part not in _WORKING:
        # Each of its parts is looked for.
        return False
    seen = _unjudged(_WORKING[part], implementation, release)
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


def _found_by_use(scenario: Scenario, implementation: Implementation, release: str) -> bool:
    connected, *used = _unjudged(scenario, implementation, release).results
    return connected.how == "returned" and any(
        result.how in ("returned", "raised", "hung")
        and (result.raised is None or "NotImplementedError" not in result.raised.names)
        for result in used
    )


def _check_frame(implementation: Implementation, release: str) -> None:
    """Raise ``WrongAdapter`` if the adapter's ``head`` or ``frame`` gives what is no frame."""
    seen, kind = _unjudged(_READ, implementation, release), type(implementation)
    for result in seen.results:
        other = result.raised.text.partition(NO_FRAME)[2] if result.raised is not None else ""
        if other and kind.head is not Implementation.head:
            raise WrongAdapter(
                f"The adapter is wrong: {kind.__qualname__}.head returned {other}, which is no "
                "data frame: let it return one, or override frame too."
            )
        if result.how == "adapter wrong" and result.raised is not None:
            lines = result.raised.origin.lines
            where = f" at {lines[-1]}" if lines else ""
            raise WrongAdapter(
                f"The adapter is wrong: {kind.__qualname__}.frame, given what head "
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
        if seen.harness_error is not None:
            mistake = seen.harness_error.strip().rpartition("\n")[2]
            return Identity(failed=f"the target of its first connect failed by itself: {mistake}")
        raised = next((result.raised.type for result in seen.results if result.raised), None)
        if raised is None:
            if any(result.how == "part missing" for result in seen.results):
                return Identity(failed="its connect says that a session is not offered")
            why = f"its connect to {where} did not return within {WARM_UP_LIMIT:g} s"
            return Identity(failed=why, hung=True)
        failed.append(f"to {where} raised {raised}")
    return Identity(
        failed=f"its connect {' and '.join(failed)}: say in its module what it follows, as in "
        '__connect_contract__ = {"profile": "6.2", "server_version": "6.2.2"}'
    )


def _unjudged(scenario: Scenario, implementation: Implementation, release: str) -> Observation:
    """What is seen of a scenario that nothing is judged by, on a target that plays ``release``."""
    # Loaded on demand: reading settings needs none of it.
    from connect_contracts.execution.environment.process_environment import unshown_warnings
    from connect_contracts.execution.run import run

    targets = tuple(msgspec.structs.replace(spec, release=release) for spec in scenario.targets)
    played = msgspec.structs.replace(scenario, targets=targets, limit=WARM_UP_LIMIT)
    with unshown_warnings():
        return run(played, implementation, Profile.V0_9_1)


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
    if implementation.without:
        yield f"declared as not offered: {', '.join(implementation.without)}"
    if found := [name for name in _NAMES.values() if _found_in(implementation, name)]:
        yield f"names found: {', '.join(found)}"
    if lost := [name for name in lacking if name not in _REPLACED]:
        yield f"not found, so that its cases are not testable: {', '.join(lost)}"
        yield how_to_declare(filter(None, map(part_of, lost)))
    if replaced := [name for name in lacking if name in _REPLACED]:
        yield f"not found, so that a callable is given instead: {', '.join(replaced)}"


def names_not_found(implementation: Implementation) -> tuple[str, ...]:
    """The documented names that are found nowhere, that no method of an adapter stands for, and
    that are not declared as missing.
    """
    return tuple(
        name
        for method, name in _NAMES.items()
        if declared_missing(method, implementation.without) is None
        and getattr(type(implementation), method) is getattr(Implementation, method)
        and _found_in(implementation, name) is None
    )


def _found_in(implementation: Implementation, name: str) -> Literal["module", "session"] | None:
    """Where ``name`` is found first: in the implementation's module, or by what it returned."""
    if any(hasattr(module, name) for module in looked_in(implementation.module, None, name)):
        return "module"
    by_session = looked_in(None, implementation.identity, name)
    return "session" if any(hasattr(module, name) for module in by_session) else None
