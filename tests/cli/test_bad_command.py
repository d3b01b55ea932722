"""Bad input: one sentence on standard error, status 2, before anything runs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import click
import msgspec
import pytest

from connect_contracts.model.json_text import indented
from connect_contracts.regressions.folder import SCRIPT_NAME
from connect_fixtures.cli import OURS, main
from connect_fixtures.cli.command import COMMANDS, group
from hand_written_reports import case, run_of
from run_reports import Command

EMPTY_RECORD = {
    "schema": 1,
    "implementation": "client",
    "distributions": {},
    "python": "3.11",
    "suite": "0",
    "profile": "0.9.1",
    "depth": "default",
    "scenarios": [],
}
OTHER_REPORT = {
    "implementation": "client",
    "profile": "6.2",
    "because": "default",
    "depth": "default",
    "version": "0",
    "exit_status": 0,
    "summary": {"verdicts": {}, "levels": {}, "cases": {}, "evidence": {}},
    "clauses": [],
}
REPORT = run_of(case("CA-2[without-the-file]", "failed", broken="CA-3"))
REFERENCE = "connect_contracts.reference.v0_9_1"
WITHOUT = f"""from {REFERENCE} import connect as _connect
__connect_contract__ = {{"without": ["session", "client_certificate", "password_grant", %s]}}
def connect(url, **given): _connect(url, **given).close()
"""
FILES = {
    "odd.json": indented(REPORT).decode().replace('"failed"', '"perfect"'),
    "second.json": indented(msgspec.structs.replace(REPORT, schema=2)).decode(),
    "offers.py": WITHOUT % '"callable"',
    "misspelt.py": WITHOUT % '"tabels"',
    "empty.json": json.dumps(EMPTY_RECORD),
    "newer.json": '{"schema": 99}',
    "brace.json": "{",
    "list.json": "[]",
    "other.json": json.dumps(OTHER_REPORT),
    "none_of_it.json": '{"runs": []}',
    "shape.json": '{"runs": [{"implementation": 1}]}',
    f"mine/{SCRIPT_NAME}": "mine",
    "exits.py": "import sys; sys.exit(0)",
    "needs/__init__.py": "import os\nos.environ['NO_SUCH_NAME']\n",
    "lacks.py": "import no_such_module",
    "unfinished.py": "def connect(:",
    "tells.py": "import os\nraise RuntimeError('as ' + os.environ['CLIENT_PASSWORD'])",
    "raises.py": "def __getattr__(name): raise RuntimeError('no')",
    "declares.py": "__connect_contract__ = [1]\ndef connect(url): ...",
    "number.py": "connect = 5",
    "untold.py": "class Untold(BaseException):\n"
    "    def __str__(self): raise RuntimeError('no')\n"
    "raise Untold\n",
}
COMPARED = "run --connect client --select CA-1 --json now.json --compare-with"
UNUSABLE = "The report to compare with is of no use: "

SENTENCES = [
    ("no-such-command", "No such command"),
    # Ids and implementations.
    ("run --select CA-99", "There is no clause or case 'CA-99'"),
    ("run --connect client CA-1", "What is 'CA-1' for? Ids are given by --select."),
    ("run --connect no_such_module", "'no_such_module' of --connect"),
    ("run --connect client:nobody", "has no attribute 'nobody'"),
    ("run --connect client:nobody -n 2", "has no attribute 'nobody'"),
    ("run --connect exits", "it raised SystemExit: 0 at exits.py:1 in <module>: mend"),
    (
        "run --connect needs.something",
        "The module 'needs.something' of --connect needs.something cannot be imported: it raised "
        "KeyError: 'NO_SUCH_NAME' at needs/__init__.py:2 in <module>: mend that, or give it what",
    ),
    ("run --connect lacks", "No module named 'no_such_module' at lacks.py:1 in <module>: mend"),
    ("run --connect unfinished", "it raised SyntaxError: invalid syntax at unfinished.py:1: mend"),
    ("run --connect tells", "it raised RuntimeError: as **REDACTED** at tells.py:2 in <module>: "),
    ("run --connect needs.py:connect", "names a file: name its module, as in needs:connect."),
    ("run --connect needs/it.py", "names a file: name its module, as in needs.it."),
    ("run --connect raises:x", "raises when it is looked at"),
    ("run --connect declares", "is no mapping"),
    ("run --connect number", "neither a connect to call nor a Session"),
    ("run --connect untold", "Untold: its text raises"),
    # Options of run.
    ("run --connect client --profile 7", "There is no profile '7'"),
    (
        "run --connect client --depth deep",
        "There is no depth 'deep': choose one of core, default, full, slow.",
    ),
    (
        "run --connect client --select CA-13 --depth core",
        "No case of CA-13 is judged at the depth core: ask for --depth ",
    ),
    ("run --connect client --expected-failures none.toml", "none.toml cannot be read"),
    ("run --connect client --json nowhere/report.json", "--json nowhere/report.json"),
    ("run --connect offers", 'offers callable as authentication: declare "without": ['),
    ("run --connect misspelt", "there is no part 'tabels': the nearest is 'tables'"),
    # Reports.
    ("run --html .", "is a folder"),
    ("run --html -", "--html needs a file: only --json takes -."),
    ("run --json r.txt --junit r.txt", "Two reports cannot be one file: r.txt."),
    ("report odd.json", "give --html, --markdown or --junit with a file."),
    ("report --html r.html", "Missing argument 'REPORT...'."),
    ("report none.json --html r.html", "none.json cannot be read: No such file or directory."),
    ("report client.py --html r.html", "client.py is no report of a run: JSON is malformed"),
    ("report second.json --html r.html", "it is of the schema 2, and 1 is the newest known"),
    ("report odd.json --html r.html", "there is no verdict 'perfect'"),
    # Expected failures.
    ("expected no.toml --connect client", "no.toml cannot be read"),
    ("expected nowhere/no.toml --connect client --update", "lies in one that is not there"),
    ("expected no.toml", "Missing option '--connect'"),
    ("expected no.toml --connect client --depth deep", "There is no depth 'deep'"),
    ("run --no-such-option", "No such option"),
    ("run -n many", "-n takes a number of workers"),
    ("run --regressions nothing", "nothing with capsules"),
    ("run --search never", "There are no search settings 'never': choose one of ci, dev, nightly."),
    (f"{COMPARED} no.json", f"{UNUSABLE}no.json cannot be read: No such file or directory."),
    (f"{COMPARED} brace.json", f"{UNUSABLE}brace.json is no report of a run: "),
    (f"{COMPARED} list.json", f"{UNUSABLE}list.json is no report of a run: "),
    (f"{COMPARED} shape.json", f"{UNUSABLE}shape.json is no report of a run: "),
    ("run --connect client --require-evidence", "--require-evidence needs an earlier report"),
    ("run --connect client --since new", "'new' of --since is no version"),
    ("run --connect client --compare-other", "--compare-other needs an earlier report"),
    (
        f"{COMPARED} other.json",
        f"{UNUSABLE}other.json is about client, profile 6.2, and not about client, profile 0.9.1: ",
    ),
    (f"{COMPARED} none_of_it.json", f"{UNUSABLE}none_of_it.json is about nothing"),
    # Search and replay.
    ("search --settings weekly", "choose one of ci, dev, nightly"),
    ("search --law gravity", "There is no law 'gravity'"),
    ("search --script", "name their folder by --regressions"),
    (
        "search --connect client:trusting --regressions mine --script",
        f"{SCRIPT_NAME} is there, and is not the script",
    ),
    ("replay", "Which capsules? Name files, or folders with files."),
    ("replay nothing", "Which implementation of connect?"),
    ("replay nothing --connect client", "There is no file or folder /"),
    # Observe and compare.
    ("observe", "Missing argument 'FILE'"),
    ("observe record.json", "Missing option '--connect'"),
    ("observe nowhere/record.json --connect client", "lies in one that is not there"),
    ("observe record.json --connect no_such_module", "'no_such_module' of --connect"),
    ("observe record.json --connect client --select CA-99", "no clause or case 'CA-99'"),
    ("observe record.json --connect client --depth 7", "There is no depth '7'"),
    ("observe record.json --connect client --profile 7", "There is no profile '7'"),
    ("compare client", "Missing argument 'B'"),
    ("compare none.json client", "none.json cannot be read: No such file or directory."),
    ("compare client.py client", "client.py is no JSON"),
    ("compare . client", ". is a folder: name the file of one behaviour record."),
    ("compare client:nobody client", "has no attribute 'nobody'"),
    ("compare newer.json client", "newer.json has the schema 99 of behaviour records"),
    ("compare empty.json empty.json --settings ci", "--settings searches two implementations"),
    ("compare empty.json empty.json", "The two records have no scenario in common"),
    ("compare client client --json nowhere/found.json", "--json nowhere/found.json"),
    # Lists and tables.
    ("explain CA-99", "There is no clause or case 'CA-99'"),
    ("recipes made-dow", "There is no recipe, topic, clause or case 'made-dow' among the recipes"),
    ("recipes SIG-1", "There is no recipe, topic, clause or case 'SIG-1' among the recipes"),
    ("recipes client.py", "client.py is a file: write --report before each report."),
    ("recipes --report none.json", "none.json cannot be read: No such file or directory."),
    ("recipes --report client.py", "client.py is no report of `connect-contract run`: "),
    ("recipes --report .", ". cannot be read: it is no regular file."),
    ("recipes --format html", "'html' is not one of"),
    ("selftest no_such_thing", "There is no broken implementation 'no_such_thing'"),
    ("selftest no_such_thing --table", "There is no broken implementation 'no_such_thing'"),
    ("selftest --pin", "give --matrix with it"),
    ("selftest --select SIG-1", "give --matrix with it"),
    ("selftest --matrix --select SIG-99", "no clause or case 'SIG-99'"),
    ("selftest --profile 6.2", "give --connect with it"),
    ("selftest --connect no_such_module", "is not found: check the name"),
    (f"selftest --connect {REFERENCE} --matrix", "leave them out, or --connect"),
    (f"selftest --connect {REFERENCE} --table", "leave them out, or --connect"),
    (f"selftest --connect {REFERENCE} --html page.html", "leave them out, or --connect"),
    (f"selftest --connect {REFERENCE} add_nothing", "did you mean adds_nothing"),
    (f"selftest --connect {REFERENCE} --profile 7", "There is no profile '7'"),
    ("selftest --html no/such/folder/page.html", "cannot be written"),
    # Serve.
    ("serve --port word", "--port"),
    ("serve --port 70000", "70000 is no TCP port."),
    ("serve --fault nope", "There is no fault 'nope'. The nearest are 'noop'"),
    ("serve --host 0.0.0.0", "A target listens on localhost, 127.0.0.1 or ::1, not on 0.0.0.0."),
    ("serve --base-path x", "The base path is empty, or like /one/two, not 'x'."),
    (
        "serve --release 0.9.17",
        "There is no release '0.9.17' (the nearest is 0.9.16); there are: ",
    ),
    ("serve --unsecure --https", "An unsecured target speaks plain HTTP"),
    ("serve --folder client.py --https", "--folder client.py"),
    ("serve --client-certificate maybe", "--client-certificate"),
]


def expect_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    (line,) = printed.err.splitlines()
    assert line.startswith("connect-contract: ")
    assert sentence in line


@pytest.mark.parametrize(
    ("arguments", "sentence"), SENTENCES, ids=[arguments for arguments, _ in SENTENCES]
)
def test_one_sentence(
    folder: Path,
    own_modules: None,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: str,
    sentence: str,
) -> None:
    monkeypatch.setenv("CLIENT_PASSWORD", "correct horse")
    for name, content in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    before = sorted(folder.rglob("*"))
    expect_sentence(arguments.split(), sentence, capsys)
    after = [path for path in folder.rglob("*") if "__pycache__" not in str(path)]
    assert sorted(after) == before


def test_missing_extra(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connect_fixtures.cli.arguments.find_spec", lambda _: None)
    expect_sentence(["run"], "install pytest-connect-contract[reference]", capsys)


def test_no_command_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    printed = capsys.readouterr()
    text = " ".join((printed.out + printed.err).split())
    assert "Usage: connect-contract" in text
    # Whole, however narrow the terminal; a line may end at a hyphen.
    joined = text.replace("- ", "-")
    assert [name for name, (_, sentence) in COMMANDS.items() if sentence not in joined] == []


def test_each_sentence_of_the_help_is_that_of_its_command() -> None:
    context = click.Context(group)
    for name, (_, sentence) in COMMANDS.items():
        command = group.get_command(context, name)
        assert command is not None
        assert command.name == name
        listed = click.Command(name, help=sentence)
        assert command.get_short_help_str(200) == listed.get_short_help_str(200)


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert "connect-contract, version" in capsys.readouterr().out


def test_an_older_click(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to 8.1 it has no exception of its own for a command without arguments."""
    monkeypatch.delattr("click.exceptions.NoArgsIsHelpError", raising=False)
    expect_sentence(["no-such-command"], "No such command", capsys)
    test_no_command_shows_the_help(capsys)


def test_without_docstrings(script_command: Command) -> None:
    """The descriptions of cases are docstrings."""
    done = script_command("run", "--connect", "client", PYTHONOPTIMIZE="2")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert "PYTHONOPTIMIZE=2" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        "run --connect client:crashing --select CA-2[without-the-file]",
        "observe record.json --connect client:crashing --select CA-2",
    ],
)
def test_an_implementation_that_ends_the_process(
    command: Command, folder: Path, arguments: str
) -> None:
    done = command(*arguments.split())
    assert done.returncode == 2
    assert "the process ended before the run did" in done.stderr
    assert not (folder / "record.json").exists()


def test_an_implementation_that_leaves_a_process_behind(folder: Path, script: Path) -> None:
    """The process that stays holds every open pipe until the test ends it."""
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


def test_a_mistake_of_our_own_is_not_blamed_on_the_implementation(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def mistaken(_arguments: object) -> int:
        raise LookupError("nobody expected this")

    monkeypatch.setattr("connect_fixtures.cli.command.run_command", mistaken)
    for name in ("list", "run"):
        assert main([name]) == 2
        errors = capsys.readouterr().err
        assert "nobody expected this" in errors
        assert errors.endswith(f"{OURS}\n")
        assert "most likely by the implementation" not in errors


def test_without_click() -> None:
    code = (
        "import sys\n"
        "sys.modules['click'] = None\n"
        "from connect_fixtures.cli import main\n"
        "sys.exit(main(['list']))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 2
    assert "import of click halted" in done.stderr
    assert "most likely by the implementation" not in done.stderr
