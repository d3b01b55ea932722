"""``connect-contract recipes``: each format, and what implementations did."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.report.tls_table.recipe import OPENSSL_STRICT, VERIFIERS
from connect_fixtures.cli import main
from run_reports import Command

IDS = ("ok/trustme", "time/expired")
CASES = ("CA-1[authority-given]", "CA-12[leaf-expired]")
ALERT = "certificate_expired by client"


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["recipes", *arguments]) == 0
    return capsys.readouterr().out


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    whole = json.loads(printed(capsys, *IDS, "--format", "json"))
    plain, expired = whole["recipes"]
    assert (plain["id"], expired["id"]) == IDS
    assert (plain["expected"], expired["expected"]) == ("accepted", "refused")
    assert list(expired["answers"]) == list(VERIFIERS)
    assert expired["answers"][OPENSSL_STRICT]["verify_code"] == 10
    assert whole["implementations"] == []


def test_a_file_has_no_certificate_question(capsys: pytest.CaptureFixture[str]) -> None:
    row = printed(capsys, "CA-7[missing]", "--format", "markdown").splitlines()[2]
    assert " | CA-7[missing] | " in row
    assert " | refused | " in row
    assert row.endswith(" | - | - | - |")


def test_the_table_is_whole_where_it_is_piped(capsys: pytest.CaptureFixture[str]) -> None:
    head, plain, expired = printed(capsys, *IDS).splitlines()
    assert head.split()[0] == "recipe"
    assert catalogue().cases["CA-12[leaf-expired]"].description in expired
    assert f"refused, {ALERT}" in expired
    assert expired.count("refused: V10 certificate has expired") == 2
    assert plain.count("accepted") == 4


def test_what_an_implementation_did(
    capsys: pytest.CaptureFixture[str], command: Command, folder: Path
) -> None:
    run = command("run", "--connect", "client", "--select", *CASES, "--json", "sound.json")
    assert run.returncode == 0
    lines = printed(capsys, *IDS, "--report", "sound.json", "--format", "markdown").splitlines()
    assert lines[0].endswith("| client (0.9.1) |")
    alert = ALERT.replace("_", "\\_")
    assert lines[3].endswith(f"raised urllib.error.URLError; alert {alert}, as expected |")
    assert lines[-1] == "client (0.9.1): 1 refused recipes, alert as expected in 1, different in 0"
    report = json.loads((folder / "sound.json").read_text(encoding="utf-8"))
    cases = {case["id"]: case for clause in report["clauses"] for case in clause["cases"]}
    expired = cases["CA-12[leaf-expired]"]
    assert (expired["recipe"], expired["depth"]) == ("time/expired", "default")
    assert (expired["outcome"], expired["alert"]) == ("raised urllib.error.URLError", ALERT)
