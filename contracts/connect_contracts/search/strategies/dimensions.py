"""The dimensions of a scenario: in what respects scenarios differ, and by which values.

The first value of a dimension is its default. The scenario with all defaults is an administrator's
call on a secure target over HTTP. Some values are *odd*: with them the call, or what comes after
it, may fail, and then nothing else is learned from the scenario. So a scenario has one odd value at
most, as a case has one defect.

What can be wrong comes in groups. They follow from what is registered: a new recipe, defect or
fault finds its group by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import msgspec

from connect_contracts.execution.call_defects import CALL_DEFECTS
from connect_contracts.model.actions import ACTIONS
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Certificate
from connect_harness.certificates import DEFECTS
from connect_harness.faults.registry import fault_kinds

OTHER = "other"
"""Stands for what has no value in a dimension, such as a table that was drawn column by column."""

LATER = ", later"
"""Ends the name of a fault that is armed only once the session is open, on every request."""

ON_CHANGE = ", on a change"
"""Ends the name of a fault that is armed once the session is open, on the first change."""


class Dimensions(msgspec.Struct, frozen=True, omit_defaults=True):
    """A value in each dimension.

    Parameters:
        scheme: That of the target.
        security: Whether the target has a ``SecurityConfig``.
        host: How the host is written in the URL.
        base_path: The path below which the target serves everything.
        call_form: How the call is written.
        authority_file: What is given as ``certificate_authority``, where no defect says otherwise.
        certificate: The target's chain, or a group of its defects: topic and expectation.
        client_certificate: Whether the target asks for a client certificate, and insists.
        authentication: How the caller says who it is.
        user: The roles of the caller.
        credentials: What is special about the caller's name or password.
        enforcement: Whether the server itself refuses changes.
        ready: Whether the target lets in those who are no administrators.
        rows: What is in it.
        call_defect: A topic of defects of the call.
        fault: A group of faults, armed before the call or after it.
        company: Who else has a session.
        event: What happens between writing and reading.
        surroundings: What the environment and the home folder say besides.
    """

    scheme: str = "http"
    security: str = "secure"
    host: str = "localhost"
    base_path: str = "none"
    call_form: str = "plain"
    authority_file: str = "as needed"
    certificate: str = "sound"
    tls: str = "1.2 and 1.3"
    client_certificate: str = "none"
    authentication: str = "basic"
    client_chain: str = "sound"
    user: str = "admin"
    credentials: str = "plain"
    enforcement: str = "by the server"
    ready: str = "ready"
    release: str = "as expected"
    table: str = "one text column"
    rows: str = "none"
    call_defect: str = "none"
    fault: str = "none"
    company: str = "alone"
    writing: str = "nothing"
    event: str = "nothing"
    reading: str = "nothing"
    surroundings: str = "none"


@dataclass(frozen=True)
class Dimension:
    """One respect in which scenarios differ.

    Parameters:
        name: A field of :class:`Dimensions`.
        values: The default one first.
        odd: A scenario has at most one of these, of all dimensions.
        stopping: Those of the odd ones that may stop the call itself: nothing comes after it.
    """

    name: str
    values: tuple[str, ...]
    odd: frozenset[str] = frozenset()
    stopping: frozenset[str] = frozenset()


CREDENTIALS = (
    "plain",
    "spaces and quotes",
    "colon in the password",
    "beyond ASCII",
    "empty password",
    "long",
    "colon in the user name",
    "not in normal form",
    "control characters",
)
TABLES = (
    "one text column",
    "with a key",
    "numbers",
    "moments",
    "arrays",
    "truth",
    "every type",
    "odd names",
    "default values",
)
AGAIN, WRONG_PASSWORD, ELSEWHERE = "again", "with a wrong password", "with another's password"
"""Further calls of the same user: two before, which are closed; or one with a password that is
wrong on the same target, or right on the first target and not on the other one."""

ONE_SESSION = ("alone", AGAIN, WRONG_PASSWORD, ELSEWHERE)
"""Companies in which one session alone is there to be used."""

LOOP = "within an event loop"
BUNDLES, NETRC, PROXY = "another authority's bundles", "another user's .netrc", "a proxy"

_READING = {name: kind for name, kind in ACTIONS.items() if not (kind.changes or kind.ends)}
OF_6_2 = tuple(name for name, kind in _READING.items() if kind.since_6_2)
READINGS = ("nothing", *(name for name in _READING if name not in OF_6_2), "head of two")
"""What only the documentation of 6.2 has a session do."""


@cache
def dimensions_in(profile: Profile) -> tuple[Dimension, ...]:
    """The dimensions in ``profile``, in the order of the fields of :class:`Dimensions`."""
    # Without the Live Extension, a user who is no administrator sees no table at all.
    blind = profile is Profile.V0_9_1
    certificates, topics = tuple(certificate_groups()), tuple(call_defect_groups())
    faults = tuple(group for group in fault_groups() if group != STALL)
    later = tuple(f"{group}{LATER}" for group in (HANDSHAKE, ANSWER, STATUS))
    on_change = f"{ANSWER}{ON_CHANGE}"
    writings = ("session adds", "owner adds", "row too wide", "value of another type")
    created = ("owner creates a table", *(() if blind else ("session creates a table",)))
    events = (
        *("restart", "roles granted", "roles revoked", "password changed", "no longer ready"),
        *("renewed certificate", "impostor", "close", "leave with", "drop"),
    )
    authority_files = ("as needed", "several authorities", "other layout", "odd name", "needless")
    authentications = ("basic", "token", "token of another type", "callable", "certificate", "none")
    users = ("admin", "user", "user of a further role", "without a role")
    return (
        _dimension("scheme", ("http", "https")),
        _dimension("security", ("secure", "unsecure"), odd=("unsecure",) if blind else ()),
        _dimension("host", ("localhost", "LOCALHOST", "127.0.0.1", "::1", "another name")),
        _dimension("base_path", ("none", "plain", "odd letters")),
        _dimension("call_form", ("plain", "url by keyword", "None given", "subclass", LOOP)),
        _dimension("authority_file", authority_files, stopping=("needless",)),
        _dimension(
            "certificate",
            ("sound", "intermediate", "cross-signed", *certificates),
            stopping=(group for group in certificates if not group.endswith("/accepted")),
        ),
        _dimension("tls", ("1.2 and 1.3", "1.2", "1.3")),
        _dimension("client_certificate", ("none", "optional", "required")),
        _dimension("authentication", authentications),
        _dimension("client_chain", ("sound", "intermediate", "time"), stopping=("time",)),
        _dimension("user", users, odd=users[1:3] if blind else (), stopping=users[3:]),
        _dimension("credentials", CREDENTIALS, stopping=CREDENTIALS[-3:]),
        _dimension("enforcement", ("by the server", "none")),
        _dimension("ready", ("ready", "not ready"), stopping=("not ready",)),
        _dimension("release", ("as expected", "another"), stopping=("another",)),
        _dimension("table", TABLES),
        _dimension("rows", ("none", "one", "many", "twice the same", "nulls", "extremes")),
        _dimension("call_defect", ("none", *topics), stopping=topics),
        _dimension(
            "fault",
            ("none", *faults, *later, on_change),
            odd=(*later, on_change, REDIRECT),
            stopping=(group for group in faults if group not in (TOLERATED, REDIRECT)),
        ),
        _dimension(
            "company",
            (
                "alone",
                "same user",
                "another user",
                "on another target",
                "at once",
                *ONE_SESSION[1:],
            ),
        ),
        _dimension("writing", ("nothing", *writings, *created)),
        _dimension("event", ("nothing", *events), odd=events),
        _dimension("reading", (*READINGS, *(() if blind else OF_6_2))),
        # What a proxy does to a call is documented nowhere.
        _dimension("surroundings", ("none", BUNDLES, NETRC, PROXY), stopping=(PROXY,)),
    )


def _dimension(
    name: str, values: tuple[str, ...], *, odd: Iterable[str] = (), stopping: Iterable[str] = ()
) -> Dimension:
    stops = frozenset(stopping)
    return Dimension(name, values, stops.union(odd), stops)


# Groups.

Groups = Mapping[str, tuple[str, ...]]

TOLERATED = "tolerated"
HANDSHAKE = "broken handshake"
ANSWER = "broken answer"
STATUS = "error status"
REDIRECT = "redirect"
STALL = "stall"


def _grouped(names: Iterable[tuple[str, str]]) -> Groups:
    found: dict[str, tuple[str, ...]] = {}
    for group, name in names:
        found[group] = (*found.get(group, ()), name)
    return found


@cache
def certificate_groups() -> Groups:
    """Defects of a server's chain by group and expectation, such as ``time/refused``.

    Those that need a key of RSA are left out, as making one takes as long as many scenarios.
    """
    return _grouped(
        (f"{defect.group or defect.topic}/{defect.expectation}", defect.name)
        for defect in DEFECTS.values()
        if defect.chain.purpose == "server" and defect.chain.key.startswith(("ec", "ed"))
    )


@cache
def client_certificate_defects() -> tuple[str, ...]:
    """Defects that a client's chain can have: those of time, without an intermediate."""
    sound = Certificate().chain
    return tuple(
        defect.name
        for defect in DEFECTS.values()
        if defect.chain.intermediates == sound.intermediates and defect.topic == "time"
    )


@cache
def call_defect_groups() -> Groups:
    return _grouped((defect.group, defect.name) for defect in CALL_DEFECTS.values())


@cache
def fault_groups() -> Groups:
    """Faults by what they do. A stall ends a step only at its limit, and is a group of its own."""
    return _grouped((kind.group, name) for name, kind in fault_kinds().items() if name != "noop")
