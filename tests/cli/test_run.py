"""``connect-contract run``: what it prints, writes and returns, also where it ends early."""

from __future__ import annotations

from pathlib import Path

import pytest

from connect_contracts.report.json_file import read_report
from connect_contracts.report.model import RunReport
from connect_fixtures.cli.progress import Display
from run_reports import Command, Judge, read_json
from user_modules import DEEPER, DEVIATION, RETURNED, SUBCLASS, deviate, write_wrapped

CA_2 = "CA-2[without-the-file]"
CA_1_AND_2 = ("CA-1[authority-given]", "CA-1[over-tls-1-2]", CA_2)
CA_1_TO_3 = (*CA_1_AND_2, "CA-3[another-authority]", "CA-3[another-authority-of-the-same-name]")


def test_what_holds(judge: Judge, folder: Path) -> None:
    done = judge("client", "CA-1[authority-given]", CA_2, "SIG-1")
    assert done.status == 0, done
    last = done.lines[-1]
    assert last.startswith("3 clauses (3 cases): 3 passed; ")
    assert last.endswith("exit status 0")
    assert isinstance(read_report(done.file), RunReport)
    report = done.report
    assert report["summary"]["verdicts"] == {"passed": 3}
    assert report["summary"]["levels"] == {"documented": {"passed": 3}}
    assert [clause["id"] for clause in report["clauses"]] == ["SIG-1", "CA-1", "CA-2"]
    assert sorted(path.name for path in folder.iterdir()) == ["client.py", "report.json"]


def test_workers_give_the_same_verdicts_and_replays(judge: Judge) -> None:
    here = judge("client:trusting", *CA_1_TO_3).report
    there = judge("client:trusting", *CA_1_TO_3, options=("-n", "2"))
    assert there.status == here["exit_status"] == 1
    kept = ("id", "verdict", "replay", "expected", "observed")
    mine, others = (
        [
            {field: case[field] for field in kept}
            for each in run["clauses"]
            for case in each["cases"]
        ]
        for run in (here, there.report)
    )
    assert mine == others
    assert [case["verdict"] for case in mine] == ["passed"] * 2 + ["failed"] * 3


HOSTILE = {
    "pytest.ini": "[pytest]\naddopts = --no-such-option\npython_files = nothing.py\n"
    "filterwarnings = error\n",
    "conftest.py": "raise RuntimeError('the conftest was read')\n",
    "hostile_plugin.py": "raise RuntimeError('the plugin was read')\n",
}


def test_hostile_surroundings(judge: Judge, folder: Path) -> None:
    for name, content in HOSTILE.items():
        folder.joinpath(name).write_text(content)
    done = judge(
        *("client", *CA_1_AND_2),
        options=("-n", "1"),
        **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy"), "http://127.0.0.1:9"),
        PYTEST_ADDOPTS="--no-such-option",
        PYTEST_PLUGINS="hostile_plugin",
        SSL_CERT_FILE="",
    )
    assert done.status == 0, done
    assert {path.name for path in folder.iterdir()} == {"client.py", "report.json", *HOSTILE}


def test_worker_that_crashes(judge: Judge) -> None:
    done = judge("client:crashing", *CA_1_TO_3, options=("-n", "1"))
    assert done.status == 2, done
    assert "worker 'gw0' crashed while running" in done.out
    found = done.verdicts
    assert found.pop(CA_2) == "not run"
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
def deeper(folder: Path) -> None:
    """In the user's folder is an implementation that makes cases deeper."""
    folder.joinpath("deeper.py").write_text(f"from client import connect, trusting\n{DEEPER}")


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
    judge: Judge, deeper: None, depth: str | None, number: int, line: str | None
) -> None:
    asked = () if depth is None else ("--depth", depth)
    done = judge("deeper", "CA-1", "CA-2", "CA-3", options=asked)
    assert done.status == 0, done
    assert done.lines[0].endswith(f", depth {depth or 'default'}")
    assert [each for each in done.lines if each.startswith("depth ")] == ([line] if line else [])
    assert len(done.verdicts) == number
    assert done.report["depth"] == (depth or "default")
    assert sum(done.report["deeper"].values()) == 5 - number


def test_a_case_that_is_named_runs_at_any_depth(judge: Judge, deeper: None) -> None:
    done = judge("deeper:trusting", CA_2, "CA-3", options=("--depth", "core"))
    assert (done.status, list(done.verdicts)) == (1, [CA_2]), done


# A wrapper around the public client gets the client's own verdicts, with nothing declared.


@pytest.fixture
def wrapped(folder: Path) -> Path:
    """The user's folder, with a public client installed there and a wrapper around it."""
    write_wrapped(folder)
    return folder


def test_a_wrapper_gets_the_verdicts_of_its_client(judge: Judge, wrapped: Path) -> None:
    # The last one is judged in a fresh interpreter.
    ids = ("SIG-4", "MTLS-1[two-files]", "AUTH-1", "LIVE-12", "URL-2", "MTLS-5[no-password]")
    own = judge("atoti", *ids).verdicts
    done = judge("wrapped", *ids)
    assert (done.status, done.verdicts) == (0, own), done
    first, versions, second, *_ = done.lines
    returned = "the session that connect returned says so"
    assert (first, second) == (f"wrapped, profile 6.2 ({returned}), depth default", RETURNED)
    report = done.report
    assert (report["because"], report["remarks"][:2]) == ("returned", [versions, RETURNED])


def test_what_a_public_client_is_known_for_is_told_once_and_fails_nothing(
    judge: Judge, command: Command, wrapped: Path
) -> None:
    met = f"known: {SUBCLASS}: {DEVIATION}"
    lost = f"known, and not met by this run: {DEVIATION}"
    done = judge("atoti", "SIG-4")
    assert done.status == 0
    assert sum(line.startswith(lost) for line in done.lines) == 1, done
    deviate(wrapped)
    for options, status, verdict in (
        ((), 0, "known"),
        (("--no-known-deviations",), 1, "failed"),
    ):
        done = judge("atoti", "SIG-4", options=options)
        assert (done.status, done.verdicts[SUBCLASS]) == (status, verdict), done
        known = [line for line in done.lines if line.startswith(met)]
        assert len(known) == (verdict == "known"), done
        assert not any(line.startswith(lost) for line in done.lines)
        assert done.report["settings"]["known_deviations"] is (options == ())
    (wrapped / "pytest.ini").write_text(
        "[pytest]\nconnect_contract = atoti\nconnect_contract_no_known_deviations = true\n"
    )
    assert command("run", "--select", "SIG-4").returncode == 1


def test_a_wrapper_is_observed_as_its_client(command: Command, wrapped: Path) -> None:
    select = ("--select", "MTLS-1[two-files]")
    done = command("observe", "wrapped.json", "--connect", "wrapped", *select)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"wrapped: {RETURNED}" in done.stdout.splitlines()
    assert read_json(wrapped / "wrapped.json")["profile"] == "6.2"
    compared = command("compare", "atoti:Session", "wrapped", *select)
    assert compared.returncode == 0, compared.stdout + compared.stderr
    assert f"wrapped: {RETURNED}" in compared.stdout.splitlines()


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
