"""What implementations did, from their reports: outcomes, alerts, and how many were expected."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.report.json_file import write_report
from connect_contracts.report.model import (
    CaseReport,
    RunReport,
    RunReports,
    clause_reports,
    summarise,
)
from connect_contracts.report.tls_table.implementations import (
    Alerts,
    Did,
    Implementation,
    UnreadableReport,
    implementations,
)
from connect_contracts.report.tls_table.recipe import Recipe, cases_with_recipe, recipe

EXPIRED, OTHER = "certificate_expired by client", "unknown_ca by client"
RAISED = "raised ssl.SSLError"


@pytest.fixture(scope="module")
def rows() -> list[Recipe]:
    return [recipe(case) for case in cases_with_recipe(catalogue())]


def run(did: dict[str, tuple[str, str | None]], profile: str = "6.2") -> RunReport:
    every = catalogue()
    cases = [
        CaseReport(
            id=name,
            clause=every.cases[name].clause.id,
            level=every.cases[name].level,
            description="",
            verdict="passed",
            outcome=outcome,
            alert=alert,
        )
        for name, (outcome, alert) in did.items()
    ]
    clauses = clause_reports(cases, every)
    return RunReport(
        implementation="client",
        profile=profile,
        because="default",
        depth="full",
        version="0",
        exit_status=0,
        summary=summarise(clauses),
        clauses=clauses,
    )


def test_alerts_are_compared_and_counted(rows: list[Recipe], tmp_path: Path) -> None:
    write_report(
        tmp_path / "one.json",
        run(
            {
                "CA-1[authority-given]": ("returned a client.Session", None),
                "SIG-1[by-position]": ("returned a client.Session", None),
                "CA-12[leaf-expired]": (RAISED, EXPIRED),
                "CA-12[intermediate-expired]": (RAISED, OTHER),
                "CA-19[leaf-given-alone]": (RAISED, OTHER),
                "MTLS-4[expired]": (RAISED, None),
            },
        ),
    )
    [client] = implementations([tmp_path / "one.json"], rows)
    assert (client.name, client.depth) == ("client (6.2)", "full")
    assert client.did == {
        "CA-1[authority-given]": Did("passed", "returned a client.Session", None, None),
        "CA-12[leaf-expired]": Did("passed", RAISED, EXPIRED, True),
        "CA-12[intermediate-expired]": Did("passed", RAISED, OTHER, False),
        "CA-19[leaf-given-alone]": Did("passed", RAISED, OTHER, None),
        "MTLS-4[expired]": Did("passed", RAISED, None, False),
    }
    alerts = client.alerts(rows)
    assert (alerts.refused, alerts.as_expected, len(alerts.different)) == (3, 1, 2)
    assert alerts.describe() == (
        "3 refused recipes, alert as expected in 1, different in 2: "
        "mtls13/expired (no alert, not certificate_expired by target), "
        "time/expired-intermediate (unknown_ca by client, not certificate_expired by client)"
    )


@pytest.mark.parametrize(
    ("did", "expected", "text"),
    [
        (Did("passed", RAISED, EXPIRED, True), EXPIRED, f"{RAISED}; alert {EXPIRED}, as expected"),
        (
            Did("passed", RAISED, OTHER, False),
            EXPIRED,
            f"{RAISED}; alert {OTHER}, and not {EXPIRED}",
        ),
        (Did("failed", "returned", None, False), EXPIRED, f"returned; no alert, and not {EXPIRED}"),
        (
            Did("failed", "returned", None, False),
            f"{OTHER} {EXPIRED}",
            f"returned; no alert, and not {OTHER} or {EXPIRED}",
        ),
        (Did("observed", RAISED, OTHER, None), EXPIRED, f"{RAISED}; alert {OTHER}"),
        (Did("passed", "returned", None, None), EXPIRED, "returned"),
        (Did("not applicable", "", None, None), EXPIRED, "not applicable"),
    ],
)
def test_in_words(did: Did, expected: str, text: str) -> None:
    assert did.describe(re.findall(r"\w+ by client", expected)) == text


def test_several_runs_and_files(rows: list[Recipe], tmp_path: Path) -> None:
    both = RunReports((run({}, "0.9.1"), run({}, "6.2")))
    write_report(tmp_path / "both.json", both)
    write_report(tmp_path / "one.json", run({}, "6.2"))
    made = implementations([tmp_path / "both.json", tmp_path / "one.json"], rows)
    assert made == [
        Implementation("client (0.9.1)", "full", {}),
        Implementation("client (6.2), both.json", "full", {}),
        Implementation("client (6.2), one.json", "full", {}),
    ]


@pytest.mark.parametrize("content", [None, b"", b"{}", b'{"runs": [{}]}', b"\xff\xfe"])
def test_what_cannot_be_read(tmp_path: Path, rows: list[Recipe], content: bytes | None) -> None:
    path = tmp_path / "report.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UnreadableReport) as raised:
        implementations([path], rows)
    assert str(raised.value).startswith(f"{path} ")
    assert str(raised.value).endswith(".")
    assert "\n" not in str(raised.value)


def test_an_old_report_without_outcomes_counts_no_alert(tmp_path: Path, rows: list[Recipe]) -> None:
    path = tmp_path / "old.json"
    path.write_text(OLD, encoding="utf-8")
    [client] = implementations([path], rows)
    assert client.did == {"CA-12[leaf-expired]": Did("passed", "", None, None)}
    assert client.alerts(rows) == Alerts(0, 0, ())


OLD = """
{"implementation": "client", "profile": "6.2", "because": "default", "depth": "default",
 "version": "0", "exit_status": 0,
 "summary": {"verdicts": {}, "levels": {}, "cases": {}, "evidence": {}},
 "clauses": [{"id": "CA-12", "level": "documented", "verdict": "passed", "statement": "",
   "source": "", "cases": [{"id": "CA-12[leaf-expired]", "clause": "CA-12", "level": "documented",
   "description": "", "verdict": "passed"}]}]}
"""
