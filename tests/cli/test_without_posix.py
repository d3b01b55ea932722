"""The main job without what Windows or macOS lacks; emulated, see ``sitecustomize``."""

from __future__ import annotations

from pathlib import Path

import pytest

import without_posix
from run_reports import Command, read_json

PLAIN = """
from connect_contracts.reference import v6_2

def connect(url, **keywords):
    return v6_2.connect(url, **keywords)
"""
NO_TERMINAL = "this system has no pseudo-terminals"


@pytest.mark.parametrize(
    "depth", ["default", pytest.param("full", marks=pytest.mark.matrix)], ids=str
)
def test_what_needs_no_terminal_is_judged(
    script_command: Command, folder: Path, tmp_path: Path, depth: str
) -> None:
    folder.joinpath("plain.py").write_text(PLAIN)
    report = tmp_path / "report.json"
    # In a folder of its own: another process takes a folder without a lock for a dead one's.
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    ended = script_command(
        "run",
        "--connect=plain",
        f"--depth={depth}",
        f"--json={report}",
        PYTHONPATH=str(Path(without_posix.__file__).parent),
        TMPDIR=str(temporary),
    )
    assert ended.returncode == 0, ended.stdout
    whole = read_json(report)
    # The first target of all is that of the connect which says what the implementation is.
    assert whole["because"] == "returned", whole["remarks"]
    clauses = whole["clauses"]
    cases = [case for clause in clauses for case in clause["cases"]]
    found = {case["verdict"] for case in cases}
    assert found == {"passed", "observed", "not applicable", "not testable"}
    not_judged = [case for case in cases if case["verdict"] == "not testable"]
    assert not [case["id"] for case in not_judged if NO_TERMINAL not in case["observed"]]
    assert list(temporary.iterdir()) == []
