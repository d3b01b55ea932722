"""What becomes of a verdict by the twin, by secrets that were said, and by declared failures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from connect_contracts.chapters.builder import AS_ADMIN, connect, list_tables, must, secure, story
from connect_contracts.chapters.case import Case
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.checks.expectation import (
    Alternative,
    Expectation,
    Gives,
    Outcome,
    Raises,
    Returns,
)
from connect_contracts.checks.wire_checks import FirstRequest, NoHttpByte, Unspoken
from connect_contracts.judging.expected_failures import ExpectedFailure, expected
from connect_contracts.judging.judge import with_leaks, with_twin
from connect_contracts.judging.judgement import Judgement
from connect_contracts.model.cause import CodeLine, Origin
from connect_contracts.model.clause import Profile
from connect_contracts.model.evidence import Evidence, Strength
from connect_contracts.model.observation import (
    Observation,
    Raised,
    Result,
    Said,
    Source,
    TargetSeen,
)
from connect_contracts.model.scenario import Scenario
from connect_contracts.model.verdict import Verdict
from connect_harness.redaction import Secret
from connect_harness.server import Event
from hand_written_cases import REFUSAL, case_of, judge, result, seen
from written_run import WrittenRun

Written = Any

# The twin.

UNSENT = Evidence(Strength.TARGET, "the target saw no connection")
PASSED = Judgement(Verdict.PASSED, "it raises", evidence=UNSENT)


def twin_of(*results: Result, statuses: tuple[int, ...] = (200,)) -> Observation:
    assert REFUSAL.twin is not None
    return Observation(REFUSAL.twin, results, answered(*statuses), TARGETS)


TARGETS = (TargetSeen("target", "http://localhost:80", 80),)


def answered(*statuses: int) -> tuple[Event, ...]:
    """The administrator asks for the versions document, and gets these answers."""
    written = WrittenRun().begin()
    for status in statuses:
        written.request(headers={"host": "localhost:80"}).answer(status, user="admin")
    return tuple(written.events)


def with_twin_of(twin: Observation, case: Case = REFUSAL) -> Judgement:
    return with_twin(PASSED, twin, case, Profile.V0_9_1)


TWIN_RETURNED = "What each step of the twin did: step 1 (connect) returned"
SO_WAS = "so was the twin, the same without its defect: "
NOTHING_ASKED = f"returned without asking the target anything. {TWIN_RETURNED}"


@pytest.mark.parametrize("statuses", [(200,), (500, 399)])
def test_a_twin_that_is_granted_something_leaves_the_verdict(statuses: tuple[int, ...]) -> None:
    assert with_twin_of(twin_of(result(0), statuses=statuses)) is PASSED


@pytest.mark.parametrize(
    ("twin", "seen"),
    [
        (twin_of(result(0), statuses=(500, 400)), NOTHING_ASKED),
        (twin_of(result(0, "raised"), statuses=(500,)), "step 1 (connect) raised ValueError: no"),
        (twin_of(result(0, "hung")), f"{SO_WAS}step 1 (connect) had not ended at its limit"),
    ],
)
def test_a_twin_without_success_makes_the_verdict_inconclusive(
    twin: Observation, seen: str
) -> None:
    remains = with_twin_of(twin)
    assert (remains.verdict, remains.expected) == (Verdict.INCONCLUSIVE, "it raises")
    assert remains.evidence is None
    assert seen in remains.seen


@pytest.mark.parametrize(
    ("field", "verdict"),
    [
        ("harness_error", Verdict.HARNESS_ERROR),
        ("not_testable", Verdict.NOT_TESTABLE),
        ("not_applicable", Verdict.NOT_APPLICABLE),
    ],
)
def test_a_twin_that_says_nothing(field: str, verdict: Verdict) -> None:
    assert REFUSAL.twin is not None
    why: dict[str, Any] = {field: "a reason"}
    assert with_twin_of(Observation(REFUSAL.twin, **why)).verdict is verdict


def test_a_twin_without_the_redirected_resolution_says_nothing() -> None:
    host = "a.example.test"
    case = case_of(story(secure(), must(connect(AS_ADMIN, host=host, defect="no url"), Raises())))
    assert case.twin is not None
    remains = with_twin_of(Observation(case.twin, (result(0, "raised"),)))
    assert remains.verdict is Verdict.INCONCLUSIVE
    assert f"before socket was asked for {host}" in remains.seen
    assert "What each step of the twin did: step 1" in remains.seen


LONGER = Scenario((secure(),), (connect(AS_ADMIN), list_tables()))
LISTED, OTHERS = (result(1, what="list tables", value=[name]) for name in ("Example", "Other"))


@pytest.mark.parametrize(
    ("index", "outcome", "results", "holds"),
    [
        (0, Raises("ValueError"), (result(0, "raised"),), True),
        (0, Raises("ValueError"), (result(0),), False),
        (0, Returns(), (result(0),), True),
        (0, Returns(), (result(0, "raised"),), False),
        # It is judged to the end of its own steps.
        (1, Gives(["Example"]), (result(0), LISTED), True),
        (1, Gives(["Example"]), (result(0), OTHERS), False),
        (1, Gives(["Example"]), (result(0),), False),
    ],
)
def test_a_twin_ends_as_the_case_demands_of_it(
    index: int, outcome: Outcome, results: tuple[Result, ...], holds: bool
) -> None:
    case = replace(REFUSAL, of_twin=(Expectation(index, (Alternative(outcome),)),))
    scenario = LONGER if index else case.scenario
    remains = with_twin_of(Observation(scenario, results, answered(500), TARGETS), case)
    assert (remains is PASSED) == holds
    if not holds:
        assert (remains.verdict, remains.expected) == (Verdict.INCONCLUSIVE, "it raises")
        assert "its twin did not end as it must: " in remains.seen


def test_what_a_twin_did_is_told() -> None:
    case = replace(REFUSAL, of_twin=(Expectation(0, (Alternative(Raises()),)),))
    remains = with_twin_of(twin_of(result(0)), case)
    assert remains.seen.endswith(TWIN_RETURNED)


# Secrets that stand where they must not.

LISTING = case_of(story(secure(), connect(AS_ADMIN), must(list_tables(), Gives(["Example"]))))
PASSWORD = Secret("passwd-0f3a9c5e7712bd48", "a password", "target")
KEY = Secret("MHcCAQEEIKx0p4T/+Zrj0vXyZ3q6m3B7oJ2c1VqkPQ8y6w1n5u9toAoG", "a private key")
PASSWORD_SAID = "a password appeared in a log record (AUTH-12)"
KEY_SAID = "a private key appeared in a log record (MTLS-7)"


def leaking(case: Case, *secrets: Secret) -> Observation:
    said = tuple(Said("a log record", f"with {secret.value}", (0,)) for secret in secrets)
    return seen(case, result(0), secrets=secrets, said=said)


def test_more_than_is_kept_may_hide_anything() -> None:
    sources: list[Source] = ["standard output", "a log record"]
    cut = seen(REFUSAL, said=tuple(Said(source, "x", (0,), cut=True) for source in sources))
    judged = with_leaks(PASSED, REFUSAL, cut)
    assert (judged.verdict, judged.expected) == (Verdict.INCONCLUSIVE, Unspoken().describe())
    assert judged.seen == (
        "more was said than is kept, in which a secret may stand: a log record, standard output"
    )
    whole = seen(REFUSAL, said=(Said("a warning", "x", (0,)),))
    assert with_leaks(PASSED, REFUSAL, whole) == PASSED
    failed = Judgement(Verdict.FAILED, "it raises")
    assert with_leaks(failed, REFUSAL, cut) == failed


@pytest.mark.parametrize("verdict", [Verdict.PASSED, Verdict.OBSERVED, Verdict.INCONCLUSIVE])
@pytest.mark.parametrize(
    ("secrets", "broken", "texts"),
    [
        ((PASSWORD,), "AUTH-12", (PASSWORD_SAID,)),
        ((KEY,), "MTLS-7", (KEY_SAID,)),
        ((KEY, PASSWORD), "MTLS-7", (KEY_SAID, PASSWORD_SAID)),
    ],
)
def test_a_leak_fails_whatever_the_case_is_about(
    verdict: Verdict, secrets: tuple[Secret, ...], broken: str, texts: tuple[str, ...]
) -> None:
    judged = with_leaks(Judgement(verdict, "this", "that"), LISTING, leaking(LISTING, *secrets))
    assert judged == Judgement(
        Verdict.FAILED,
        expected=Unspoken().describe(),
        seen="; ".join(texts),
        broken=broken,
        findings=texts if len(texts) > 1 else (),
        causes=judged.causes,
        of_findings=tuple((cause.key,) for cause in judged.causes) if len(texts) > 1 else (),
    )
    assert [cause.seen for cause in judged.causes] == [text.partition(" (")[0] for text in texts]


@pytest.mark.parametrize("verdict", [Verdict.FAILED, Verdict.HANG])
def test_what_has_failed_stays_and_the_leak_is_told_besides(verdict: Verdict) -> None:
    judged = with_leaks(Judgement(verdict, "this", "that"), LISTING, leaking(LISTING, PASSWORD))
    text = f"that; besides, {PASSWORD_SAID}"
    findings = ("that", PASSWORD_SAID)
    (leak,) = judged.causes
    keys = ((), (leak.key,))
    assert judged == Judgement(
        verdict, "this", text, findings=findings, causes=(leak,), of_findings=keys
    )
    assert len(judged.causes) == 1


@pytest.mark.parametrize("verdict", [each for each in Verdict if not each.judged])
def test_what_was_not_judged_is_not_failed_by_a_leak(verdict: Verdict) -> None:
    judgement = Judgement(verdict, "this", "that")
    assert with_leaks(judgement, LISTING, leaking(LISTING, PASSWORD)) is judgement


def test_a_leak_of_the_twin_counts() -> None:
    clean = seen(LISTING, result(0), secrets=(PASSWORD,))
    assert with_leaks(PASSED, LISTING, clean) is PASSED
    leaked = with_leaks(PASSED, LISTING, clean, leaking(LISTING, PASSWORD))
    assert leaked.verdict is Verdict.FAILED


LINE = CodeLine("client.py", 3, "connect", "raise ValueError(password)")


@pytest.mark.parametrize("in_text", [True, False], ids=["its text", "a note"])
@pytest.mark.parametrize("before", [PASSED, Judgement(Verdict.FAILED, "this", PASSWORD.value)])
def test_a_leak_in_an_exception_says_where_in_the_client(before: Judgement, in_text: bool) -> None:
    text, note = (PASSWORD.value, "no")[:: 1 if in_text else -1]
    error = Raised("ValueError", ("ValueError",), text, origin=Origin((LINE,)))
    said = (Said("an exception", note, (0,)), Said("a warning", PASSWORD.value, (0,)))
    case = catalogue().cases["AUTH-12[after-success]"]
    observation = seen(case, result(0, "raised", raised=error), secrets=(PASSWORD,), said=said)
    judged = with_leaks(before, case, observation)
    where = {cause.key: cause.where for cause in judged.causes}
    assert where == {
        "leak | a password appeared in an exception": (LINE,),
        "leak | a password appeared in a warning": (),
    }


SAID = f"no header can have {PASSWORD.value}"


@pytest.mark.parametrize(
    ("origin", "text", "chain", "said", "known_as"),
    [
        # Raised by the public client, or handed on by who calls it, in words of its own or not.
        (Origin((), True), SAID, (), (), None),
        (Origin((LINE,), True), SAID, (), (), None),
        (Origin((LINE,), False, ("Client",)), "no", (("Client", SAID),), (), None),
        (Origin((LINE,), False, ("Client",)), f"no: {SAID}", (("Client", SAID),), (), None),
        # Said by who calls it.
        (Origin((LINE,)), SAID, (), (), ""),
        (Origin((LINE,), False, ("Client",)), f"as {SAID}", (("Client", "no"),), (), ""),
        (
            Origin((LINE,), False, ("Client",)),
            f"{PASSWORD.value}: {SAID}",
            (("Client", SAID),),
            (),
            "",
        ),
        (Origin((LINE,), False, ("Client",)), "no", (("Own", SAID), ("Client", "no")), (), ""),
        (Origin((LINE,)), "no", (), (Said("an exception", SAID, (0,)),), ""),
        # One place is the client's, and the other is not.
        (
            Origin((), True),
            SAID,
            (),
            (Said("an exception", SAID, (0,)), Said("an exception", SAID, (0,), own=True)),
            "",
        ),
    ],
)
def test_whose_leak_it_is(
    origin: Origin,
    text: str,
    chain: tuple[tuple[str, str], ...],
    said: tuple[Said, ...],
    known_as: str | None,
) -> None:
    error = Raised("ValueError", ("ValueError",), text, chain, origin)
    case = catalogue().cases["AUTH-12[after-success]"]
    observation = seen(case, result(0, "raised", raised=error), secrets=(PASSWORD,), said=said)
    (cause,) = with_leaks(PASSED, case, observation).causes
    assert cause.known_as == known_as


@pytest.mark.parametrize(
    ("name", "secret"), [("AUTH-12[after-success]", PASSWORD), ("MTLS-7[after-success]", KEY)]
)
def test_a_case_about_secrets_is_failed_by_its_own_clause(name: str, secret: Secret) -> None:
    case = catalogue().cases[name]
    judged = with_leaks(PASSED, case, leaking(case, secret))
    assert (judged.verdict, judged.broken) == (Verdict.FAILED, None)
    told = Judgement(Verdict.FAILED, "this", judged.seen)
    assert with_leaks(told, case, leaking(case, secret)) is told


# Several findings of one case: an entry of expected failures has to declare each.

WRONG = must(connect(AS_ADMIN, defect="no url"), Raises())


def declared(judgement: Judgement, *ways: str, **more: Any) -> Verdict:
    entry = ExpectedFailure(reason="why", way=ways, case="CA-2[without-the-file]", **more)
    return expected(judgement, entry).verdict


def test_a_leak_besides_a_declared_failure_is_not_hidden() -> None:
    observation = leaking(REFUSAL, PASSWORD)
    judged = with_leaks(judge(REFUSAL, observation), REFUSAL, observation)
    assert declared(judged, "it returned") is Verdict.FAILED
    assert declared(judged, "it returned", "a password appeared") is Verdict.KNOWN


def test_what_is_wrong_with_a_later_step_is_not_hidden() -> None:
    case = case_of(story(secure(), WRONG, must(list_tables(), Gives(["Example"]))))
    one_wrong = judge(case, seen(case, result(0), LISTED))
    assert declared(one_wrong, "it returned") is Verdict.KNOWN
    both_wrong = judge(case, seen(case, result(0), OTHERS))
    assert both_wrong.seen == one_wrong.seen
    assert declared(both_wrong, "step 1") is Verdict.FAILED
    assert declared(both_wrong, "step 1", "Other") is Verdict.KNOWN


@pytest.mark.parametrize(
    ("how", "verdict"), [("returned", Verdict.FAILED), ("raised", Verdict.KNOWN)]
)
def test_what_is_wrong_with_a_step_before_a_hang_is_not_hidden(how: str, verdict: Verdict) -> None:
    case = case_of(story(secure(), WRONG, list_tables()))
    judged = judge(case, seen(case, result(0, how), result(1, "hung")))
    assert declared(judged, "had not ended", verdict="hang") is verdict


def test_two_wire_checks_of_one_step_are_two_findings(written: Written) -> None:
    demanded = must(connect(AS_ADMIN), Returns(), NoHttpByte(), FirstRequest("/other"))
    case = case_of(story(secure(), demanded))
    written.accepted().request().end()
    judged = judge(case, written.view().observation)
    assert declared(judged, "HTTP reached") is Verdict.FAILED
    assert declared(judged, "HTTP reached", "the first request was") is Verdict.KNOWN


def test_two_leaks_that_a_case_is_about_are_two_findings() -> None:
    case = case_of(story(secure(), must(WRONG.step, Raises(), Unspoken())))
    said = tuple(Said(where, PASSWORD.value, (0,)) for where in ("the session", "a warning"))
    observation = seen(case, result(0, "raised"), secrets=(PASSWORD,), said=said)
    judged = with_leaks(judge(case, observation), case, observation)
    assert declared(judged, "a password appeared in the session") is Verdict.FAILED
    assert declared(judged, "in the session", "in a warning") is Verdict.KNOWN
