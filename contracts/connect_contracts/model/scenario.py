"""A scenario: targets, and steps taken on them, as plain frozen data.

A scenario holds no port, no path and no object, so it can be written to a file and run again
anywhere. Its defects live in three places only: ``Chain.defect`` of a target, ``Call.defect`` of
a connect (a client certificate is a chain too), and a fault that the owner arms.
``without_defects`` takes them out: that is the twin.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Annotated, Literal

import msgspec

from connect_contracts.model.actions import Action, OwnerAction
from connect_contracts.model.target_spec import ADMIN as ADMIN
from connect_contracts.model.target_spec import PASSWORD as PASSWORD
from connect_contracts.model.target_spec import USER as USER
from connect_contracts.model.target_spec import Application as Application
from connect_contracts.model.target_spec import Ciphers as Ciphers
from connect_contracts.model.target_spec import ClientCertificatePolicy as ClientCertificatePolicy
from connect_contracts.model.target_spec import IssuerAnswers as IssuerAnswers
from connect_contracts.model.target_spec import IssuerSpec as IssuerSpec
from connect_contracts.model.target_spec import Row as Row
from connect_contracts.model.target_spec import Scheme as Scheme
from connect_contracts.model.target_spec import TableSpec as TableSpec
from connect_contracts.model.target_spec import TargetSpec as TargetSpec
from connect_contracts.model.target_spec import TlsVersion as TlsVersion
from connect_contracts.model.target_spec import User as User
from connect_harness.certificates import Chain

Host = str
Naming = Literal["plain", "spaces and accents", "relative", "symbolic link"]
FileLayout = Literal["plain", "text between", "twice", "CRLF"]
KeyLayout = Literal["one file", "two files", "encrypted key", "one file, encrypted key"]
KeyFormat = Literal["PKCS 8", "PKCS 1", "SEC 1"]
FaultRequests = Literal["versions", "later", "changes", "any", "tokens"]

SESSION_NAME = r"^(?!(?:owner|all)$)[\s\S]*\S"
"""What a session may be called: ``owner`` is the target's owner, and ``all`` stands for steps that
are taken together."""

SessionName = Annotated[str, msgspec.Meta(pattern=SESSION_NAME)]


class Basic(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="basic"):
    """``BasicAuthentication(username, password)``."""

    username: str = ADMIN.name
    password: str = PASSWORD


class Token(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="token"):
    """``TokenAuthentication(token)``, of a token that the target issued to ``username``.

    ``token_type`` is passed only if it is given. ``of`` names a user whose token it is.
    """

    username: str = ADMIN.name
    token_type: str | None = None


class Callback(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="callback"):
    """A callable ``Authenticate`` that answers each URL with Basic credentials of ``username``.

    It adds a header ``X-Asked`` that counts its calls, so that each answer differs.
    """

    username: str = ADMIN.name


class Certificate(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="client certificate"
):
    """``ClientCertificate(...)`` of a chain, in files laid out as named.

    Parameters:
        key_format: How the key is written: PKCS 8 (RFC 5958), or as its own kind of key has it,
            PKCS 1 (RFC 8017 A.1.2) for RSA and SEC 1 (RFC 5915) for elliptic curves.
    """

    chain: Chain = Chain(
        names=(), subject=ADMIN.name, authority="client authority", purpose="client"
    )
    layout: KeyLayout = "two files"
    key_format: KeyFormat = "PKCS 8"


class PasswordGrant(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="password grant"):
    """``OAuth2ResourceOwnerPasswordAuthentication(...)``, for the issuer of the call's target.

    Parameters:
        scopes: They are left out if there are none.
    """

    username: str = ADMIN.name
    password: str = PASSWORD
    scopes: tuple[str, ...] = ()


Authentication = Basic | Token | Callback | Certificate | PasswordGrant


class AuthorityFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file given as ``certificate_authority``: which authorities, how written, how named.

    Parameters:
        authorities: Names of authorities; ``the leaf`` and ``the intermediate`` are those of the
            target's own chain.
        place: Files of one place have one path, and each takes the content of the former.
    """

    authorities: tuple[str, ...] = ("authority",)
    layout: FileLayout = "plain"
    naming: Naming = "plain"
    place: str | None = None


class Call(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One call of ``connect``, right in every respect but its one named ``defect``.

    Parameters:
        target: The name of the target.
        host: How the target's host is written in the URL. Every name leads to the target, also
            one that nobody else knows: its resolution is redirected for the time of the case.
        authority_file: ``None`` leaves ``certificate_authority`` out.
        url_by_keyword: ``connect(url=...)``.
        explicit_none: Absent arguments are passed as ``None`` rather than left out.
        subclass: Called on a fresh subclass of the implementation's ``Session``.
        event_loop: Called within a running event loop of ``asyncio``, by a coroutine.
        userinfo: Credentials written into the URL, before its host.
        defect: The name of a defect of the call.
    """

    target: str = "target"
    host: Host = "localhost"
    authentication: Authentication | None = None
    authority_file: AuthorityFile | None = None
    url_by_keyword: bool = False
    explicit_none: bool = False
    subclass: bool = False
    event_loop: bool = False
    userinfo: str | None = None
    defect: str | None = None


class Connect(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="connect"):
    """A session is opened, and known by the name ``session`` from then on.

    Parameters:
        times: How often ``connect`` is called, one call after the other. Each session but the last
            is closed at once. After a call that ends otherwise than the first there is no other.
        interrupted: It is called in the main thread, and interrupted by ``SIGINT`` while a target
            holds an answer.

    Raises:
        ValueError: The name is blank, ``owner`` or ``all``.
    """

    call: Call = Call()
    session: SessionName = "session"
    times: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1
    interrupted: bool = False

    def __post_init__(self) -> None:
        _check_session_name(self.session)


def _check_session_name(name: str) -> None:
    if not re.match(SESSION_NAME, name):
        raise ValueError(f"no session can be called {name!r}: give it another name")


class Use(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="use"):
    """A session is used.

    Parameters:
        table: The table that it is about. One that is created has the columns of the table of that
            name that another target began with, or one of texts.
        rows: What is added, row by row (``add``).
        n: How many rows are asked for (``head``); ``None`` leaves the argument out.

    Raises:
        ValueError: The session's name is blank, ``owner`` or ``all``.
    """

    action: Action
    table: str = "Example"
    rows: tuple[Row, ...] = ()
    n: int | None = None
    session: SessionName = "session"

    def __post_init__(self) -> None:
        _check_session_name(self.session)


class Own(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="own"):
    """The owner of a target acts, on the target itself and not through the wire.

    ``ping`` alone is a request: the harness asks, on a connection of its own, whether the target
    still answers. After ``replace certificate`` another chain is presented on the same port.
    Parameters are those that the action needs: ``fault`` for ``arm``, ``user`` for ``set roles``
    and ``set password``, ``ready`` for ``set ready``, ``chain`` for ``replace certificate``; and
    for ``arm`` also:

    Parameters:
        requests: Which requests the fault meets: those for the versions document, all others,
            those that ask for a change (commands of Py4J are among them), any, or those for a token
            at the target's issuer.
        first: Which of them is the first that it meets, from 1.
        times: How many it meets; ``None`` for all.
        to: The target to which a redirect leads; ``None`` for the same origin.
        releases: A fault that holds answers lets them go once it holds ``times`` of them.
    """

    action: OwnerAction
    target: str = "target"
    table: str = "Example"
    spec: TableSpec | None = None
    rows: tuple[Row, ...] = ()
    fault: str | None = None
    requests: FaultRequests = "versions"
    first: Annotated[int, msgspec.Meta(ge=1)] = 1
    times: Annotated[int, msgspec.Meta(ge=1)] | None = None
    to: str | None = None
    releases: bool = False
    user: User | None = None
    ready: bool = True
    chain: Chain | None = None


class Together(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="together"):
    """Branches of steps, each in a thread of its own, let go at one moment."""

    branches: tuple[tuple[Connect | Use, ...], ...]

    def steps(self) -> tuple[Connect | Use, ...]:
        """The steps of all branches, branch by branch."""
        return tuple(step for branch in self.branches for step in branch)


Step = Connect | Use | Own | Together


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Targets, steps, and what surrounds them.

    Parameters:
        surroundings: Environment variables that are set for the case, with their values;
            ``{authority}`` stands for a file with the authority ``authority``, ``{stranger}`` for
            one with another authority, ``{proxy}`` for the address of the target ``proxy``.
        netrc: The user of the first target whom the file ``.netrc`` in the home folder has for
            every host of the calls, with the user's password.
        trusted: Authorities that the implementation's own store trusts for the case, besides
            those that it trusts anyway.
        isolation: ``call`` takes the steps in this process, ``process`` in a fresh interpreter.
        limit: Seconds that one step may take before it counts as a hang.
        listens: Whether everything that is said meanwhile is kept: log records, warnings, the
            ``repr`` of session and authentication, output.
        inspects: Whether the state of the process is looked at before and after each step. In a
            fresh interpreter what connect imports is imported before; in this process only what is
            set is looked at, for it holds what targets need too.

    Raises:
        ValueError: It interrupts a process that is not its own.
    """

    targets: tuple[TargetSpec, ...]
    steps: tuple[Step, ...]
    surroundings: tuple[tuple[str, str], ...] = ()
    netrc: str | None = None
    trusted: tuple[str, ...] = ()
    isolation: Literal["call", "process"] = "call"
    limit: float = 30.0
    listens: bool = False
    inspects: bool = False

    def __post_init__(self) -> None:
        interrupts = any(isinstance(step, Connect) and step.interrupted for step in self.steps)
        if interrupts and self.isolation != "process":
            raise ValueError("a process that is interrupted is the scenario's own: isolate it")


def placed_steps(scenario: Scenario) -> Iterator[tuple[tuple[int, ...], Step]]:
    """Every step with its place, in order; the steps within a ``Together`` come before it."""
    for index, step in enumerate(scenario.steps):
        if isinstance(step, Together):
            for number, branch in enumerate(step.branches):
                yield from (((index, number, at), inner) for at, inner in enumerate(branch))
        yield (index,), step


def calls_of(scenario: Scenario) -> tuple[tuple[tuple[int, ...], Call], ...]:
    """All calls of ``connect`` with their places, in order, those made together included."""
    return tuple(
        (place, step.call) for place, step in placed_steps(scenario) if isinstance(step, Connect)
    )


def without_defects(scenario: Scenario) -> Scenario | None:
    """The twin of ``scenario``: the same steps without its defects; ``None`` if it has none."""
    twin = msgspec.structs.replace(
        scenario,
        targets=tuple(
            msgspec.structs.replace(target, chain=replace(target.chain, defect=None))
            for target in scenario.targets
        ),
        steps=tuple(_sound_step(step) for step in scenario.steps),
    )
    return None if twin == scenario else twin


def with_connects(step: Step, change: Callable[[Connect], Connect]) -> Step:
    """``step`` with what ``change`` makes of each connect that it is, or that is in it."""

    def changed(inner: Connect | Use) -> Connect | Use:
        return change(inner) if isinstance(inner, Connect) else inner

    if isinstance(step, Together):
        return Together(tuple(tuple(map(changed, branch)) for branch in step.branches))
    return step if isinstance(step, Own) else changed(step)


def _sound_step(step: Step) -> Step:
    match step:
        case Own(action="arm"):
            # The step stays, with the fault that does nothing: the twin has the same places.
            return msgspec.structs.replace(step, fault="noop", to=None)
        case Own(chain=Chain() as chain):
            return msgspec.structs.replace(step, chain=replace(chain, defect=None))
        case _:
            return with_connects(step, _sound_connect)


def _sound_connect(step: Connect) -> Connect:
    call = step.call
    authentication = call.authentication
    if isinstance(authentication, Certificate):
        authentication = msgspec.structs.replace(
            authentication, chain=replace(authentication.chain, defect=None)
        )
    return msgspec.structs.replace(
        step, call=msgspec.structs.replace(call, authentication=authentication, defect=None)
    )


def first_connect(scenario: Scenario) -> Connect | None:
    """The first connect that is a step of its own."""
    return next((step for step in scenario.steps if isinstance(step, Connect)), None)
