"""The dimensions of a scenario: in what respects scenarios differ, and by which values.

The first value of a dimension is its plain one; the scenario that is plain in every respect is an
administrator's call on a secure target over HTTP. Some values are *odd*: with them the call, or
what comes after it, may fail, so that nothing else is learned from the scenario. Hence it has one
odd value at most, as everywhere a call is right in every respect but its one defect.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import msgspec

from connect_contracts.model.clause import Profile
from connect_contracts.search.strategies.groups import (
    ANSWER,
    HANDSHAKE,
    STALL,
    TOLERATED,
    call_defect_groups,
    certificate_groups,
    fault_groups,
)

OTHER = "other"
"""Stands for whatever has no value in a dimension: a scenario that somebody wrote by hand."""

LATER = ", later"
"""Ends the name of a fault that is armed only once the session is open."""


class Dimensions(msgspec.Struct, frozen=True):
    """A value in each dimension; by default the plain one.

    Parameters:
        scheme: That of the target.
        security: Whether the target has a ``SecurityConfig``.
        host: How the host is written in the URL.
        base_path: The path below which the target serves everything.
        call_form: How the call is written.
        authority_file: What is given as ``certificate_authority``, where no defect says otherwise.
        certificate: The target's chain, or a group of its defects: topic and expectation.
        tls: The versions of TLS that the target speaks.
        client_certificate: Whether the target asks for a client certificate, and insists.
        authentication: How the caller says who it is.
        client_chain: The chain of the client certificate.
        user: The roles of the caller.
        credentials: What is special about the caller's name or password.
        enforcement: Whether the server itself refuses changes.
        ready: Whether the target lets in those who are no administrators.
        release: Which release the target plays.
        table: What the target's table is like.
        rows: What is in it.
        call_defect: A topic of defects of the call.
        fault: A group of faults, armed before the call or after it.
        company: Who else has a session.
        writing: What is written.
        event: What happens between writing and reading.
        reading: What is read.
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


@dataclass(frozen=True)
class Dimension:
    """One respect in which scenarios differ.

    Parameters:
        name: A field of :class:`Dimensions`.
        values: The plain one first.
        odd: Those of which a scenario has one at most.
        stopping: Those of the odd ones that may stop the call itself: nothing comes after it.
    """

    name: str
    values: tuple[str, ...]
    odd: frozenset[str] = frozenset()
    stopping: frozenset[str] = frozenset()

    @property
    def plain(self) -> str:
        """The plain value."""
        return self.values[0]


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
READINGS = ("nothing", "list tables", "get table", "columns", "keys", "head", "head of two")
OF_6_2 = ("query", "user", "url", "follow link")
"""What only the documentation of 6.2 has a session do."""


@cache
def dimensions_in(profile: Profile) -> tuple[Dimension, ...]:
    """The dimensions in ``profile``, in the order of the fields of :class:`Dimensions`."""
    return tuple(_made(name, *_values(profile)[name]) for name in Dimensions.__struct_fields__)


def _made(
    name: str,
    values: tuple[str, ...],
    odd: tuple[str, ...] = (),
    stopping: tuple[str, ...] = (),
) -> Dimension:
    return Dimension(name, values, frozenset((*odd, *stopping)), frozenset(stopping))


_Values = tuple[tuple[str, ...]] | tuple[tuple[str, ...], tuple[str, ...]]
_Stopping = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


@cache
def _values(profile: Profile) -> dict[str, _Values | _Stopping]:
    certificates = tuple(certificate_groups())
    doubted = tuple(one for one in certificates if not one.endswith("/accepted"))
    topics = tuple(call_defect_groups())
    faults = tuple(one for one in fault_groups() if one != STALL)
    breaking = tuple(one for one in faults if one != TOLERATED)
    later = tuple(f"{one}{LATER}" for one in faults if one in (HANDSHAKE, ANSWER))
    # Without the Live Extension, whoever is no administrator sees no table at all.
    sees_nothing = profile is Profile.V0_9_1
    writings = (
        *("nothing", "session adds", "owner adds", "row too wide", "value of another type"),
        *("owner creates a table", *(() if sees_nothing else ("session creates a table",))),
    )
    events = (
        *("restart", "roles granted", "roles revoked", "password changed", "no longer ready"),
        *("renewed certificate", "impostor", "close", "leave with", "drop"),
    )
    return {
        "scheme": (("http", "https"),),
        "security": (("secure", "unsecure"), ("unsecure",) if sees_nothing else ()),
        "host": (("localhost", "LOCALHOST", "127.0.0.1", "::1", "another name"),),
        "base_path": (("none", "plain", "odd letters"),),
        "call_form": (("plain", "url by keyword", "None given", "subclass"),),
        "authority_file": (
            ("as needed", "several authorities", "other layout", "odd name", "needless"),
            (),
            ("needless",),
        ),
        "certificate": (
            ("sound", "intermediate", "cross-signed", *certificates),
            (),
            doubted,
        ),
        "tls": (("1.2 and 1.3", "1.2", "1.3"),),
        "client_certificate": (("none", "optional", "required"),),
        "authentication": (
            ("basic", "token", "token of another type", "callable", "certificate", "none"),
        ),
        "client_chain": (("sound", "intermediate", "time"), (), ("time",)),
        "user": (
            ("admin", "user", "user of a further role", "without a role"),
            ("user", "user of a further role") if sees_nothing else (),
            ("without a role",),
        ),
        "credentials": (CREDENTIALS, (), CREDENTIALS[-3:]),
        "enforcement": (("by the server", "none"),),
        "ready": (("ready", "not ready"), (), ("not ready",)),
        "release": (("as expected", "another"), (), ("another",)),
        "table": (TABLES,),
        "rows": (("none", "one", "many", "twice the same", "nulls", "extremes"),),
        "call_defect": (("none", *topics), (), topics),
        "fault": (("none", *faults, *later), later, breaking),
        "company": (("alone", "same user", "another user", "on another target", "at once"),),
        "writing": (writings,),
        "event": (("nothing", *events), events),
        "reading": ((*READINGS, *(() if sees_nothing else OF_6_2)),),
    }
