"""What is reported of a case: outcome, alert, meaning, and the text of a failure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import pytest

from connect_contracts.chapters.builder import connect_tls, https, list_tables, must, ping, story
from connect_contracts.chapters.case import Case, Meanings
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.checks.expectation import Raises, Returns
from connect_contracts.judging.judge import with_leaks
from connect_contracts.judging.judgement import Judgement
from connect_contracts.judging.verify import Verified
from connect_contracts.model.clause import Clause, Level
from connect_contracts.model.observation import Observation, Raised, Result
from connect_contracts.model.scenario import Own
from connect_contracts.model.verdict import Verdict
from connect_contracts.report.case_report import (
    LONGEST_TEXT,
    MOST_WIRE,
    WIDTH,
    alert,
    case_report,
    failure_text,
    judged_result,
    readable,
    shortened,
)
from connect_contracts.report.model import CaseReport
from connect_harness.redaction import Secret
from connect_harness.server import (
    Cause,
    ConnectionAccepted,
    ConnectionClosed,
    Ending,
    Event,
    HandshakeFailed,
)
from hand_written_cases import judge

PLAIN = catalogue().cases["CA-1[authority-given]"]
OBSERVED = replace(
    PLAIN,
    level=Level.OBSERVE,
    expectations=(),
    twin=None,
    meanings=Meanings("it puts up with it", "it is strict"),
)


def case(*steps: Any, level: Level = Level.DOCUMENTED) -> Case:
    built = story(https(), *steps)
    return replace(PLAIN, scenario=built.scenario, expectations=built.expectations, level=level)


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
        ((connect_tls(), ping()), ("returned", "raised"), 0),
    ],
    ids=["all-returned", "refused", "later", "not-reached", "observed", "hung", "nothing", "owner"],
)
def test_the_judged_step(
    steps: tuple[Any, ...], results: tuple[str, ...], judged: int | None
) -> None:
    of = case(*steps)
    who = ["owner" if isinstance(step, Own) else "session" for step in of.scenario.steps]
    ended = tuple(result(index, how, who[index]) for index, how in enumerate(results))
    found = judged_result(of, Observation(of.scenario, results=ended))
    assert found == (None if judged is None else ended[judged])


AT = {"target": "target", "connection": 1}
ARRIVED = ConnectionAccepted(**AT, number=1, service="http", port=1, client=("127.0.0.1", 2))


def failed(name: str, by: Literal["client", "target"]) -> HandshakeFailed:
    return HandshakeFailed(**AT, cause=Cause.CLIENT_ALERTED, alert=name, alert_by=by)


@pytest.mark.parametrize(
    ("event", "shown"),
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
def test_the_alert(event: Event, shown: str | None) -> None:
    of = case(must(connect_tls(), Raises()))
    seen = Observation(of.scenario, (result(0, "raised"),), (ARRIVED, event))
    assert alert(seen, seen.results[0]) == shown


def test_an_alert_before_the_step_is_not_of_it() -> None:
    of = case(connect_tls(), must(connect_tls(), Raises()))
    second = Result((1,), "session", "connect", "raised", began=5, ended=9)
    seen = Observation(of.scenario, (second,), (ARRIVED, failed("unknown_ca", "client")))
    assert alert(seen, second) is None


@pytest.mark.parametrize(
    ("case", "how", "verdict", "meaning"),
    [
        (OBSERVED, "returned", None, "; that is: it puts up with it"),
        (OBSERVED, "raised", None, "; that is: it is strict"),
        (replace(OBSERVED, meanings=None), "raised", None, None),
        (OBSERVED, "raised", Verdict.NOT_TESTABLE, None),
        (replace(PLAIN, meanings=OBSERVED.meanings), "raised", None, None),
    ],
    ids=["returned", "raised", "without a meaning", "not testable", "demanded"],
)
def test_what_is_observed_has_its_meaning_in_words(
    case: Case, how: str, verdict: Verdict | None, meaning: str | None
) -> None:
    report = reported(case, result(0, how), verdict=verdict)
    assert report.observed.endswith(meaning or report.observed)
    assert ("that is" in report.observed) == (meaning is not None)


def test_an_outcome_holds_no_secret() -> None:
    given = Result((0,), "session", "connect", "returned", value="passwd", ended=10)
    assert reported(PLAIN, given).outcome == "returned '**REDACTED**'"
    # Of an exception no text is shown.
    assert reported(PLAIN, result(0, "raised")).outcome == "raised ssl.SSLError"


CLAUSE = Clause("CA-2", "without the file connect raises", '"Required when"', Level.DOCUMENTED)


def report_of(verdict: str, **more: Any) -> CaseReport:
    return CaseReport("CA-2[x]", "CA-2", "documented", "", verdict, **more)


def test_a_secret_in_an_exception_is_shown_with_what_was_raised() -> None:
    password = "s3cret-of-the-test"
    of = case(connect_tls())
    raised = Raised("mine.Error", ("Error",), f"no {password} there\nmore")
    ended = Result((0,), "session", "connect", "raised", raised=raised)
    seen = Observation(of.scenario, results=(ended,), secrets=(Secret(password, "a password"),))
    judgement = with_leaks(Judgement(Verdict.PASSED), of, seen)
    observed = case_report(
        Verified(of, judgement, seen, None), judgement, replay="", seconds=0
    ).observed
    assert observed.startswith(
        "a password appeared in an exception (AUTH-12); raised: mine.Error: no "
    )
    assert observed.endswith(" there")
    assert password not in observed


def test_other_verdicts_say_what_they_mean() -> None:
    text = failure_text(CLAUSE, report_of("inconclusive", evidence="e"))
    assert text.splitlines()[0] == (
        "CA-2[x]: inconclusive (evidence is missing, such as who refused the twin or the set-up)"
    )
    assert "evidence  e" in text


def test_long_lines_are_wrapped_and_tracebacks_keep_theirs() -> None:
    replay = "connect-contract " + "x" * 200
    observed = "Traceback:\n  File x\nError: y"
    case = report_of("failed", observed=observed, replay=replay, expected="word " * 60)
    lines = failure_text(CLAUSE, case).splitlines()
    assert all(len(line) <= WIDTH for line in lines[:-1])
    assert lines[-1] == f"replay    {replay}"
    assert "seen      Traceback:" in lines
    assert "          Error: y" in lines


def test_texts_are_bounded() -> None:
    assert shortened("x" * LONGEST_TEXT) == "x" * LONGEST_TEXT
    text = shortened("a" + "x" * 2 * LONGEST_TEXT + "z")
    assert len(text) < LONGEST_TEXT + 60
    assert text.startswith("ax")
    assert text.endswith("xz")


def test_a_value_of_thousands_of_letters_is_shown_by_its_ends() -> None:
    case = report_of("failed", observed=f"returned {'x' * 3000!r} of foo")
    told = "".join(failure_text(CLAUSE, case).split())
    assert "xx'offoo" in told
    assert "...(3002characters)..." in told
    assert len(told) < 900


def test_a_value_has_one_place_where_its_middle_is_left_out() -> None:
    kept = shortened(f"it returned {'x' * 9000!r} of foo")
    assert readable(f"{kept}, {'y' * 300}").count("characters") == 2
    assert readable(kept).count("characters") == 1
    assert readable(kept).endswith("xxx' of foo")
    assert len(readable(kept)) < 300


def test_a_terminal_shows_the_ends_of_a_long_wire() -> None:
    wire = tuple(f"line {number}" for number in range(2 * MOST_WIRE))
    shown = failure_text(CLAUSE, report_of("failed", transcript=wire), WIDTH).splitlines()
    assert (shown[-1], "  line 0" in shown) == (f"  {wire[-1]}", True)
    assert len(shown) - shown.index("wire") == MOST_WIRE + 2
    assert f"  ({MOST_WIRE} lines are left out here; a report has more of them)" in shown
    assert "left out" not in failure_text(CLAUSE, report_of("failed", transcript=wire))
