"""The part of CI that runs the public client says where it cannot run, and can be made to fail."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "public_client"
pytestmark = pytest.mark.skipif(os.name == "nt", reason="a script of bash")
REQUIRED = (
    "The public client is not tested, and --require demands it: install what is missing above.\n"
)


@pytest.mark.parametrize(
    ("options", "made", "status", "out", "err"),
    [
        ((), 2, 0, "The public client is not tested: its environments cannot be made here.\n", ""),
        (("--require",), 2, 2, "", REQUIRED),
        (("--require",), 0, 0, "the table\n", ""),
        (("--require",), 1, 1, "", ""),
        (("--requires",), 0, 2, "", "There is no option '--requires'; there is --require.\n"),
    ],
)
def test_where_no_environment_can_be_made(
    tmp_path: Path, options: tuple[str, ...], made: int, status: int, out: str, err: str
) -> None:
    """``made`` is the status of ``environments.py``."""
    script = tmp_path / ".ci" / "public_client"
    script.parent.mkdir()
    shutil.copy(SCRIPT, script)
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(
        f'#!/bin/sh\ncase "$1" in *environments.py) exit {made} ;; *) echo the table ;; esac\n'
    )
    python.chmod(0o755)
    # What was made before.
    client = tmp_path / ".interop" / "ci" / "atoti-0.9.1" / "bin" / "python"
    client.parent.mkdir(parents=True)
    client.symlink_to(shutil.which("true") or "/bin/true")
    done = subprocess.run([script, *options], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (status, out, err)
