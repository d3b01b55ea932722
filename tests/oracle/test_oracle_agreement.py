"""Two statements of the contract, made apart, that must agree: the oracle and the cases.

They agree on a step if each alternative of the case has one of the oracle's that is as strict or
stricter, and each of the oracle's has one of the case that allows it: so neither allows what the
other forbids. Stricter means that whatever meets the one meets the other, of the outcome and of
the demands that say how a refusal came about: refused before sending is not refused by the target.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connect_contracts.chapters.case import Case
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.checks.expectation import (
    Alternative,
    Expectation,
    Gives,
    GivesRows,
    Outcome,
    Raises,
    Returns,
)
from connect_contracts.checks.wire_checks import (
    BasicPair,
    BearerToken,
    FaultFired,
    HandshakeRefusedByTarget,
    HostNamed,
    KnownAs,
    NoHttpByte,
    NothingArrived,
    RefusedWith,
    WireCheck,
)
from connect_contracts.model.clause import Level, Profile
from connect_contracts.model.scenario import Own, Scenario
from connect_contracts.model.values import same
from connect_contracts.oracle import oracle

OF_REFUSALS = (NothingArrived, NoHttpByte, RefusedWith, FaultFired, HandshakeRefusedByTarget)
OF_VALUES = (BasicPair, BearerToken, HostNamed, KnownAs)


def judged(level: Level | None = None) -> Iterator[tuple[Case, Profile]]:
    for case in catalogue().cases.values():
        for profile in case.profiles:
            if (case.level is Level.OBSERVE) == (level is Level.OBSERVE):
                yield case, profile


JUDGED = list(judged())
OBSERVED = list(judged(Level.OBSERVE))


# What agreement is.


def _rows(*values: str) -> GivesRows:
    return GivesRows(("Id",), ("String",), tuple((value,) for value in values))


def _implies(one: Outcome, other: Outcome) -> bool:
    """Whether every result that is ``one`` is ``other`` too."""
    match one, other:
        case Raises(), Raises():
            return all(
                getattr(other, part) in (None, getattr(one, part))
                for part in ("name", "text", "within")
            )
        case Raises(), _:
            return False
        case _, Returns():
            return True
        case Gives(), Gives():
            return _listed(one.value) == _listed(other.value)
        case GivesRows(), GivesRows():
            return _same_rows(one, other)
        case _:
            return one == other


def _listed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _same_rows(one: GivesRows, other: GivesRows) -> bool:
    shape = ["data_types", "index", "of_owner", *(() if one.of_owner else ("columns",))]
    if any(getattr(one, part) != getattr(other, part) for part in shape):
        return False
    if _limit(one) != _limit(other) or len(one.rows) != len(other.rows):
        return False
    left = list(other.rows)
    for row in one.rows:
        match = next((each for each in left if _same_row(row, each, one.data_types)), None)
        if match is None:
            return False
        left.remove(match)
    return True


def _limit(one: GivesRows) -> int:
    return len(one.rows) if one.at_most is None else min(one.at_most, len(one.rows))


def _same_row(row: tuple[object, ...], other: tuple[object, ...], types: tuple[str, ...]) -> bool:
    pairs = zip(row, other, types, strict=True)
    return len(row) == len(other) and all(same(each, seen, kind) for each, seen, kind in pairs)


def _shows(one: WireCheck, other: WireCheck) -> bool:
    """Whether what shows ``one`` of a refusal shows ``other`` too."""
    match one, other:
        case NothingArrived(), NoHttpByte(after_connecting=False):
            return True
        case BearerToken(), BearerToken(any_form=True):
            return True
        case NoHttpByte(), NoHttpByte():
            return one.after_connecting or not other.after_connecting
        case HandshakeRefusedByTarget(), HandshakeRefusedByTarget():
            return bool(set(one.alerts) & set(other.alerts))
        case _:
            return one == other


def _allows(case: Alternative, said: Alternative) -> bool:
    """Whether the case allows what the oracle says."""
    wanted = [demand for demand in case.wire if isinstance(demand, OF_REFUSALS)]
    shown = all(any(_shows(each, demand) for each in said.wire) for demand in wanted)
    contradicted = any(
        type(demand) is type(each) and not _shows(each, demand)
        for demand in case.wire
        for each in said.wire
        if isinstance(demand, OF_VALUES)
    )
    return _implies(said.outcome, case.outcome) and shown and not contradicted


def disagreement(case: Expectation, said: Expectation | None) -> str | None:
    """Why the case and the oracle do not agree on a step, or ``None``."""
    if said is None:
        return f"the oracle says nothing of step {case.step}: {case.describe()}"
    unmatched = [
        each.describe()
        for each in case.alternatives
        if not any(_allows(each, other) for other in said.alternatives)
    ]
    forbidden = [
        each.describe()
        for each in said.alternatives
        if not any(_allows(other, each) for other in case.alternatives)
    ]
    if not unmatched and not forbidden:
        return None
    return (
        f"of step {case.step} the case says: {case.describe()}\nand the oracle: {said.describe()}\n"
        f"not among the oracle's: {unmatched}; not among the case's: {forbidden}"
    )


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (Alternative(Returns()), Alternative(Raises())),
        (Alternative(Raises()), Alternative(Returns())),
        (Alternative(Gives(["a"])), Alternative(Gives(["b"]))),
        (Alternative(Gives(["a"])), Alternative(Returns())),
        (Alternative(Raises("KeyError")), Alternative(Raises())),
        (Alternative(Raises(), (NothingArrived(),)), Alternative(Raises(), (RefusedWith(401),))),
        (Alternative(Raises(), (NoHttpByte(),)), Alternative(Raises(), (NothingArrived(),))),
        (Alternative(Raises(), (RefusedWith(401),)), Alternative(Raises(), (RefusedWith(403),))),
        (Alternative(Returns(), (KnownAs("a"),)), Alternative(Returns(), (KnownAs("b"),))),
        (Alternative(_rows("a", "a")), Alternative(_rows("a"))),
        (Alternative(_rows("a", "b")), Alternative(_rows("a", "c"))),
    ],
)
def test_what_is_no_agreement(case: Alternative, said: Alternative) -> None:
    assert disagreement(Expectation(0, (case,)), Expectation(0, (said,)))
    assert not disagreement(Expectation(0, (case,)), Expectation(0, (case,)))


def test_one_allows_what_the_other_forbids() -> None:
    one = Expectation(0, (Alternative(Returns()),))
    both = Expectation(0, (Alternative(Returns()), Alternative(Raises())))
    assert disagreement(one, both)
    assert disagreement(both, one)
    assert disagreement(one, None)


# The cases, a chapter at a time: one by one they are thousands of tests that take a moment each.


Pairs = list[tuple[Case, Profile]]


def by_chapter(pairs: Pairs) -> dict[str, Pairs]:
    chapters: dict[str, Pairs] = {}
    for case, profile in pairs:
        chapters.setdefault(case.clause.chapter, []).append((case, profile))
    return chapters


JUDGED_BY_CHAPTER = by_chapter(JUDGED)


@pytest.mark.parametrize("pairs", JUDGED_BY_CHAPTER.values(), ids=JUDGED_BY_CHAPTER)
def test_the_oracle_and_the_cases_agree(pairs: Pairs) -> None:
    wrong = {}
    for case, profile in pairs:
        said = {one.step: one for one in oracle(case.scenario, profile)}
        found = [disagreement(one, said.get(one.step)) for one in case.expectations]
        wrong[case.id, profile] = [one for one in found if one]
    assert {case: why for case, why in wrong.items() if why} == {}


@pytest.mark.parametrize("pairs", JUDGED_BY_CHAPTER.values(), ids=JUDGED_BY_CHAPTER)
def test_steps_that_set_up_return(pairs: Pairs) -> None:
    wrong = {}
    for case, profile in pairs:
        others = set(range(len(case.scenario.steps))) - {one.step for one in case.expectations}
        wrong[case.id, profile] = _not_sure_to_return(case.scenario, profile) & others
    assert {case: steps for case, steps in wrong.items() if steps} == {}


@pytest.mark.parametrize("pairs", JUDGED_BY_CHAPTER.values(), ids=JUDGED_BY_CHAPTER)
def test_every_step_of_a_twin_returns(pairs: Pairs) -> None:
    twins = {(case.id, profile): case.twin for case, profile in pairs if case.twin is not None}
    wrong = {key: _not_sure_to_return(twin, key[1]) for key, twin in twins.items()}
    for case, profile in pairs:
        # Where a case says what must be seen of its twin, the oracle allows it.
        for one in case.of_twin or ():
            said = {each.step: each for each in oracle(twins[case.id, profile], profile)}
            assert any(
                _allows(mine, other)
                for mine in one.alternatives
                for other in said[one.step].alternatives
            ), case.id
            wrong[case.id, profile] -= {one.step}
    assert {case: steps for case, steps in wrong.items() if steps} == {}


def _not_sure_to_return(scenario: Scenario, profile: Profile) -> set[int]:
    sure = {
        one.step
        for one in oracle(scenario, profile)
        if not any(isinstance(each.outcome, Raises) for each in one.alternatives)
    }
    return set(range(len(scenario.steps))) - sure


# Of these it is recorded how the client's hello looks, not whether it connects.
OPEN = [(case, profile) for case, profile in OBSERVED if "hello-for" not in case.id]
OPEN_BY_CHAPTER = by_chapter(OPEN)


@pytest.mark.parametrize("pairs", OPEN_BY_CHAPTER.values(), ids=OPEN_BY_CHAPTER)
def test_of_what_is_observed_the_oracle_allows_both(pairs: Pairs) -> None:
    closed = []
    for case, profile in pairs:
        said = {one.step: one for one in oracle(case.scenario, profile)}
        steps = [index for index, one in enumerate(case.scenario.steps) if not isinstance(one, Own)]
        if not any(_leaves_open(said.get(index)) for index in steps):
            closed.append((case.id, profile))
    assert closed == []


def _leaves_open(one: Expectation | None) -> bool:
    if one is None:
        return True
    raising = {isinstance(each.outcome, Raises) for each in one.alternatives}
    return raising == {True, False}
