"""Writes the table of every TLS recipe, with what the reference and the public client do.

    python tests/interop/tls_table.py [FILE]

The reference is judged by this interpreter, the public client in the environments that
``environments.py`` makes, each at the depth full. ``tests/interop/tls_recipes.md`` is what it wrote
last; a report that cannot be had is left out.
"""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

HERE = Path(__file__).parent
ENVIRONMENTS = SimpleNamespace(**runpy.run_path(str(HERE / "environments.py")))
REFERENCE = "connect_contracts.reference.v0_9_1"


def run(python: Path, connect: str, report: Path) -> bool:
    """Judge ``connect`` in the environment of ``python``; whether there is a report."""
    command = [python.with_name("connect-contract"), "run", "--connect", connect]
    environment = {**os.environ, "ATOTI_HIDE_EULA_MESSAGE": "True"}
    subprocess.run(
        [*command, "--depth", "full", "--json", report],
        env=environment,
        stdout=subprocess.DEVNULL,
        check=False,
    )
    return report.exists()


def main(target: Path) -> None:
    """Judge all, and write the table to ``target``."""
    with tempfile.TemporaryDirectory() as folder:
        subjects = [("reference", Path(sys.executable), REFERENCE)]
        subjects += [(one.name, one.interpreter, "atoti") for one in ENVIRONMENTS.RELEASES]
        reports: list[Path | str] = []
        for name, python, connect in subjects:
            report = Path(folder) / f"{name}.json"
            if python.exists() and run(python, connect, report):
                reports += ["--report", report]
        command = Path(sys.executable).with_name("connect-contract")
        table = subprocess.run(
            [command, "recipes", "--format", "markdown", *reports],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        target.write_text(table.stdout, encoding="utf-8")
    sys.stdout.write(f"{target}: {len(table.stdout.splitlines())} lines\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "tls_recipes.md")
