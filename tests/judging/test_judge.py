"""Verdicts out of observations that are written by hand: no target, no implementation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from connect_contracts.chapters.builder import (
    AS_ADMIN,
    connect,
    either,
    list_tables,
    must,
    secure,
    story,
)
from connect_contracts.chapters.case import Case
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.checks.expectation import (
    Alternative,
    Expectation,
    Gives,
    GivesSession,
    Raises,
    Returns,
)
from connect_contracts.checks.wire_checks import NoHttpByte, NothingArrived, Unspoken
from connect_contracts.judging.judge import Judgement, judge, needs_twin, with_leaks, with_twin
from connect_contracts.model.clause import Level
from connect_contracts.model.evidence import Evidence, Strength
from connect_contracts.model.observation import Observation, Raised, Result, Said, Secret, Source
from connect_contracts.model.scenario import Scenario, Together
from connect_contracts.model.verdict import Verdict
from connect_harness.server import AnswerGiven, ConnectionAccepted, ConnectionClosed, Mark
from connect_harness.server.events import Ending, Kept
from hand_written_cases import REFUSAL, case_of, result, seen

REFUSED = Raised("builtins.ValueError", ("ValueError", "Exception"), "no")


LISTING = case_of(story(secure(), connect(AS_ADMIN), must(list_tables(), Gives(["Example"]))))


def test_what_must_be_seen_and_is_seen() -> None:
    returned = result(1, "returned", what="list tables", value=["Example"])
    judged = judge(LISTING, seen(LISTING, result(0, "returned"), returned))
    assert judged.verdict is Verdict.PASSED


def test_another_value_fails_and_both_are_told() -> None:
    returned = result(1, "returned", what="list tables", value=["Other"])
    judged = judge(LISTING, seen(LISTING, result(0, "returned"), returned))
    assert judged.verdict is Verdict.FAILED
    assert "['Example']" in judged.expected
    assert "['Other']" in judged.seen


def test_a_step_that_sets_up_and_raises_is_inconclusive() -> None:
    judged = judge(LISTING, seen(LISTING, result(0, "raised", raised=REFUSED)))
    assert judged.verdict is Verdict.INCONCLUSIVE
    assert "ValueError: no" in judged.seen


def test_a_judged_step_that_was_not_reached_is_inconclusive() -> None:
    judged = judge(LISTING, seen(LISTING, result(0, "returned")))
    assert judged.verdict is Verdict.INCONCLUSIVE
    assert "not reached" in judged.seen


def test_a_refusal_that_did_not_happen_fails_whatever_the_twin() -> None:
    observation = seen(REFUSAL, result(0, "returned"))
    assert judge(REFUSAL, observation).verdict is Verdict.FAILED
    assert not needs_twin(REFUSAL, observation)


def test_a_refusal_needs_its_twin() -> None:
    observation = seen(REFUSAL, result(0, "raised", raised=REFUSED))
    judged = judge(REFUSAL, observation)
    assert judged.verdict is Verdict.PASSED
    assert needs_twin(REFUSAL, observation)
    assert REFUSAL.twin is not None
    answered = AnswerGiven(request=1, status=200)
    good = Observation(REFUSAL.twin, (result(0, "returned"),), (answered,))
    assert with_twin(judged, good) is judged
    silent = Observation(REFUSAL.twin, (result(0, "returned"),))
    assert with_twin(judged, silent).verdict is Verdict.INCONCLUSIVE
    bad = Observation(REFUSAL.twin, (result(0, "raised", raised=REFUSED),))
    assert with_twin(judged, bad).verdict is Verdict.INCONCLUSIVE
    hung = Observation(REFUSAL.twin, (result(0, "hung"),))
    assert with_twin(judged, hung).verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    ("twin", "verdict"),
    [
        ({"harness_error": "a traceback"}, Verdict.HARNESS_ERROR),
        ({"not_testable": "no IPv6"}, Verdict.NOT_TESTABLE),
        ({"not_applicable": "it resolves names itself"}, Verdict.NOT_APPLICABLE),
    ],
)
def test_a_twin_that_says_nothing(twin: dict[str, str], verdict: Verdict) -> None:
    judged = judge(REFUSAL, seen(REFUSAL, result(0, "raised", raised=REFUSED)))
    assert REFUSAL.twin is not None
    assert with_twin(judged, Observation(REFUSAL.twin, **twin)).verdict is verdict


@pytest.mark.parametrize(
    ("results", "more", "verdict"),
    [
        ((), {"harness_error": "a traceback"}, Verdict.HARNESS_ERROR),
        ((), {"not_testable": "no IPv6"}, Verdict.NOT_TESTABLE),
        ((), {"not_applicable": "it resolves names itself"}, Verdict.NOT_APPLICABLE),
        ((result(0, "hung"),), {}, Verdict.HANG),
        ((result(0, "part missing", part="Session.user"),), {}, Verdict.NOT_TESTABLE),
    ],
)
def test_what_is_no_word_on_the_contract(
    results: tuple[Result, ...], more: dict[str, Any], verdict: Verdict
) -> None:
    assert judge(REFUSAL, seen(REFUSAL, *results, **more)).verdict is verdict


def test_what_is_observed_is_never_judged() -> None:
    case = case_of(story(secure(), connect(AS_ADMIN, defect="no url")), Level.OBSERVE)
    judged = judge(case, seen(case, result(0, "raised", raised=REFUSED)))
    assert judged.verdict is Verdict.OBSERVED
    assert "ValueError: no" in judged.seen
    assert case.twin is None


OBSERVED = case_of(story(secure(), connect(AS_ADMIN), list_tables()), Level.OBSERVE)


def test_a_hang_where_nothing_is_demanded_is_recorded() -> None:
    hung = result(0, "hung", stack=("read (client.py:7)",))
    judged = judge(OBSERVED, seen(OBSERVED, hung))
    assert judged.verdict is Verdict.OBSERVED
    assert judged.seen == (
        "step 1 (connect) had not ended at its limit, last seen in read (client.py:7)"
    )


def test_a_later_step_that_hangs_is_recorded_beside_the_others() -> None:
    hung = result(1, "hung", what="list tables")
    judged = judge(OBSERVED, seen(OBSERVED, result(0, "returned"), hung))
    assert judged.verdict is Verdict.OBSERVED
    assert judged.seen == (
        "step 1 (connect) returned; step 2 (list tables) had not ended at its limit"
    )


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ({"harness_error": "a traceback"}, Verdict.HARNESS_ERROR),
        ({"not_testable": "no IPv6"}, Verdict.NOT_TESTABLE),
        ({"not_applicable": "it resolves names itself"}, Verdict.NOT_APPLICABLE),
    ],
)
def test_what_was_not_run_was_not_observed(more: dict[str, str], verdict: Verdict) -> None:
    assert judge(OBSERVED, seen(OBSERVED, **more)).verdict is verdict


NAMED = case_of(
    story(secure(), must(connect(AS_ADMIN, host="a.example.test", defect="no url"), Raises()))
)
NEVER_ASKED = (
    "step 1 (connect) raised, and the redirected resolution was never asked for a.example.test: if "
    "the implementation resolves names itself, let its adapter declare own_resolver"
)


def test_a_refusal_need_not_ask_for_a_name_but_its_twin_has_to() -> None:
    observation = seen(NAMED, result(0, "raised", raised=REFUSED), resolved=("b.example.test",))
    judged = judge(NAMED, observation)
    assert judged.verdict is Verdict.PASSED
    assert needs_twin(NAMED, observation)


def test_a_refusal_whose_evidence_is_missing_tells_that_nobody_asked() -> None:
    case = replace(NAMED, expectations=(Expectation(0, (Alternative(Raises(), (NoHttpByte(),)),)),))
    judged = judge(case, seen(case, result(0, "raised", raised=REFUSED)))
    assert judged.verdict is Verdict.INCONCLUSIVE
    assert judged.seen.startswith(f"{NEVER_ASKED}. What each step did: step 1 (connect) raised")


OPEN = case_of(
    story(
        secure(),
        either(connect(AS_ADMIN, defect="no url"), (Returns(),), (Raises(),)),
        must(list_tables(), Gives(["Example"])),
    )
)


def test_a_session_that_was_refused_is_not_used() -> None:
    refused = seen(OPEN, result(0, "raised", raised=REFUSED))
    generated = replace(OPEN, sets_up=False)
    assert judge(generated, refused).verdict is Verdict.PASSED
    assert needs_twin(generated, refused)
    # A hand-written case is about the use.
    assert judge(OPEN, refused).verdict is Verdict.INCONCLUSIVE
    # Whoever got a session has to use it.
    returned = seen(OPEN, result(0, "returned"))
    assert judge(generated, returned).verdict is Verdict.INCONCLUSIVE


def test_a_failure_without_the_redirected_resolution_says_nothing() -> None:
    case = case_of(story(secure(), must(connect(AS_ADMIN, host="a.example.test"), Returns())))
    raised = result(0, "raised", raised=REFUSED)
    assert judge(case, seen(case, raised)).verdict is Verdict.INCONCLUSIVE
    asked = seen(case, raised, resolved=("A.example.test.",))
    assert judge(case, asked).verdict is Verdict.FAILED


def test_the_redirected_resolution_may_be_asked_in_any_spelling() -> None:
    observation = seen(NAMED, result(0, "raised", raised=REFUSED), resolved=("A.EXAMPLE.test.",))
    assert judge(NAMED, observation).verdict is Verdict.PASSED


def test_a_twin_without_the_redirected_resolution_says_nothing() -> None:
    refused = result(0, "raised", raised=REFUSED)
    judged = judge(NAMED, seen(NAMED, refused, resolved=("a.example.test",)))
    assert judged.verdict is Verdict.PASSED
    assert NAMED.twin is not None
    remains = with_twin(judged, Observation(NAMED.twin, (refused,)))
    assert remains.verdict is Verdict.INCONCLUSIVE
    assert remains.seen.startswith(f"{NEVER_ASKED}. What each step of the twin did: step 1")


def test_what_is_observed_tells_that_a_name_was_asked_elsewhere() -> None:
    case = case_of(story(secure(), connect(AS_ADMIN, host="a.example.test")), Level.OBSERVE)
    judged = judge(case, seen(case, result(0, "raised", raised=REFUSED)))
    assert judged.verdict is Verdict.OBSERVED
    assert judged.seen.endswith(NEVER_ASKED)


def test_a_connect_among_others_that_asked_elsewhere() -> None:
    branches = ((connect(AS_ADMIN, host="a.example.test"),), (connect(AS_ADMIN),))
    scenario = Scenario((secure(),), (Together(branches),))
    case = replace(LISTING, scenario=scenario, expectations=())
    inner = msgspec.structs.replace(result(0, "raised", raised=REFUSED), place=(0, 0, 0))
    judged = judge(case, Observation(scenario, (inner, result(0, "raised", raised=REFUSED))))
    assert judged.verdict is Verdict.INCONCLUSIVE
    assert "a.example.test" in judged.seen


def test_one_of_two_alternatives_suffices() -> None:
    case = case_of(
        story(
            secure(),
            either(connect(AS_ADMIN, defect="no url"), (Returns(),), (Raises(), NothingArrived())),
        )
    )
    refused = seen(case, result(0, "raised", raised=REFUSED))
    assert judge(case, refused).verdict is Verdict.PASSED
    assert needs_twin(case, refused)
    returned = seen(case, result(0, "returned"))
    assert judge(case, returned).verdict is Verdict.PASSED
    assert not needs_twin(case, returned)


UNTRUSTED = replace(
    REFUSAL, expectations=(Expectation(0, (Alternative(Raises(), (NoHttpByte(),)),)),)
)
ACCEPTED = ConnectionAccepted(
    number=2, target="target", connection=1, service="http", port=1, client=("127.0.0.1", 1)
)


def closed(count: int) -> ConnectionClosed:
    return ConnectionClosed(
        number=3,
        target="target",
        connection=1,
        ending=Ending.CLIENT_CLOSED,
        application_received=Kept(count, b""),
    )


def test_a_refused_certificate_that_no_connection_shows_is_inconclusive() -> None:
    observation = seen(UNTRUSTED, result(0, "raised", raised=REFUSED), events=(Mark(text="x"),))
    judged = judge(UNTRUSTED, observation)
    assert judged.verdict is Verdict.INCONCLUSIVE
    assert "no connection reached the target" in judged.seen


def test_a_refused_certificate_without_an_alert_says_so() -> None:
    observation = seen(UNTRUSTED, result(0, "raised", raised=REFUSED), events=(ACCEPTED, closed(0)))
    judged = judge(UNTRUSTED, observation)
    assert judged.verdict is Verdict.PASSED
    assert judged.evidence == Evidence(
        Strength.END_OF_STREAM, "the target saw the end of the stream and no HTTP byte"
    )


def test_one_http_byte_is_one_too_many() -> None:
    observation = seen(UNTRUSTED, result(0, "raised", raised=REFUSED), events=(ACCEPTED, closed(1)))
    assert judge(UNTRUSTED, observation).verdict is Verdict.FAILED


@pytest.mark.parametrize(
    ("is_session", "verdict"),
    [(True, Verdict.PASSED), (False, Verdict.FAILED), (None, Verdict.NOT_TESTABLE)],
)
def test_a_session_of_the_documented_class_if_there_is_one(
    is_session: bool | None, verdict: Verdict
) -> None:
    case = case_of(story(secure(), must(connect(AS_ADMIN), GivesSession())))
    value = {"type": "some.Session", "is session": is_session}
    assert judge(case, seen(case, result(0, "returned", value=value))).verdict is verdict


# Secrets that stand where they must not.


def test_more_than_is_kept_may_hide_anything() -> None:
    passed = Judgement(Verdict.PASSED, "it raises")
    sources: list[Source] = ["standard output", "a log record"]
    talkative = seen(REFUSAL, said=tuple(Said(one, "x", (0,), cut=True) for one in sources))
    judged = with_leaks(passed, REFUSAL, talkative)
    assert judged.verdict is Verdict.INCONCLUSIVE
    assert judged.expected == Unspoken().describe()
    assert judged.seen == (
        "more was said than is kept, in which a secret may stand: a log record, standard output"
    )
    assert (
        with_leaks(passed, REFUSAL, seen(REFUSAL, said=(Said("a warning", "x", (0,)),))) == passed
    )
    failed = Judgement(Verdict.FAILED, "it raises")
    assert with_leaks(failed, REFUSAL, talkative) == failed


TOLD = "passwd-0f3a9c5e7712bd48"
SECRET = Secret(TOLD, "a password", "target")
KEY = Secret("MHcCAQEEIKx0p4T/+Zrj0vXyZ3q6m3B7oJ2c1VqkPQ8y6w1n5u9toAoG", "a private key")


def leaking(case: Case, secret: Secret = SECRET) -> Observation:
    said = Said("a log record", f"with {secret.value}", (0,))
    return seen(case, result(0, "returned"), secrets=(secret,), said=(said,))


@pytest.mark.parametrize("verdict", [Verdict.PASSED, Verdict.OBSERVED, Verdict.INCONCLUSIVE])
def test_a_leak_fails_whatever_the_case_is_about(verdict: Verdict) -> None:
    judged = with_leaks(Judgement(verdict, "this", "that"), LISTING, leaking(LISTING))
    assert judged.verdict is Verdict.FAILED
    assert judged.broken == "AUTH-12"
    assert judged.seen == "a password appeared in a log record (AUTH-12)"
    assert TOLD not in judged.expected


def test_the_clause_that_is_broken_is_that_of_the_secret() -> None:
    judged = with_leaks(Judgement(Verdict.PASSED), LISTING, leaking(LISTING, KEY))
    assert judged.broken == "MTLS-7"


@pytest.mark.parametrize("verdict", [Verdict.FAILED, Verdict.HANG])
def test_what_has_failed_stays_and_the_leak_is_told_besides(verdict: Verdict) -> None:
    judged = with_leaks(Judgement(verdict, "this", "that"), LISTING, leaking(LISTING))
    assert (judged.verdict, judged.expected, judged.broken) == (verdict, "this", None)
    assert judged.seen == "that; besides, a password appeared in a log record (AUTH-12)"


@pytest.mark.parametrize(
    "verdict",
    [Verdict.HARNESS_ERROR, Verdict.NOT_TESTABLE, Verdict.NOT_APPLICABLE, Verdict.NOT_RUN],
)
def test_what_was_not_judged_is_not_failed_by_a_leak(verdict: Verdict) -> None:
    judgement = Judgement(verdict, "this", "that")
    assert with_leaks(judgement, LISTING, leaking(LISTING)) is judgement


def test_a_leak_of_the_twin_counts() -> None:
    clean = seen(LISTING, result(0, "returned"), secrets=(SECRET,))
    judgement = Judgement(Verdict.PASSED)
    assert with_leaks(judgement, LISTING, clean) is judgement
    assert with_leaks(judgement, LISTING, clean, leaking(LISTING)).verdict is Verdict.FAILED


@pytest.mark.parametrize("name", ["AUTH-12[after-success]", "MTLS-7[after-success]"])
def test_a_case_about_secrets_is_failed_by_its_own_clause(name: str) -> None:
    case = catalogue().cases[name]
    secret = SECRET if case.clause.id == "AUTH-12" else KEY
    judged = with_leaks(Judgement(Verdict.PASSED), case, leaking(case, secret))
    assert (judged.verdict, judged.broken) == (Verdict.FAILED, None)
    told = Judgement(Verdict.FAILED, "this", judged.seen)
    assert with_leaks(told, case, leaking(case, secret)) is told
    otherwise = with_leaks(Judgement(Verdict.FAILED, "this", "that"), case, leaking(case, secret))
    assert otherwise.findings == ("that", judged.seen)


def test_a_mistake_of_the_adapter_is_ours_whatever_the_case_demands() -> None:
    wrong = result(0, "adapter wrong", raised=REFUSED)
    for case in (REFUSAL, LISTING):
        judged = judge(case, seen(case, wrong))
        assert judged.verdict is Verdict.HARNESS_ERROR
        assert "the adapter itself raised ValueError" in judged.seen.replace("builtins.", "")
