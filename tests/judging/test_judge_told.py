"""What a verdict tells: what was expected, what was seen, and in which step."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from connect_contracts.chapters.builder import AS_ADMIN, connect, list_tables, must, secure, story
from connect_contracts.chapters.case import Case
from connect_contracts.checks.expectation import (
    Alternative,
    Expectation,
    Gives,
    GivesSession,
    Raises,
    Returns,
)
from connect_contracts.checks.wire_checks import NoHttpByte, NothingArrived
from connect_contracts.judging.judge import Judgement, judge, needs_twin, with_twin
from connect_contracts.model.clause import Level
from connect_contracts.model.evidence import Evidence, Strength
from connect_contracts.model.observation import Observation, Result
from connect_contracts.model.scenario import Own, Use
from connect_contracts.model.verdict import Verdict
from connect_harness.server import AnswerGiven, Mark
from hand_written_cases import REFUSAL, case_of, result, seen

TWO = case_of(
    story(
        secure(),
        must(connect(AS_ADMIN), GivesSession()),
        must(Use("head", session="other"), Returns()),
    )
)
UNSENT = Evidence(Strength.TARGET, "the target saw no connection")
PASSED = Judgement(Verdict.PASSED, "it raises", evidence=UNSENT)


def test_a_pass_tells_what_was_expected_and_by_what_it_was_decided() -> None:
    told = "; then ".join(one.describe() for one in TWO.expectations)
    session = result(0, value={"is session": True})
    other = result(1, what="head", who="other")
    judged = judge(TWO, seen(TWO, session, other))
    assert judged == Judgement(Verdict.PASSED, told)
    assert judged.evidence is None


def test_the_evidence_of_an_earlier_step_is_kept() -> None:
    case = case_of(
        story(
            secure(),
            must(connect(AS_ADMIN, defect="no url"), Raises(), NothingArrived()),
            must(connect(AS_ADMIN, session="other"), Returns()),
        )
    )
    judged = judge(case, seen(case, result(0, "raised"), result(1, who="other")))
    assert judged.evidence == UNSENT


def test_a_failure_tells_its_step_and_its_session() -> None:
    session = result(0, value={"is session": True})
    judged = judge(TWO, seen(TWO, session, result(1, "raised", what="head", who="other")))
    assert judged == Judgement(
        Verdict.FAILED,
        "of step 2 (head of other): it returns",
        "of step 2 (head of other): it raised ValueError: no",
        step=1,
    )


def test_the_first_lack_of_evidence_is_told_unless_something_is_violated() -> None:
    step = must(connect(AS_ADMIN, defect="no url"), Raises(), NoHttpByte())
    case = case_of(story(secure(), step, must(list_tables(), Gives(["Example"]))))
    lacking = judge(case, seen(case, result(0, "raised")))
    assert lacking.verdict is Verdict.INCONCLUSIVE
    text = "of step 1 (connect): no connection reached the target"
    assert lacking.seen == f"{text}. What each step did: step 1 (connect) raised ValueError: no"
    right = result(1, value=["Example"], what="list tables")
    assert judge(case, seen(case, result(0, "raised"), right)).seen == (
        f"{lacking.seen}; step 2 (list tables) returned ['Example']"
    )
    wrong = result(1, value=[], what="list tables")
    assert judge(case, seen(case, result(0, "raised"), wrong)).verdict is Verdict.FAILED


def test_what_was_not_set_up_is_told() -> None:
    case = case_of(story(secure(), connect(AS_ADMIN), must(list_tables(), Returns())))
    assert judge(case, seen(case, result(0, "raised"))) == Judgement(
        Verdict.INCONCLUSIVE,
        "step 1 (connect) returns, so that the case can be judged",
        "step 1 (connect) raised ValueError: no",
    )


def test_how_far_a_run_got_is_told() -> None:
    case = case_of(story(secure(), connect(AS_ADMIN), must(list_tables(), Returns())))
    one = judge(case, seen(case, result(0)))
    assert one == Judgement(
        Verdict.INCONCLUSIVE, seen="step 2 was not reached after step 1 (connect) returned"
    )
    none = judge(case, seen(case))
    assert none == Judgement(Verdict.INCONCLUSIVE, seen="step 1 was not reached")


def test_a_hang_is_told_with_its_limit() -> None:
    case = case_of(story(secure(), must(connect(AS_ADMIN), Returns()), limit=2.5))
    assert judge(case, seen(case, result(0, "hung"))) == Judgement(
        Verdict.HANG,
        "step 1 (connect) ends within 2.5 s",
        "step 1 (connect) had not ended at its limit",
        step=0,
    )


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ({"harness_error": "a reason"}, Verdict.HARNESS_ERROR),
        ({"not_testable": "a reason"}, Verdict.NOT_TESTABLE),
        ({"not_applicable": "a reason"}, Verdict.NOT_APPLICABLE),
    ],
)
def test_why_nothing_was_judged_is_told(more: dict[str, str], verdict: Verdict) -> None:
    assert judge(REFUSAL, seen(REFUSAL, **more)) == Judgement(verdict, seen="a reason")


def test_a_missing_part_is_told() -> None:
    missing = result(0, "part missing", part="Session.user")
    told = "the implementation has no Session.user"
    assert judge(REFUSAL, seen(REFUSAL, missing)) == Judgement(
        Verdict.NOT_TESTABLE, seen=told, lacks="Session.user"
    )
    documented_later = msgspec.structs.replace(missing, undocumented=True)
    judged = judge(REFUSAL, seen(REFUSAL, documented_later))
    assert judged == Judgement(Verdict.NOT_APPLICABLE, seen=told)


def test_the_owner_s_steps_are_not_recorded_as_the_implementation_s() -> None:
    case = case_of(story(secure(), connect(AS_ADMIN), Own("ping")), Level.OBSERVE)
    judged = judge(case, seen(case, result(0), result(1, who="owner", what="ping")))
    assert judged.seen == "step 1 (connect) returned"


def test_the_owner_is_not_named_as_a_session() -> None:
    case = case_of(story(secure(), must(Own("ping"), Returns())))
    judged = judge(case, seen(case, result(0, "raised", who="owner", what="ping")))
    assert judged.seen == "of step 1 (ping): it raised ValueError: no"


def test_a_step_among_others_is_told_by_its_place() -> None:
    place = msgspec.structs.replace(result(0, "hung"), place=(0, 1, 2))
    judged = judge(REFUSAL, seen(REFUSAL, place))
    assert judged.seen == "step 1.2.3 (connect) had not ended at its limit"


# The twin.


def twin_of(*results: Result, statuses: tuple[int, ...] = (200,)) -> Observation:
    assert REFUSAL.twin is not None
    events = tuple(AnswerGiven(request=1, status=one) for one in statuses)
    return Observation(REFUSAL.twin, results, (Mark(text="begins"), *events))


def test_a_case_without_a_twin_needs_none() -> None:
    assert not needs_twin(replace(REFUSAL, twin=None), seen(REFUSAL, result(0, "raised")))


def test_only_a_refused_step_that_may_be_refused_needs_its_twin() -> None:
    raised = result(0, "raised")
    assert needs_twin(REFUSAL, seen(REFUSAL, raised))
    other = msgspec.structs.replace(raised, place=(1,))
    assert not needs_twin(REFUSAL, seen(REFUSAL, result(0), other))
    unexpected = replace(REFUSAL, expectations=TWO.expectations)
    assert not needs_twin(unexpected, seen(REFUSAL, raised))


@pytest.mark.parametrize(("status", "granted"), [(200, True), (399, True), (400, False)])
def test_a_twin_is_granted_something(status: int, granted: bool) -> None:
    remains = with_twin(PASSED, twin_of(result(0), statuses=(500, status)))
    assert (remains is PASSED) == granted


def test_a_twin_that_asked_for_nothing_is_told() -> None:
    remains = with_twin(PASSED, twin_of(result(0), statuses=()))
    assert remains.verdict is Verdict.INCONCLUSIVE
    assert remains.expected == "it raises"
    assert remains.seen.endswith(
        "returned without asking the target anything. "
        "What each step of the twin did: step 1 (connect) returned"
    )
    assert remains.evidence is None


def test_a_refused_twin_is_told() -> None:
    remains = with_twin(PASSED, twin_of(result(0), result(1, "raised", what="head")))
    assert remains.verdict is Verdict.INCONCLUSIVE
    assert remains.expected == "it raises"
    assert remains.seen.endswith("step 2 (head) raised ValueError: no")


def test_a_twin_of_which_something_else_is_demanded() -> None:
    demanded = Expectation(0, (Alternative(Raises("ValueError"), ()),))
    case = replace(REFUSAL, of_twin=(demanded,))
    assert with_twin(PASSED, twin_of(result(0, "raised"), statuses=()), case) is PASSED
    remains = with_twin(PASSED, twin_of(result(0)), case)
    assert remains.verdict is Verdict.INCONCLUSIVE
    assert remains.expected == "it raises"
    assert "its twin did not end as it must: of step 1 (connect): it returned." in remains.seen
    assert remains.seen.endswith("What each step of the twin did: step 1 (connect) returned")


def test_a_case_that_does_not_set_up_leaves_aside_how_other_steps_end() -> None:
    case = case_of(story(secure(), connect(AS_ADMIN), must(list_tables(), Returns())))
    results = result(0, "raised"), result(1, what="list tables")
    assert judge(case, seen(case, *results)).verdict is Verdict.INCONCLUSIVE
    other = replace(case, sets_up=False)
    assert judge(other, seen(other, *results)).verdict is Verdict.PASSED
    assert judge(other, seen(other)).seen == "step 2 was not reached"


# Names that nobody else knows.


def named(*hosts: str) -> Case:
    steps = [must(connect(AS_ADMIN, host=host, session=host), Returns()) for host in hosts]
    return case_of(story(secure(), *steps))


def test_one_of_several_names_that_was_never_asked_for() -> None:
    case = named("localhost", "a.example.test", "b.example.test")
    results = [result(0, "raised"), result(1), result(2, "raised")]
    asked_for_another = seen(case, *results, resolved=("a.example.test",))
    judged = judge(case, asked_for_another)
    assert judged.verdict is Verdict.INCONCLUSIVE
    assert judged.seen.startswith("step 3 (connect) raised")
    assert "b.example.test" in judged.seen
    assert judge(case, seen(case, *results, resolved=("b.example.test",))).verdict is (
        Verdict.FAILED
    )


def test_a_name_that_was_not_asked_for_yet() -> None:
    case = named("a.example.test")
    assert judge(case, seen(case)).seen == "step 1 was not reached"
