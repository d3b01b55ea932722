"""Bad input: one sentence on standard error, status 2, before anything runs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connect_fixtures.cli import OURS, main


@pytest.fixture(autouse=True)
def own_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command adds the working folder; that is undone after the test."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.delitem(sys.modules, "client", raising=False)


Command = Callable[..., Any]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("run --select CA-99", "There is no clause or case 'CA-99'"),
        ("run --connect no_such_module", "'no_such_module' of --connect"),
        ("run --connect client:nobody", "has no attribute 'nobody'"),
        ("run --connect client:nobody -n 2", "has no attribute 'nobody'"),
        ("run --connect client --profile 7", "There is no profile '7'"),
        ("run --connect client --expected-failures none.toml", "none.toml cannot be read"),
        ("run --connect client --json nowhere/report.json", "--json nowhere/report.json"),
        ("run --no-such-option", "No such option"),
        ("run -n many", "-n takes a number of workers"),
        ("explain CA-99", "There is no clause or case 'CA-99'"),
        ("no-such-command", "No such command"),
        ("serve --port word", "--port"),
        ("serve --unsecure --https", "An unsecured target speaks plain HTTP"),
        ("serve --folder client.py --https", "--folder client.py"),
        ("serve --client-certificate maybe", "--client-certificate"),
    ],
)
def test_one_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: str, sentence: str
) -> None:
    expect_sentence(arguments.split(), sentence, capsys)


def test_missing_extra(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connect_fixtures.cli.arguments.find_spec", lambda _: None)
    expect_sentence(["run"], "install pytest-connect-contract[reference]", capsys)


def expect_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    told = capsys.readouterr()
    lines = told.err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("connect-contract: ")
    assert sentence in lines[0]


def test_no_command_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    told = capsys.readouterr()
    assert "Usage: connect-contract" in told.out + told.err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert "connect-contract, version" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "reference", "sentence"),
    [
        ("import sys; sys.exit(0)", "odd", "'odd' of --connect odd cannot be imported (SystemExit"),
        ("def __getattr__(name): raise RuntimeError('no')", "odd:x", "raises when it is looked at"),
        ("__connect_contract__ = [1]\ndef connect(url): ...", "odd", "is no mapping"),
        ("connect = 5", "odd", "neither a connect to call nor a Session"),
    ],
    ids=["exits", "raises", "declares", "number"],
)
def test_odd_modules(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    text: str,
    reference: str,
    sentence: str,
) -> None:
    (folder / "odd.py").write_text(text + "\n", encoding="utf-8")
    monkeypatch.delitem(sys.modules, "odd", raising=False)
    expect_sentence(["run", "--connect", reference], sentence, capsys)
    sys.modules.pop("odd", None)


def test_an_implementation_that_ends_the_process(folder: Path, script: Path) -> None:
    text = "import os\ndef connect(url, **_): os._exit(0)\n"
    (folder / "ends.py").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [script, "run", "--connect", "ends", "--select", "SIG-1"], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "the process ended before the run did" in done.stderr


def test_an_implementation_that_leaves_a_process_behind(folder: Path, script: Path) -> None:
    """The one left behind holds every pipe that was open, until the test lets go of it."""
    text = (
        "import os, signal\n"
        "def connect(url, **_):\n"
        "    if os.fork():\n"
        "        os._exit(0)\n"
        "    with open('left', 'w') as file:\n"
        "        file.write(str(os.getpid()))\n"
        "    signal.pause()\n"
    )
    (folder / "forks.py").write_text(text, encoding="utf-8")
    command = [script, "run", "--connect", "forks", "--select", "SIG-1"]
    try:
        nothing = subprocess.DEVNULL
        done = subprocess.run(command, stdout=nothing, stderr=nothing, timeout=60)
    finally:
        os.kill(int((folder / "left").read_text(encoding="utf-8")), signal.SIGKILL)
    assert done.returncode == 2


@pytest.mark.parametrize("command", ["list", "run"])
def test_a_mistake_of_our_own_is_not_blamed_on_the_implementation(
    folder: Path, command: str
) -> None:
    code = (
        "import sys\n"
        "import connect_fixtures.cli.command as command\n"
        "from connect_fixtures.cli import main\n"
        "def mistaken(arguments):\n"
        "    raise LookupError('nobody expected this')\n"
        "command.run_command = mistaken\n"
        f"sys.argv = ['connect-contract', {command!r}]\n"
        "sys.exit(main())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.endswith(f"{OURS}\n")
    assert "nobody expected this" in done.stderr
    assert "most likely by the implementation" not in done.stderr


def test_without_a_module_that_it_needs(folder: Path) -> None:
    code = (
        "import sys\n"
        "sys.modules['click'] = None\n"
        "from connect_fixtures.cli import main\n"
        "sys.exit(main(['list']))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 2
    assert "import of click halted" in done.stderr


def test_an_older_click(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to 8.1 it has no exception of its own for a command without arguments."""
    monkeypatch.delattr("click.exceptions.NoArgsIsHelpError", raising=False)
    expect_sentence(["no-such-command"], "No such command", capsys)
    test_no_command_shows_the_help(capsys)


@pytest.mark.parametrize("arguments", ["list", "run --connect client", "--help"])
def test_without_docstrings(command: Command, arguments: str) -> None:
    """The descriptions of cases are docstrings."""
    done = command(*arguments.split(), PYTHONOPTIMIZE="2")
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "PYTHONOPTIMIZE=2" in done.stderr


UNTOLD = """
class Untold(BaseException):
    def __str__(self):
        raise RuntimeError("no")

raise Untold
"""


def test_a_module_that_raises_what_cannot_be_told(command: Command, folder: Path) -> None:
    folder.joinpath("untold.py").write_text(UNTOLD)
    done = command("run", "--connect", "untold")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert "Untold: its text raises" in done.stderr
