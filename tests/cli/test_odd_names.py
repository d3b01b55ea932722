"""Texts that are no UTF-8, and names of files that hold anything, do not lose the report."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]

REFERENCE = "connect_contracts.reference.v0_9_1"

ODD = """
from connect_contracts.reference.v0_9_1 import *

def connect(url, **_):
    raise ValueError("x\\udcff \\x1b[31m")
"""

NAMES = (b"a\xff\x1b[31m.json", b"two\nlines.json")

SHORT_SEARCH = """
import sys
from dataclasses import replace
from connect_contracts.search.budget import SEARCH_SETTINGS
from connect_fixtures.cli import main

few = {"scenarios": 4, "parts": 1, "ladder": False, "runs_to_shrink": 2}
SEARCH_SETTINGS["dev"] = replace(SEARCH_SETTINGS["dev"], **few)
if __name__ == "__main__":
    sys.exit(main())
"""


@pytest.fixture
def odd(folder: Path) -> Path:
    """The user's folder, with an implementation whose texts are no UTF-8."""
    folder.joinpath("odd.py").write_text(ODD)
    return folder


@pytest.mark.parametrize("workers", [(), ("-n", "1")])
def test_capsules_with_odd_names(command: Command, folder: Path, workers: tuple[str, ...]) -> None:
    regressions = folder / os.fsdecode(b"regressions-\xff")
    regressions.mkdir()
    for name in NAMES:
        (regressions / os.fsdecode(name)).write_text("nonsense")
    given = ["--connect", REFERENCE, "--select", "URL-1", "--regressions", regressions.name]
    done = command("run", *given, "--json", "report.json", *workers)
    assert (done.returncode, done.stderr) == (2, "")
    report = json.loads(folder.joinpath("report.json").read_text())
    ids = [one["id"] for one in report["regressions"]]
    assert sorted(ids) == ["a\\udcff\\x1b[31m.json", "two\\nlines.json"]
    assert [clause["verdict"] for clause in report["clauses"]] == ["passed"]


@pytest.mark.parametrize("workers", [(), ("-n", "1")])
def test_a_search(odd: Path, workers: tuple[str, ...]) -> None:
    given = ["--connect", "odd", "--settings", "dev", "--law", "oracle-holds"]
    odd.joinpath("short_search.py").write_text(SHORT_SEARCH)
    done = subprocess.run(
        [sys.executable, "short_search.py", "search", *given, "--json", "report.json", *workers],
        cwd=odd,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    report = json.loads(odd.joinpath("report.json").read_text())
    assert report["exit_status"] == 1


def test_a_case_in_a_fresh_process(command: Command, odd: Path) -> None:
    given = ["--connect", "odd", "--select", "CA-4[trusted-without-the-file]"]
    done = command("run", *given, "--json", "report.json")
    report = json.loads(odd.joinpath("report.json").read_text())
    (clause,) = report["clauses"]
    assert done.returncode == 1
    assert clause["verdict"] == "failed"
    assert "x\\udcff" in clause["cases"][0]["observed"]
