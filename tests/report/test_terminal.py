"""Reports of runs on the terminal."""

from __future__ import annotations

import io
import re
from itertools import zip_longest
from types import ModuleType
from typing import Any

import pytest
from rich.console import Console

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.execution.implementation import Implementation
from connect_contracts.judging.settings import UnderTest
from connect_contracts.model.clause import Profile
from connect_contracts.model.verdict import Verdict
from connect_contracts.report.cause_text import not_served_lines
from connect_contracts.report.terminal import show_heading, show_report
from hand_written_reports import case, run_of

EVERY = [verdict.word for verdict in Verdict]


def shown(
    verdicts: list[str],
    *,
    width: int = 80,
    strengths: tuple[str, ...] = (),
    durations: int = 0,
    **more: Any,
) -> str:
    names = list(catalogue().cases)[:: len(catalogue().cases) // len(verdicts)]
    rows = zip_longest(names[: len(verdicts)], verdicts, strengths)
    cases = (
        case(name, verdict, observed=f"[why] {verdict}", strength=strength)
        for name, verdict, strength in rows
    )
    console = Console(file=io.StringIO(), width=width)
    report = run_of(*cases, notes=("a note",), **more)
    show_report(console, report, catalogue(), durations)
    return text_of(console)


def text_of(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [60, 80, 200])
def test_every_verdict_is_shown(width: int) -> None:
    text = shown(EVERY, width=width)
    for word in ("known", "flaky", "not applicable", "not testable", "not run"):
        line = next(line for line in text.splitlines() if line.startswith(f"{word}: "))
        assert line.endswith(f": [why] {word}")
    for word in ("failed", "hang", "inconclusive", "harness error"):
        assert f"]: {word}" in text
    assert "a note" in text.splitlines()


def test_what_is_not_served_is_told_unless_it_is_known() -> None:
    def lines(verdict: str) -> list[str]:
        return not_served_lines([case("LIVE-14[a-slash]", verdict, not_served=("GET /x",))])

    assert lines("passed") == ["asked for, and not served by fake targets: GET /x (1 case)"]
    assert lines("known") == lines("flaky") == []


def test_table_by_chapter() -> None:
    lines = shown(["passed"] * len(catalogue().cases)).splitlines()
    for chapter in catalogue().chapters:
        assert any(line.startswith(f"{chapter.name}  ") for line in lines)
    assert lines[-1].startswith(f"{len(catalogue().clauses)} clauses (")
    assert lines[-1].endswith("exit status 1")
    # Headers of usual reports are whole on a narrow terminal.
    assert "…" not in shown(["passed", "observed", "not applicable", "failed", "inconclusive"])


def test_heading_on_a_narrow_terminal() -> None:
    console = Console(file=io.StringIO(), width=40)
    client = ModuleType("client")
    vars(client).update(Session=object, BasicAuthentication=object, TokenAuthentication=object)
    implementation = Implementation(
        lambda url: None, module=client, reference="package[x].module:connect"
    )
    show_heading(console, UnderTest(implementation, Profile.V6_2, "declared"), "depth default")
    first, versions, *names = text_of(console).splitlines()
    assert first == (
        "package[x].module:connect, profile 6.2 (the implementation declares it), depth default"
    )
    assert re.fullmatch(r"Python 3\.\d+\.\S+, OpenSSL \S+", versions)
    assert names == [
        "names found: BasicAuthentication, TokenAuthentication, Session",
        "not found, so that its cases are not testable: ClientCertificate, "
        "OAuth2ResourceOwnerPasswordAuthentication",
        'if it offers none, declare __connect_contract__ = {"without": '
        '["client_certificate", "password_grant"]}',
    ]


def test_passed_refusals_are_counted_by_their_evidence() -> None:
    strengths = ("end of stream", "client's alert", "client's alert", "client's alert")
    lines = shown(["passed", "passed", "passed", "failed"], strengths=strengths).splitlines()
    assert "passed refusals by what decided them: client's alert 2, end of stream 1" in lines
    assert "passed refusals" not in shown(["passed"])


def test_the_last_line_says_why_and_a_line_stays_short() -> None:
    reasons = ("the contract is broken in 2 cases (1 cause)",)
    every = ["not applicable"] * len(catalogue().cases)
    lines = shown([*every[:-2], "failed", "failed"], reasons=reasons).splitlines()
    assert lines[-1].endswith("; the contract is broken in 2 cases (1 cause); exit status 1")
    (skipped,) = (line for line in lines if line.startswith("not applicable: "))
    assert skipped.startswith(f"not applicable: {len(every) - 2} cases of SIG-1, ")
    assert re.search(r" and \d+ more clauses: \[why\] not applicable$", skipped)
    assert len(skipped) < 200


def test_the_slowest_cases_are_named() -> None:
    lines = shown(["passed"] * 3, durations=2).splitlines()
    (slowest,) = (line for line in lines if line.startswith("slowest: "))
    assert slowest.count(" s") == 2
    # What was not run took no time.
    slowest = shown(["passed", "not run"], durations=2).partition("slowest: ")[2]
    assert slowest.splitlines()[0].count(" s") == 1
    assert not any(line.startswith("slowest") for line in shown(["passed"]).splitlines())
