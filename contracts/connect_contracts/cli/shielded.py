"""A run of pytest that is shielded from the surroundings: no ini file, conftest or other plugin."""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pytest

from connect_contracts.cli.interruption import WORKERS
from connect_contracts.import_path import safe_start
from connect_contracts.telling.model import CaseReport, judged_case
from connect_harness.temporary import temporary_folder

INI_FILE = Path(__file__).with_name("pytest.ini")
SUITE = Path(__file__).parents[1] / "test_connect.py"

ENVIRONMENT: Mapping[str, str | None] = {
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTEST_ADDOPTS": "",
    "PYTEST_PLUGINS": None,
}


class Progress(Protocol):
    """What is told while a run goes on."""

    def judging(self, case_id: str) -> None:
        """A case begins."""
        ...

    def judged(self, case: CaseReport) -> None:
        """A case has its verdict."""
        ...


@dataclass
class Ended:
    """How a run of pytest ended.

    Parameters:
        cases: The cases that were judged, in the order in which they ended.
        interrupted: It was interrupted from the keyboard.
        trouble: What went wrong outside the cases, as text.
    """

    cases: list[CaseReport] = field(default_factory=list)
    interrupted: bool = False
    trouble: list[str] = field(default_factory=list)


def run_shielded(arguments: Sequence[str], progress: Progress, *, workers: str | None) -> Ended:
    """Run the suite in this process, or on workers that it starts.

    Parameters:
        arguments: The plugin's options.
        workers: How many workers, as xdist takes it; ``None`` for none.
    """
    ended = Ended()
    whole = [
        *("-c", str(INI_FILE), "--rootdir", str(Path.cwd()), "--noconftest"),
        *("--import-mode", "importlib", "-p", "no:cacheprovider", "-p", "connect_contract"),
        *arguments,
        *("-p", "connect_contracts.cli.interruption"),
        *(() if workers is None else ("-p", "xdist", "-n", workers)),
        str(SUITE),
    ]
    environment = {**ENVIRONMENT, **({} if workers is None else safe_start())}
    with temporary_folder() as temporary:
        folder = temporary / "workers"
        folder.mkdir()
        listener = _Listener(ended, progress, folder)
        environment[WORKERS] = str(folder)
        # Where pytest makes its own folders, which it would leave.
        whole += ["--basetemp", str(temporary / "pytest")]
        try:
            status, said = run_quietly(whole, listener, environment)
        except KeyboardInterrupt:
            # Before its session began, or after.
            status, said, ended.interrupted = pytest.ExitCode.INTERRUPTED, "", True
    if status in (pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR):
        # What the hooks were told is only a part of it.
        ended.trouble.append(said.strip())
    return ended


def run_quietly(
    arguments: Sequence[str],
    plugin: object,
    environment: Mapping[str, str | None] = ENVIRONMENT,
) -> tuple[int, str]:
    """Run pytest without other plugins; its status, and what it writes.

    Parameters:
        arguments: Those of its command line.
        plugin: An object with hooks.
        environment: Environment variables for the time of the run; ``None`` unsets one.
    """
    said = io.StringIO()
    with _environment(environment), redirect_stdout(said), redirect_stderr(said):
        status = pytest.main([*arguments], plugins=[plugin])
    return status, said.getvalue()


class _Listener:
    """The plugin that listens to pytest, on the side that reports."""

    def __init__(self, ended: Ended, progress: Progress, workers: Path) -> None:
        self._ended = ended
        self._progress = progress
        self._workers = workers

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._progress.judging(nodeid.partition("[")[2].removesuffix("]"))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        judged = judged_case(report.user_properties) if report.when == "call" else None
        if judged is not None:
            self._ended.cases.append(judged.case)
            self._progress.judged(judged.case)
        elif report.failed:
            self._ended.trouble.append(f"{report.nodeid}: {report.longreprtext}")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._ended.trouble.append(f"{report.nodeid}: {report.longreprtext}")

    def pytest_keyboard_interrupt(self) -> None:
        self._ended.interrupted = True
        for worker in self._workers.iterdir():
            # What runs there is put away at once; xdist would wait for it, and then kill it.
            with suppress(ProcessLookupError):
                os.kill(int(worker.name), signal.SIGTERM)


@contextmanager
def _environment(variables: Mapping[str, str | None]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    try:
        _set(variables)
        yield
    finally:
        _set(before)


def _set(variables: Mapping[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
