"""The text of a failure, whole: what a colleague is given."""

from __future__ import annotations

from connect_contracts.model.clause import Clause, Level
from connect_contracts.report.case_report import LONGEST_TEXT, shortened
from connect_contracts.report.failure import WIDTH, failure_text
from connect_contracts.report.model import CaseReport

CLAUSE = Clause("CA-2", "without the file connect raises", '"Required when"', Level.DOCUMENTED)
CASE = CaseReport(
    id="CA-2[without-the-file]",
    clause="CA-2",
    level="documented",
    description="No file is given.",
    verdict="failed",
    scenario="On a secure target over HTTPS: (1) connect to localhost",
    expected="of step 1 (connect): it raises",
    observed="of step 1 (connect): it returned",
    evidence=None,
    transcript=("step 1 session connect", "  target[1] connected"),
    replay="connect-contract run --connect client --select 'CA-2[without-the-file]'",
)


def test_the_whole_text() -> None:
    assert failure_text(CLAUSE, CASE) == (
        "CA-2[without-the-file]: failed\n"
        "\n"
        'clause    CA-2 (documented): without the file connect raises. Source: "Required when".\n'
        "case      No file is given.\n"
        "scenario  On a secure target over HTTPS: (1) connect to localhost\n"
        "expected  of step 1 (connect): it raises\n"
        "seen      of step 1 (connect): it returned\n"
        "wire\n"
        "  step 1 session connect\n"
        "    target[1] connected\n"
        "replay    connect-contract run --connect client --select 'CA-2[without-the-file]'"
    )


def test_other_verdicts_say_what_they_mean() -> None:
    inconclusive = CaseReport(
        id="CA-2[x]",
        clause="CA-2",
        level="documented",
        description="",
        verdict="inconclusive",
        evidence="e",
    )
    told = failure_text(CLAUSE, inconclusive)
    assert told.splitlines()[0] == (
        "CA-2[x]: inconclusive (the twin did not hold, the case could not be set up, or evidence "
        "is missing)"
    )
    assert "evidence  e" in told


def test_long_lines_are_wrapped_and_tracebacks_keep_theirs() -> None:
    long = CaseReport(
        id="CA-2[x]",
        clause="CA-2",
        level="documented",
        description="word " * 60,
        verdict="failed",
        observed="Traceback:\n  File x\nError: y",
        replay="connect-contract " + "x" * 200,
    )
    told = failure_text(CLAUSE, long).splitlines()
    assert all(len(line) <= WIDTH for line in told[:-1])
    assert told[-1].endswith("x" * 200)
    assert "seen      Traceback:" in told
    assert "          Error: y" in told


def test_texts_are_bounded() -> None:
    assert shortened("x" * LONGEST_TEXT) == "x" * LONGEST_TEXT
    told = shortened("a" + "x" * 2 * LONGEST_TEXT + "z")
    assert len(told) < LONGEST_TEXT + 60
    assert told.startswith("ax")
    assert told.endswith("xz")
