"""A wrapper around the public client, with nothing declared, gets the client's own verdicts."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from run_reports import read_json, verdicts

ContractCommand = Callable[..., subprocess.CompletedProcess[str]]

WRAPPED = """
import atoti

def connect(url, **keywords):
    return atoti.Session.connect(url, **keywords)
"""

SELECTED = ["SIG-4", "MTLS-1", "MTLS-2", "MTLS-3", "LIVE"]

SUITE = f"""
from connect_contracts import contracts
from wrapped import connect

test_connect = contracts(connect, select={SELECTED})
test_by_name = contracts("wrapped:connect", select={SELECTED})
"""

RELEASES = pytest.mark.parametrize(
    ("release", "profile"), [("0.9.1", "0.9.1"), ("0.9.16", "6.2"), ("6.2", "6.2")]
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with the wrapper in it."""
    (tmp_path / "wrapped.py").write_text(WRAPPED)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ends(record: Any) -> list[Any]:
    """How each step ended. Not what the wire shows of it: what the client's garbage collection has
    closed meanwhile decides whether a step opens a connection to the gateway."""
    return [
        [
            (step.get("how"), step.get("value"), (step.get("raised") or {}).get("type"))
            for step in scenario["steps"]
        ]
        for scenario in record["scenarios"]
    ]


@RELEASES
def test_every_case(
    contract_command: ContractCommand, folder: Path, release: str, profile: str
) -> None:
    own = contract_command(release, "run", "--connect", "atoti", "--json", "own.json")
    done = contract_command(release, "run", "--connect", "wrapped", "--json", "wrapped.json")
    assert done.returncode == own.returncode, done.stdout + done.stderr
    report = read_json(folder / "wrapped.json")
    assert (report["profile"], report["because"]) == (profile, "returned")
    assert verdicts(folder / "wrapped.json") == verdicts(folder / "own.json")


@RELEASES
def test_in_pytest(
    contract_command: ContractCommand,
    python: ContractCommand,
    folder: Path,
    release: str,
    profile: str,
) -> None:
    select = ("--select", *SELECTED)
    contract_command(release, "run", "--connect", "atoti", "--json", "own.json", *select)
    counts = read_json(folder / "own.json")["summary"]["cases"]
    (folder / "test_wrapper.py").write_text(SUITE)
    done = python(release, "-m", "pytest", "-q")
    twice = ", ".join(f"{2 * number} {word}" for word, number in counts.items())
    line = f"wrapped:connect, profile {profile} (returned), depth default: {twice}"
    assert line in done.stdout.splitlines(), done.stdout


@RELEASES
def test_observed(
    contract_command: ContractCommand, folder: Path, release: str, profile: str
) -> None:
    select = ("--select", "MTLS", "--select", "LIVE")
    for name in ("atoti", "wrapped"):
        done = contract_command(release, "observe", f"{name}.json", "--connect", name, *select)
        assert done.returncode == 0, done.stdout + done.stderr
    own, wrapped = read_json(folder / "atoti.json"), read_json(folder / "wrapped.json")
    assert wrapped["profile"] == profile
    assert wrapped["distributions"]["atoti-client"] == own["distributions"]["atoti-client"]
    assert ends(wrapped) == ends(own)


@RELEASES
def test_searched(
    contract_command: ContractCommand, folder: Path, release: str, profile: str
) -> None:
    found = []
    for name in ("atoti", "wrapped"):
        contract_command(
            *(release, "search", "--connect", name, "--law", "as-given"),
            *("--json", f"{name}.json"),
        )
        report = read_json(folder / f"{name}.json")
        assert report["profile"] == profile
        cases = [case for clause in report["clauses"] for case in clause["cases"]]
        broken = sorted((case["clause"], case["scenario"]) for case in cases)
        # Whether one more scenario is inconclusive differs from run to run of the client itself.
        found.append((sum(report["search"]["verdicts"].values()), broken))
    assert found[0] == found[1]
