"""Two statements of the contract, made apart, that must agree: the oracle and the cases.

They agree on a step if each alternative of the case has one of the oracle's that is as strict or
stricter, and each of the oracle's has one of the case that allows it: so neither allows what the
other forbids. Stricter means that whatever meets the one meets the other, of the outcome and of
the demands that say how a refusal came about: refused before sending is not refused by the target.
"""

from __future__ import annotations

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
from connect_contracts.oracle import decisions, oracle

OF_REFUSALS = (NothingArrived, NoHttpByte, RefusedWith, FaultFired, HandshakeRefusedByTarget)
OF_VALUES = (BasicPair, BearerToken, HostNamed, KnownAs)


Pairs = list[tuple[Case, Profile]]


def by_chapter(*, observed: bool) -> dict[str, Pairs]:
    """The cases in each of their profiles; one by one they are thousands of quick tests."""
    chapters: dict[str, Pairs] = {}
    for case in catalogue().cases.values():
        if (case.level is Level.OBSERVE) == observed:
            pairs = chapters.setdefault(case.clause.chapter, [])
            pairs += [(case, profile) for profile in case.profiles]
    return chapters


JUDGED, OBSERVED = by_chapter(observed=False), by_chapter(observed=True)


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


def _without_evidence(case: Expectation) -> Expectation:
    return Expectation(
        case.step,
        tuple(
            Alternative(
                each.outcome,
                tuple(check for check in each.wire if not isinstance(check, FaultFired)),
            )
            for each in case.alternatives
        ),
    )


def disagreement(case: Expectation, said: Expectation | None) -> str | None:
    """Why the case and the oracle do not agree on a step, or ``None``."""
    if said is None:
        return f"the oracle says nothing of step {case.step}: {case.describe()}"
    if any(not isinstance(each.outcome, Raises) for each in case.alternatives):
        # A fault that a client may overcome decides nothing: that it fired is evidence alone.
        case = _without_evidence(case)
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


# The cases, a chapter at a time.


@pytest.mark.parametrize("chapter", JUDGED)
def test_the_oracle_and_the_cases_agree(chapter: str) -> None:
    wrong = {}
    for case, profile in JUDGED[chapter]:
        expectations = {each.step: each for each in oracle(case.scenario, profile)}
        found = [disagreement(each, expectations.get(each.step)) for each in case.expectations]
        wrong[case.id, profile] = [why for why in found if why]
    assert {key: why for key, why in wrong.items() if why} == {}, (
        "of these cases mend the one statement that is wrong: the case, or connect_contracts/oracle"
    )


@pytest.mark.parametrize("chapter", JUDGED)
def test_steps_that_set_up_return(chapter: str) -> None:
    wrong = {}
    for case, profile in JUDGED[chapter]:
        others = set(range(len(case.scenario.steps))) - {each.step for each in case.expectations}
        wrong[case.id, profile] = _not_sure_to_return(case.scenario, profile) & others
    assert {key: steps for key, steps in wrong.items() if steps} == {}, (
        "the oracle allows these steps to raise: expect something of them in the case, or set up "
        "in another way"
    )


@pytest.mark.parametrize("chapter", JUDGED)
def test_every_step_of_a_twin_returns(chapter: str) -> None:
    wrong = {}
    for case, profile in JUDGED[chapter]:
        if case.twin is None:
            continue
        expectations = {each.step: each for each in oracle(case.twin, profile)}
        steps = _not_sure_to_return(case.twin, profile)
        # Where a case says what must be seen of its twin, the oracle allows it.
        for expectation in case.of_twin or ():
            assert any(
                _allows(alternative, other)
                for alternative in expectation.alternatives
                for other in expectations[expectation.step].alternatives
            ), case.id
            steps -= {expectation.step}
        wrong[case.id, profile] = steps
    assert {key: steps for key, steps in wrong.items() if steps} == {}, (
        "the oracle allows these steps of the twin to raise: the twin must have no defect, so give "
        "another one by twin="
    )


def _not_sure_to_return(scenario: Scenario, profile: Profile) -> set[int]:
    sure = {
        each.step
        for each in oracle(scenario, profile)
        if not any(isinstance(alternative.outcome, Raises) for alternative in each.alternatives)
    }
    return set(range(len(scenario.steps))) - sure


@pytest.mark.parametrize("chapter", OBSERVED)
def test_of_what_is_observed_the_oracle_allows_both(chapter: str) -> None:
    closed = []
    for case, profile in OBSERVED[chapter]:
        # Recorded is how a hello looks, and who is contacted, not whether the client connects.
        if "hello-for" in case.id or case.clause.id == "CLEAN-7":
            continue
        expectations = {each.step: each for each in oracle(case.scenario, profile)}
        steps = enumerate(case.scenario.steps)
        uses = [index for index, step in steps if not isinstance(step, Own)]
        if not any(_leaves_open(expectations.get(index)) for index in uses):
            closed.append((case.id, profile))
    assert closed == [], (
        "the oracle demands one outcome of what is only observed: let it allow both"
    )


def _leaves_open(expectation: Expectation | None) -> bool:
    if expectation is None:
        return True
    raising = {isinstance(each.outcome, Raises) for each in expectation.alternatives}
    return raising == {True, False}


# The clauses.

OF_NO_SINGLE_STEP = {
    *("URL-1", "URL-10", "AUTH-1", "AUTH-11", "AUTH-12", "AUTH-15", "AUTH-16", "FAULT-6", "CA-4"),
    *("CA-16", "CA-18", "CA-21", "MTLS-2", "MTLS-6", "MTLS-7", "MTLS-8"),
    *("LIVE-8", "LIVE-10", "LIVE-13", "CLEAN-1", "CLEAN-2", "CLEAN-3", "CLEAN-4", "CLEAN-5"),
}
"""Clauses about secrets, about wire checks or the process alone, or about several steps."""

OTHERWISE = {
    *("SIG-1[by-position]", "SIG-4[a-session]", "URL-9[host-name]"),
    *("CA-1[over-tls-1-2]", "CA-6[cross-signed]", "CA-10[right-ipv6]"),
    *("CA-10[right-ipv6-written-long]", "CA-11[one-label]", "CA-11[one-a-label]"),
    *("MTLS-3[not-needed-tls-1-2]", "MTLS-3[not-needed-tls-1-3]", "LIVE-3[without-keys]"),
    *(
        "SIG-3[certificate-authority-alone]",
        "LIVE-3[with-keys]",
        "LIVE-7[strings]",
        "LIVE-7[duplicates-without-keys]",
    ),
    *("KEEP-1[there-without-a-restart]", "URL-11[upper-case-host]", "CLEAN-6[in-another-thread]"),
}
"""Cases that show a clause by a scenario in which, seen alone, another one is more special."""


def test_the_oracle_names_the_clause_of_a_case() -> None:
    otherwise = set()
    for case, profile in (pair for pairs in JUDGED.values() for pair in pairs):
        decided = decisions(case.scenario, profile)
        named = {decided[expectation.step].clause for expectation in case.expectations}
        assert named <= set(catalogue().clauses), case.id
        if case.clause.id not in named | OF_NO_SINGLE_STEP:
            otherwise.add(case.id)
    assert sorted(otherwise - OTHERWISE) == [], (
        "the oracle names another clause than that of the case: add what is special about it to "
        "_specials in oracle/connecting.py, or, if another clause is rightly more special, the "
        "case to OTHERWISE; a clause about several steps or the process goes to OF_NO_SINGLE_STEP"
    )
    assert sorted(OTHERWISE - otherwise) == [], (
        "the oracle names the clause of these cases, or they are gone: take them out of OTHERWISE"
    )
