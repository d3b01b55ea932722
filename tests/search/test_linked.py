"""What goes together goes at once: a column with its cells, TLS with its files."""

from __future__ import annotations

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
)
from connect_contracts.search.shrinking.linked import linked
from connect_harness.certificates import Chain

WIDE = TableSpec(
    "Wide",
    (("Id", "String"), ("Value", "long"), ("Day", "LocalDate")),
    keys=("Id",),
    default_values=(("Value", 7),),
    rows=(("a", 1, "2024-02-29"),),
)
ADMIN = Connect(Call(authentication=Basic()))


def test_a_column_goes_with_its_cells_wherever_they_are() -> None:
    odd = Use("add", "Wide", (("b", 2),))
    told = Scenario(
        (TargetSpec(tables=(WIDE, TableSpec())),),
        (
            ADMIN,
            Use("add", "Wide", (("b", 2, "2024-01-01"),)),
            Own("add", table="Wide", rows=(("c", 3, "2024-01-02"),)),
            Own("add", rows=(("other",),)),
            odd,
        ),
    )
    without_day, without_value, without_id = linked(told)
    (wide, _) = without_value.targets[0].tables
    assert wide == TableSpec(
        "Wide",
        (("Id", "String"), ("Day", "LocalDate")),
        keys=("Id",),
        rows=(("a", "2024-02-29"),),
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
    target = TargetSpec(
        "one",
        scheme="https",
        chain=Chain(names=("a.example.test",)),
        tls="1.2",
        client_certificate="required",
    )
    other = TargetSpec("other", scheme="https")
    call = Call("one", host="a.example.test", authentication=Certificate())
    of_other = Connect(Call("other", authority_file=AuthorityFile()), "second")
    together = Together(((Connect(call),), (of_other,)))
    told = Scenario((target, other), (Connect(call), together))
    in_turn, first, second = linked(told)
    assert in_turn.steps == (Connect(call), Connect(call), of_other)
    plain = Connect(Call("one", authentication=Basic()))
    assert first.targets == (TargetSpec("one"), other)
    assert first.steps == (plain, Together(((plain,), (of_other,))))
    assert second.targets == (target, TargetSpec("other"))
    address = Scenario((TargetSpec(scheme="https"),), (Connect(Call(host="127.0.0.1")),))
    (by_address,) = linked(address)
    assert by_address.steps == address.steps


def test_a_token_goes_for_the_password_of_its_user() -> None:
    target = TargetSpec(users=(User("zoe", "secret", ("ROLE_USER",)),))
    told = Scenario((target,), (Connect(Call(authentication=Token("zoe"))),))
    (by_password,) = linked(told)
    assert by_password.steps == (Connect(Call(authentication=Basic("zoe", "secret"))),)
    assert list(linked(by_password)) == []
