"""Reports that the command wrote, as any reader of JSON has them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from connect_fixtures.cli.selftest import selftest
from forked import Fork

Command = Callable[..., "subprocess.CompletedProcess[str]"]
"""Runs the command: words, and environment variables by name."""
StartCommand = Callable[..., Fork]
"""Starts the command, given the same."""


def read_json(path: Path) -> Any:
    """What the file at ``path`` holds."""
    return json.loads(path.read_text(encoding="utf-8"))


def verdicts(path: Path) -> dict[str, str]:
    """The verdict of each case in the report of a run."""
    clauses = read_json(path)["clauses"]
    return {case["id"]: case["verdict"] for clause in clauses for case in clause["cases"]}


@dataclass(frozen=True)
class Judged:
    """A run of the command that has ended: its status, what it printed, and what it reports."""

    status: int
    out: str
    err: str
    file: Path

    @property
    def lines(self) -> list[str]:
        """What it printed, by line."""
        return self.out.splitlines()

    @property
    def report(self) -> Any:
        """The report that it wrote."""
        return read_json(self.file)

    @property
    def verdicts(self) -> dict[str, str]:
        """The verdict of each case."""
        return verdicts(self.file)


Judge = Callable[..., Judged]
"""Judges an implementation: its name, ids, ``options``, and environment variables by name."""


def run_selftest(*arguments: str, **environment: str) -> tuple[int, str]:
    """Status and output of ``connect-contract selftest``, within this process."""
    done = CliRunner().invoke(selftest, arguments, env=environment, standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done.return_value, done.output
