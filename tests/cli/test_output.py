"""Every line leaves through one place, whatever the stream is, and however long it is there."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table
from rich.text import Text

from connect_contracts.report.output import echo, encodable, escaped, guarded, line, output
from connect_contracts.search.budget import SEARCH_SETTINGS, SearchSettings
from connect_fixtures.cli import main
from forked import forked, piped
from run_reports import Command, Judge, read_json

ROOT = Path(__file__).parents[2]

RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

CONTROLS = "".join(
    map(chr, (*range(9), *range(11, 32), *range(0x7F, 0xA0), *range(0x202A, 0x202F)))
)

# What an implementation raises: a text beyond ASCII, and one that UTF-8 has no bytes for.
CLIENTS = {
    "accented": "def connect(url, **_):\n    raise ValueError('refus\u00e9 \u2713 \U0001f512')\n",
    "odd": "from connect_contracts.reference.v0_9_1 import *\n"
    "def connect(url, **_):\n    raise ValueError('x\\udcff \\x1b[31m')\n",
}


@pytest.fixture
def accented(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder, with implementations that do not raise ASCII; searches are short."""
    for name, text in CLIENTS.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    few = SearchSettings("dev", 4, parts=1, derandomised=True, ladder=False, runs_to_shrink=2)
    monkeypatch.setitem(SEARCH_SETTINGS, "dev", few)
    return folder


def test_nothing_else_makes_a_console() -> None:
    """What prints in another way is found by ruff: T20, and what pyproject.toml bans."""
    paths = [path for folder in ("contracts", "fixtures") for path in (ROOT / folder).rglob("*.py")]
    made = [path.name for path in paths if "Console(" in path.read_text(encoding="utf-8")]
    assert made == ["output.py"]


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


def test_compare(folder: Path, own_modules: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["observe", "sound.json", "--connect", "client", "--select", "SIG-1"]) == 0
    record = read_json(folder / "sound.json")
    record["implementation"] = f"client{EVIL}"
    for scenario in record["scenarios"]:
        for step in scenario["steps"]:
            step["how"] = "raised"
            step.pop("value", None)
            step["raised"] = {"type": f"Error{EVIL}", "text": EVIL}
            for request in step.get("requests", ()):
                request["path"] = f"/{EVIL}"
    (folder / "evil.json").write_text(json.dumps(record), encoding="utf-8")
    assert main(["compare", "sound.json", "evil.json"]) == 1
    printed = capsys.readouterr().out
    assert "raised Error\\u001b[2J" in printed
    assert RAW.search(printed) is None


@pytest.mark.parametrize(
    ("arguments", "files"),
    [
        ("run --connect evil", {"evil.py": "raise RuntimeError('\\x1b[2J\\x9b1m\\u202e\\x07')"}),
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
    own_modules: None,
    capsys: pytest.CaptureFixture[str],
    arguments: str,
    files: dict[str, str],
) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    assert main(arguments.split(" ")) == 2
    printed = "".join(capsys.readouterr())
    assert RAW.search(printed) is None
    assert re.search(r"\\(u00|x)1b\[2J", printed)


# Streams that cannot take everything.


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "refus\u00e9 \\u2713 \\ud83d\\udd12"),
        ("ascii:strict", "refus\\u00e9 \\u2713 \\ud83d\\udd12"),
        ("utf-16", "refus\u00e9 \u2713 \U0001f512"),
    ],
)
def test_a_failing_run(accented: Path, judge: Judge, encoding: str, text: str) -> None:
    done = judge("accented", "CA-1", PYTHONIOENCODING=encoding)
    assert (done.status, done.err) == (1, "")
    assert f"ValueError: {text}" in done.out
    assert done.lines[-1].endswith("exit status 1")
    assert done.report["exit_status"] == 1


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ("explain LIVE-14", 0),
        ("recipes CA-1 --format json", 0),
        ("selftest --table", 0),
        ("--help", 0),
        ("observe r\u00e9\u2713.json --connect accented --select SIG-1", 0),
        ("compare client accented --select SIG-1 --json c.json", 1),
        ("search --connect accented --law parity --settings dev", 1),
        ("replay \u2713 --connect client", 2),
    ],
)
def test_every_command(accented: Path, command: Command, arguments: str, status: int) -> None:
    done = command(*arguments.split(), PYTHONIOENCODING="ascii")
    assert done.returncode == status, done
    assert "Traceback" not in done.stderr
    assert (done.stdout + done.stderr).isascii()
    assert not arguments.endswith("--format json") or json.loads(done.stdout)["recipes"]


def test_a_report_on_standard_output_is_utf_8(accented: Path, command: Command) -> None:
    run = ("run", "--connect", "accented", "--select", "SIG-1", "--json", "-")
    done = command(*run, PYTHONIOENCODING="latin-1")
    assert done.returncode == 1, done.stderr
    assert "refus\u00e9 \u2713 \U0001f512" in done.stdout.encode("latin-1").decode()


# Texts without UTF-8, and names of files that hold anything.


def test_capsules_with_odd_names(judge: Judge, folder: Path) -> None:
    regressions = folder / os.fsdecode(b"regressions-\xff")
    regressions.mkdir()
    for name in (b"a\xff\x1b[31m.json", b"two\nlines.json"):
        (regressions / os.fsdecode(name)).write_text("nonsense")
    done = judge("client", "SIG-1", options=("--regressions", regressions.name, "-n", "1"))
    assert (done.status, done.err) == (2, "")
    names = sorted(capsule["id"] for capsule in done.report["regressions"])
    assert names == ["a\\udcff\\x1b[31m.json", "two\\nlines.json"]
    assert list(done.verdicts.values()) == ["passed"]


def test_a_search_that_meets_a_lone_surrogate(accented: Path, command: Command) -> None:
    search = ("search", "--connect", "odd", "--settings", "dev", "--law", "oracle-holds")
    done = command(*search, "--json", "report.json", "-n", "1")
    assert (done.returncode, done.stderr) == (1, "")
    assert read_json(accented / "report.json")["exit_status"] == 1


def test_a_lone_surrogate_from_a_fresh_process(accented: Path, judge: Judge) -> None:
    done = judge("odd", "CA-4[trusted-without-the-file]")
    assert (done.status, list(done.verdicts.values())) == (1, ["failed"])
    assert "x\\udcff" in done.report["clauses"][0]["cases"][0]["observed"]


# A reader who is gone.


@pytest.fixture
def closed_pipe() -> Iterator[int]:
    """The end of a pipe that is written to, after its reader is gone."""
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ("search --connect accented --settings dev --json r.json", 1),
        ("compare client accented --select SIG-1 --json r.json", 1),
        ("observe r.json --connect client --select SIG-1", 0),
        ("list", 0),
    ],
)
def test_a_closed_pipe(accented: Path, closed_pipe: int, arguments: str, status: int) -> None:
    def call() -> int:
        os.dup2(closed_pipe, 1)
        return main(arguments.split())

    done = forked(call, {})
    assert (done.returncode, done.stderr) == (status, "")
    if "r.json" in arguments:
        report = read_json(accented / "r.json")
        assert report.get("exit_status", report.get("exit status", status)) == status


def test_a_closed_pipe_of_the_script(accented: Path, closed_pipe: int, script: Path) -> None:
    run = [script, "run", "--connect", "accented", "--select", "CA-1", "--json", "r.json"]
    done = subprocess.run(run, stdout=closed_pipe, stderr=subprocess.PIPE, timeout=300)
    assert (done.returncode, done.stderr) == (1, b"")
    assert read_json(accented / "r.json")["exit_status"] == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_disk(folder: Path) -> None:
    def call() -> int:
        with open("/dev/full", "wb") as full:
            os.dup2(full.fileno(), 1)
        return main(["run", "--connect", "client", "--select", "SIG-1"])

    done = forked(call, {})
    assert done.returncode == 2
    assert done.stderr == "connect-contract: what was printed is lost: No space left on device.\n"


def test_the_report_is_there_before_the_summary(accented: Path) -> None:
    """A reader who stops at the first line after the progress has the report already."""
    run = ["run", "--connect", "accented", "--select", "CA-1", "--json", "r.json"]
    with piped(lambda: main(run)) as (fork, lines):
        assert any("(documented)" in line for line in lines)
        assert read_json(accented / "r.json")["exit_status"] == 1
        lines.read()
    assert fork.wait().returncode == 1


# What an implementation, or who starts the command, does to the streams.

RUN = ("run", "--select", "URL-1", "--json", "report.json")
CLOSING = """
import sys
from connect_contracts.reference.v0_9_1 import *

sys.__stdout__.close()
"""


def test_an_implementation_that_closes_standard_output(command: Command, folder: Path) -> None:
    folder.joinpath("closing.py").write_text(CLOSING)
    done = command(*RUN, "--connect", "closing")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("connect-contract: what was printed is lost: the stream")
    assert len(done.stderr.splitlines()) == 1
    assert read_json(folder / "report.json")["exit_status"] == 0


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
        [*("sh", "-c", 'exec "$0" "$@" <&- >&- 2>&-', script), *RUN, "--connect", "printing"],
        cwd=folder,
        timeout=120,
        check=False,
    )
    assert read_json(folder / "report.json")["exit_status"] == 1
    assert done.returncode == 1
