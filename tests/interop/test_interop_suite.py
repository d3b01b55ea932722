"""The suite and the search over the unmodified public client: each verdict is sound or declared.

What the client does against the documentation is declared in ``expected_failures_*.toml``, and
stands in ``capsules_*``, one file each, with the sentence that it contradicts as the reason why it
is known.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from run_reports import read_json

HERE = Path(__file__).parent
ContractCommand = Callable[..., "subprocess.CompletedProcess[str]"]
RELEASES = pytest.mark.parametrize("release", ["0.9.1", "6.2"])
"""Each is held to the documentation of its own name."""


@RELEASES
def test_the_suite_finds_nothing_undeclared(
    contract_command: ContractCommand, tmp_path: Path, release: str
) -> None:
    expected = HERE / f"expected_failures_{release.replace('.', '_')}.toml"
    options = ["--expected-failures", str(expected)] if expected.exists() else []
    report = tmp_path / "report.json"
    run = (release, "run", "--connect", "atoti", "--depth", "full", "--json", str(report))
    done = contract_command(*run, *options)
    assert done.returncode == 0, done.stdout + done.stderr
    assert read_json(report)["profile"] == release
    assert read_json(report)["summary"]


@RELEASES
def test_a_search_finds_nothing_that_is_not_pinned(
    contract_command: ContractCommand, tmp_path: Path, release: str
) -> None:
    # A copy: what a search finds is written next to what is known.
    folder = tmp_path / "capsules"
    shutil.copytree(HERE / f"capsules_{release.replace('.', '_')}", folder)
    pinned = sorted(path.name for path in folder.iterdir())
    files = ("--regressions", str(folder), "--json", str(tmp_path / "report.json"))
    done = contract_command(release, "search", "--connect", "atoti", *files)
    assert sorted(path.name for path in folder.iterdir()) == pinned, done.stdout
    assert done.returncode == 0, done.stdout + done.stderr
    report = read_json(tmp_path / "report.json")
    assert report["profile"] == release
    assert [capsule["verdict"] for capsule in report["regressions"]] == ["known"] * len(pinned)
    assert report["clauses"] == []
    # Each of them was met again, and so was counted and not told.
    search = report["search"]
    assert search["known"] > 0
    assert search["pairs_met"] == search["pairs_possible"]
