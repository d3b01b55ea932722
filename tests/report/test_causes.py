"""Cases are grouped by cause, and the plainest of each stands for the others."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from connect_contracts.model.cause import Cause, CodeLine
from connect_contracts.report.cause_text import cause_texts
from connect_contracts.report.causes import cause_reports
from connect_contracts.report.model import CaseReport

RETURNED = Cause("NoHttpByte | returned", "it raises", "it returned")
LEAK = Cause("leak | a password appeared in a log", "no secret appears", "a password appeared")


def case(name: str, *causes: Cause, verdict: str = "failed", **more: Any) -> CaseReport:
    fields = {"level": "documented", "depth": "default", "scenario": "a scenario", **more}
    clause = name.partition("[")[0]
    return CaseReport(name, clause, description="", verdict=verdict, causes=causes, **fields)


@pytest.mark.parametrize(
    ("plain", "other"),
    [
        ({"depth": "core"}, {"level": "documented", "scenario": ""}),
        ({}, {"verdict": "inconclusive", "depth": "core"}),
        ({"level": "implied"}, {"level": "robust", "scenario": ""}),
        ({"scenario": "short"}, {"scenario": "longer"}),
    ],
    ids=["depth", "verdict", "level", "scenario"],
)
def test_the_plainest_case_stands_first(plain: dict[str, Any], other: dict[str, Any]) -> None:
    cases = [case("CA-3[b]", RETURNED, **other), case("CA-2[a]", RETURNED, **plain)]
    (found,) = cause_reports(cases)
    assert (found.plainest, found.cases, found.clauses, found.verdict) == (
        "CA-2[a]",
        ("CA-2[a]", "CA-3[b]"),
        ("CA-2", "CA-3"),
        "failed",
    )


def test_a_leak_is_a_cause_beside_what_else_is_wrong() -> None:
    cases = [
        case("CA-2[a]", RETURNED, LEAK),
        case("CA-3[b]", LEAK, broken="AUTH-12"),
        case("CA-4[c]", LEAK, verdict="known"),
    ]
    found = {cause.key: (cause.cases, cause.clauses) for cause in cause_reports(cases)}
    assert found == {
        LEAK.key: (("CA-3[b]", "CA-2[a]"), ("AUTH-12",)),
        RETURNED.key: (("CA-2[a]",), ("CA-2",)),
    }


def test_failures_come_first_and_what_has_no_cause_is_its_own() -> None:
    broken = "Traceback\n  in x\nKeyError: 'a'"
    cases = [
        *(case(f"CA-1[{name}]", LEAK, verdict="inconclusive") for name in "ab"),
        case("CA-2[c]", verdict="harness error", observed=broken),
        case("CA-3[d]", RETURNED),
        case("CA-3[e]", verdict="not run"),
    ]
    assert [(cause.seen, len(cause.cases)) for cause in cause_reports(cases)] == [
        ("it returned", 1),
        ("a password appeared", 2),
        ("KeyError: 'a'", 1),
    ]


def test_of_failures_the_strictest_level_comes_first() -> None:
    cases = [
        *(case(f"AUTH-12[{name}]", LEAK, level="robust") for name in "ab"),
        case("CA-3[c]", RETURNED),
    ]
    assert [cause.key for cause in cause_reports(cases)] == [RETURNED.key, LEAK.key]


def test_what_is_known_comes_last_and_is_told_short() -> None:
    known = msgspec.structs.replace(LEAK, known="the client shows it")
    cases = [
        *(case(f"AUTH-12[{name}]", known, RETURNED, transcript=("wire",)) for name in "ab"),
        case("AUTH-12[c]", known, transcript=("wire",)),
    ]
    first, last = cause_texts(cause_reports(cases), cases, {})
    assert first[0].key == RETURNED.key
    assert "known     the client shows it" in last[1].splitlines()
    assert "wire" not in last[1]
    # Where a case fails by it, it is no longer what is known.
    failing = [*cases, case("AUTH-12[d]", LEAK)]
    assert [cause.known for cause in cause_reports(failing)] == [None, None]


def test_only_what_no_earlier_cause_has_is_told_whole() -> None:
    """The plainest case of what is wrong besides would be told almost twice."""
    cases = [case("CA-2[a]", RETURNED), case("CA-3[b]", RETURNED, LEAK, transcript=("wire",))]
    texts = [text for _, text in cause_texts(cause_reports(cases), cases, {})]
    assert ["CA-2[a]: failed" in texts[0], "wire" in texts[1]] == [True, False]
    assert texts[1].splitlines()[-1] == "plainest  CA-3[b]"


def test_where_a_later_mistake_of_its_plainest_case_is() -> None:
    lines = [CodeLine("mine.py", number, "connect", "ask()") for number in (3, 8)]
    first, second = (
        Cause(name, "it returns", "it raised", (line,))
        for name, line in zip(("one", "two"), lines, strict=True)
    )
    third = Cause("three", "it returns", "it raised")
    cases = [case("CA-2[a]", first), case("CA-2[b]", first, second), case("CA-2[c]", third, second)]
    texts = {cause.key: text for cause, text in cause_texts(cause_reports(cases), cases, {})}
    assert "CA-2[b]: failed" in texts["two"]
    assert "mine.py:8 in connect" in texts["two"]


def test_the_clauses_of_its_cases_are_counted_as_they_are_named() -> None:
    cases = [case(f"CA-{number}[a]", LEAK, broken="AUTH-12") for number in range(1, 7)]
    ((_, text),) = cause_texts(cause_reports(cases), cases, {})
    assert text.startswith("cause 1 of 1: 6 failed, in 6 clauses; broken: AUTH-12\n")
    assert "also      5 cases of CA-2, CA-3, CA-4, CA-5, CA-6" in text
