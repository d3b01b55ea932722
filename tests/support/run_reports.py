"""Reports that the command wrote, as any reader of JSON has them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

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
