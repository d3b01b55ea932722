"""How the judged step ended: outcome and alert of a case, and what an observed one means."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import pytest

from connect_contracts.chapters.builder import connect_tls, https, list_tables, must, ping, story
from connect_contracts.chapters.case import Case, Meanings
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.checks.expectation import Raises, Returns
from connect_contracts.execution.loading import load
from connect_contracts.judging.judge import Judgement, judge
from connect_contracts.judging.verify import Verified, verify
from connect_contracts.model.clause import Depth, Level, Profile
from connect_contracts.model.observation import Observation, Raised, Result
from connect_contracts.model.verdict import Verdict
from connect_contracts.report.case_report import case_report
from connect_contracts.report.model import CaseReport
from connect_contracts.report.outcome import alert, judged_result, outcome
from connect_harness.server import (
    Cause,
    ConnectionAccepted,
    ConnectionClosed,
    Ending,
    Event,
    HandshakeFailed,
)

PLAIN = catalogue().cases["CA-1[authority-given]"]
OBSERVED = replace(
    PLAIN,
    level=Level.OBSERVE,
    expectations=(),
    twin=None,
    meanings=Meanings("it puts up with it", "it is strict"),
)


def case(*steps: Any, level: Level = Level.DOCUMENTED) -> Case:
    told = story(https(), *steps)
    return replace(PLAIN, scenario=told.scenario, expectations=told.expectations, level=level)


def result(index: int, how: Any, who: str = "session") -> Result:
    raised = Raised("ssl.SSLError", ("SSLError",), "port 61999") if how == "raised" else None
    return Result((index,), who, "connect", how, raised=raised, began=10 * index, ended=10)


def reported(of: Case, *results: Result, verdict: Verdict | None = None) -> CaseReport:
    seen = Observation(of.scenario, results=results)
    judgement = judge(of, seen) if verdict is None else Judgement(verdict)
    return case_report(Verified(of, judgement, seen, None), judgement, replay="", seconds=0)


@pytest.mark.parametrize(
    ("steps", "results", "judged"),
    [
        ((must(connect_tls(), Returns()), must(list_tables(), Raises())), ("returned",) * 2, 1),
        (
            (must(connect_tls(), Raises()), must(list_tables(), Returns())),
            ("raised", "returned"),
            0,
        ),
        ((connect_tls(), must(list_tables(), Raises())), ("returned", "raised"), 1),
        ((connect_tls(), must(list_tables(), Raises())), ("raised",), None),
        ((connect_tls(), list_tables()), ("returned", "returned"), 1),
        ((connect_tls(), list_tables()), ("hung",), 0),
        ((connect_tls(),), (), None),
    ],
    ids=["all-returned", "refused", "later", "not-reached", "observed", "hung", "nothing"],
)
def test_the_judged_step(
    steps: tuple[Any, ...], results: tuple[str, ...], judged: int | None
) -> None:
    of = case(*steps)
    ended = tuple(result(index, how) for index, how in enumerate(results))
    found = judged_result(of, Observation(of.scenario, results=ended))
    assert found == (None if judged is None else ended[judged])


def test_what_the_owner_does_is_not_observed() -> None:
    of = case(connect_tls(), ping())
    ended = (result(0, "returned"), result(1, "raised", who="owner"))
    assert judged_result(of, Observation(of.scenario, results=ended)) == ended[0]


def test_an_exception_is_told_without_its_text() -> None:
    assert outcome(result(0, "raised")) == "raised ssl.SSLError"
    assert outcome(result(0, "returned")) == "returned"


AT = {"target": "target", "connection": 1}
ARRIVED = ConnectionAccepted(**AT, number=1, service="http", port=1, client=("127.0.0.1", 2))


def failed(name: str, by: Literal["client", "target"]) -> HandshakeFailed:
    return HandshakeFailed(**AT, cause=Cause.CLIENT_ALERTED, alert=name, alert_by=by)


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (failed("unknown_ca", "client"), "unknown_ca by client"),
        (failed("protocol_version", "target"), "protocol_version by target"),
        (
            ConnectionClosed(**AT, ending=Ending.CLIENT_ALERTED, alert="bad_certificate"),
            "bad_certificate by client",
        ),
        (ConnectionClosed(**AT, ending=Ending.CLIENT_CLOSED), None),
    ],
    ids=["by-client", "by-target", "after-the-handshake", "none"],
)
def test_the_alert(event: Event, told: str | None) -> None:
    of = case(must(connect_tls(), Raises()))
    seen = Observation(of.scenario, (result(0, "raised"),), (ARRIVED, event))
    assert alert(seen, seen.results[0]) == told


def test_an_alert_before_the_step_is_not_of_it() -> None:
    of = case(connect_tls(), must(connect_tls(), Raises()))
    second = Result((1,), "session", "connect", "raised", began=5, ended=9)
    seen = Observation(of.scenario, (second,), (ARRIVED, failed("unknown_ca", "client")))
    assert alert(seen, second) is None


@pytest.mark.parametrize(
    ("how", "words"),
    [("returned", "; that is: it puts up with it"), ("raised", "; that is: it is strict")],
)
def test_what_is_observed_is_told_in_plain_words(how: str, words: str) -> None:
    told = reported(OBSERVED, result(0, how), verdict=None)
    assert told.verdict == "observed"
    assert told.observed.endswith(words)


def test_nothing_is_added_where_nothing_is_observed() -> None:
    assert "that is" not in reported(replace(OBSERVED, meanings=None), result(0, "raised")).observed
    known = reported(OBSERVED, result(0, "raised"), verdict=Verdict.NOT_TESTABLE)
    assert "that is" not in known.observed
    demanded = replace(PLAIN, meanings=OBSERVED.meanings)
    assert "that is" not in reported(demanded, result(0, "raised")).observed


def test_a_secret_in_what_was_returned_is_taken_out() -> None:
    given = Result((0,), "session", "connect", "returned", value="passwd", ended=10)
    told = reported(PLAIN, given)
    assert told.outcome == "returned '**REDACTED**'"


def test_of_the_reference_as_it_runs() -> None:
    reference = load("connect_contracts.reference.v0_9_1")
    refused = replace(
        catalogue().cases["CA-12[leaf-expired]"], depth=Depth.FULL, recipe="time/expired"
    )
    verified = verify(refused, reference, Profile.V0_9_1)
    told = case_report(verified, verified.judgement, replay="", seconds=0)
    assert (told.depth, told.recipe) == ("full", "time/expired")
    assert told.outcome == "raised httpx.ConnectError"
    assert told.alert == "certificate_expired by client"
    plain = verify(PLAIN, reference, Profile.V0_9_1)
    told = case_report(plain, plain.judgement, replay="", seconds=0)
    assert (told.verdict, told.alert) == ("passed", None)
    assert told.outcome == "returned a connect_contracts.reference.v0_9_1.Session"
