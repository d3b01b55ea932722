"""From a case to its verdict: what is run, and what is not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from connect_contracts.chapters.builder import AS_ADMIN, connect, must, secure, story
from connect_contracts.chapters.case import Case, Chapter, Story
from connect_contracts.checks.expectation import Alternative, Expectation, Raises, Returns
from connect_contracts.execution.implementation import Implementation
from connect_contracts.judging import verify as verifying
from connect_contracts.judging.verify import verify
from connect_contracts.model.clause import Level, Profile
from connect_contracts.model.observation import Observation, Raised, Result, Said, Secret
from connect_contracts.model.scenario import Scenario
from connect_contracts.model.verdict import Verdict
from connect_harness.server import AnswerGiven

IMPLEMENTATION = Implementation(lambda url, **_: url)
RETURNED = Result((0,), "session", "connect", "returned")
RAISED = msgspec.structs.replace(
    RETURNED, how="raised", raised=Raised("builtins.ValueError", ("ValueError",), "no")
)
SECRET = Secret("passwd-0f3a9c5e7712bd48", "a password", "target")


def case_of(told: Story, *profiles: Profile) -> Case:
    chapter = Chapter("X", "for this test")
    clause = chapter.clause(1, "a statement", "-", Level.ROBUST)
    more: dict[str, Any] = {"profiles": profiles} if profiles else {}

    def one_case() -> Story:
        """A case."""
        return told

    chapter.case(clause, **more)(one_case)
    (case,) = chapter.cases()
    return case


REFUSAL = case_of(story(secure(), must(connect(AS_ADMIN, defect="no url"), Raises())))


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What a run gives of the case and of its twin, which of them leak, and what was run."""
    given: dict[str, Any] = {"case": RAISED, "twin": RETURNED, "leaking": (), "taken": []}

    def run(scenario: Scenario, implementation: object, profile: Profile) -> Observation:
        assert (implementation, profile) == (IMPLEMENTATION, Profile.V0_9_1)
        which = "twin" if scenario == REFUSAL.twin else "case"
        given["taken"].append(which)
        events = (AnswerGiven(request=1, status=200),) if which == "twin" else ()
        said = (Said("a log record", SECRET.value, (0,)),) if which in given["leaking"] else ()
        return Observation(scenario, (given[which],), events, secrets=(SECRET,), said=said)

    monkeypatch.setattr(verifying, "run", run)
    return given


def test_a_refusal_is_judged_with_its_twin(runs: dict[str, Any]) -> None:
    verified = verify(REFUSAL, IMPLEMENTATION, Profile.V0_9_1)
    assert verified.judgement.verdict is Verdict.PASSED
    assert runs["taken"] == ["case", "twin"]
    assert verified.case is REFUSAL
    assert verified.observation.scenario == REFUSAL.scenario
    assert verified.twin is not None
    assert verified.twin.scenario == REFUSAL.twin


def test_a_refusal_with_a_refused_twin(runs: dict[str, Any]) -> None:
    runs["twin"] = RAISED
    verified = verify(REFUSAL, IMPLEMENTATION, Profile.V0_9_1)
    assert verified.judgement.verdict is Verdict.INCONCLUSIVE
    assert verified.twin is not None


def test_what_was_not_refused_needs_no_twin(runs: dict[str, Any]) -> None:
    runs["case"] = RETURNED
    verified = verify(REFUSAL, IMPLEMENTATION, Profile.V0_9_1)
    assert verified.judgement.verdict is Verdict.FAILED
    assert (runs["taken"], verified.twin) == (["case"], None)
    assert verified.case is REFUSAL
    assert verified.observation.results == (RETURNED,)


def test_a_pass_that_rests_on_no_refusal_needs_no_twin(runs: dict[str, Any]) -> None:
    runs["case"] = RETURNED
    expected = Expectation(0, (Alternative(Returns()), Alternative(Raises())))
    case = replace(REFUSAL, expectations=(expected,))
    verified = verify(case, IMPLEMENTATION, Profile.V0_9_1)
    assert verified.judgement.verdict is Verdict.PASSED
    assert (runs["taken"], verified.twin) == (["case"], None)


def test_a_refusal_that_is_no_pass_needs_no_twin(runs: dict[str, Any]) -> None:
    both = story(secure(), must(connect(AS_ADMIN, defect="no url"), Raises()), connect(AS_ADMIN))
    case = case_of(both)
    taken = verify(case, IMPLEMENTATION, Profile.V0_9_1)
    # The second step was never reached.
    assert taken.judgement.verdict is Verdict.INCONCLUSIVE
    assert taken.case is case
    assert taken.observation.results == (RAISED,)
    assert (runs["taken"], taken.twin) == (["case"], None)


def test_what_must_return_has_no_twin(runs: dict[str, Any]) -> None:
    runs["case"] = RETURNED
    case = case_of(story(secure(), must(connect(AS_ADMIN), Returns())))
    verified = verify(case, IMPLEMENTATION, Profile.V0_9_1)
    assert verified.judgement.verdict is Verdict.PASSED
    assert (len(runs["taken"]), verified.twin) == (1, None)


def test_a_case_of_another_profile_is_not_run(runs: dict[str, Any]) -> None:
    told = story(secure(), must(connect(AS_ADMIN), Returns()))
    case = case_of(told, Profile.V6_2)
    verified = verify(case, IMPLEMENTATION, Profile.V0_9_1)
    assert verified.judgement.verdict is Verdict.NOT_APPLICABLE
    assert verified.judgement.seen == "it belongs to the profile 6.2"
    assert runs["taken"] == []
    assert verified.case is case
    assert verified.observation == Observation(case.scenario)
    assert verified.twin is None


@pytest.mark.parametrize("leaking", ["case", "twin"])
def test_a_refusal_that_leaks_or_whose_twin_leaks_fails(runs: dict[str, Any], leaking: str) -> None:
    runs["leaking"] = (leaking,)
    verified = verify(REFUSAL, IMPLEMENTATION, Profile.V0_9_1)
    assert (verified.judgement.verdict, verified.judgement.broken) == (Verdict.FAILED, "AUTH-12")


def test_what_needs_no_twin_fails_by_a_leak_as_well(runs: dict[str, Any]) -> None:
    runs |= {"case": RETURNED, "leaking": ("case",)}
    case = replace(REFUSAL, expectations=(Expectation(0, (Alternative(Returns()),)),))
    verified = verify(case, IMPLEMENTATION, Profile.V0_9_1)
    assert (verified.judgement.verdict, verified.judgement.broken) == (Verdict.FAILED, "AUTH-12")
    assert runs["taken"] == ["case"]


@pytest.mark.parametrize(
    ("how", "verdict"), [(RAISED, Verdict.PASSED), (RETURNED, Verdict.INCONCLUSIVE)]
)
def test_a_twin_ends_as_the_case_demands_of_it(
    runs: dict[str, Any], how: Result, verdict: Verdict
) -> None:
    runs["twin"] = how
    case = replace(REFUSAL, of_twin=(Expectation(0, (Alternative(Raises()),)),))
    assert verify(case, IMPLEMENTATION, Profile.V0_9_1).judgement.verdict is verdict
