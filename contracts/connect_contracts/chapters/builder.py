"""The builder of hand-written cases: only what is special shows.

A story is a target and steps in order. A step alone is there to set up; ``must`` puts beside it
what must be seen of it::

    story(https(), must(connect(defect="authority file not given"), Raises(), NoHttpByte()))
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, Unpack

from msgspec import structs

from connect_contracts.chapters.case import CaseOptions, CaseRow, Story, row
from connect_contracts.checks.expectation import Alternative, Expectation, Outcome
from connect_contracts.checks.wire_checks import WireCheck
from connect_contracts.execution.call_defects import CALL_DEFECTS
from connect_contracts.model.actions import OwnerAction
from connect_contracts.model.clause import Level
from connect_contracts.model.scenario import (
    ADMIN,
    USER,
    Authentication,
    AuthorityFile,
    Basic,
    Call,
    Certificate,
    Connect,
    FaultRequests,
    IssuerAnswers,
    IssuerSpec,
    KeyFormat,
    KeyLayout,
    Own,
    Row,
    Scenario,
    Step,
    TableSpec,
    TargetSpec,
    Use,
)
from connect_harness.certificates import Chain

AS_ADMIN = Basic(ADMIN.name)
AS_USER = Basic(USER.name)
AUTHORITY_FILE = AuthorityFile()
CLIENT_CERTIFICATE = Certificate()


@dataclass(frozen=True)
class Must:
    """A step, and what must be seen of it."""

    step: Step
    alternatives: tuple[Alternative, ...]


def must(step: Step, outcome: Outcome, *wire: WireCheck) -> Must:
    """``step``, with the outcome and the demands that must be seen."""
    return Must(step, (Alternative(outcome, wire),))


def either(step: Step, *alternatives: tuple[Outcome | WireCheck, ...]) -> Must:
    """``step``, with alternatives; one must be seen. Each is an outcome, then its demands."""
    return Must(step, tuple(_alternative(*parts) for parts in alternatives))


def _alternative(outcome: Any, *wire: Any) -> Alternative:
    return Alternative(outcome, wire)


def story(
    targets: TargetSpec | tuple[TargetSpec, ...],
    *steps: Step | Must,
    twin: Scenario | Story | None = None,
    **scenario: Any,
) -> Story:
    """A scenario with these targets and steps, and what must be seen of it.

    Parameters:
        twin: The scenario that must succeed in the same run, where the difference is no defect;
            where a story says what must be seen of it, it is held to that.
    """
    bare = tuple(step.step if isinstance(step, Must) else step for step in steps)
    return Story(
        Scenario(targets if isinstance(targets, tuple) else (targets,), bare, **scenario),
        tuple(
            Expectation(index, step.alternatives)
            for index, step in enumerate(steps)
            if isinstance(step, Must)
        ),
        twin.scenario if isinstance(twin, Story) else twin,
        (twin.expectations or None) if isinstance(twin, Story) else None,
    )


# Targets.


def secure(**special: Any) -> TargetSpec:
    """A secure target over plain HTTP."""
    return TargetSpec(**special)


def unsecure(**special: Any) -> TargetSpec:
    """A target without security, over plain HTTP."""
    return TargetSpec(secure=False, **special)


def with_issuer(path: str = "", answers: IssuerAnswers = "tokens", **special: Any) -> TargetSpec:
    """A secure target over HTTPS, and the issuer whose tokens it accepts."""
    return https(issuer=IssuerSpec(path, answers), **special)


def https(*, defect: str | None = None, **special: Any) -> TargetSpec:
    """A secure target over HTTPS, below a private authority; fields are its and its chain's."""
    chain = {part.name: special.pop(part.name) for part in fields(Chain) if part.name in special}
    return TargetSpec(scheme="https", chain=Chain(**chain, defect=defect), **special)


def mutual_tls(policy: str = "required", **special: Any) -> TargetSpec:
    """A secure target over HTTPS that asks for a client certificate."""
    return https(client_certificate=policy, **special)


def as_admin(*steps: Step | Must, target: TargetSpec | None = None, **special: Any) -> Story:
    """The administrator connects to a target over plain HTTP, and takes these steps."""
    return story(target or secure(), connect(AS_ADMIN), *steps, **special)


# Steps of a session.


def connect(
    authentication: Authentication | None = None, *, session: str = "session", **special: Any
) -> Connect:
    """Connect, over plain HTTP or without the file of an authority."""
    return Connect(Call(authentication=authentication, **special), session)


def connect_tls(
    authentication: Authentication | None = AS_ADMIN, *, session: str = "session", **special: Any
) -> Connect:
    """Connect over HTTPS with the authority's file, as the administrator by default."""
    special.setdefault("authority_file", AUTHORITY_FILE)
    return Connect(Call(authentication=authentication, **special), session)


def connect_repeatedly(step: Connect, times: int = 100) -> Connect:
    """``step``, with ``connect`` called so often; each session but the last is closed at once."""
    return structs.replace(step, times=times)


def list_tables(session: str = "session") -> Use:
    """``list(session.tables)``."""
    return Use("list tables", session=session)


def get_table(table: str = "Example", session: str = "session") -> Use:
    """``session.tables[table]``."""
    return Use("get table", table, session=session)


def add(*rows: Row, table: str = "Example", session: str = "session") -> Use:
    """``table += row`` for each row."""
    return Use("add", table, rows, session=session)


def head(table: str = "Example", n: int | None = None, session: str = "session") -> Use:
    """``table.head()``, or ``table.head(n)``."""
    return Use("head", table, n=n, session=session)


def close(session: str = "session") -> Use:
    """``session.close()``."""
    return Use("close", session=session)


# What the owner does.


def owner_rows(table: str = "Example", target: str = "target") -> Own:
    """The owner looks at the table's rows."""
    return Own("rows", target, table)


def own(action: OwnerAction, target: str = "target") -> Own:
    """The owner does what needs no more than its name."""
    return Own(action, target)


def arm(fault: str, requests: FaultRequests = "versions", **special: Any) -> Own:
    """The owner arms a fault; ``special`` has fields of :class:`Own`, such as ``times``."""
    return Own("arm", fault=fault, requests=requests, **special)


def replace_certificate(chain: Chain, target: str = "target") -> Own:
    """The owner has the target present another chain, on the same port."""
    return Own("replace certificate", target, chain=chain)


def restart(target: str = "target") -> Own:
    return Own("restart", target)


def ping(target: str = "target") -> Own:
    """The harness itself asks whether the target still answers."""
    return Own("ping", target)


def table(name: str = "Example", *rows: Row, **special: Any) -> TableSpec:
    """A table of the owner's, with rows."""
    return TableSpec(name, rows=rows, **special)


def client_certificate(
    *, layout: KeyLayout = "two files", key_format: KeyFormat = "PKCS 8", **chain: Any
) -> Certificate:
    """The administrator's client certificate; ``chain`` has fields of its chain."""
    return Certificate(replace(Certificate().chain, **chain), layout, key_format)


# Rows of a table.


def defect_row(name: str, defect: str, **options: Unpack[CaseOptions]) -> CaseRow:
    """A case of a table about a defect of the call, which has the description of the case."""
    known = CALL_DEFECTS[defect]
    if known.expectation == "observe":
        options.setdefault("level", Level.OBSERVE)
    return row(name, known.description, defect, **options)
