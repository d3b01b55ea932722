"""SIGTERM ends a command as Ctrl-C does: what is known is reported, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from connect_contracts.execution.implementation import Implementation
from connect_contracts.judging.settings import under_test
from connect_contracts.model.scenario import Basic, Call, Connect, Scenario, TargetSpec
from connect_contracts.regressions.capsule import capsule_of
from connect_contracts.regressions.folder import write_capsule
from connect_contracts.search.budget import SEARCH_SETTINGS, SearchSettings
from connect_contracts.search.laws.every_law import LAWS
from connect_contracts.search.laws.examine import examine
from connect_fixtures.cli import main
from forked import Fork, piped
from run_reports import Command, StartCommand, read_json, verdicts

WAITING = """
import os
import threading
from client import Session, connect as sound, trusting

def _wait():
    # Opened for reading by the test, which interrupts then.
    with open("begun", "w") as begun:
        begun.write(str(os.getpid()))
    if os.path.exists("go-on"):
        open("go-on").close()
    else:
        threading.Event().wait()

def connect(url, *, authentication=None, certificate_authority=None):
    '''Waits where credentials are given without a file.'''
    if authentication is not None and certificate_authority is None:
        _wait()
    return sound(url, authentication=authentication, certificate_authority=certificate_authority)

def unsound(url, *, authentication=None, certificate_authority=None):
    '''Trusts everybody, and waits where a file is given.'''
    if certificate_authority is not None:
        _wait()
    return trusting(url, authentication=authentication, certificate_authority=certificate_authority)

calls = []

def later(url, *, authentication=None, certificate_authority=None):
    '''Always raises, and waits in the sixth call.'''
    calls.append(url)
    if len(calls) >= 6:
        _wait()
    raise ValueError("no")
"""

CASES = ("CA-1[authority-given]", "CA-2[without-the-file]", "CA-3[another-authority]")
RUN = ("run", "--connect", "waiting", "--select", *CASES, "--json", "r.json")


@pytest.fixture
def waiting(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The user's folder, with implementations that tell the test that they wait.

    After the test nothing of the command is left.
    """
    (folder / "waiting.py").write_text(WAITING, encoding="utf-8")
    (folder / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(folder / "tmp"))
    os.mkfifo(folder / "begun")
    yield folder
    assert list((folder / "tmp").iterdir()) == []


@contextmanager
def begun(script: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The installed script, once the implementation waits."""
    with subprocess.Popen(
        [script, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            Path("begun").read_text(encoding="utf-8")
            yield process
        finally:
            process.kill()


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Status, output and errors; the streams end when every process of the command has."""
    out, err = process.communicate(timeout=60)
    assert "Traceback" not in err, err
    return process.returncode, out, err


def interrupted(
    fork: Fork, kind: signal.Signals = signal.SIGTERM
) -> subprocess.CompletedProcess[str]:
    """How the command in ``fork`` ends where it is interrupted once the implementation waits."""
    Path("begun").read_text(encoding="utf-8")
    os.kill(fork.pid, kind)
    done = fork.wait()
    assert "Traceback" not in done.stderr, done.stderr
    return done


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_run(start_command: StartCommand, waiting: Path, kind: signal.Signals) -> None:
    done = interrupted(start_command(*RUN, "--junit", "r.xml", "--html", "r.html"), kind)
    assert done.returncode == 2, done.stderr
    assert 'name="exit status"' in (waiting / "r.xml").read_text(encoding="utf-8")
    assert "interrupted" in (waiting / "r.html").read_text(encoding="utf-8")
    assert "interrupted: what was not judged is counted as not run" in done.stdout
    assert done.stdout.splitlines()[-1].endswith("exit status 2")
    found = verdicts(waiting / "r.json")
    assert list(found.items()) == list(zip(CASES, ("passed", "not run", "not run"), strict=True))


@pytest.mark.parametrize("to", ["the command", "every process of a group"])
def test_run_on_a_worker(script: Path, waiting: Path, to: str) -> None:
    """Systems that know all processes of a job send each of them the signal."""
    with begun(script, *RUN, "-n", "1") as process:
        receivers = [process.pid]
        if to == "every process of a group":
            children = children_of(process.pid)
            receivers += [*children, *(each for child in children for each in children_of(child))]
        for number in receivers:
            os.kill(number, signal.SIGINT if to == "the command" else signal.SIGTERM)
        status, out, err = ended(process)
    assert status == 2, err
    assert out.splitlines()[-1].endswith("exit status 2")
    assert verdicts(waiting / "r.json")["CA-2[without-the-file]"] == "not run"


def children_of(process: int) -> list[int]:
    """The processes that this one started, on Linux."""
    tasks = Path(f"/proc/{process}/task")
    if not tasks.exists():
        pytest.skip("this system does not list the children of a process")
    lists = [(task / "children").read_text().split() for task in tasks.iterdir()]
    return [int(number) for numbers in lists for number in numbers]


def test_a_failure_that_is_known(start_command: StartCommand, waiting: Path) -> None:
    run = ("run", "--connect", "waiting:unsound", "--select", *CASES[1:], "--json", "r.json")
    assert interrupted(start_command(*run)).returncode == 1
    assert list(verdicts(waiting / "r.json").values()) == ["failed", "not run"]


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["serial", "two-workers"])
def test_search(waiting: Path, monkeypatch: pytest.MonkeyPatch, workers: tuple[str, ...]) -> None:
    few = SearchSettings("dev", 8, parts=2, derandomised=True, ladder=False, runs_to_shrink=2)
    monkeypatch.setitem(SEARCH_SETTINGS, "dev", few)
    search = ("search", "--connect", "waiting:later", "--settings", "dev", "--json", "r.json")
    with piped(lambda: main([*search, *workers])) as (fork, lines):
        done = interrupted(fork)
        out = lines.read()
    assert done.returncode == 1, done.stderr
    report = read_json(waiting / "r.json")
    assert report["notes"][0].startswith("interrupted")
    assert report["clauses"]
    assert report["exit_status"] == 1
    assert "interrupted" in out


def test_no_worker_of_a_search_is_left(script: Path, waiting: Path) -> None:
    """Also where the command itself cannot do anything any more."""
    with begun(script, "search", "--connect", "waiting", "-n", "2") as process:
        process.kill()
        process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL


def write_capsules(folder: Path) -> None:
    """Two capsules of an implementation that always raises; the second one lets it wait."""

    def raising(*_: object, **__: object) -> None:
        raise ValueError("no")

    subject = under_test(Implementation(raising), None)
    for name, target, call in (
        ("a.json", TargetSpec(secure=False), Call()),
        ("b.json", TargetSpec(), Call(authentication=Basic("admin", "passwd"))),
    ):
        examined = examine(Scenario((target,), (Connect(call),)), subject, LAWS)
        capsule = capsule_of(examined, examined.breaches[0], subject)
        write_capsule(folder, capsule).rename(folder / name)


@pytest.mark.parametrize(
    ("arguments", "outputs", "error"),
    [
        (
            "replay capsules --connect waiting",
            ("a.json: fixed", "interrupted: not replayed: b.json"),
            "",
        ),
        (
            "observe r.json --connect waiting --scenarios cases --select CA-1 --select CA-2",
            (),
            "connect-contract: interrupted, so r.json was not written",
        ),
        (
            "compare client waiting --select CA-2 --json r.json",
            (),
            "connect-contract: interrupted",
        ),
    ],
    ids=["replay", "observe", "compare"],
)
def test_other_commands(
    start_command: StartCommand,
    waiting: Path,
    arguments: str,
    outputs: tuple[str, ...],
    error: str,
) -> None:
    write_capsules(waiting / "capsules")
    done = interrupted(start_command(*arguments.split()))
    assert (done.returncode, done.stderr.strip()) == (2, error)
    assert all(output in done.stdout for output in outputs)
    assert not (waiting / "r.json").exists()


def test_a_signal_that_is_ignored(
    start_command: StartCommand, waiting: Path, request: pytest.FixtureRequest
) -> None:
    """As `nohup` starts a command: it goes on."""
    os.mkfifo("go-on")
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    request.addfinalizer(lambda: signal.signal(signal.SIGHUP, before))
    fork = start_command(*RUN)
    Path("begun").read_text(encoding="utf-8")
    os.kill(fork.pid, signal.SIGHUP)
    Path("go-on").write_text("")
    assert fork.wait().returncode == 0
    assert set(verdicts(waiting / "r.json").values()) == {"passed"}


IGNORING = """
import gc
import os
import signal
import threading
import weakref
from client import Session, connect as sound

class Dropped:
    pass

def _interrupted(*_):
    if threading.current_thread() is threading.main_thread():
        gc.callbacks.clear()
        os.kill(os.getpid(), signal.SIGINT)

if "AT_IMPORT" in os.environ:
    dropped = Dropped()
    kept = weakref.ref(dropped, _interrupted)
    del dropped
    threading.Event().wait(60)

def connect(url, *, authentication=None, certificate_authority=None):
    '''Lets the main thread be interrupted in its next collection of garbage.'''
    if authentication is not None and certificate_authority is None:
        gc.callbacks.append(_interrupted)
        gc.set_threshold(1)
    return sound(url, authentication=authentication, certificate_authority=certificate_authority)
"""


@pytest.mark.parametrize("where", ["at-import", "while-pytest-runs"])
def test_an_interrupt_in_a_callback_that_python_ignores(
    command: Command, folder: Path, where: str
) -> None:
    (folder / "ignoring.py").write_text(IGNORING, encoding="utf-8")
    variables = {"AT_IMPORT": "1"} if where == "at-import" else {}
    done = command("run", "--connect", "ignoring", "--select", *CASES, **variables)
    assert done.returncode == 2, done.stdout
    assert "interrupted" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


SIGNALLING = """
import os, signal, sys

class Signalling:
    def find_spec(self, name, *_):
        if name == os.environ["AT"]:
            try:
                os.kill(os.getpid(), signal.SIGTERM)
            except BaseException:
                pass  # as an import may lose it

sys.meta_path.insert(0, Signalling())
"""


@pytest.mark.parametrize(
    "at", ["connect_contracts.report.output", "connect_contracts.chapters.case"]
)
def test_an_interrupt_while_the_command_is_imported(
    script: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    (folder / "sitecustomize.py").write_text(SIGNALLING)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.setenv("AT", at)
    done = subprocess.run(
        [script, "run", "--connect", "client", "--select", "SIG-1"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip() == "connect-contract: interrupted"
