"""Which clause is told of a session that is used, of what its owner sees, and of a demand."""

from __future__ import annotations

import inspect
import re

import pytest

from connect_contracts.chapters.builder import (
    AS_ADMIN,
    AS_USER,
    add,
    arm,
    close,
    connect,
    connect_tls,
    get_table,
    head,
    https,
    list_tables,
    owner_rows,
    ping,
    replace_certificate,
    restart,
    secure,
    table,
    unsecure,
)
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.checks import wire_checks as wire
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import (
    Connect,
    Own,
    Step,
    TableSpec,
    TargetSpec,
    Together,
    Use,
)
from connect_contracts.oracle import clause_attribution as deciding_module
from connect_contracts.oracle.clause_attribution import DEMANDS, deciding
from connect_harness.certificates import Chain
from oracle_said import scenario_of

NUMBERS = table(data_types=(("Id", "String"), ("Value", "int")))


def last(
    *given: TargetSpec | Step, profile: Profile = Profile.V6_2, demand: str | None = None
) -> str:
    """The clause that decides about the last step."""
    played = scenario_of(*given)
    return deciding(played, profile, len(played.steps) - 1, demand)


# What a session reads.


@pytest.mark.parametrize(
    ("clause", "use"),
    [
        ("LIVE-1", list_tables()),
        ("LIVE-1", get_table()),
        ("LIVE-3", Use("columns")),
        ("LIVE-3", Use("keys")),
        ("LIVE-3", head()),
        ("LIVE-3", head("of no table")),
        ("LIVE-3", Use("query")),
        ("LIVE-12", Use("user")),
        ("LIVE-12", Use("url")),
        ("LIVE-12", Use("follow link")),
    ],
)
def test_an_administrator_reads(clause: str, use: Use) -> None:
    assert last(secure(), connect(AS_ADMIN), use) == clause


def test_rows_that_a_session_added_are_read_again() -> None:
    assert last(secure(), connect(AS_ADMIN), add(("a",)), head()) == "LIVE-2"
    by_owner = Own("add", rows=(("a",),))
    assert last(secure(), connect(AS_ADMIN), by_owner, head()) == "LIVE-3"
    other = secure(tables=(table(), table("Other")))
    assert last(other, connect(AS_ADMIN), add(("a",)), head("Other")) == "LIVE-3"


def test_other_types_than_text_are_a_clause_of_their_own() -> None:
    target = secure(tables=(NUMBERS, table("Texts")))
    assert last(target, connect(AS_ADMIN), head()) == "LIVE-7"
    assert last(target, connect(AS_ADMIN), head("Texts")) == "LIVE-3"
    assert last(target, connect(AS_ADMIN), Use("columns")) == "LIVE-3"
    assert last(target, connect(AS_ADMIN), Use("keys")) == "LIVE-3"


@pytest.mark.parametrize(
    "special",
    [
        table("a/b"),
        table("of spaces"),
        table("it's"),
        table("é"),
        table("Plain", data_types=(("per unit", "String"),)),
    ],
)
def test_a_name_that_a_path_cannot_hold_as_it_is(special: TableSpec) -> None:
    target, name = secure(tables=(special,)), special.name
    for use in (head(name), Use("columns", name), Use("keys", name), add(("a",), table=name)):
        assert last(target, connect(AS_ADMIN), use) == "LIVE-14"
    assert last(target, connect(AS_ADMIN), list_tables()) == "LIVE-1"
    assert last(target, connect(AS_ADMIN), add((1,), table=name)) == "LIVE-7"
    plain = secure(tables=(table("A-plain_name.1~"),))
    assert last(plain, connect(AS_ADMIN), head("A-plain_name.1~")) == "LIVE-3"


@pytest.mark.parametrize("use", [list_tables(), head()])
def test_who_is_no_administrator_reads_by_another_clause_in_each_profile(use: Use) -> None:
    as_user, anonymous = (secure(), connect(AS_USER)), (unsecure(), connect())
    assert last(*as_user, use, profile=Profile.V0_9_1) == "LIVE-4"
    assert last(*anonymous, use, profile=Profile.V0_9_1) == "LIVE-5"
    assert last(*as_user, use) == last(*anonymous, use) == "LIVE-11"


# What a session changes.


@pytest.mark.parametrize(
    ("clause", "target", "use"),
    [
        ("LIVE-2", secure(), add(("a",), ("b",))),
        ("LIVE-7", secure(), add(("a",), ("b", "too many"))),
        ("LIVE-7", secure(tables=(NUMBERS,)), add(("a", 1))),
        ("LIVE-1", secure(), add(("a",), table="of no such name")),
        ("LIVE-1", secure(), Use("create table", "New")),
        ("LIVE-1", secure(), Use("create table")),
    ],
)
def test_an_administrator_changes(clause: str, target: TargetSpec, use: Use) -> None:
    assert last(target, connect(AS_ADMIN), use) == clause


@pytest.mark.parametrize("use", [add(("a",)), Use("create table", "New")])
def test_nobody_else_changes_anything(use: Use) -> None:
    assert last(secure(), connect(AS_USER), use) == "LIVE-6"


# What happened to it before.


@pytest.mark.parametrize("use", [close(), Use("leave with"), Use("drop")])
def test_a_session_that_ends(use: Use) -> None:
    assert last(secure(), connect(AS_ADMIN), use) == "KEEP-4"


def test_a_session_that_is_over_or_never_was() -> None:
    assert last(secure(), connect(AS_ADMIN), close(), list_tables()) == "KEEP-4"
    assert last(secure(), list_tables()) == "KEEP-4"
    two = connect(AS_ADMIN, session="first"), connect(AS_ADMIN)
    assert last(secure(), *two, close("first"), list_tables()) == "LIVE-1"


def test_another_certificate_on_the_same_port() -> None:
    another = replace_certificate(Chain(authority="another authority"))
    assert last(https(), connect_tls(), another, list_tables()) == "CA-20"


def test_a_fault_that_a_session_need_not_put_up_with() -> None:
    opened = secure(), connect(AS_ADMIN)
    assert last(*opened, arm("closed before the answer"), list_tables()) == "FAULT-1"
    assert last(*opened, arm("versions extended"), list_tables()) == "LIVE-1"


def test_a_restart_is_told_of_what_is_read_after_it() -> None:
    assert last(secure(), connect(AS_ADMIN), restart(), head()) == "KEEP-2"
    after = restart(), connect(AS_ADMIN), head()
    assert last(secure(), *after) == "LIVE-3"


# Steps that are no session's.


def test_what_the_owner_sees() -> None:
    assert last(secure(), connect(AS_ADMIN), add(("a",)), owner_rows()) == "LIVE-2"
    assert last(secure(), connect(AS_USER), add(("a",)), owner_rows()) == "LIVE-6"
    assert last(secure(), connect(AS_ADMIN), restart(), owner_rows()) == "KEEP-1"
    assert last(secure(), connect(AS_ADMIN), close(), ping()) == "KEEP-3"


def test_the_owner_of_one_target_sees_nothing_of_another() -> None:
    targets = secure(), secure(name="other")
    steps = connect(AS_ADMIN), restart(), connect(AS_USER, session="second", target="other")
    assert last(*targets, *steps, owner_rows(target="other")) == "LIVE-6"


def test_steps_that_are_taken_together() -> None:
    branches: tuple[tuple[Connect | Use, ...], ...] = ((list_tables(),), (list_tables("second"),))
    two = connect(AS_ADMIN), connect(AS_USER, session="second")
    assert last(secure(), *two, Together(branches)) == "AUTH-11"


# Demands.


def test_a_demand_names_its_clause_wherever_it_is_made() -> None:
    assert last(secure(), connect(AS_ADMIN), demand="BasicPair") == "AUTH-3"
    assert last(secure(), connect(AS_ADMIN), list_tables(), demand="KnownAs") == "AUTH-2"
    assert last(secure(), connect(AS_ADMIN), close(), demand="ConnectionsClosed") == "KEEP-4"


def test_every_demand_is_one_that_can_be_made() -> None:
    assert set(DEMANDS) <= set(vars(wire))


def test_every_clause_that_may_decide_is_one_of_the_catalogue() -> None:
    source = inspect.getsource(deciding_module)
    named = set(re.findall(r'"([A-Z]+-\d+)"', source))
    assert len(named) > 40
    assert named <= set(catalogue().clauses)
