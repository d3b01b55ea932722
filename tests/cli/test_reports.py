"""The reports of a run in every form, parsed back: a client that fails, one that passes."""

from __future__ import annotations

import json
import ssl
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from connect_contracts.report.schema import PATH, schema_text
from run_reports import Command, read_json

SELECT = ("--select", "CA-1[authority-given]", "CA-2[without-the-file]", "CA-3[another-authority]")


def test_the_published_schema_is_that_of_the_code() -> None:
    assert PATH.read_text(encoding="utf-8") == schema_text()


def check_schema(report: Any) -> None:
    schema = json.loads(schema_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(report, schema, jsonschema.Draft202012Validator)


def test_a_report_says_what_was_run_and_where(command: Command, folder: Path) -> None:
    done = command("run", "--connect", "client:trusting", *SELECT, "--json", "report.json")
    assert done.returncode == 1, done.stdout + done.stderr
    report = read_json(folder / "report.json")
    check_schema(report)
    assert report["machine"]["tls"] == ssl.OPENSSL_VERSION
    assert report["settings"]["select"] == list(SELECT[1:])
    assert report["started"].endswith("+00:00")
    assert report["seconds"] > 0
    failed = report["clauses"][1]["cases"][0]
    kinds = [event["kind"] for event in failed["exchange"]]
    assert kinds[:4] == ["step", "connected", "handshake", "request"]
    assert "twin" in kinds
    times = [event["at"] for event in failed["exchange"][: kinds.index("twin")]]
    assert times == sorted(times)
    assert times[-1] > 0
    failed["verdict"] = "nonsense"
    with pytest.raises(jsonschema.ValidationError):
        check_schema(report)


def test_standard_output_is_the_report_alone(command: Command) -> None:
    done = command("run", *SELECT[:2], "--json", "-")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    check_schema(report)
    assert [run["clients"][0]["name"] for run in report["runs"]] == ["pytest-connect-contract"] * 2
    assert "exit status 0" in done.stderr


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--json", "nowhere/report.json"), "lies in one that is not there"),
    ],
)
def test_what_cannot_be_a_report(command: Command, options: tuple[str, ...], why: str) -> None:
    done = command("run", "--connect", "client", *SELECT[:2], *options)
    assert done.returncode == 2
    assert why in done.stderr
    assert len(done.stderr.splitlines()) == 1
