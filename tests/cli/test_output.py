"""Every line leaves through one place, whatever the stream is, and however long it is there."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table
from rich.text import Text

from connect_contracts.report.output import echo, encodable, escaped, guarded, line, output
from connect_fixtures.cli import main

Command = Callable[..., Any]

ROOT = Path(__file__).parents[2]

RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

CONTROLS = "".join(
    map(chr, (*range(9), *range(11, 32), *range(0x7F, 0xA0), *range(0x202A, 0x202F)))
)

ACCENTED = """
def connect(url, *, authentication=None, certificate_authority=None):
    raise ValueError("refus\u00e9 \u2713 \U0001f512")
"""


SCRIPT = Path(sysconfig.get_path("scripts")) / "connect-contract"


SHORT = """
import sys
from dataclasses import replace
from connect_contracts.search.budget import SEARCH_SETTINGS
from connect_fixtures.cli import main

few = {"scenarios": 4, "parts": 1, "ladder": False, "runs_to_shrink": 2}
SEARCH_SETTINGS["dev"] = replace(SEARCH_SETTINGS["dev"], **few)
sys.exit(main())
"""


def script_of(arguments: list[str]) -> list[str | Path]:
    """The installed script; for a search, the same with search settings that take no time."""
    return [sys.executable, "-c", SHORT] if arguments[0] == "search" else [SCRIPT]


@pytest.fixture
def accented(folder: Path) -> Path:
    """The user's folder, with an implementation whose exceptions are not ASCII."""
    (folder / "accented.py").write_text(ACCENTED, encoding="utf-8")
    return folder


# Nothing but that one place prints.


def test_nothing_else_prints() -> None:
    prints = {"print", "echo", "secho", "Console"}
    streams = {"stdout", "stderr", "__stdout__", "__stderr__"}
    allowed = {
        # The implementation's output is listened to, or what is broken about it is that it prints.
        "contracts/connect_contracts/execution/capture/captured.py": streams,
        "contracts/connect_contracts/selftest/auth_secrets.py": streams,
        "contracts/connect_contracts/report/output.py": {*prints, *streams},
        # Whether it is there is asked, and nothing written.
        "fixtures/connect_fixtures/cli/shielded.py": {"__stderr__"},
        # Whether it is a terminal is asked, and nothing written.
        "fixtures/connect_fixtures/cli/listing.py": streams,
    }
    for folder in ("contracts", "fixtures"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            found = set(_prints(ast.parse(path.read_text(encoding="utf-8")), prints, streams))
            assert not found - allowed.get(name, set()), name


def _prints(tree: ast.AST, prints: set[str], streams: set[str]) -> Any:
    ours = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "connect_contracts.report.output"
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            # What a console prints it escapes: whether it is ours is seen where it is made.
            printed = name == "print" and isinstance(called, ast.Attribute)
            own = isinstance(called, ast.Name) and name in ours
            if name in prints and not own and not printed:
                yield name
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "sys":
            yield from {node.attr} & streams


# What acts on a terminal.


@given(st.text(st.characters(exclude_categories=()) | st.sampled_from(CONTROLS)))
def test_no_text_acts_on_a_terminal(text: str) -> None:
    stream = io.StringIO()
    before, sys.stdout = sys.stdout, stream
    try:
        with guarded():
            echo(text)
            console = output(width=60)
            line(console, text, "bold")
            table = Table(title=Text(text))
            table.add_column(Text(text), overflow="fold")
            table.add_row(Text(text))
            console.print(table)
    finally:
        sys.stdout = before
    printed = stream.getvalue()
    assert RAW.search(printed) is None
    assert printed.startswith(encodable(escaped(text), "utf-8"))
    printed.encode()


@given(st.text(st.characters(exclude_categories=("Cs",)) | st.sampled_from(CONTROLS)))
def test_an_escaped_json_text_says_the_same(text: str) -> None:
    assert json.loads(escaped(json.dumps(text, ensure_ascii=False))) == text


def test_the_console_keeps_its_own_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    line(output(), "\x1b]0;title\x07", "bold red")
    assert stream.getvalue() == "\x1b[1;31m\\u001b]0;title\\u0007\x1b[0m\n"


EVIL = "\x1b[2J\x9b1m\u202e\x07"


def evil_record(folder: Path, name: str, path: str) -> None:
    """A behaviour record of one scenario, in every text of which somebody wrote."""
    assert main(["observe", path, "--connect", "client", "--select", name]) == 0
    record = json.loads((folder / path).read_text(encoding="utf-8"))
    record["implementation"] = f"client{EVIL}"
    for scenario in record["scenarios"]:
        for step in scenario["steps"]:
            step["how"] = "raised"
            step.pop("value", None)
            step["raised"] = {"type": f"Error{EVIL}", "text": EVIL}
            for request in step.get("requests", ()):
                request["path"] = f"/{EVIL}"
    (folder / path).write_text(json.dumps(record), encoding="utf-8")


@pytest.fixture
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the command adds to the search for modules is taken out again after the test."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    for name in ("client", "evil"):
        monkeypatch.delitem(sys.modules, name, raising=False)


def test_compare(folder: Path, importable: None, capsys: pytest.CaptureFixture[str]) -> None:
    evil_record(folder, "SIG-1", "evil.json")
    assert main(["observe", "sound.json", "--connect", "client", "--select", "SIG-1"]) == 0
    assert main(["compare", "sound.json", "evil.json"]) == 1
    printed = capsys.readouterr().out
    assert "raised Error\\u001b[2J" in printed
    assert RAW.search(printed) is None


@pytest.mark.parametrize(
    ("arguments", "files"),
    [
        (
            "run --connect evil",
            {"evil.py": "raise RuntimeError('\\x1b[2J\\x9b1m\\u202e\\x07')"},
        ),
        (
            "run --connect client --expected-failures known.toml",
            {"known.toml": '[[expected-failure]]\n"\\u001b[2J\\u009b\\u202e" = 1\n'},
        ),
        (
            "replay --connect client capsules",
            {"capsules/a\x1b[2J\u202e.json": '{"schema": 1, "scenario": {}, "\\u001b[2J": 1}'},
        ),
        ("run --connect client --json nowhere\x1b[2J\u202e/x.json", {}),
        ("run --connect client\x1b[2J", {}),
        ("explain CA-\x1b[2J\x9b", {}),
        ("no-such-command\x1b[2J", {}),
    ],
    ids=["import", "key", "capsule", "path", "name", "id", "command"],
)
def test_other_ways(
    folder: Path,
    importable: None,
    capsys: pytest.CaptureFixture[str],
    arguments: str,
    files: dict[str, str],
) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    assert main(arguments.split(" ")) == 2
    told = capsys.readouterr()
    assert RAW.search(told.out + told.err) is None
    assert re.search(r"\\(u00|x)1b\[2J", told.out + told.err)


# Streams that cannot take everything.


@pytest.mark.parametrize(
    ("encoding", "told_as"),
    [
        ("cp1252", "refus\u00e9 \\u2713 \\ud83d\\udd12"),
        ("ascii", "refus\\u00e9 \\u2713 \\ud83d\\udd12"),
        ("ascii:strict", "refus\\u00e9 \\u2713 \\ud83d\\udd12"),
        ("utf-16", "refus\u00e9 \u2713 \U0001f512"),
    ],
)
def test_a_failing_run(accented: Path, encoding: str, told_as: str) -> None:
    done = subprocess.run(
        [SCRIPT, "run", "--connect", "accented", "--select", "CA-1", "--json", "r.json"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )
    assert done.returncode == 1
    assert done.stderr == b""
    told = done.stdout.decode(encoding.partition(":")[0])
    assert f"ValueError: {told_as}" in told
    assert told.splitlines()[-1].endswith("exit status 1")
    assert json.loads((accented / "r.json").read_bytes())["exit_status"] == 1


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["explain", "LIVE-14"], 0),
        (["list"], 0),
        (["recipes", "CA-1"], 0),
        (["recipes", "CA-1", "--format", "markdown"], 0),
        (["recipes", "--format", "json"], 0),
        (["selftest", "--table"], 0),
        (["--help"], 0),
        (["observe", "r\u00e9\u2713.json", "--connect", "accented", "--select", "SIG-1"], 0),
        (["compare", "client", "accented", "--select", "SIG-1", "--json", "c.json"], 1),
        (["search", "--connect", "accented", "--law", "parity", "--settings", "dev"], 1),
        (["replay", "\u2713", "--connect", "client"], 2),
        (["serve", "--host", "\u2713"], 2),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_every_command(accented: Path, arguments: list[str], status: int) -> None:
    done = subprocess.run(
        [*script_of(arguments), *arguments],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert done.returncode == status, done
    assert b"Traceback" not in done.stderr
    told = done.stdout.decode("ascii")
    done.stderr.decode("ascii")
    assert "json" not in arguments or json.loads(told)["recipes"]


# A reader who is gone.


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["run", "--connect", "accented", "--select", "CA-1", "--json", "r.json"], 1),
        (["run", "--connect", "client", "--select", "CA-1", "-n", "1", "--json", "r.json"], 0),
        (["search", "--connect", "accented", "--settings", "dev", "--json", "r.json"], 1),
        (["compare", "client", "accented", "--select", "SIG-1", "--json", "r.json"], 1),
        (["observe", "r.json", "--connect", "client", "--select", "SIG-1"], 0),
        (["list"], 0),
        (["recipes"], 0),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, list) else "",
)
def test_a_closed_pipe(accented: Path, arguments: list[str], status: int) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        done = subprocess.run(
            [*script_of(arguments), *arguments], stdout=closed, stderr=subprocess.PIPE
        )
    assert done.returncode == status, done.stderr.decode()
    assert done.stderr == b""
    if "r.json" in arguments:
        report = json.loads((accented / "r.json").read_bytes())
        assert report.get("exit_status", report.get("exit status", status)) == status


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_disk(accented: Path) -> None:
    with open("/dev/full", "wb") as full:
        run = [SCRIPT, "run", "--connect", "client", "--select", "SIG-1"]
        done = subprocess.run(run, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert done.stderr == ("connect-contract: what was printed is lost: No space left on device.\n")


def test_the_report_is_there_before_the_summary(accented: Path) -> None:
    """A reader who stops at the first line after the progress has the report already."""
    run = [SCRIPT, "run", "--connect", "accented", "--select", "CA-1", "--json", "r.json"]
    with subprocess.Popen(run, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for told in process.stdout:
            if "(documented)" in told:
                assert json.loads((accented / "r.json").read_bytes())["exit_status"] == 1
                break
        else:
            pytest.fail("no failure was told")
        process.stdout.read()


def test_a_report_that_cannot_be_written(accented: Path, command: Command) -> None:
    """The verdict is told all the same."""
    (accented / "r.json").symlink_to("/proc/nothing/r.json")
    done = command("run", "--connect", "accented", "--select", "CA-1", "--json", "r.json")
    assert done.returncode == 1
    assert "exit status 1" in done.stdout
    assert "The report cannot be written to r.json" in done.stderr


# What an implementation, or who starts the command, does to the streams.

CLOSING = """
import sys
from connect_contracts.reference.v0_9_1 import *

sys.stdout.close()
"""


def test_an_implementation_that_closes_standard_output(command: Command, folder: Path) -> None:
    folder.joinpath("closing.py").write_text(CLOSING)
    done = command("run", "--connect", "closing", "--select", "URL-1", "--json", "report.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("connect-contract: what was printed is lost: the stream")
    assert len(done.stderr.splitlines()) == 1
    assert json.loads(folder.joinpath("report.json").read_text())["exit_status"] == 0


RUN_PRINTING = ("run", "--connect", "printing", "--select", "URL-1", "--json", "report.json")

PRINTING = """
import os
from connect_contracts.reference.v0_9_1 import Session

def connect(*given, **named):
    for descriptor in (0, 1, 2):
        try:
            os.write(descriptor, b"\\x00")
        except OSError:
            pass
    raise ValueError("not today")
"""


def test_without_standard_streams_nobody_writes_into_what_is_ours(
    script: Path, folder: Path
) -> None:
    folder.joinpath("printing.py").write_text(PRINTING)
    done = subprocess.run(
        [*("sh", "-c", 'exec "$0" "$@" <&- >&- 2>&-', script), *RUN_PRINTING],
        cwd=folder,
        timeout=120,
        check=False,
    )
    assert json.loads(folder.joinpath("report.json").read_text())["exit_status"] == 1
    assert done.returncode == 1
