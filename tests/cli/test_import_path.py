"""What lies in the working folder is imported only where it is asked for, and hides nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]

# Of ours, of the standard library, and what workers import while they start.
SHADOWS = ("pandas", "rich", "pytest", "xdist", "hypothesis", "pickle", "colorsys", "msgspec")


@pytest.fixture
def shadowed(folder: Path) -> Path:
    """The user's folder, with modules that have the names of others and tell that they were run."""
    for name in SHADOWS:
        (folder / f"{name}.py").write_text(
            f"open({str(folder / 'run')!r}, 'a').write('{name} ')\nraise ImportError('hidden')\n",
            encoding="utf-8",
        )
    return folder


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["serial", "worker"])
@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["run", "--select", "SIG-1", "--profile", "6.2"], 0),
        (["run", "--select", "SIG-1", "--connect", "client"], 0),
    ],
    ids=["references", "named"],
)
def test_nothing_is_hidden(
    shadowed: Path, command: Command, arguments: list[str], status: int, workers: tuple[str, ...]
) -> None:
    done = command(*arguments, *workers)
    assert not (shadowed / "run").exists(), (shadowed / "run").read_text()
    assert done.returncode == status, done.stdout + done.stderr


def test_nothing_is_hidden_from_worker_processes(shadowed: Path, command: Command) -> None:
    done = command("selftest", "always_raises", "-n", "1")
    assert not (shadowed / "run").exists(), (shadowed / "run").read_text()
    assert done.returncode == 0, done.stdout + done.stderr


TELLING = """
import os, sys
from client import Session, connect as sound

def connect(url, **given):
    with open(os.environ["TOLD"], "a") as file:
        folder = os.path.dirname(__file__)
        safe = os.environ.get("PYTHONSAFEPATH")
        file.write(f"{os.getpid()} {sys.path.index(folder)} {safe}\\n")
    return sound(url, **given)
"""


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["serial", "worker"])
def test_fresh_interpreters_and_workers_search_it_last(
    folder: Path, command: Command, workers: tuple[str, ...]
) -> None:
    """A case in this process and one in a fresh interpreter."""
    (folder / "telling.py").write_text(TELLING, encoding="utf-8")
    told = folder / "told"
    run = ("run", "--connect", "telling", "--depth", "full")
    command(*run, "--select", "SIG-1", "CA-18[in-a-fresh-interpreter]", *workers, TOLD=str(told))
    lines = [line.split() for line in told.read_text(encoding="utf-8").splitlines()]
    assert len({process for process, _, _ in lines}) > 1
    assert all(int(place) > 3 for _, place, _ in lines), lines
    assert {safe for _, _, safe in lines} == {"None"}


def test_a_safe_path(folder: Path, command: Command) -> None:
    done = command("run", "--connect", "client", "--select", "SIG-1", PYTHONSAFEPATH="1")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "name the folder in PYTHONPATH" in done.stderr
    named = {"PYTHONSAFEPATH": "1", "PYTHONPATH": str(folder)}
    done = command("run", "--connect", "client", "--select", "SIG-1", **named)
    assert done.returncode == 0, done.stderr


def test_two_modules_of_one_name(folder: Path, command: Command, tmp_path: Path) -> None:
    """Neither is judged in place of the other."""
    installed = tmp_path / "installed"
    installed.mkdir()
    (installed / "client.py").write_text((folder / "client.py").read_text(), encoding="utf-8")
    run = ("run", "--connect", "client", "--select", "SIG-1")
    done = command(*run, PYTHONPATH=str(installed))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert f"client is installed ({installed / 'client.py'})" in done.stderr
    assert f"and there is {folder / 'client.py'} too" in done.stderr
    for chosen in ({"PYTHONPATH": "."}, {"PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"}):
        done = command(*run, **chosen)
        assert done.returncode == 0, done.stderr
