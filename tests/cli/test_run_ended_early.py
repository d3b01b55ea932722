"""Runs that end before all is judged: what was judged is told, the rest is not run."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Command = Callable[..., Any]

CA_1_TO_3 = (
    "--select",
    "CA-1[authority-given]",
    "CA-1[over-tls-1-2]",
    "CA-2[without-the-file]",
    "CA-3[another-authority]",
    "CA-3[another-authority-of-the-same-name]",
)


def verdicts(path: Path) -> dict[str, str]:
    report = json.loads(path.read_text(encoding="utf-8"))
    return {case["id"]: case["verdict"] for one in report["clauses"] for case in one["cases"]}


def test_interrupted(command: Command, folder: Path) -> None:
    done = command("run", "--connect", "client:interrupting", *CA_1_TO_3, "--json", "report.json")
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "interrupted: what was not judged is counted as not run" in done.stdout
    told = verdicts(folder / "report.json")
    assert told["CA-1[authority-given]"] == "passed"
    assert told["CA-2[without-the-file]"] == "not run"
    assert told["CA-3[another-authority]"] == "not run"


def test_worker_that_crashes(command: Command, folder: Path) -> None:
    done = command(
        *("run", "--connect", "client:crashing", *CA_1_TO_3, "-n", "1", "--json", "report.json")
    )
    assert done.returncode == 2, done.stdout + done.stderr
    assert "worker 'gw0' crashed while running" in done.stdout
    told = verdicts(folder / "report.json")
    assert told.pop("CA-2[without-the-file]") == "not run"
    assert set(told.values()) == {"passed"}


BROKEN_SUITE = """
import sys
from pathlib import Path
import connect_fixtures.cli.shielded as shielded
from connect_fixtures.cli import main

Path("test_broken.py").write_text("import no_such_module")
shielded.SUITE = Path("test_broken.py")
sys.exit(main(["run", "--connect", "client", "--select", "CA-1"]))
"""

BROKEN_HOOK = """
import sys
from connect_fixtures.cli import main
from connect_fixtures.cli.progress import Display

def judging(self, case_id):
    raise RuntimeError("a mistake of ours")

Display.judging = judging
sys.exit(main(["run", "--connect", "client", "--select", "CA-1"]))
"""


def python(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )


def test_collection_error_reaches_the_user(folder: Path) -> None:
    done = python(BROKEN_SUITE, folder)
    assert done.returncode == 2
    assert "pytest had trouble: test_broken.py" in done.stdout
    assert "No module named 'no_such_module'" in done.stdout


def test_internal_error_reaches_the_user(folder: Path) -> None:
    done = python(BROKEN_HOOK, folder)
    assert done.returncode == 2
    assert "pytest had trouble: " in done.stdout
    assert "RuntimeError: a mistake of ours" in done.stdout
