"""Steps that were not taken, twins of another course, and what else is told of a verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from connect_contracts.chapters.builder import (
    AS_ADMIN,
    Must,
    connect,
    either,
    list_tables,
    must,
    secure,
    story,
)
from connect_contracts.chapters.case import Case
from connect_contracts.checks.expectation import Alternative, Expectation, Gives, Raises, Returns
from connect_contracts.checks.wire_checks import FirstRequest, NoHttpByte, Unspoken
from connect_contracts.judging.expected_failures import ExpectedFailure, expected
from connect_contracts.judging.judge import Judgement, judge, with_leaks, with_twin
from connect_contracts.model.clause import Level
from connect_contracts.model.observation import Observation, Said, Secret
from connect_contracts.model.scenario import Connect, Own, Scenario, Together
from connect_contracts.model.verdict import Verdict
from hand_written_cases import REFUSAL, case_of, result, seen

Written = Any


# Steps that were not taken in a scenario that nobody wrote.


def perhaps(session: str) -> Must:
    """A connect that may be refused."""
    return either(connect(AS_ADMIN, session=session, defect="no url"), (Returns(),), (Raises(),))


def generated(*steps: Connect | Must | Together) -> Case:
    return replace(case_of(story(secure(), *steps)), sets_up=False)


@pytest.mark.parametrize(
    ("tables", "verdict"), [(["Example"], Verdict.PASSED), ([], Verdict.FAILED)]
)
def test_what_comes_after_a_refused_session_is_judged(tables: list[str], verdict: Verdict) -> None:
    used = must(list_tables("other"), Gives(["Example"]))
    case = generated(perhaps("one"), must(list_tables("one"), Returns()), perhaps("other"), used)
    taken = result(0, "raised"), result(2, who="other"), result(3, value=tables, who="other")
    assert judge(case, seen(case, *taken)).verdict is verdict


def test_another_session_s_refusal_is_no_reason_to_leave_a_step_out() -> None:
    case = generated(perhaps("one"), perhaps("other"), must(list_tables("one"), Returns()))
    other_refused = seen(case, result(0, who="one"), result(1, "raised", who="other"))
    assert judge(case, other_refused).verdict is Verdict.INCONCLUSIVE
    own_refused = seen(case, result(0, "raised", who="one"), result(1, who="other"))
    assert judge(case, own_refused).verdict is Verdict.PASSED


def test_of_two_connects_under_one_name_the_later_one_opened_the_session() -> None:
    case = generated(perhaps("one"), perhaps("one"), must(list_tables("one"), Returns()))
    opened_at_last = seen(case, result(0, "raised"), result(1))
    assert judge(case, opened_at_last).verdict is Verdict.INCONCLUSIVE
    refused_at_last = seen(case, result(0), result(1, "raised"))
    assert judge(case, refused_at_last).verdict is Verdict.PASSED


def test_a_step_of_the_owner_s_needs_no_session() -> None:
    case = generated(perhaps("session"), must(Own("ping"), Returns()))
    judged = judge(case, seen(case, result(0, "raised")))
    assert judged.verdict is Verdict.INCONCLUSIVE
    assert judged.seen.startswith("step 2 was not reached")


def test_a_session_that_was_opened_among_others_has_to_be_used() -> None:
    both = Together(((connect(AS_ADMIN),), (connect(AS_ADMIN, session="other"),)))
    case = generated(both, must(list_tables(), Returns()))
    judged = judge(case, seen(case, result(0, who="all", what="together")))
    assert judged.verdict is Verdict.INCONCLUSIVE


# Twins of which something of their own is demanded.

PASSED = Judgement(Verdict.PASSED, "it raises")


def demanded(index: int, outcome: Returns | Gives) -> Case:
    return replace(REFUSAL, of_twin=(Expectation(index, (Alternative(outcome),)),))


@pytest.mark.parametrize("how", ["returned", "raised"])
def test_a_twin_is_held_to_its_own_demands_and_not_to_the_case_s(how: str) -> None:
    assert REFUSAL.twin is not None
    twin = Observation(REFUSAL.twin, (result(0, how),))
    remains = with_twin(PASSED, twin, demanded(0, Returns()))
    assert (remains is PASSED) == (how == "returned")


@pytest.mark.parametrize("tables", [["Example"], ["Other"], None])
def test_a_twin_is_judged_to_the_end_of_its_own_steps(tables: list[str] | None) -> None:
    longer = Scenario((secure(),), (connect(AS_ADMIN), list_tables()))
    used = () if tables is None else (result(1, what="list tables", value=tables),)
    twin = Observation(longer, (result(0), *used))
    remains = with_twin(PASSED, twin, demanded(1, Gives(["Example"])))
    assert (remains is PASSED) == (tables == ["Example"])


# What is told besides.

PASSWORD = Secret("passwd-0f3a9c5e7712bd48", "a password", "target")
KEY = Secret("MHcCAQEEIKx0p4T/+Zrj0vXyZ3q6m3B7oJ2c1VqkPQ8y6w1n5u9toAoG", "a private key")


def test_every_leak_is_told_and_the_clause_of_the_first_is_broken() -> None:
    said = tuple(Said("a log record", one.value, (0,)) for one in (KEY, PASSWORD))
    observation = seen(REFUSAL, result(0, "raised"), secrets=(PASSWORD, KEY), said=said)
    judged = with_leaks(PASSED, REFUSAL, observation)
    assert judged == Judgement(
        Verdict.FAILED,
        expected=Unspoken().describe(),
        seen="a private key appeared in a log record (MTLS-7); "
        "a password appeared in a log record (AUTH-12)",
        broken="MTLS-7",
        findings=(
            "a private key appeared in a log record (MTLS-7)",
            "a password appeared in a log record (AUTH-12)",
        ),
    )


def test_what_is_observed_tells_the_handshakes_of_each_step(written: Written) -> None:
    case = case_of(story(secure(), connect(AS_ADMIN), list_tables()), Level.OBSERVE)
    written.accepted().completed().end().begin().end(what="list tables")
    judged = judge(case, written.view().observation)
    assert judged.seen == "step 1 (connect) returned (TLSv1.3); step 2 (list tables) returned"


# Several findings of one case: an entry of expected failures has to declare each.


WRONG = connect(AS_ADMIN, defect="no url")


def declared(judgement: Judgement, *ways: str) -> Verdict:
    entry = ExpectedFailure(reason="why", way=ways, case="CA-2[without-the-file]")
    return expected(judgement, entry).verdict


def test_a_leak_besides_a_declared_failure_is_not_hidden() -> None:
    observation = seen(
        REFUSAL,
        result(0),
        secrets=(PASSWORD,),
        said=(Said("an exception", PASSWORD.value, (0,)),),
    )
    judged = with_leaks(judge(REFUSAL, observation), REFUSAL, observation)
    assert declared(judged, "it returned") is Verdict.FAILED
    assert declared(judged, "it returned", "a password appeared") is Verdict.KNOWN


def test_what_is_wrong_with_a_later_step_is_not_hidden() -> None:
    used = must(list_tables(), Gives(["Example"]))
    case = case_of(story(secure(), must(WRONG, Raises()), used))
    one_wrong = judge(case, seen(case, result(0), result(1, value=["Example"])))
    assert declared(one_wrong, "it returned") is Verdict.KNOWN
    both_wrong = judge(case, seen(case, result(0), result(1, value=["Other"])))
    assert both_wrong.seen == one_wrong.seen
    assert declared(both_wrong, "step 1") is Verdict.FAILED
    assert declared(both_wrong, "step 1", "Other") is Verdict.KNOWN


def test_what_is_wrong_with_a_step_before_a_hang_is_not_hidden() -> None:
    case = case_of(story(secure(), must(WRONG, Raises()), list_tables()))
    judged = judge(case, seen(case, result(0), result(1, "hung")))
    entry = ExpectedFailure(
        reason="why", way="had not ended", case="CA-2[without-the-file]", verdict="hang"
    )
    assert expected(judged, entry).verdict is Verdict.FAILED
    alone = judge(case, seen(case, result(0, "raised"), result(1, "hung")))
    assert expected(alone, entry).verdict is Verdict.KNOWN


def test_two_demands_of_one_step_are_two_findings(written: Written) -> None:
    demanded = must(connect(AS_ADMIN), Returns(), NoHttpByte(), FirstRequest("/other"))
    case = case_of(story(secure(), demanded))
    written.accepted().request().end()
    judged = judge(case, written.view().observation)
    assert declared(judged, "HTTP reached") is Verdict.FAILED
    assert declared(judged, "HTTP reached", "the first request was") is Verdict.KNOWN


def test_two_leaks_that_a_case_is_about_are_two_findings() -> None:
    case = case_of(story(secure(), must(WRONG, Raises(), Unspoken())))
    said = tuple(Said(where, PASSWORD.value, (0,)) for where in ("the session", "a warning"))
    observation = seen(case, result(0, "raised"), secrets=(PASSWORD,), said=said)
    judged = with_leaks(judge(case, observation), case, observation)
    assert declared(judged, "a password appeared in the session") is Verdict.FAILED
    assert declared(judged, "in the session", "in a warning") is Verdict.KNOWN
