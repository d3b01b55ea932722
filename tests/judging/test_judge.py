"""Verdicts out of observations that are written by hand: no target, no implementation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
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
from connect_contracts.checks.expectation import (
    Alternative,
    Expectation,
    Gives,
    GivesSession,
    Raises,
    Returns,
)
from connect_contracts.checks.wire_checks import NoHttpByte, NothingArrived
from connect_contracts.judging.judge import needs_twin
from connect_contracts.judging.judgement import Judgement
from connect_contracts.model.clause import Level
from connect_contracts.model.evidence import Evidence, Strength
from connect_contracts.model.observation import Observation, Result
from connect_contracts.model.scenario import Connect, Own, Scenario, Together, Use
from connect_contracts.model.verdict import Undecided, Verdict
from connect_harness.server import ConnectionAccepted, ConnectionClosed, Mark
from connect_harness.server.events import Ending, Kept
from hand_written_cases import REFUSAL, case_of, judge, result, seen

SESSION = result(0, value={"is session": True})
RAISED = result(0, "raised")
ADMIN = connect(AS_ADMIN)
NO_URL = connect(AS_ADMIN, defect="no url")
LISTING = case_of(story(secure(), ADMIN, must(list_tables(), Gives(["Example"]))))
OBSERVED = case_of(story(secure(), ADMIN, list_tables()), Level.OBSERVE)
LISTING_TOO = case_of(story(secure(), Own("ping"), ADMIN, must(list_tables(), Returns())))
PINGS = case_of(story(secure(), must(Own("ping"), Returns())))
QUICK = case_of(story(secure(), must(ADMIN, Returns()), limit=2.5))
TWO = case_of(
    story(secure(), must(ADMIN, GivesSession()), must(Use("head", session="other"), Returns()))
)
OF_TWO = "; then ".join(expectation.describe() for expectation in TWO.expectations)
EXAMPLE = result(1, what="list tables", value=["Example"])


def step(index: int, what: str = "list tables", how: str = "returned", **more: Any) -> Result:
    return result(index, how, what=what, **more)


def inconclusive(seen: str, expected: str = "") -> Judgement:
    return Judgement(Verdict.INCONCLUSIVE, expected, seen, undecided=Undecided.SET_UP)


def failed(index: int, name: str, expected: str, seen: str) -> Judgement:
    texts = (f"of {name}: {text}" for text in (expected, seen))
    return Judgement(Verdict.FAILED, *texts, step=index)


def observed(seen: str) -> Judgement:
    return Judgement(Verdict.OBSERVED, seen=seen)


NO_USER = {"part": "Session.user"}
LACKS = "the implementation has no Session.user"
NO_END = "had not ended at its limit"

JUDGED: dict[str, tuple[Case, tuple[Result, ...], Judgement]] = {
    "what must be seen is seen": (
        TWO,
        (SESSION, step(1, "head", who="other")),
        Judgement(Verdict.PASSED, OF_TWO),
    ),
    "a failure names its step and its session": (
        TWO,
        (SESSION, step(1, "head", "raised", who="other")),
        failed(1, "step 2 (head of other)", "it returns", "it raised ValueError: no"),
    ),
    "another value": (
        LISTING,
        (result(0), step(1, value=["Other"])),
        failed(1, "step 2 (list tables)", "it returns ['Example']", "it returned ['Other']"),
    ),
    "the owner is no session": (
        PINGS,
        (step(0, "ping", "raised", who="owner"),),
        failed(0, "step 1 (ping)", "it returns", "it raised ValueError: no"),
    ),
    "a step that sets up fails": (
        LISTING_TOO,
        (result(0, "raised", who="owner", what="ping"),),
        inconclusive(
            "step 1 (ping) raised ValueError: no",
            "step 1 (ping) returns, so that the case can be judged",
        ),
    ),
    "a later step is not reached": (
        LISTING,
        (result(0),),
        inconclusive("step 2 was not reached after step 1 (connect) returned"),
    ),
    "the first step is not reached": (LISTING, (), inconclusive("step 1 was not reached")),
    "a hang": (
        QUICK,
        (result(0, "hung"),),
        Judgement(
            Verdict.HANG, "step 1 (connect) ends within 2.5 s", f"step 1 (connect) {NO_END}", step=0
        ),
    ),
    "a part is missing": (
        REFUSAL,
        (result(0, "part missing", **NO_USER),),
        Judgement(Verdict.NOT_TESTABLE, seen=LACKS, lacks="Session.user"),
    ),
    "an undocumented part is missing": (
        REFUSAL,
        (result(0, "part missing", **NO_USER, undocumented=True),),
        Judgement(Verdict.NOT_APPLICABLE, seen=LACKS),
    ),
    "what is observed": (OBSERVED, (RAISED,), observed("step 1 (connect) raised ValueError: no")),
    "what is observed hangs": (
        OBSERVED,
        (result(0, "hung", stack=("read (client.py:7)",)),),
        observed(f"step 1 (connect) {NO_END}, last seen in read (client.py:7)"),
    ),
    "what is observed hangs later": (
        OBSERVED,
        (result(0), step(1, how="hung")),
        observed(f"step 1 (connect) returned; step 2 (list tables) {NO_END}"),
    ),
    "the owner's steps are not recorded": (
        OBSERVED,
        (result(0), step(1, "ping", who="owner")),
        observed("step 1 (connect) returned"),
    ),
    "a step among others": (
        OBSERVED,
        (msgspec.structs.replace(result(0, "hung"), place=(0, 1, 2)),),
        observed(f"step 1.2.3 (connect) {NO_END}"),
    ),
}


@pytest.mark.parametrize("name", JUDGED)
def test_a_verdict_and_what_it_tells(name: str) -> None:
    case, results, expected = JUDGED[name]
    judged = judge(case, seen(case, *results))
    assert msgspec.structs.replace(judged, causes=()) == expected
    assert bool(judged.causes) is (judged.verdict.status != 0)


@pytest.mark.parametrize("case", [REFUSAL, OBSERVED], ids=["judged", "observed"])
@pytest.mark.parametrize(
    ("field", "verdict"),
    [
        ("harness_error", Verdict.HARNESS_ERROR),
        ("not_testable", Verdict.NOT_TESTABLE),
        ("not_applicable", Verdict.NOT_APPLICABLE),
    ],
)
def test_what_was_not_run_is_not_judged(case: Case, field: str, verdict: Verdict) -> None:
    assert judge(case, seen(case, **{field: "a reason"})) == Judgement(verdict, seen="a reason")


@pytest.mark.parametrize("case", [REFUSAL, LISTING], ids=["refusal", "success"])
def test_a_mistake_of_the_adapter_is_ours_whatever_the_case_demands(case: Case) -> None:
    judged = judge(case, seen(case, result(0, "adapter wrong", raised=RAISED.raised)))
    assert judged.verdict is Verdict.HARNESS_ERROR
    assert "the adapter itself raised ValueError" in judged.seen


def test_what_is_observed_tells_the_handshakes_of_each_step(written: Any) -> None:
    written.accepted().completed().end().begin().end(what="list tables")
    judged = judge(OBSERVED, written.view().observation)
    assert judged.seen == "step 1 (connect) returned (TLSv1.3); step 2 (list tables) returned"


@pytest.mark.parametrize(
    ("is_session", "verdict"),
    [(True, Verdict.PASSED), (False, Verdict.FAILED), (None, Verdict.NOT_TESTABLE)],
)
def test_a_session_of_the_documented_class_if_there_is_one(
    is_session: bool | None, verdict: Verdict
) -> None:
    case = case_of(story(secure(), must(ADMIN, GivesSession())))
    value = {"type": "some.Session", "is session": is_session}
    judged = judge(case, seen(case, result(0, value=value)))
    assert judged.verdict is verdict
    assert judged.lacks == ("Session" if verdict is Verdict.NOT_TESTABLE else None)


# Refusals: the evidence, and whether they need a twin.

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


END = Evidence(Strength.END_OF_STREAM, "the target saw the end of the stream and no HTTP byte")


@pytest.mark.parametrize(
    ("events", "verdict", "evidence"),
    [
        ((Mark(text="x"),), Verdict.INCONCLUSIVE, None),
        ((ACCEPTED, closed(0)), Verdict.PASSED, END),
        ((ACCEPTED, closed(1)), Verdict.FAILED, None),
    ],
)
def test_by_what_a_refused_certificate_is_decided(
    events: Any, verdict: Verdict, evidence: Evidence | None
) -> None:
    judged = judge(UNTRUSTED, seen(UNTRUSTED, RAISED, events=events))
    assert (judged.verdict, judged.evidence) == (verdict, evidence)


def test_the_evidence_of_an_earlier_step_is_kept() -> None:
    refused = must(NO_URL, Raises(), NothingArrived())
    other = must(connect(AS_ADMIN, session="other"), Returns())
    case = case_of(story(secure(), refused, other))
    judged = judge(case, seen(case, RAISED, result(1, who="other")))
    assert judged.evidence == Evidence(Strength.TARGET, "the target saw no connection")


def test_the_first_lack_of_evidence_is_told_unless_something_is_violated() -> None:
    refused = must(NO_URL, Raises(), NoHttpByte())
    case = case_of(story(secure(), refused, must(list_tables(), Gives(["Example"]))))
    lacking = judge(case, seen(case, RAISED))
    assert lacking.verdict is Verdict.INCONCLUSIVE
    text = "of step 1 (connect): no connection reached the target"
    assert lacking.seen == f"{text}. What each step did: step 1 (connect) raised ValueError: no"
    assert judge(case, seen(case, RAISED, EXAMPLE)).seen == (
        f"{lacking.seen}; step 2 (list tables) returned ['Example']"
    )
    wrong = seen(case, RAISED, step(1, value=[]))
    assert judge(case, wrong).verdict is Verdict.FAILED


EITHER = case_of(story(secure(), either(NO_URL, (Returns(),), (Raises(), NothingArrived()))))


@pytest.mark.parametrize(
    ("case", "results", "verdict", "needed"),
    [
        (REFUSAL, (RAISED,), Verdict.PASSED, True),
        (REFUSAL, (result(0),), Verdict.FAILED, False),
        (REFUSAL, (result(0), result(1, "raised")), Verdict.FAILED, False),
        # One of two alternatives suffices.
        (EITHER, (RAISED,), Verdict.PASSED, True),
        (EITHER, (result(0),), Verdict.PASSED, False),
        (replace(REFUSAL, twin=None), (RAISED,), Verdict.PASSED, False),
        # Its refusal is not expected.
        (replace(QUICK, twin=REFUSAL.twin), (RAISED,), Verdict.FAILED, False),
    ],
)
def test_only_an_expected_refusal_needs_a_twin(
    case: Case, results: tuple[Result, ...], verdict: Verdict, needed: bool
) -> None:
    observation = seen(case, *results)
    assert judge(case, observation).verdict is verdict
    assert needs_twin(case, observation) == needed


# Steps that were not taken in a drawn scenario, which does not set up.


def perhaps(session: str) -> Must:
    """A connect that may be refused."""
    return either(connect(AS_ADMIN, session=session, defect="no url"), (Returns(),), (Raises(),))


def drawn(*steps: Connect | Must | Together) -> Case:
    return replace(case_of(story(secure(), *steps)), sets_up=False)


USES_ONE = must(list_tables("one"), Returns())
USES_OTHER = must(list_tables("other"), Gives(["Example"]))
ONE = drawn(perhaps("one"), USES_ONE)
BY_ONE, NOT_BY_ONE = result(0, who="one"), result(0, "raised", who="one")
BY_OTHER, EMPTY = (step(3, value=value, who="other") for value in (["Example"], []))
REFUSED_ONE = RAISED, result(2, who="other")
AFTER_ONE = drawn(perhaps("one"), USES_ONE, perhaps("other"), USES_OTHER)
BOTH_OPEN = drawn(perhaps("one"), perhaps("other"), USES_ONE)
ONE_TWICE = drawn(perhaps("one"), perhaps("one"), USES_ONE)
THEN_PING = drawn(perhaps("session"), must(Own("ping"), Returns()))
TOGETHER = Together(((ADMIN,), (connect(AS_ADMIN, session="other"),)))
AT_ONCE = drawn(TOGETHER, must(list_tables(), Returns()))
PLAIN = drawn(ADMIN, must(list_tables(), Returns()))
UNKNOWN, PASSES, FAILS = Verdict.INCONCLUSIVE, Verdict.PASSED, Verdict.FAILED

TAKEN: dict[str, tuple[Case, tuple[Result, ...], Verdict]] = {
    "a refused session is not used": (AFTER_ONE, (*REFUSED_ONE, BY_OTHER), PASSES),
    "what comes after it is judged": (AFTER_ONE, (*REFUSED_ONE, EMPTY), FAILS),
    "an opened session is used": (ONE, (result(0),), UNKNOWN),
    "a hand-written case is about the use": (replace(ONE, sets_up=True), (RAISED,), UNKNOWN),
    "another session is refused": (BOTH_OPEN, (BY_ONE, result(1, "raised", who="other")), UNKNOWN),
    "its own session is refused": (BOTH_OPEN, (NOT_BY_ONE, result(1, who="other")), PASSES),
    "the later connect opened it": (ONE_TWICE, (RAISED, result(1)), UNKNOWN),
    "the later connect is refused": (ONE_TWICE, (result(0), result(1, "raised")), PASSES),
    "the owner needs no session": (THEN_PING, (RAISED,), UNKNOWN),
    "opened among others": (AT_ONCE, (step(0, "together", who="all"),), UNKNOWN),
    "how other steps end is left aside": (PLAIN, (RAISED, EXAMPLE), PASSES),
    "a judged step is not reached": (PLAIN, (), UNKNOWN),
}


@pytest.mark.parametrize("name", TAKEN)
def test_steps_that_were_not_taken(name: str) -> None:
    case, results, verdict = TAKEN[name]
    assert judge(case, seen(case, *results)).verdict is verdict


def test_what_is_wrong_after_a_step_that_was_not_taken_is_told() -> None:
    case = drawn(perhaps("one"), USES_ONE, USES_OTHER, USES_OTHER)
    judged = judge(case, seen(case, RAISED, step(2, value=[], who="other"), EMPTY))
    assert len(judged.findings) == 2


# Names that only the redirected resolution knows.

A, B = "a.example.test", "b.example.test"
NEVER_ASKED = "step 1 (connect) raised before socket was asked for a.example.test. If it resolves"


def named(*hosts: str) -> Case:
    steps = [must(connect(AS_ADMIN, host=host, session=host), Returns()) for host in hosts]
    return case_of(story(secure(), *steps))


@pytest.mark.parametrize(
    ("resolved", "verdict"),
    [
        ((), Verdict.INCONCLUSIVE),
        ((B,), Verdict.INCONCLUSIVE),
        (("A.example.test.",), Verdict.FAILED),
    ],
)
def test_a_failure_without_the_redirected_resolution_says_nothing(
    resolved: tuple[str, ...], verdict: Verdict
) -> None:
    judged = judge(named(A), seen(named(A), RAISED, resolved=resolved))
    assert (judged.verdict, judged.findings) == (verdict, ())


def test_a_refusal_need_not_ask_for_a_name_but_tells_so_without_evidence() -> None:
    case = case_of(story(secure(), must(connect(AS_ADMIN, host=A, defect="no url"), Raises())))
    assert judge(case, seen(case, RAISED, resolved=(B,))).verdict is Verdict.PASSED
    judged = judge(replace(case, expectations=UNTRUSTED.expectations), seen(case, RAISED))
    assert judged.verdict is Verdict.INCONCLUSIVE
    assert judged.seen.startswith(NEVER_ASKED)
    assert "cannot show that. What each step did: step 1 (connect) raised" in judged.seen


def test_what_is_observed_tells_that_a_name_was_asked_elsewhere() -> None:
    case = case_of(story(secure(), connect(AS_ADMIN, host=A)), Level.OBSERVE)
    judged = judge(case, seen(case, RAISED))
    assert NEVER_ASKED in judged.seen


def test_a_connect_among_others_that_asked_elsewhere() -> None:
    scenario = Scenario((secure(),), (Together(((connect(AS_ADMIN, host=A),), (ADMIN,))),))
    case = replace(LISTING, scenario=scenario, expectations=())
    inner = msgspec.structs.replace(RAISED, place=(0, 0, 0))
    judged = judge(case, Observation(scenario, (inner, RAISED)))
    assert (judged.verdict, A in judged.seen) == (Verdict.INCONCLUSIVE, True)


def test_one_of_several_names_that_was_never_asked_for() -> None:
    case = named("localhost", A, B)
    results = RAISED, result(1), result(2, "raised")
    judged = judge(case, seen(case, *results, resolved=(A,)))
    assert judged.verdict is Verdict.INCONCLUSIVE
    assert judged.seen.startswith("step 3 (connect) raised")
    assert B in judged.seen
    assert judge(case, seen(case, *results, resolved=(B,))).verdict is Verdict.FAILED
    assert judge(named(A), seen(named(A))).seen == "step 1 was not reached"
