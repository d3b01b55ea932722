"""``connect-contract run``: what it prints, writes and returns."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connect_contracts.report.json_file import read_report
from connect_contracts.report.model import RunReport, RunReports

Command = Callable[..., Any]

CA_1_AND_2 = ("--select", "CA-1[authority-given]", "CA-1[over-tls-1-2]", "CA-2[without-the-file]")


def told(path: Path) -> Any:
    """The report as any reader of JSON has it; ours must read it too."""
    read_report(path)
    return json.loads(path.read_text(encoding="utf-8"))


def verdicts(report: Any) -> dict[str, str]:
    return {case["id"]: case["verdict"] for one in report["clauses"] for case in one["cases"]}


def test_what_holds(command: Command, folder: Path) -> None:
    done = command("run", "--connect", "client", *CA_1_AND_2, "--json", "report.json")
    assert done.returncode == 0, done.stdout + done.stderr
    first, *_ = done.stdout.splitlines()
    assert first == (
        "client, profile 0.9.1 (the default, as the implementation declares none), depth default"
    )
    assert done.stdout.splitlines()[-1] == "2 clauses (3 cases): 2 passed; exit status 0"
    report = told(folder / "report.json")
    assert report["implementation"] == "client"
    assert report["profile"] == "0.9.1"
    assert report["summary"]["verdicts"] == {"passed": 2}
    assert report["summary"]["levels"] == {"documented": {"passed": 3}}
    assert [(one["id"], one["level"], one["verdict"]) for one in report["clauses"]] == [
        ("CA-1", "documented", "passed"),
        ("CA-2", "documented", "passed"),
    ]
    assert sorted(one.name for one in folder.iterdir()) == ["client.py", "report.json"]


def test_what_fails(command: Command, folder: Path) -> None:
    done = command("run", "--connect", "client:trusting", *CA_1_AND_2, "--json", "report.json")
    assert done.returncode == 1
    assert "clause    CA-2 (documented): the same target without the file" in done.stdout
    replay = "connect-contract run --connect client:trusting --select 'CA-2[without-the-file]'"
    assert f"replay    {replay}" in done.stdout.splitlines()
    report = told(folder / "report.json")
    failed = report["clauses"][1]["cases"][0]
    assert failed["verdict"] == "failed"
    assert failed["replay"] == replay
    assert "it raises" in failed["expected"]
    assert "HTTP reached the target" in failed["observed"]
    assert any("> GET /versions/rest" in line for line in failed["transcript"])
    assert "passwd" not in json.dumps(report)


def test_workers_give_the_same_verdicts(command: Command, folder: Path) -> None:
    select = (*CA_1_AND_2, "CA-3[another-authority]")
    serial = command("run", "--connect", "client:trusting", *select, "--json", "serial.json")
    workers = command(
        "run", "--connect", "client:trusting", *select, "-n", "2", "--json", "workers.json"
    )
    assert serial.returncode == workers.returncode == 1
    assert verdicts(told(folder / "serial.json")) == verdicts(told(folder / "workers.json"))


def test_both_references(command: Command, folder: Path) -> None:
    done = command("run", *CA_1_AND_2, "--select", "LIVE-12", "--json", "report.json")
    assert done.returncode == 0, done.stdout + done.stderr
    report = told(folder / "report.json")
    assert isinstance(read_report(folder / "report.json"), RunReports)
    assert [one["profile"] for one in report["runs"]] == ["0.9.1", "6.2"]
    assert [one["because"] for one in report["runs"]] == ["declared", "declared"]
    assert {one["exit_status"] for one in report["runs"]} == {0}


def test_one_reference(command: Command, folder: Path) -> None:
    done = command("run", "--profile", "6.2", *CA_1_AND_2, "--json", "report.json")
    assert done.returncode == 0, done.stdout + done.stderr
    report = read_report(folder / "report.json")
    assert isinstance(report, RunReport)
    assert report.implementation == "connect_contracts.reference.v6_2"


def test_nothing_that_gets_a_verdict(command: Command) -> None:
    done = command("run", "--connect", "client", "--select", "LIVE-12")
    assert done.returncode == 2
    assert "it belongs to the profile 6.2" in done.stdout


def test_expected_failures(command: Command, folder: Path) -> None:
    entry = '[[expected-failure]]\nreason = "it trusts everybody"\nclause = "CA-2"\n'
    known = folder / "known.toml"
    run = ("run", "--connect", "client:trusting", *CA_1_AND_2, "--expected-failures", "known.toml")

    known.write_text(entry + 'way = ["it returned", "HTTP reached the target"]\n')
    done = command(*run)
    assert done.returncode == 0, done.stdout
    assert "known: CA-2[without-the-file]: " in done.stdout

    known.write_text(entry + 'way = "HTTP reached the target"\n')
    done = command(*run)
    assert done.returncode == 1
    assert "not declared: of step 1 (connect): it returned" in done.stdout

    known.write_text(entry + 'way = "it hangs"\n')
    done = command(*run)
    assert done.returncode == 1
    assert "it fails otherwise than expected" in done.stdout

    known.write_text(entry.replace("CA-2", "CA-1") + 'way = "anything"\n')
    done = command(*run)
    assert done.returncode == 1
    assert "the expected failure is stale" in done.stdout


HOSTILE = {
    "pytest.ini": "[pytest]\naddopts = --no-such-option\npython_files = nothing.py\n"
    "filterwarnings = error\n",
    "conftest.py": "raise RuntimeError('the conftest was read')\n",
    "hostile_plugin.py": "raise RuntimeError('the plugin was read')\n",
}


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["serial", "a-worker"])
def test_hostile_surroundings(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch, workers: tuple[str, ...]
) -> None:
    for name, content in HOSTILE.items():
        folder.joinpath(name).write_text(content)
    proxy = "http://127.0.0.1:9"
    done = command(
        *("run", "--connect", "client", *CA_1_AND_2, *workers),
        **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), proxy),
        PYTEST_ADDOPTS="--no-such-option",
        PYTEST_PLUGINS="hostile_plugin",
        SSL_CERT_FILE="",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert sorted(one.name for one in folder.iterdir()) == sorted(["client.py", *HOSTILE])


def test_several_ids_after_one_select(command: Command, folder: Path) -> None:
    done = command("run", "--connect", "client", "--select", "CA-1", "SIG-1", "--json", "r.json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [one["id"] for one in told(folder / "r.json")["clauses"]] == ["SIG-1", "CA-1"]


def test_an_id_without_select(command: Command) -> None:
    done = command("run", "--connect", "client", "CA-1")
    assert done.returncode == 2
    assert done.stderr == "connect-contract: What is 'CA-1' for? Ids are given by --select.\n"


def test_an_implementation_that_changes_the_working_folder(command, folder: Path) -> None:
    text = "import os\nfrom client import connect\nos.chdir('elsewhere')\n"
    folder.joinpath("moving.py").write_text(text)
    for name in ("elsewhere", "capsules"):
        folder.joinpath(name).mkdir()
    given = ("--regressions", "capsules", "--json", "report.json")
    done = command("run", "--connect", "moving", "--select", "SIG-1", *given)
    assert (done.returncode, done.stderr) == (0, "")
    assert "there is no capsule in capsules" in done.stdout
    assert folder.joinpath("report.json").is_file()
    done = command("compare", "moving", "client", "--select", "SIG-1", "--json", "found.json")
    assert folder.joinpath("found.json").is_file(), done.stderr
