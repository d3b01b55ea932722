"""SIGTERM ends a command as Ctrl-C does: what is known is told, and nothing is left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from connect_contracts.execution.loading import load
from connect_contracts.judging.settings import under_test
from connect_contracts.model.scenario import Basic, Call, Connect, Scenario, TargetSpec
from connect_contracts.regressions.capsule import capsule_of
from connect_contracts.regressions.folder import write_capsule
from connect_contracts.search.laws.every_law import LAWS
from connect_contracts.search.laws.examine import examine

Command = Callable[..., Any]

WAITING = """
import os
import threading
from client import Session, connect as sound, trusting

def _wait():
    # Opened for reading by the test, which interrupts then.
    with open(os.environ["BEGUN"], "w") as begun:
        begun.write(str(os.getpid()))
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

RUN = ("--select", "CA-1[authority-given]", "CA-2[without-the-file]", "CA-3[another-authority]")


@pytest.fixture
def waiting(folder: Path) -> Path:
    """The user's folder, with implementations that tell that they have begun, and wait."""
    (folder / "waiting.py").write_text(WAITING, encoding="utf-8")
    (folder / "tmp").mkdir()
    os.mkfifo(folder / "begun")
    return folder


@contextmanager
def begun(script: Path, folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The command, once the implementation waits; after the block nothing of it is left."""
    environment = {**os.environ, "TMPDIR": str(folder / "tmp"), "BEGUN": str(folder / "begun")}
    with subprocess.Popen(
        [script, *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            (folder / "begun").read_text(encoding="utf-8")
            yield process
        finally:
            process.kill()
    assert list((folder / "tmp").iterdir()) == []


def ended(process: subprocess.Popen[str]) -> tuple[str, str]:
    """What the command told; its streams end when every process of it has."""
    told = process.communicate(timeout=60)
    assert "Traceback" not in told[1], told[1]
    return told


def verdicts(path: Path) -> dict[str, str]:
    report = json.loads(path.read_text(encoding="utf-8"))
    return {case["id"]: case["verdict"] for one in report["clauses"] for case in one["cases"]}


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_run(script: Path, waiting: Path, kind: signal.Signals) -> None:
    run = ("run", "--connect", "waiting", *RUN, "--json", "r.json")
    with begun(script, waiting, *run) as process:
        process.send_signal(kind)
        out, err = ended(process)
    assert process.returncode == 2, err
    assert "interrupted: what was not judged is counted as not run" in out
    assert out.splitlines()[-1].endswith("exit status 2")
    assert verdicts(waiting / "r.json") == {
        "CA-1[authority-given]": "passed",
        "CA-2[without-the-file]": "not run",
        "CA-3[another-authority]": "not run",
    }


def test_a_failure_that_is_known(script: Path, waiting: Path) -> None:
    select = ("--select", "CA-2[without-the-file]", "CA-3[another-authority]")
    run = ("run", "--connect", "waiting:unsound", *select, "--json", "r.json")
    with begun(script, waiting, *run) as process:
        process.terminate()
        ended(process)
    assert process.returncode == 1
    assert list(verdicts(waiting / "r.json").values()) == ["failed", "not run"]


def test_workers(script: Path, waiting: Path) -> None:
    run = ("run", "--connect", "waiting", *RUN, "-n", "2", "--json", "r.json")
    with begun(script, waiting, *run) as process:
        process.terminate()
        out, _ = ended(process)
    assert process.returncode == 2
    assert "interrupted" in out
    assert verdicts(waiting / "r.json")["CA-2[without-the-file]"] == "not run"


def test_every_process_of_a_group(script: Path, waiting: Path) -> None:
    """As systems do that know all processes of a job."""
    run = ("run", "--connect", "waiting", *RUN, "-n", "1", "--json", "r.json")
    with begun(script, waiting, *run) as process:
        children = children_of(process.pid)
        for one in (process.pid, *children, *(each for c in children for each in children_of(c))):
            os.kill(one, signal.SIGTERM)
        ended(process)
    assert process.returncode == 2
    assert verdicts(waiting / "r.json")["CA-2[without-the-file]"] == "not run"


def children_of(process: int) -> list[int]:
    """The processes that this one started, on Linux."""
    tasks = Path(f"/proc/{process}/task")
    if not tasks.exists():
        pytest.skip("this system does not tell which processes a process started")
    return [int(one) for task in tasks.iterdir() for one in (task / "children").read_text().split()]


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["serial", "two-workers"])
def test_search(script: Path, waiting: Path, workers: tuple[str, ...]) -> None:
    search = ("search", "--connect", "waiting:later", "--json", "r.json", *workers)
    with begun(script, waiting, *search) as process:
        process.terminate()
        out, err = ended(process)
    assert process.returncode == 1, err
    report = json.loads((waiting / "r.json").read_text(encoding="utf-8"))
    assert report["notes"][0].startswith("interrupted")
    assert report["found"]
    assert report["exit_status"] == 1
    assert "interrupted" in out


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGKILL])
def test_no_worker_of_a_search_is_left(script: Path, waiting: Path, kind: signal.Signals) -> None:
    """Also where the command itself cannot do anything any more."""
    with begun(script, waiting, "search", "--connect", "waiting", "-n", "2") as process:
        process.send_signal(kind)
        process.communicate(timeout=60)
    assert process.returncode in (2, -signal.SIGKILL)


def test_replay(script: Path, waiting: Path, client_module: None) -> None:
    subject = under_test(load("always_raising:connect"), None)
    for name, target, call in (
        ("a", TargetSpec(secure=False), Call()),
        ("b", TargetSpec(), Call(authentication=Basic("admin", "passwd"))),
    ):
        examined = examine(Scenario((target,), (Connect(call),)), subject, LAWS)
        capsule = capsule_of(examined, examined.breaches[0], subject)
        write_capsule(waiting / "capsules", capsule).rename(waiting / "capsules" / f"{name}.json")
    with begun(script, waiting, "replay", "capsules", "--connect", "waiting") as process:
        process.terminate()
        out, _ = ended(process)
    assert process.returncode == 2
    assert "a.json: fixed" in out
    assert "interrupted: not replayed: b.json" in out


@pytest.fixture
def client_module(waiting: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of the user's modules can be imported here too: its ``connect`` always raises."""
    # By a name of its own: the module ``client`` of another test may be loaded in this process.
    module = "def connect(url, **_):\n    raise ValueError('no')\n"
    (waiting / "always_raising.py").write_text(module, encoding="utf-8")
    monkeypatch.syspath_prepend(waiting)


def test_observe(script: Path, waiting: Path) -> None:
    observe = ("observe", "r.json", "--connect", "waiting", "--select", "CA-1", "--select", "CA-2")
    with begun(script, waiting, *observe) as process:
        process.terminate()
        _, err = ended(process)
    assert process.returncode == 2
    assert err == "connect-contract: interrupted, so r.json was not written\n"
    assert not (waiting / "r.json").exists()


def test_compare(script: Path, waiting: Path) -> None:
    compare = ("compare", "client", "waiting", "--select", "CA-2", "--json", "r.json")
    with begun(script, waiting, *compare) as process:
        process.terminate()
        _, err = ended(process)
    assert process.returncode == 2
    assert err.strip() == "connect-contract: interrupted"


def test_a_signal_that_is_ignored(script: Path, waiting: Path) -> None:
    """As `nohup` starts a command: it goes on."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        run = ("run", "--connect", "waiting", *RUN, "--json", "r.json")
        with begun(script, waiting, *run) as process:
            process.send_signal(signal.SIGHUP)
            process.terminate()
            ended(process)
    finally:
        signal.signal(signal.SIGHUP, before)
    assert process.returncode == 2


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
    script: Path, folder: Path, where: str
) -> None:
    (folder / "ignoring.py").write_text(IGNORING, encoding="utf-8")
    environment = {**os.environ, **({"AT_IMPORT": "1"} if where == "at-import" else {})}
    done = subprocess.run(
        [script, "run", "--connect", "ignoring", *RUN],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2, done.stdout
    assert "interrupted" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
