"""The environments of the public client, or the reason why a test is not testable here."""

from __future__ import annotations

import os
import runpy
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

HERE = Path(__file__).parent
ENVIRONMENTS = SimpleNamespace(**runpy.run_path(str(HERE / "environments.py")))
PRINTING = SimpleNamespace(**runpy.run_path(str(HERE / "printing.py")))

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def environments() -> SimpleNamespace:
    """The script that creates the environments, as a module."""
    return ENVIRONMENTS


@pytest.fixture
def contract_command(python: Run) -> Run:
    """Runs ``connect-contract`` in the environment of a release, with these arguments."""

    def run(release: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        # Its script is one of Python's.
        return python(release, interpreter(release).with_name("connect-contract"), *arguments)

    return run


@pytest.fixture
def python() -> Run:
    """Runs the Python of the environment of a release, in the working folder."""

    def run(release: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [interpreter(release), *arguments],
            capture_output=True,
            text=True,
            env=PRINTING.client_environment(os.environ),
            timeout=600,
        )

    return run


@pytest.fixture
def client_script(python: Run) -> Callable[..., list[str]]:
    """Runs a script of this folder in the environment of a release; the lines that it prints."""

    def run(release: str, script: str, *arguments: str) -> list[str]:
        done = python(release, HERE / script, *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout.partition(f"{PRINTING.BEGIN}\n")[2].splitlines()

    return run


def interpreter(release: str) -> Path:
    """The Python of the environment of this release; skips if there is none."""
    found: Path = ENVIRONMENTS.named(release).interpreter
    if not found.exists():
        pytest.skip(
            f"not testable: the public client {release} has no environment ({found} is missing); "
            f"create it by `python tests/interop/environments.py --release {release}`"
        )
    return found
