"""From a case to its verdict: what is run, and what is not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from connect_contracts.chapters.builder import AS_ADMIN, AS_USER, connect, must, secure, story
from connect_contracts.chapters.case import Case
from connect_contracts.checks.expectation import Alternative, Expectation, Raises, Returns
from connect_contracts.checks.wire_checks import NoHttpByte
from connect_contracts.execution.implementation import Implementation
from connect_contracts.judging import verify as verifying
from connect_contracts.judging.judgement import Judgement
from connect_contracts.judging.verify import verify
from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Observation, Raised, Result, Said
from connect_contracts.model.scenario import Scenario
from connect_contracts.model.verdict import Verdict
from connect_harness.redaction import Secret
from connect_harness.server import AnswerGiven
from hand_written_cases import REFUSAL, case_of

IMPLEMENTATION = Implementation(lambda url, **_: url)
RETURNED = Result((0,), "session", "connect", "returned")
RAISED = msgspec.structs.replace(
    RETURNED, how="raised", raised=Raised("builtins.ValueError", ("ValueError",), "no")
)
HUNG = msgspec.structs.replace(RETURNED, how="hung")
SECRET = Secret("passwd-0f3a9c5e7712bd48", "a password", "target")


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


SETS_UP = case_of(story(secure(), must(connect(AS_USER), Returns()), connect(AS_ADMIN)))
MUST_RETURN = case_of(story(secure(), must(connect(AS_USER), Returns())))
EITHER = Expectation(0, (Alternative(Returns()), Alternative(Raises())))
MAY_RETURN = replace(REFUSAL, expectations=(EITHER,))
UNSHOWN = replace(
    REFUSAL, expectations=(Expectation(0, (Alternative(Raises(), (NoHttpByte(),)),)),)
)
WITH_REFUSED_TWIN = replace(REFUSAL, of_twin=REFUSAL.expectations)
BOTH = ["case", "twin"]


@pytest.mark.parametrize(
    ("case", "results", "leaking", "verdict", "taken"),
    [
        (REFUSAL, {}, (), Verdict.PASSED, BOTH),
        (REFUSAL, {"twin": HUNG}, (), Verdict.INCONCLUSIVE, BOTH),
        (REFUSAL, {}, ("case",), Verdict.FAILED, BOTH),
        (REFUSAL, {}, ("twin",), Verdict.FAILED, BOTH),
        # What was not refused needs no twin, nor a pass that rests on no refusal.
        (REFUSAL, {"case": RETURNED}, (), Verdict.FAILED, ["case"]),
        (MAY_RETURN, {"case": RETURNED}, (), Verdict.PASSED, ["case"]),
        (MUST_RETURN, {"case": RETURNED}, (), Verdict.PASSED, ["case"]),
        (MUST_RETURN, {"case": RETURNED}, ("case",), Verdict.FAILED, ["case"]),
        # Where a refusal shows nothing by itself, the twin may show why.
        (UNSHOWN, {"twin": HUNG}, (), Verdict.INCONCLUSIVE, BOTH),
        # The second step was never reached.
        (SETS_UP, {"case": RETURNED}, (), Verdict.INCONCLUSIVE, ["case"]),
        # A case may say what must be seen of its twin.
        (WITH_REFUSED_TWIN, {"twin": RAISED}, (), Verdict.PASSED, BOTH),
        (WITH_REFUSED_TWIN, {"twin": HUNG}, (), Verdict.INCONCLUSIVE, BOTH),
    ],
)
def test_what_is_run_and_judged(
    runs: dict[str, Any],
    case: Case,
    results: dict[str, Result],
    leaking: tuple[str, ...],
    verdict: Verdict,
    taken: list[str],
) -> None:
    runs |= {**results, "leaking": leaking}
    verified = verify(case, IMPLEMENTATION, Profile.V0_9_1)
    assert verified.judgement.verdict is verdict
    assert verified.judgement.broken == ("AUTH-12" if leaking else None)
    assert verified.case is case
    assert verified.observation.results == (runs["case"],)
    assert runs["taken"] == taken
    assert (verified.twin is not None) == ("twin" in taken)
    if verified.twin is not None:
        assert verified.twin.scenario == case.twin


def test_a_case_of_another_profile_is_not_run(runs: dict[str, Any]) -> None:
    case = replace(MUST_RETURN, profiles=(Profile.V6_2,))
    verified = verify(case, IMPLEMENTATION, Profile.V0_9_1)
    seen = "it belongs to the profile 6.2"
    assert verified.judgement == Judgement(Verdict.NOT_APPLICABLE, seen=seen)
    assert runs["taken"] == []
    assert (verified.case, verified.twin) == (case, None)
    assert verified.observation == Observation(case.scenario)
