"""A failing scenario is made small; what belongs together goes at once."""

from __future__ import annotations

import msgspec
import pytest

from connect_contracts.model.scenario import (
    AuthorityFile,
    Basic,
    Call,
    Certificate,
    Connect,
    Own,
    Scenario,
    TableSpec,
    TargetSpec,
    Together,
    Token,
    Use,
    User,
    calls_of,
)
from connect_contracts.search.shrinking import linked, shrunk, smaller
from connect_harness.certificates import Chain

WIDE = TableSpec(
    "Wide",
    (("Id", "String"), ("Value", "long"), ("Day", "LocalDate")),
    keys=("Id",),
    default_values=(("Value", 7),),
    rows=(("a", 1, "2024-02-29"),),
)
ADMIN = Connect(Call(authentication=Basic()))
SPECIAL = Scenario(
    (TargetSpec(users=(User("zoë", "a#b", ("ROLE_ADMIN",)),), base_path="/one/two"),),
    (Connect(Call(authentication=Basic("zoë", "a#b"))), Connect(Call(), "second")),
    limit=5.0,
)


def given(scenario: Scenario) -> list[Basic]:
    calls = [step.call for step in scenario.steps if isinstance(step, Connect)]
    return [call.authentication for call in calls if isinstance(call.authentication, Basic)]


def test_all_that_does_not_matter_goes() -> None:
    smallest = shrunk(SPECIAL, lambda one: any("#" in pair.password for pair in given(one)), 500)
    assert smallest.targets == (TargetSpec(),)
    assert smallest.steps == (Connect(Call(authentication=Basic("admin", "#"))),)
    assert smallest.limit == SPECIAL.limit


def test_a_password_stays_that_of_its_user() -> None:
    def fails(scenario: Scenario) -> bool:
        users = {user.name: user.password for user in scenario.targets[0].users}
        return any(
            "#" in pair.password and users.get(pair.username) == pair.password
            for pair in given(scenario)
        )

    smallest = shrunk(SPECIAL, fails, 500)
    (user,) = smallest.targets[0].users
    assert user.password == "#"
    assert len(msgspec.json.encode(smallest)) < len(msgspec.json.encode(SPECIAL))


def test_no_more_runs_than_allowed() -> None:
    runs: list[Scenario] = []
    # ``append`` gives None: no candidate fails.
    assert shrunk(SPECIAL, lambda one: bool(runs.append(one)), 5) == SPECIAL
    assert len(runs) == 5


@pytest.mark.parametrize("name", ["b", "ball", "owners", "a "])
def test_a_session_is_never_called_what_no_session_is_called(name: str) -> None:
    steps = Connect(session=name), Use("close", session=name)
    found = list(smaller(Scenario((TargetSpec(),), steps)))
    sessions = {one.session for each in found for one in each.steps if isinstance(one, Connect)}
    assert "session" in sessions
    assert not sessions & {"", " ", "owner", "all"}


def test_no_cell_is_left_out_alone_and_calls_become_plain_together() -> None:
    call = Call(authentication=Basic(), subclass=True)
    steps = Connect(call), Use("add", rows=(("b",),)), Connect(call, "other")
    found = list(smaller(Scenario((TargetSpec(),), steps)))
    rows = {step.rows for each in found for step in each.steps if isinstance(step, Use)}
    assert (("a",),) in rows
    assert ((),) not in rows
    whole = [each for each in found if len(each.steps) == len(steps)]
    assert any(not any(call.subclass for _, call in calls_of(each)) for each in whole)


def test_a_caller_stays_where_the_defect_changes_it() -> None:
    wrong = Connect(Call(authentication=Basic(), defect="wrong password"))
    found = smaller(Scenario((TargetSpec(),), (wrong,)))
    calls = [call for each in found for _, call in calls_of(each)]
    assert any(call.defect is None for call in calls)
    assert all(call.authentication for call in calls if call.defect)


def test_a_column_goes_with_its_cells_wherever_they_are() -> None:
    odd = Use("add", "Wide", (("b", 2),))
    scenario = Scenario(
        (TargetSpec(tables=(WIDE, TableSpec())),),
        (
            ADMIN,
            Use("add", "Wide", (("b", 2, "2024-01-01"),)),
            Own("add", table="Wide", rows=(("c", 3, "2024-01-02"),)),
            Own("add", rows=(("other",),)),
            odd,
        ),
    )
    without_day, without_value, without_id = linked(scenario)
    assert without_value.targets[0].tables == (
        TableSpec(
            "Wide",
            (("Id", "String"), ("Day", "LocalDate")),
            keys=("Id",),
            rows=(("a", "2024-02-29"),),
        ),
        TableSpec(),
    )
    assert without_value.steps[1:] == (
        Use("add", "Wide", (("b", "2024-01-01"),)),
        Own("add", table="Wide", rows=(("c", "2024-01-02"),)),
        Own("add", rows=(("other",),)),
        # A row of another width was wrong on purpose, and stays so.
        odd,
    )
    assert without_day.targets[0].tables[0].default_values == (("Value", 7),)
    assert without_id.targets[0].tables[0].keys == ()


def test_tls_goes_with_what_it_needs() -> None:
    chain = Chain(names=("a.example.test",))
    target = TargetSpec(
        "one", scheme="https", chain=chain, tls="1.2", client_certificate="required"
    )
    other = TargetSpec("other", scheme="https")
    call = Call("one", host="a.example.test", authentication=Certificate())
    of_other = Connect(Call("other", authority_file=AuthorityFile()), "second")
    together = Together(((Connect(call),), (of_other,)))
    scenario = Scenario((target, other), (Connect(call), together))
    in_turn, *_, first, second = linked(scenario)
    assert in_turn.steps == (Connect(call), Connect(call), of_other)
    over_http = Connect(Call("one", authentication=Basic()))
    assert first.targets == (TargetSpec("one"), other)
    assert first.steps == (over_http, Together(((over_http,), (of_other,))))
    assert second.targets == (target, TargetSpec("other"))
    address = Scenario((TargetSpec(scheme="https"),), (Connect(Call(host="127.0.0.1")),))
    (by_address,) = linked(address)
    assert by_address.steps == address.steps


def test_a_token_becomes_the_password_of_its_user() -> None:
    target = TargetSpec(users=(User("zoe", "secret", ("ROLE_USER",)),))
    scenario = Scenario((target,), (Connect(Call(authentication=Token("zoe"))),))
    (by_password,) = linked(scenario)
    assert by_password.steps == (Connect(Call(authentication=Basic("zoe", "secret"))),)
    assert list(linked(by_password)) == []
