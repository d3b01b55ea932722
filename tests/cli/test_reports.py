"""The reports of a run in every form, parsed back: a client that fails, one that passes."""

from __future__ import annotations

import html
import json
import ssl
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema
import junitparser
import pytest

from connect_contracts.model.json_text import indented
from connect_contracts.report.model import RunReports
from connect_contracts.report.schema import PATH, schema_text
from connect_contracts.search.budget import SEARCH_SETTINGS, SearchSettings
from connect_fixtures.cli import main
from hand_written_reports import case, run_of
from run_reports import Command, read_json

SELECT = ("--select", "CA-1[authority-given]", "CA-2[without-the-file]", "CA-3[another-authority]")


def test_the_published_schema_is_that_of_the_code() -> None:
    assert PATH.read_text(encoding="utf-8") == schema_text()


def check_schema(report: Any) -> None:
    schema = json.loads(schema_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(report, schema, jsonschema.Draft202012Validator)


def test_a_report_says_what_was_run_and_where(script_command: Command, folder: Path) -> None:
    # In a fork, what is installed may be known from before.
    metadata = folder / "my_client-1.2.3.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: my-client\nVersion: 1.2.3\n")
    (metadata / "top_level.txt").write_text("client\n")
    done = script_command("run", "--connect", "client:trusting", *SELECT, "--json", "report.json")
    assert done.returncode == 1, done.stdout + done.stderr
    report = read_json(folder / "report.json")
    check_schema(report)
    assert report["clients"] == [{"name": "my-client", "version": "1.2.3"}]
    assert report["machine"]["tls"] == ssl.OPENSSL_VERSION
    assert report["settings"]["select"] == list(SELECT[1:])
    assert report["started"].endswith("+00:00")
    assert report["seconds"] > 0
    failed = report["clauses"][1]["cases"][0]
    replay = "connect-contract run --connect client:trusting --select 'CA-2[without-the-file]'"
    assert (failed["verdict"], failed["replay"]) == ("failed", replay)
    assert "it raises" in failed["expected"]
    assert "HTTP reached the target" in failed["observed"]
    assert any("> GET /versions/rest" in line for line in failed["transcript"])
    kinds = [event["kind"] for event in failed["exchange"]]
    assert kinds[:4] == ["step", "connected", "handshake", "request"]
    times = [event["at"] for event in failed["exchange"]]
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
    found = [(run["profile"], run["because"], run["exit_status"]) for run in report["runs"]]
    assert found == [("0.9.1", "declared", 0), ("6.2", "declared", 0)]
    assert "exit status 0" in done.stderr


PRINTING = """
import os

from client import *
from client import connect as faithful

os.write(1, b"imported")

def connect(url, **given):
    print("connected")
    os.write(1, b"connected")
    os.write(2, b"connected")
    return faithful(url, **given)
"""


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("run", "--connect", "printing", *SELECT[:2]), "1 passed; exit status 0"),
        (("observe", "seen.json", "--connect", "printing", *SELECT[:2]), "scenarios"),
        (("compare", "printing", "client", *SELECT[:2]), "observing printing"),
        (("search", "--connect", "printing", "--law", "refused-change"), "1 of 2 parts"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_what_a_client_prints_stands_in_no_report(
    command: Command,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    says: str,
) -> None:
    """Nor what C writes for it, past ``sys.stdout``."""
    few = SearchSettings("ci", scenarios=8, parts=2, derandomised=True, ladder=False)
    monkeypatch.setitem(SEARCH_SETTINGS, "ci", few)
    (folder / "printing.py").write_text(PRINTING)
    done = command(*words)
    assert says in done.stdout
    assert "connected" not in done.stdout + done.stderr
    assert "imported" not in done.stdout + done.stderr


WRONG_ADAPTER = """
import client
from connect_contracts import Implementation

class Wrong(Implementation):
    def basic(self, username, password):
        raise AttributeError("no such thing")

adapter = Wrong(client.connect)
"""
FILES = {"json": "r.json", "junit": "r.xml", "markdown": "r.md", "html": "r.html"}


@pytest.mark.parametrize(
    ("connect", "status", "kinds", "says"),
    [
        ("client:trusting", 1, {"failure": 2}, "The contract is broken."),
        ("adapted:adapter", 2, {"error": 3}, "The contract could not be judged."),
        ("connect_contracts.reference.v0_9_1", 0, {}, "The contract holds."),
    ],
    ids=["never verifies", "a wrong adapter", "passes"],
)
def test_every_form_says_the_same(
    command: Command, folder: Path, connect: str, status: int, kinds: dict[str, int], says: str
) -> None:
    (folder / "adapted.py").write_text(WRONG_ADAPTER)
    written = [word for name, path in FILES.items() for word in (f"--{name}", path)]
    on_github = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(folder / "summary.md")}
    done = command("run", "--connect", connect, *SELECT, *written, **on_github)
    assert done.returncode == status, done.stdout + done.stderr
    report = read_json(folder / "r.json")
    check_schema(report)
    suites = junitparser.JUnitXml.fromfile(str(folder / "r.xml"))
    found = Counter(
        type(result).__name__.lower() for one in suites for test in one for result in test.result
    )
    assert found == kinds
    for name in ("r.md", "r.html", "summary.md"):
        text = (folder / name).read_text(encoding="utf-8")
        assert says in text
        assert "passwd" not in text
    assert (folder / "summary.md").read_bytes() == (folder / "r.md").read_bytes()
    printed = done.stdout.splitlines()
    commands = [line for line in printed if line.startswith(("::error ", "::warning "))]
    assert len(commands) == len(report["causes"])
    # What a client says within the report cannot be a command.
    (stop,) = (
        number for number, line in enumerate(printed) if line.startswith("::stop-commands::")
    )
    assert printed.index(f"::{printed[stop].removeprefix('::stop-commands::')}::") > stop


OLD = ("--json", "r.json", "--junit", "r.xml", "--markdown", "r.md", "--html", "r.html")


@pytest.mark.parametrize(
    "words",
    [
        ("run", "--select", "CA-99"),
        ("run", "-n", "many"),
        ("search", "--settings", "weekly"),
        ("run", "--compare-with", "r.json"),
    ],
    ids=" ".join,
)
def test_a_command_that_does_not_begin_says_so_in_a_job_and_loses_no_report(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    for name in OLD[1::2]:
        (folder / name).write_text("50% of yesterday")
    assert main([*words, *OLD]) == 2
    said, annotation = capsys.readouterr().err.splitlines()
    sentence = said.removeprefix("connect-contract: ")
    assert annotation == f"::error title=connect-contract::{sentence.replace('%', '%25')}"
    summary = html.unescape((folder / "summary.md").read_text(encoding="utf-8"))
    assert summary == f"## connect-contract\n\n⚠️ {sentence}\n\n"
    assert {(folder / name).read_text() for name in OLD[1::2]} == {"50% of yesterday"}


def test_reports_side_by_side(
    folder: Path, own_modules: None, capsys: pytest.CaptureFixture[str]
) -> None:
    failed, *passed = (
        run_of(*(case(name, verdict) for name in SELECT[1:]), implementation=name, status=status)
        for name, verdict, status in (
            ("mine", "failed", 1),
            ("a|b", "passed", 0),
            ("c", "passed", 0),
        )
    )
    (folder / "one.json").write_bytes(indented(failed))
    (folder / "two.json").write_bytes(indented(RunReports(tuple(passed))))
    written = ("--markdown", "r.md", "--html", "r.html", "--junit", "r.xml")
    assert main(["report", "one.json", "two.json", *written]) == 0
    assert capsys.readouterr() == ("", "")
    text = (folder / "r.md").read_text(encoding="utf-8")
    head, _, status, *rows = (line for line in text.splitlines() if line.startswith("|"))
    assert html.unescape(head) == "|  | mine | a|b | c |"
    assert status == "| exit status | 1 | 0 | 0 |"
    assert rows[1:3] == [f"| {name} | failed | passed | passed |" for name in ("CA-1", "CA-2")]
    assert "3 runs side by side" in (folder / "r.html").read_text(encoding="utf-8")
    assert (folder / "r.xml").is_file()


FULL = "/dev/full"


@pytest.mark.skipif(not Path(FULL).exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize(("connect", "status"), [("client", 2), ("client:raising", 1)])
def test_a_file_that_cannot_be_written_loses_no_other_and_no_failure(
    command: Command, folder: Path, connect: str, status: int
) -> None:
    others = ("--markdown", "r.md", "--html", "r.html")
    run = ("run", "--connect", connect, *SELECT[:2])
    done = command(*run, "--json", FULL, *others, GITHUB_STEP_SUMMARY="nowhere/summary.md")
    assert done.returncode == status
    assert done.stderr.splitlines() == [
        "connect-contract: The report cannot be written to /dev/full: No space left on device.",
        "connect-contract: The summary of the job cannot be written to nowhere/summary.md: No such "
        "file or directory.",
    ]
    assert (folder / "r.md").exists()
    assert (folder / "r.html").exists()
    assert done.stdout.splitlines()[-1].endswith(
        f"; a report could not be written; exit status {status}"
    )
