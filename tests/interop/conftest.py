"""The environments of the public client, or the reason why a test is not testable here."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

HERE = Path(__file__).parent
ENVIRONMENTS = SimpleNamespace(**runpy.run_path(str(HERE / "environments.py")))
BEGIN: str = runpy.run_path(str(HERE / "printing.py"))["BEGIN"]


@pytest.fixture
def environments() -> SimpleNamespace:
    """The script that creates the environments, as a module."""
    return ENVIRONMENTS


@pytest.fixture
def contract_command() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs ``connect-contract`` in the environment of a release, with these arguments."""

    def run(release: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [interpreter(release).with_name("connect-contract"), *arguments],
            capture_output=True,
            text=True,
            env=environment(),
            timeout=600,
        )

    return run


@pytest.fixture
def contract_run() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs ``connect-contract run`` on the public client of a release, with further options."""

    def run(release: str, *options: str) -> subprocess.CompletedProcess[str]:
        command = interpreter(release).with_name("connect-contract")
        return subprocess.run(
            [command, "run", "--connect", "atoti", *options],
            capture_output=True,
            text=True,
            env=environment(),
            timeout=600,
        )

    return run


@pytest.fixture
def python_of() -> Callable[[str], Path]:
    """The Python of the environment of a release."""
    return interpreter


@pytest.fixture
def application_tests(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the application's tests in the environment of a release, as its developers would."""

    def run(release: str, *options: str) -> subprocess.CompletedProcess[str]:
        shutil.copy(HERE / "application.py", tmp_path / "test_application.py")
        # Of a traceback one line: the client's source is not to be shown.
        return subprocess.run(
            [interpreter(release), "-m", "pytest", "--tb=line", "-rA", *options],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            env=environment(),
            timeout=300,
        )

    return run


@pytest.fixture
def client_0_9_1() -> Callable[..., list[str]]:
    """Runs a script with the public client 0.9.1 and returns the lines that it prints."""
    return client("0.9.1")


@pytest.fixture
def client_6_2() -> Callable[..., list[str]]:
    """Runs a script with the newest public client 6.2.x and returns the lines that it prints."""
    return client("6.2")


def interpreter(release: str) -> Path:
    """The Python of the environment of this release; skips if there is none."""
    found: Path = next(one for one in ENVIRONMENTS.RELEASES if one.name == release).interpreter
    if not found.exists():
        pytest.skip(
            f"not testable: the public client {release} has no environment ({found} is missing); "
            f"create it by `python tests/interop/environments.py --release {release}`"
        )
    return found


def client(release: str) -> Callable[..., list[str]]:
    """A function that runs a script of this folder in the environment of ``release``."""
    python = interpreter(release)

    def run(script: str, *arguments: str) -> list[str]:
        done = subprocess.run(
            [python, HERE / script, *arguments],
            capture_output=True,
            text=True,
            env=environment(),
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.partition(f"{BEGIN}\n")[2].splitlines()

    return run


def environment() -> dict[str, str]:
    """The variables of a process in an environment of the client.

    Without what would import from elsewhere, and without proxies, through which the client asks for
    loopback addresses too.
    """
    dropped = {"PYTHONPATH", "COV_CORE_SOURCE", "COVERAGE_PROCESS_START"}
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in dropped and not name.lower().endswith("_proxy")
    }
    return kept | {"ATOTI_HIDE_EULA_MESSAGE": "True"}
