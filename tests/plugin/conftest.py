"""A little project of a user, with several implementations of ``connect`` in it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from forked import forked, import_what_forks_need
from user_modules import CLIENT, write_wrapped


class Project:
    """The project: a package ``client`` in the working folder, and no test yet."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self._pytester = pytester
        self.path: Path = pytester.path
        self.write = pytester.makepyfile
        self.conftest = pytester.makeconftest
        self.python = pytester.runpython
        self.write(client=CLIENT)

    def ini(self, *lines: str) -> None:
        """Write an ini file with these entries."""
        self._pytester.makeini("\n".join(["[pytest]", *lines, ""]))

    def run(self, *options: str, fresh: bool = False) -> pytest.RunResult:
        """Run pytest, in a fork of this process.

        Parameters:
            fresh: In an interpreter of its own.
        """
        if fresh:
            return self._pytester.runpytest_subprocess(*options)

        def call() -> int:
            sys.path.insert(0, str(self.path))
            return int(pytest.main([f"--basetemp={self.path / 'kept'}", *options]))

        encoding = os.environ.get("PYTHONIOENCODING", "utf-8")
        done = forked(call, {"PYTHONPATH": str(self.path), "PYTHONIOENCODING": encoding})
        sys.stdout.write(done.stdout + done.stderr)
        lines = done.stdout.splitlines(), done.stderr.splitlines()
        return pytest.RunResult(done.returncode, *lines, duration=0.0)

    def judge(
        self, *ids: str, connect: str = "client", options: tuple[str, ...] = (), fresh: bool = False
    ) -> pytest.RunResult:
        """Run the suite on an implementation, on the cases of these ids."""
        select = [word for name in ids for word in ("--connect-contract-select", name)]
        suite = ("--pyargs", "connect_contracts", "--connect-contract", connect)
        return self.run(*suite, *select, *options, fresh=fresh)


@pytest.fixture(scope="session", autouse=True)
def imported_for_good() -> None:
    """What forks need is imported before pytester, which forgets what is imported within a test."""
    import_what_forks_need()


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The project."""
    # What the environment of this run says is not for the little project. Where CI is set, pytest
    # prints a failure a second time, whole, in its summary.
    for name in ("PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD", "CI", "BUILD_NUMBER"):
        monkeypatch.delenv(name, raising=False)
    # Each costs a start of pytest more than all the rest; a test of its own has them back.
    heavy = ("randomly", "pytest_httpserver", "hypothesispytest", "anyio")
    monkeypatch.setenv("PYTEST_ADDOPTS", " ".join(f"-p no:{name}" for name in heavy))
    return Project(pytester)


@pytest.fixture
def wrapped(project: Project) -> Project:
    """The project, with a public client installed there and a wrapper around it."""
    write_wrapped(project.path)
    return project
