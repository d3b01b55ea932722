"""What implementations did, from their reports: outcomes, alerts, and how many were expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from connect_contracts.chapters.catalogue import Catalogue
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

EXPIRED = "certificate_expired by client"


@pytest.fixture
def rows(every: Catalogue) -> list[Recipe]:
    return [recipe(case) for case in cases_with_recipe(every)]


def run(
    every: Catalogue, did: dict[str, tuple[str, str | None]], profile: str = "6.2"
) -> RunReport:
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


RAISED = "raised ssl.SSLError"


def test_alerts_are_compared_and_counted(
    every: Catalogue, rows: list[Recipe], tmp_path: Path
) -> None:
    write_report(
        tmp_path / "one.json",
        run(
            every,
            {
                "CA-1[plain]": ("returned a client.Session", None),
                "CA-1[of-no-recipe]": ("returned a client.Session", None),
                "CA-12[leaf-expired]": (RAISED, EXPIRED),
                "CA-12[intermediate-expired]": (RAISED, "unknown_ca by client"),
                "CA-19[leaf-alone]": (RAISED, "unknown_ca by client"),
                "MTLS-4[expired]": (RAISED, None),
            },
        ),
    )
    [one] = implementations([tmp_path / "one.json"], rows)
    assert (one.name, one.depth) == ("client (6.2)", "full")
    assert one.did == {
        "CA-1[plain]": Did("passed", "returned a client.Session", None, None),
        "CA-12[leaf-expired]": Did("passed", RAISED, EXPIRED, True),
        "CA-12[intermediate-expired]": Did("passed", RAISED, "unknown_ca by client", False),
        "CA-19[leaf-alone]": Did("passed", RAISED, "unknown_ca by client", None),
        "MTLS-4[expired]": Did("passed", RAISED, None, False),
    }
    alerts = one.alerts(rows)
    assert (alerts.refused, alerts.as_expected, len(alerts.different)) == (3, 1, 2)
    assert alerts.describe() == (
        "3 refused recipes, alert as expected in 1, different in 2: "
        "mtls/expired (no alert, not certificate_expired by target), "
        "time/expired-intermediate (unknown_ca by client, not certificate_expired by client)"
    )


def test_what_was_not_run_is_not_counted(
    every: Catalogue, rows: list[Recipe], tmp_path: Path
) -> None:
    write_report(tmp_path / "one.json", run(every, {"CA-12[leaf-expired]": ("", None)}))
    [one] = implementations([tmp_path / "one.json"], rows)
    assert one.alerts(rows) == Alerts(0, 0, ())
    assert one.did["CA-12[leaf-expired]"].describe([EXPIRED]) == "passed"


@pytest.mark.parametrize(
    ("did", "told"),
    [
        (Did("passed", RAISED, EXPIRED, True), f"{RAISED}; alert {EXPIRED}, as expected"),
        (
            Did("passed", RAISED, "unknown_ca by client", False),
            f"{RAISED}; alert unknown_ca by client, and not {EXPIRED}",
        ),
        (Did("failed", "returned", None, False), f"returned; no alert, and not {EXPIRED}"),
        (Did("observed", RAISED, "x by client", None), f"{RAISED}; alert x by client"),
        (Did("passed", "returned", None, None), "returned"),
        (Did("not applicable", "", None, None), "not applicable"),
    ],
)
def test_in_words(did: Did, told: str) -> None:
    assert did.describe([EXPIRED]) == told


def test_one_of_two_alerts_is_enough() -> None:
    either = ["unknown_ca by client", EXPIRED]
    told = Did("failed", "returned", None, False).describe(either)
    assert told == f"returned; no alert, and not unknown_ca by client or {EXPIRED}"


def test_several_runs_and_files(every: Catalogue, rows: list[Recipe], tmp_path: Path) -> None:
    both = RunReports((run(every, {}, "0.9.1"), run(every, {}, "6.2")))
    write_report(tmp_path / "both.json", both)
    write_report(tmp_path / "one.json", run(every, {}, "6.2"))
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


def test_a_report_from_before_outcomes_were_told(tmp_path: Path, rows: list[Recipe]) -> None:
    path = tmp_path / "old.json"
    path.write_text(OLD, encoding="utf-8")
    [one] = implementations([path], rows)
    assert one.did == {"CA-1[plain]": Did("passed", "", None, None)}


OLD = """
{"implementation": "client", "profile": "6.2", "because": "default", "depth": "default",
 "version": "0", "exit_status": 0,
 "summary": {"verdicts": {}, "levels": {}, "cases": {}, "evidence": {}},
 "clauses": [{"id": "CA-1", "level": "documented", "verdict": "passed", "statement": "",
   "source": "", "cases": [{"id": "CA-1[plain]", "clause": "CA-1", "level": "documented",
   "description": "", "verdict": "passed"}]}]}
"""
