"""The command as a user has it, in a folder of the user's."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from connect_fixtures.cli import main
from forked import Fork, forget_modules_of_tests
from run_reports import Command, Judge, Judged, StartCommand
from user_modules import CLIENT


@pytest.fixture(autouse=True, scope="session")
def signals_as_at_a_terminal() -> Iterator[None]:
    """A command heeds what it is sent, also where these tests were started to ignore it.

    A shell starts its background jobs with SIGINT ignored, ``nohup`` with SIGHUP.
    """
    ignored = [
        kind for kind in (signal.SIGINT, signal.SIGHUP) if signal.getsignal(kind) is signal.SIG_IGN
    ]
    for kind in ignored:
        signal.signal(kind, signal.default_int_handler if kind is signal.SIGINT else signal.SIG_DFL)
    yield
    for kind in ignored:
        signal.signal(kind, signal.SIG_IGN)


SCRIPT = Path(sysconfig.get_path("scripts")) / "connect-contract"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder, with a module ``client`` in it; it is the working folder."""
    folder = tmp_path / "user"
    folder.mkdir()
    folder.joinpath("client.py").write_text(CLIENT)
    monkeypatch.chdir(folder)
    # A job of GitHub has a summary of its own, and reads what is printed.
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    return folder


@pytest.fixture
def own_modules(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A command in this process finds the modules of this test, and leaves none of them."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    forget_modules_of_tests()
    yield
    forget_modules_of_tests()


@pytest.fixture
def start_command(folder: Path) -> StartCommand:
    """Starts the command in a fork of this process, which spares the imports."""

    def start(*arguments: object, **environment: str) -> Fork:
        def call() -> int:
            sys.argv = [str(SCRIPT), *map(str, arguments)]
            return main()

        return Fork(call, {"PYTHONDONTWRITEBYTECODE": "1", **environment})

    return start


@pytest.fixture
def script_command(folder: Path) -> Command:
    """Runs the installed script, for what Python reads or imports as it starts."""

    def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [SCRIPT, *map(str, arguments)],
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return run


@pytest.fixture
def command(start_command: StartCommand) -> Command:
    """Runs the command in such a fork."""

    def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return start_command(*arguments, **environment).wait()

    return run


@pytest.fixture
def judge(command: Command, folder: Path) -> Judge:
    """Runs ``connect-contract run`` with a report, on the cases of some ids, or on all."""

    def judge(connect: str, *ids: str, options: tuple[str, ...] = (), **environment: str) -> Judged:
        file = folder / "report.json"
        select = ("--select", *ids) if ids else ()
        run = ("run", "--connect", connect, *select, *options, "--json", file)
        done = command(*run, **environment)
        return Judged(done.returncode, done.stdout, done.stderr, file)

    return judge


@pytest.fixture
def script() -> Path:
    """The installed script."""
    return SCRIPT
