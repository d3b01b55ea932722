"""What lies in the working folder is imported only where it is asked for, and hides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from run_reports import Command

# Of ours, of the standard library, and what workers import while they start.
SHADOWS = ("pandas", "rich", "pytest", "xdist", "hypothesis", "pickle", "colorsys", "msgspec")
RUN = ("run", "--connect", "client", "--select", "SIG-1")


RECORDING = """
import os, sys
from client import Session, connect as sound

def connect(url, **given):
    with open(os.environ["CALLS"], "a") as file:
        folder = os.path.dirname(__file__)
        safe = os.environ.get("PYTHONSAFEPATH")
        file.write(f"{os.getpid()} {sys.path.index(folder)} {safe}\\n")
    return sound(url, **given)
"""


@pytest.fixture
def shadows(folder: Path) -> Iterator[None]:
    """The user's folder has modules of these names, none of which may be imported."""
    for name in SHADOWS:
        (folder / f"{name}.py").write_text(
            f"open({str(folder / 'run')!r}, 'a').write('{name} ')\nraise ImportError('hidden')\n",
            encoding="utf-8",
        )
    yield
    assert not (folder / "run").exists(), (folder / "run").read_text()


def test_fresh_interpreters_and_workers_search_it_last(
    folder: Path, script_command: Command, shadows: None
) -> None:
    """A case on the worker and one in a fresh interpreter."""
    (folder / "recording.py").write_text(RECORDING, encoding="utf-8")
    calls = folder / "calls"
    run = ("run", "--connect", "recording", "--depth", "full", "-n", "1")
    select = ("--select", "SIG-1", "CA-18[in-a-fresh-interpreter]")
    done = script_command(*run, *select, CALLS=str(calls))
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line.split() for line in calls.read_text(encoding="utf-8").splitlines()]
    assert len({process for process, _, _ in lines}) > 1
    assert all(int(place) > 3 for _, place, _ in lines), lines
    assert {safe for _, _, safe in lines} == {"None"}


def test_processes_of_the_self_test_import_nothing_of_it(
    script_command: Command, shadows: None
) -> None:
    done = script_command("selftest", "always_raises", "-n", "1")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("case", ["a safe path", "two modules of one name"])
def test_the_command_asks_which_folder_is_meant(
    folder: Path, script_command: Command, tmp_path: Path, case: str
) -> None:
    """Neither of two modules is judged in place of the other."""
    installed = tmp_path / "installed"
    installed.mkdir()
    (installed / "client.py").write_text((folder / "client.py").read_text(), encoding="utf-8")
    if case == "a safe path":
        asked = {"PYTHONSAFEPATH": "1"}
        sentences = ("name the folder in PYTHONPATH",)
        answer = {"PYTHONSAFEPATH": "1", "PYTHONPATH": str(folder)}
    else:
        asked = {"PYTHONPATH": str(installed)}
        sentences = (
            f"client is installed ({installed / 'client.py'})",
            f"and there is {folder / 'client.py'} too",
        )
        answer = {"PYTHONPATH": "."}
    done = script_command(*RUN, **asked)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert all(sentence in line for sentence in sentences)
    done = script_command(*RUN, **answer)
    assert done.returncode == 0, done.stderr
