"""A run beside an earlier one: which cases changed, and what each report says of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.report.comparison import ChangedCase, Comparison
from connect_contracts.report.earlier import BadEarlierReport, Earlier, compared
from connect_contracts.report.html import html
from connect_contracts.report.markdown import markdown
from connect_contracts.report.model import RunReport, RunReports, RunSettings
from connect_contracts.report.terminal import comparison_lines
from hand_written_reports import case, run_of

A, B, C, D, *_ = list(catalogue().cases)


def run(cases: dict[str, str], profile: str = "6.2", **more: Any) -> RunReport:
    reports = [case(name, verdict) for name, verdict in cases.items()]
    return run_of(*reports, profile=profile, **more)


def beside(before: dict[str, str], now: dict[str, str]) -> Comparison:
    earlier = Earlier(Path("before.json"), run(before))
    return compared(run(now).cases, earlier, "client", "6.2", selected=catalogue().cases)


@pytest.mark.parametrize(
    ("before", "now", "changed"),
    [
        ({A: "passed"}, {A: "passed"}, ("", "", "", "")),
        ({A: "passed"}, {A: "failed"}, (A, "", "", "")),
        ({A: "known"}, {A: "inconclusive"}, (A, "", "", "")),
        ({A: "failed"}, {A: "hang"}, ("", "", "", "")),
        ({A: "hang"}, {A: "passed"}, ("", A, "", "")),
        ({A: "passed"}, {A: "known"}, ("", "", "", "")),
        # It is declared, and not mended.
        ({A: "failed"}, {A: "known"}, ("", "", "", "")),
        ({A: "passed"}, {B: "failed"}, ("", "", B, A)),
        # What was not run is neither failing nor gone.
        ({A: "passed"}, {A: "not run"}, ("", "", "", "")),
        ({A: "not run"}, {A: "failed"}, ("", "", A, "")),
    ],
)
def test_what_changed(
    before: dict[str, str], now: dict[str, str], changed: tuple[str, str, str, str]
) -> None:
    found = beside(before, now)
    failing, passing = (
        "".join(each.case for each in changes)
        for changes in (found.newly_failing, found.newly_passing)
    )
    assert (failing, passing, "".join(found.new), "".join(found.gone)) == changed


def test_what_passed_and_is_expected_to_fail_now_is_told() -> None:
    found = beside({A: "passed", B: "known"}, {A: "known", B: "known"})
    assert found.newly_known == (ChangedCase(A, "passed", "known"),)
    assert comparison_lines(run({A: "known"}, comparison=found))[:2] == [
        "compared with before.json: 0 newly failing, 0 newly passing, 1 newly known, 0 new, 0 gone",
        f"  newly known: {A}: passed, now known",
    ]


def test_every_report_for_people_shows_it() -> None:
    found = beside({A: "passed", B: "failed", C: "passed"}, {A: "failed", B: "passed", D: "passed"})
    assert found.newly_failing == (ChangedCase(A, "passed", "failed"),)
    report = run({A: "failed"}, comparison=found)
    lines = comparison_lines(report)
    assert lines[:-1] == [
        "compared with before.json: 1 newly failing, 1 newly passing, 1 new, 1 gone",
        f"  newly failing: {A}: passed, now failed",
        f"  newly passing: {B}: failed, now passed",
        f"  new: {D}",
        f"  gone: {C}",
    ]
    for content in (markdown(report), html(report)):
        assert "1 newly failing, 1 newly passing, 1 new, 1 gone" in content.decode()


@pytest.mark.parametrize(
    ("of_before", "selected", "new", "gone"),
    [
        ({}, (A, B, C), True, True),
        ({}, (A, C), True, False),
        ({"settings": RunSettings(select=(A, B))}, (A, B, C), False, True),
        ({"depth": "core"}, (A, B, C), False, True),
        # An id, or a depth, that only another version of the suite has.
        ({"settings": RunSettings(select=("OLD-1",))}, (A, B, C), False, True),
        ({"depth": "deepest"}, (A, B, C), False, True),
    ],
)
def test_what_the_other_run_did_not_choose_is_neither_new_nor_gone(
    of_before: dict[str, Any], selected: tuple[str, ...], new: bool, gone: bool
) -> None:
    earlier = Earlier(Path("before.json"), run({A: "passed", B: "passed"}, **of_before))
    now = run({A: "passed", C: "failed"})
    found = compared(now.cases, earlier, "client", "6.2", selected=selected)
    assert (found.new, found.not_selected_before) == (((C,), ()) if new else ((), (C,)))
    assert (found.gone, found.not_selected_now) == (((B,), ()) if gone else ((), (B,)))
    head, *lists = comparison_lines(msgspec.structs.replace(now, comparison=found))
    counted = "1 new (1 failing), " if new else "0 new, "
    counted += "1 gone" if gone else "0 gone"
    counted += "" if new else ", 1 not selected before (1 failing)"
    assert head.endswith(counted if gone else f"{counted}, 1 not selected now")
    name = "new" if new else "not selected before"
    assert f"  {name}: {C} (failed)" in lists


def test_the_run_of_the_same_implementation_and_profile_is_taken() -> None:
    older, newer = run({}, "0.9.1"), run({}, "6.2")
    earlier = Earlier(Path("before.json"), RunReports((older, newer)))
    assert earlier.run_of("client", "6.2") is newer
    with pytest.raises(BadEarlierReport, match="give another, or --compare-other"):
        earlier.run_of("another", "6.2")
    asked = Earlier(earlier.path, earlier.report, other=True)
    assert asked.run_of("another", "6.2") is newer
    assert asked.run_of("another", "7") is older
