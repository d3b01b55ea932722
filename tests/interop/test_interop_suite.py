"""The suite and the search over the unmodified public client find what its releases are known for.

Known deviations ship with the package: ``connect_contracts/judging/known_deviations.toml``.
"""

from __future__ import annotations

import runpy
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from run_reports import read_json

SUITE = SimpleNamespace(**runpy.run_path(str(Path(__file__).parent / "suite_reports.py")))
ContractCommand = Callable[..., "subprocess.CompletedProcess[str]"]
RELEASES = pytest.mark.parametrize("release", ["0.9.1", "6.2"])
"""Each is held to the documentation of its own name."""


@RELEASES
def test_the_suite_finds_what_is_known_and_no_more(
    contract_command: ContractCommand, tmp_path: Path, release: str
) -> None:
    file = tmp_path / "report.json"
    run = (release, "run", "--connect", "atoti", "--depth", "full", "--json", str(file))
    done = contract_command(*run)
    assert done.returncode == 0, done.stdout + done.stderr
    report = read_json(file)
    assert SUITE.unexpected(report) == []
    assert SUITE.known(report)
    assert report["profile"] == release


@RELEASES
def test_a_search_finds_what_is_known_and_no_more(
    contract_command: ContractCommand, tmp_path: Path, release: str
) -> None:
    folder, file = tmp_path / "capsules", tmp_path / "report.json"
    files = ("--regressions", str(folder), "--json", str(file))
    done = contract_command(release, "search", "--connect", "atoti", *files)
    assert done.returncode == 0, done.stdout + done.stderr
    report = read_json(file)
    assert report["profile"] == release
    assert SUITE.unexpected(report) == []
    assert SUITE.known(report)
    # What is known is no regression: nothing is written of it.
    assert not folder.exists()
    assert report["search"]["pairs_met"] == report["search"]["pairs_possible"]
