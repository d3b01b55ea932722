"""Every line leaves through one place, whatever the stream is, and however long it is there."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table
from rich.text import Text

from connect_contracts.report.output import echo, encodable, escaped, guarded, line, output
from connect_contracts.search.budget import SEARCH_SETTINGS, SearchSettings
from connect_fixtures.cli import main
from forked import forked
from run_reports import Command, read_json

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


def start(script: Path, arguments: Sequence[str], stdout: Any) -> Any:
    """Run the installed script."""
    return subprocess.run([script, *arguments], stdout=stdout, stderr=subprocess.PIPE, timeout=300)


# Nothing but that one place prints.


def test_nothing_else_prints() -> None:
    prints = {"print", "echo", "secho", "Console"}
    streams = {"stdout", "stderr", "__stdout__", "__stderr__"}
    allowed = {
        # The implementation's output is listened to, or what is broken about it is that it prints.
        "contracts/connect_contracts/execution/capture/output_capture.py": streams,
        "contracts/connect_contracts/selftest/auth_secrets.py": streams,
        # What waits in them is written before descriptors are counted.
        "contracts/connect_contracts/execution/inspection.py": {"stdout", "stderr"},
        "contracts/connect_contracts/selftest/clean.py": {*prints, "stdout"},
        "contracts/connect_contracts/selftest/connect_wrappers.py": {*prints, "stdout"},
        "contracts/connect_contracts/report/output.py": {*prints, *streams},
        # Only whether it is there, or a terminal, is read.
        "fixtures/connect_fixtures/cli/shielded.py": {"__stderr__"},
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
def test_a_failing_run(accented: Path, command: Command, encoding: str, text: str) -> None:
    run = ("run", "--connect", "accented", "--select", "CA-1", "--json", "r.json")
    done = command(*run, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (1, "")
    assert f"ValueError: {text}" in done.stdout
    assert done.stdout.splitlines()[-1].endswith("exit status 1")
    assert json.loads((accented / "r.json").read_bytes())["exit_status"] == 1


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ("explain LIVE-14", 0),
        ("list", 0),
        ("recipes CA-1", 0),
        ("recipes CA-1 --format markdown", 0),
        ("recipes CA-1 --format json", 0),
        ("selftest --table", 0),
        ("--help", 0),
        ("observe r\u00e9\u2713.json --connect accented --select SIG-1", 0),
        ("compare client accented --select SIG-1 --json c.json", 1),
        ("search --connect accented --law parity --settings dev", 1),
        ("replay \u2713 --connect client", 2),
        ("serve --host \u2713", 2),
    ],
)
def test_every_command(accented: Path, command: Command, arguments: str, status: int) -> None:
    done = command(*arguments.split(), PYTHONIOENCODING="ascii")
    assert done.returncode == status, done
    assert "Traceback" not in done.stderr
    assert (done.stdout + done.stderr).isascii()
    assert not arguments.endswith("--format json") or json.loads(done.stdout)["recipes"]


# Texts without UTF-8, and names of files that hold anything.


def test_capsules_with_odd_names(script_command: Command, folder: Path) -> None:
    regressions = folder / os.fsdecode(b"regressions-\xff")
    regressions.mkdir()
    for name in (b"a\xff\x1b[31m.json", b"two\nlines.json"):
        (regressions / os.fsdecode(name)).write_text("nonsense")
    run = ("run", "--connect", "client", "--select", "SIG-1", "--regressions", regressions.name)
    done = script_command(*run, "--json", "report.json", "-n", "1")
    assert (done.returncode, done.stderr) == (2, "")
    report = read_json(folder / "report.json")
    names = sorted(capsule["id"] for capsule in report["regressions"])
    assert names == ["a\\udcff\\x1b[31m.json", "two\\nlines.json"]
    assert [clause["verdict"] for clause in report["clauses"]] == ["passed"]


def test_a_search_that_meets_a_lone_surrogate(accented: Path, command: Command) -> None:
    search = ("search", "--connect", "odd", "--settings", "dev", "--law", "oracle-holds")
    done = command(*search, "--json", "report.json", "-n", "1")
    assert (done.returncode, done.stderr) == (1, "")
    assert read_json(accented / "report.json")["exit_status"] == 1


def test_a_lone_surrogate_from_a_fresh_process(command: Command, accented: Path) -> None:
    select = ("--select", "CA-4[trusted-without-the-file]")
    done = command("run", "--connect", "odd", *select, "--json", "report.json")
    assert done.returncode == 1
    (clause,) = read_json(accented / "report.json")["clauses"]
    assert clause["verdict"] == "failed"
    assert "x\\udcff" in clause["cases"][0]["observed"]


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
        ("recipes CA-1", 0),
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
    run = ("run", "--connect", "accented", "--select", "CA-1", "--json", "r.json")
    done = start(script, run, stdout=closed_pipe)
    assert (done.returncode, done.stderr) == (1, b"")
    assert read_json(accented / "r.json")["exit_status"] == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_disk(folder: Path, script: Path) -> None:
    with open("/dev/full", "wb") as full:
        done = start(script, ("run", "--connect", "client", "--select", "SIG-1"), stdout=full)
    assert done.returncode == 2
    assert done.stderr == b"connect-contract: what was printed is lost: No space left on device.\n"


def test_the_report_is_there_before_the_summary(accented: Path, script: Path) -> None:
    """A reader who stops at the first line after the progress has the report already."""
    run = [script, "run", "--connect", "accented", "--select", "CA-1", "--json", "r.json"]
    with subprocess.Popen(run, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if "(documented)" in line:
                assert json.loads((accented / "r.json").read_bytes())["exit_status"] == 1
                break
        else:
            pytest.fail("no failure was printed")
        process.stdout.read()


@pytest.mark.parametrize(
    ("connect", "select", "status"), [("accented", "CA-1", 1), ("client", "SIG-1", 2)]
)
def test_a_report_that_cannot_be_written(
    accented: Path, command: Command, connect: str, select: str, status: int
) -> None:
    """The verdict is printed all the same, and the last line says why the status is not 0."""
    (accented / "r.json").symlink_to("/proc/nothing/r.json")
    done = command("run", "--connect", connect, "--select", select, "--json", "r.json")
    assert done.returncode == status
    ending = f"; a report could not be written; exit status {status}"
    assert done.stdout.splitlines()[-1].endswith(ending)
    assert "The report cannot be written to r.json" in done.stderr


# What an implementation, or who starts the command, does to the streams.

RUN = ("run", "--select", "URL-1", "--json", "report.json")
CLOSING = """
import sys
from connect_contracts.reference.v0_9_1 import *

sys.stdout.close()
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
