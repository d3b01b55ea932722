"""What implementations did, from their reports: outcomes, alerts, and how many were expected."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.report.tls_table.recipe import Recipe, cases_with_recipe, recipe
from connect_contracts.report.tls_table.table import (
    Alerts,
    Did,
    Implementation,
    UnreadableReport,
    implementations,
)

EXPIRED, OTHER = "certificate_expired by client", "unknown_ca by client"
RAISED = "raised ssl.SSLError"


@pytest.fixture(scope="module")
def rows() -> list[Recipe]:
    return [recipe(case) for case in cases_with_recipe(catalogue())]


def report(path: Path, *profiles: str, **cases: dict[str, Any]) -> Path:
    """A report of a run for each profile, as ``run --json`` writes it, with these cases."""
    clause = {"id": "CA-12", "level": "implied", "verdict": "passed", "statement": "", "source": ""}
    same = {"clause": "CA-12", "level": "implied", "description": "", "verdict": "passed"}
    runs = [
        {
            "implementation": "client",
            "profile": profile,
            "because": "default",
            "depth": "full",
            "version": "0",
            "exit_status": 0,
            "summary": {"verdicts": {}, "levels": {}, "cases": {}, "evidence": {}},
            "clauses": [
                {**clause, "cases": [{"id": name, **same, **case} for name, case in cases.items()]}
            ],
        }
        for profile in profiles
    ]
    path.write_text(json.dumps(runs[0] if len(runs) == 1 else {"runs": runs}), encoding="utf-8")
    return path


def test_alerts_are_compared_and_counted(rows: list[Recipe], tmp_path: Path) -> None:
    cases = {
        "CA-1[authority-given]": ("returned a client.Session", None),
        "SIG-1[by-position]": ("returned a client.Session", None),
        "CA-12[leaf-expired]": (RAISED, EXPIRED),
        "CA-12[intermediate-expired]": (RAISED, OTHER),
        "CA-19[leaf-given-alone]": (RAISED, OTHER),
        "MTLS-4[expired]": (RAISED, None),
    }
    did = {name: {"outcome": outcome, "alert": alert} for name, (outcome, alert) in cases.items()}
    [client] = implementations([report(tmp_path / "one.json", "6.2", **did)], rows)
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
    ("did", "text"),
    [
        (Did("passed", RAISED, "a", True), f"{RAISED}; alert a, as expected"),
        (Did("passed", RAISED, "b", False), f"{RAISED}; alert b, and not a or c"),
        (Did("failed", "returned", None, False), "returned; no alert, and not a or c"),
        (Did("observed", RAISED, "b", None), f"{RAISED}; alert b"),
        (Did("passed", "returned", None, None), "returned"),
        (Did("not applicable", "", None, None), "not applicable"),
    ],
)
def test_in_words(did: Did, text: str) -> None:
    assert did.describe(["a", "c"]) == text


def test_several_runs_and_files(rows: list[Recipe], tmp_path: Path) -> None:
    both = report(tmp_path / "both.json", "0.9.1", "6.2")
    single = report(tmp_path / "one.json", "6.2")
    assert implementations([both, single], rows) == [
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
    old = report(tmp_path / "old.json", "6.2", **{"CA-12[leaf-expired]": {}})
    [client] = implementations([old], rows)
    assert client.did == {"CA-12[leaf-expired]": Did("passed", "", None, None)}
    assert client.alerts(rows) == Alerts(0, 0, ())
