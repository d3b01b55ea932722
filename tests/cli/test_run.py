"""``connect-contract run``: what it prints, writes and returns, also where it ends early."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from connect_contracts.report.json_file import read_report
from connect_contracts.report.model import RunReport, RunReports
from connect_fixtures.cli.progress import Display
from run_reports import Command, read_json, verdicts
from user_modules import DEEPER, RETURNED, write_wrapped

CA_1_AND_2 = ("--select", "CA-1[authority-given]", "CA-1[over-tls-1-2]", "CA-2[without-the-file]")
CA_1_TO_3 = (
    *(*CA_1_AND_2, "CA-3[another-authority]"),
    "CA-3[another-authority-of-the-same-name]",
)


def test_what_holds(command: Command, folder: Path) -> None:
    select = ("CA-1[authority-given]", "CA-2[without-the-file]", "SIG-1")
    done = command("run", "--connect", "client", "--select", *select, "--json", "report.json")
    assert done.returncode == 0, done.stdout + done.stderr
    first, *_, last = done.stdout.splitlines()
    assert first == (
        "client, profile 0.9.1 (the default, as the implementation declares none), depth default"
    )
    assert last.startswith("3 clauses (3 cases): 3 passed; ")
    assert last.endswith("exit status 0")
    report = read_json(folder / "report.json")
    assert isinstance(read_report(folder / "report.json"), RunReport)
    assert (report["implementation"], report["profile"]) == ("client", "0.9.1")
    assert report["summary"]["verdicts"] == {"passed": 3}
    assert report["summary"]["levels"] == {"documented": {"passed": 3}}
    assert [(clause["id"], clause["verdict"]) for clause in report["clauses"]] == [
        *(("SIG-1", "passed"), ("CA-1", "passed"), ("CA-2", "passed"))
    ]
    assert sorted(path.name for path in folder.iterdir()) == ["client.py", "report.json"]


def test_what_fails(command: Command, folder: Path) -> None:
    run = ("run", "--connect", "client:trusting", *CA_1_TO_3)
    done = command(*run, "--json", "report.json")
    assert done.returncode == 1
    assert "clause    CA-2 (documented): the same target without the file" in done.stdout
    replay = "connect-contract run --connect client:trusting --select 'CA-2[without-the-file]'"
    assert f"replay    {replay}" in done.stdout.splitlines()
    report = read_json(folder / "report.json")
    failed = report["clauses"][1]["cases"][0]
    assert failed["verdict"] == "failed"
    assert failed["replay"] == replay
    assert "it raises" in failed["expected"]
    assert "HTTP reached the target" in failed["observed"]
    assert any("> GET /versions/rest" in line for line in failed["transcript"])
    assert "passwd" not in json.dumps(report)
    workers = command(*run, "-n", "2", "--json", "workers.json")
    assert workers.returncode == 1
    assert verdicts(folder / "report.json") == verdicts(folder / "workers.json")


def test_the_references(command: Command, folder: Path) -> None:
    done = command("run", *CA_1_AND_2, "--select", "LIVE-12", "--json", "report.json")
    assert done.returncode == 0, done.stdout + done.stderr
    report = read_json(folder / "report.json")
    assert isinstance(read_report(folder / "report.json"), RunReports)
    assert [run["profile"] for run in report["runs"]] == ["0.9.1", "6.2"]
    assert [run["because"] for run in report["runs"]] == ["declared", "declared"]
    assert {run["exit_status"] for run in report["runs"]} == {0}


HOSTILE = {
    "pytest.ini": "[pytest]\naddopts = --no-such-option\npython_files = nothing.py\n"
    "filterwarnings = error\n",
    "conftest.py": "raise RuntimeError('the conftest was read')\n",
    "hostile_plugin.py": "raise RuntimeError('the plugin was read')\n",
}


def test_hostile_surroundings(command: Command, folder: Path) -> None:
    for name, content in HOSTILE.items():
        folder.joinpath(name).write_text(content)
    proxy = "http://127.0.0.1:9"
    done = command(
        *("run", "--connect", "client", *CA_1_AND_2, "-n", "1"),
        **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), proxy),
        PYTEST_ADDOPTS="--no-such-option",
        PYTEST_PLUGINS="hostile_plugin",
        SSL_CERT_FILE="",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert sorted(path.name for path in folder.iterdir()) == sorted(["client.py", *HOSTILE])


def test_worker_that_crashes(command: Command, folder: Path) -> None:
    run = ("run", "--connect", "client:crashing", *CA_1_TO_3, "-n", "1", "--json", "report.json")
    done = command(*run)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "worker 'gw0' crashed while running" in done.stdout
    found = verdicts(folder / "report.json")
    assert found.pop("CA-2[without-the-file]") == "not run"
    assert set(found.values()) == {"passed"}


def judging(_display: Display, _case_id: str) -> None:
    raise RuntimeError("a mistake of ours")


@pytest.mark.parametrize(
    ("name", "value", "begin", "why"),
    [
        (
            *("shielded.SUITE", Path("test_broken.py")),
            *("test_broken.py", "No module named 'no_such_module'"),
        ),
        ("progress.Display.judging", judging, "", "RuntimeError: a mistake of ours"),
    ],
    ids=["collection", "internal"],
)
def test_an_error_of_pytest_reaches_the_user(
    command: Command,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: object,
    begin: str,
    why: str,
) -> None:
    (folder / "test_broken.py").write_text("import no_such_module")
    monkeypatch.setattr(f"connect_fixtures.cli.{name}", value)
    done = command("run", "--connect", "client", "--select", "CA-1")
    assert done.returncode == 2
    assert f"pytest had trouble: {begin}" in done.stdout
    assert why in done.stdout


# How much is judged stands in the heading, in the report, and in one line.


@pytest.fixture
def deeper(folder: Path) -> Path:
    """The user's folder, with the implementation that makes cases deeper."""
    folder.joinpath("deeper.py").write_text(f"from client import connect, trusting\n{DEEPER}")
    return folder


@pytest.mark.parametrize(
    ("depth", "number", "line"),
    [
        ("core", 2, "depth core: 2 of 5 cases; --depth default adds 1, full 1, slow 1"),
        (None, 3, "depth default: 3 of 5 cases; --depth full adds 1, slow 1"),
        ("full", 4, "depth full: 4 of 5 cases; --depth slow adds 1"),
        ("slow", 5, None),
    ],
)
def test_each_depth(
    command: Command, deeper: Path, depth: str | None, number: int, line: str | None
) -> None:
    select = ("--select", "CA-1", "CA-2", "CA-3")
    asked = () if depth is None else ("--depth", depth)
    done = command("run", "--connect", "deeper", *select, *asked, "--json", "report.json")
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].endswith(f", depth {depth or 'default'}")
    assert [each for each in lines if each.startswith("depth ")] == ([line] if line else [])
    assert len(verdicts(deeper / "report.json")) == number
    report = read_json(deeper / "report.json")
    assert report["depth"] == (depth or "default")
    assert sum(report["deeper"].values()) == 5 - number


def test_a_case_that_is_named_runs_at_any_depth(command: Command, deeper: Path) -> None:
    select = ("--select", "CA-2[without-the-file]", "CA-3", "--depth", "core")
    done = command("run", "--connect", "deeper:trusting", *select, "--json", "report.json")
    assert done.returncode == 1, done.stdout + done.stderr
    assert list(verdicts(deeper / "report.json")) == ["CA-2[without-the-file]"]


# A wrapper around the public client gets the client's own verdicts, with nothing declared.


@pytest.fixture
def wrapped(folder: Path) -> Path:
    """The user's folder, with a public client installed there and a wrapper around it."""
    write_wrapped(folder)
    return folder


def test_a_wrapper_gets_the_verdicts_of_its_client(command: Command, wrapped: Path) -> None:
    ids = ("SIG-4", "MTLS-1[two-files]", "AUTH-1", "LIVE-12", "URL-2")
    # The last one is judged in a fresh interpreter.
    select = ("--select", *ids, "MTLS-5[no-password]")
    own = command("run", "--connect", "atoti", "--json", "own.json", *select)
    done = command("run", "--connect", "wrapped", "-n", "1", "--json", "w.json", *select)
    assert own.returncode == done.returncode == 0, done.stdout + done.stderr
    assert verdicts(wrapped / "w.json") == verdicts(wrapped / "own.json")
    first, versions, second, *_ = done.stdout.splitlines()
    assert first == (
        "wrapped, profile 6.2 (the session that connect returned says so), depth default"
    )
    assert second == RETURNED
    report = read_json(wrapped / "w.json")
    assert (report["because"], report["remarks"][:2]) == ("returned", [versions, RETURNED])


def test_a_wrapper_is_observed_as_its_client(command: Command, wrapped: Path) -> None:
    select = ("--select", "MTLS-1[two-files]")
    done = command("observe", "wrapped.json", "--connect", "wrapped", *select)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"wrapped: {RETURNED}" in done.stdout.splitlines()
    assert read_json(wrapped / "wrapped.json")["profile"] == "6.2"
    compared = command("compare", "atoti:Session", "wrapped", *select)
    assert compared.returncode == 0, compared.stdout + compared.stderr
    assert f"wrapped: {RETURNED}" in compared.stdout.splitlines()


def test_a_documented_name_that_is_not_found(command: Command, folder: Path) -> None:
    lacking = ("run", "--connect", "client", "--select", "SIG-1", "MTLS-1")
    done = command(*lacking, "--json", "report.json")
    assert done.returncode == 0, done.stdout + done.stderr
    found = verdicts(folder / "report.json")
    assert found.pop("SIG-1[by-position]") == "passed"
    assert set(found.values()) == {"not testable"}
    lines = done.stdout.splitlines()
    assert "not found, so that its cases are not testable: ClientCertificate" in lines[:4]
    assert lines[-1].endswith("1 not testable; not found: ClientCertificate; exit status 0")

    required = command(*lacking, "--require-all")
    assert required.returncode == 2
    assert required.stdout.splitlines()[-1].endswith("exit status 2")


def test_an_implementation_that_changes_the_working_folder(command: Command, folder: Path) -> None:
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
