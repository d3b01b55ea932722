"""JUnit XML as two parsers of it read it, with whatever a client may have said."""

from __future__ import annotations

import io
from typing import Any
from xml.etree import ElementTree as Xml

import junitparser
import pytest
import xunitparser

from connect_contracts.model.cause import Cause
from connect_contracts.report.junit import junit
from connect_contracts.report.model import RunReport, RunReports
from hand_written_reports import HOSTILE, case, run_of

CASES = (
    case("CA-1[authority-given]", "passed", seconds=0.5),
    case("CA-1[over-tls-1-2]", "known", observed="declared", reasons=("why",)),
    case(
        *("CA-2[without-the-file]", "failed"),
        causes=(Cause("key", "no request", "a request arrived"),),
        observed=HOSTILE,
        strength="client's alert",
    ),
    case("CA-3[another-authority]", "inconclusive", observed="evidence is missing"),
    case("CA-5[text-between]", "not testable", observed="no IPv6"),
    case("LIVE-1[one-table]", "harness error", observed=f"Traceback\n{HOSTILE}"),
    case("LIVE-5[on-an-unsecured-target]", "not run", observed="the run ended before it"),
)
KINDS = {
    "CA-1[authority-given]": [],
    "CA-1[over-tls-1-2]": ["Skipped"],
    "CA-2[without-the-file]": ["Failure"],
    "CA-3[another-authority]": ["Error"],
    "CA-5[text-between]": ["Skipped"],
    "LIVE-1[one-table]": ["Error"],
    "LIVE-5[on-an-unsecured-target]": ["Skipped"],
}


def read(report: RunReport | RunReports) -> Any:
    return junitparser.JUnitXml.fromstring(junit(report))


def test_each_verdict_is_shown_as_what_it_is() -> None:
    suites = list(read(run_of(*CASES)))
    assert [suite.name for suite in suites] == ["CA", "LIVE"]
    cases = [test for suite in suites for test in suite]
    assert {test.name: [type(one).__name__ for one in test.result] for test in cases} == KINDS
    counts = (suites[0].tests, suites[0].failures, suites[0].errors, suites[0].skipped)
    assert counts == (5, 1, 1, 2)
    assert suites[0].time == 0.5
    failed = cases[2]
    assert failed.result[0].message == "a request arrived; demanded: no request"
    assert "clause    CA-2" in failed.result[0].text
    assert "\\u001b" in failed.result[0].text
    assert dict(one.attrib.values() for one in failed._elem.iter("property")) == {
        "clause": "CA-2",
        "level": "documented",
        "depth": "core",
        "verdict": "failed",
        "evidence": "client's alert",
    }
    assert {one.name: one.value for one in suites[0].properties()}["implementation"] == "client"
    assert cases[4].result[0].message == "no IPv6"
    known = cases[1].result[0]
    assert (known.message, known.text) == ("why", "declared")


def test_a_second_parser_reads_the_same() -> None:
    """It takes one suite at a time."""
    found = []
    for suite in Xml.fromstring(junit(run_of(*CASES))):
        _, result = xunitparser.parse(io.StringIO(Xml.tostring(suite, encoding="unicode")))
        counts = (len(result.failures), len(result.errors), len(result.skipped))
        found.append((result.testsRun, *counts))
    assert found == [(5, 1, 1, 2), (2, 0, 1, 1)]


def test_of_several_runs_each_suite_names_its_own() -> None:
    both = RunReports((run_of(*CASES[:2], status=0), run_of(*CASES[:2], status=0, profile="6.2")))
    assert [suite.name for suite in read(both)] == [
        "client, profile 0.9.1: CA",
        "client, profile 6.2: CA",
    ]


@pytest.mark.parametrize("verdict", ["passed", "not run", "not testable"])
def test_a_run_with_another_status_than_0_is_never_green(verdict: str) -> None:
    interrupted = run_of(case("CA-1[authority-given]", verdict), status=2, reasons=("interrupted",))
    suites = read(RunReports((run_of(*CASES), interrupted)))
    last = list(suites)[-1]
    assert (last.name, last.errors) == ("client, profile 0.9.1: run", 1)
    assert next(iter(last)).result[0].message == "interrupted"
