"""Which clause decides about a use of a session, and about what the owner sees."""

from __future__ import annotations

from typing import Any

import pytest

from connect_contracts.chapters.builder import (
    AS_ADMIN,
    AS_USER,
    add,
    arm,
    close,
    connect,
    connect_tls,
    head,
    list_tables,
    owner_rows,
    restart,
    secure,
    table,
    unsecure,
)
from connect_contracts.checks import wire_checks
from connect_contracts.checks.expectation import Raises
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import TableSpec, Together, Use
from connect_contracts.oracle.decision import WIRE_CHECK_CLAUSES, only
from oracle_decides import decided

ADMIN = connect(AS_ADMIN)
USER = connect(AS_USER)
OTHER = connect(AS_ADMIN, session="first")
NUMBERS = secure(tables=(table(data_types=(("Id", "String"), ("Value", "int"))), table("Texts")))
CREATE = Use("create table", "New")
READING = list_tables(), head(), Use("query")


@pytest.mark.parametrize(
    ("clause", "given"),
    [
        ("LIVE-3", (secure(), ADMIN, head("of no table"))),
        ("LIVE-12", (secure(), ADMIN, Use("follow link"))),
        # Rows that a session added are read again.
        ("LIVE-2", (secure(), ADMIN, add(("a",)), head())),
        # Other types than text.
        ("LIVE-7", (NUMBERS, ADMIN, head())),
        ("LIVE-3", (NUMBERS, ADMIN, Use("columns"))),
        ("LIVE-3", (NUMBERS, ADMIN, Use("keys"))),
        # Changes.
        ("LIVE-1", (secure(), ADMIN, Use("create table"))),
        ("LIVE-11", (secure(), USER, CREATE)),
        # What happened to the session or its target before.
        ("KEEP-4", (secure(), ADMIN, close(), list_tables())),
        ("KEEP-4", (secure(), list_tables())),
        ("FAULT-1", (secure(), ADMIN, arm("closed before the answer"), list_tables())),
        ("URL-5", (secure(), arm("versions extended"), ADMIN, list_tables())),
        ("KEEP-2", (secure(), ADMIN, restart(), head())),
        ("LIVE-2", (secure(), ADMIN, add(("a",)), owner_rows())),
        # Steps of no session.
        ("LIVE-6", (secure(), USER, add(("a",)), owner_rows())),
        ("KEEP-1", (secure(), ADMIN, restart(), owner_rows())),
        ("AUTH-11", (secure(), ADMIN, OTHER, Together(((head(),), (head(session="first"),))))),
    ],
)
def test_the_clause_of_a_step(clause: str, given: tuple[Any, ...]) -> None:
    assert decided(*given, profile=Profile.V6_2).clause == clause


def test_calls_at_once_that_are_refused_are_so_as_each_alone() -> None:
    target = secure(scheme="https")
    alone = decided(target, connect(AS_ADMIN))
    assert decided(target, Together(((connect(AS_ADMIN),),))) == alone
    other = connect(AS_ADMIN, session="other")
    assert decided(target, Together(((connect(AS_ADMIN),), (other,)))) == alone
    # Not each of them is refused, so that what the targets see is left open.
    mixed = decided(target, connect_tls(), Together(((list_tables(),), (other,))))
    assert (mixed.clause, mixed.alternatives) == (alone.clause, only(Raises()))


@pytest.mark.parametrize("use", READING)
def test_a_user_reads_by_another_clause_in_each_profile(use: Use) -> None:
    for given, before in (((secure(), USER), "LIVE-4"), ((unsecure(), connect()), "LIVE-5")):
        assert decided(*given, use, profile=Profile.V0_9_1).clause == before
        assert decided(*given, use, profile=Profile.V6_2).clause == "LIVE-11"


@pytest.mark.parametrize(
    "special",
    [
        *(table("a/b"), table("of spaces"), table("it's"), table("é")),
        table("Plain", data_types=(("per unit", "String"),)),
    ],
    ids=lambda spec: spec.name,
)
def test_a_name_that_a_path_cannot_hold_as_it_is(special: TableSpec) -> None:
    before, name = (secure(tables=(special,)), ADMIN), special.name
    for use in (head(name), Use("columns", name), Use("keys", name), add(("a",), table=name)):
        assert decided(*before, use).clause == "LIVE-14"
    assert decided(*before, list_tables()).clause == "LIVE-1"
    assert decided(*before, add((1,), table=name)).clause == "LIVE-7"


def test_a_name_that_a_path_holds_as_it_is() -> None:
    plain = "A-plain_name.1~"
    assert decided(secure(tables=(table(plain),)), ADMIN, head(plain)).clause == "LIVE-3"


def test_the_clause_of_a_wire_check_of_any_step() -> None:
    assert decided(secure(), ADMIN, list_tables()).clause_of("KnownAs") == "AUTH-2"
    assert decided(secure(), ADMIN, close()).clause_of("ConnectionsClosed") == "KEEP-4"
    assert decided(secure(), ADMIN, list_tables()).clause_of(None) == "LIVE-1"
    assert set(WIRE_CHECK_CLAUSES) <= set(vars(wire_checks))
