"""Runs the project with the lowest versions that pyproject.toml declares.

    python tests/lowest/lowest.py [--keep DIRECTORY]

Makes a virtual environment with exactly the lower bound of each dependency of the project and of
its extra ``all``, and runs the command and some tests in it. The versions are read from
pyproject.toml, so a bound cannot be declared without being tried.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from collections.abc import Sequence
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
LIMIT = 300.0
"""Seconds that one step may take."""

REFERENCE = "connect_contracts.reference.v0_9_1"
SLICE = ("--select", "SIG", "--select", "CA-2", "--select", "MTLS-1", "--select", "LIVE-2")
TESTS = (
    "tests/server/test_server_http.py",
    "tests/protocols/test_graphql.py",
    "tests/protocols/test_py4j_arrow.py",
    "tests/search/test_drawing.py::test_ladder_and_draws_are_the_same_in_every_process",
    "tests/search/test_drawing.py"
    "::test_where_a_private_part_is_missing_it_is_said_and_the_search_goes_on",
    "tests/plugin/test_plugin_fixtures.py",
    "tests/cli/test_expected.py",
)


class LowestError(Exception):
    """A step ended in another way than it should; the text says how."""


def say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def pins(project: dict[str, object]) -> list[str]:
    """The lower bound of each dependency, as pip takes it.

    Parameters:
        project: The table ``project`` of pyproject.toml.

    Raises:
        LowestError: A dependency has no lower bound.
    """
    own = project["name"]
    extras = project["optional-dependencies"]
    assert isinstance(extras, dict)
    required = list(project["dependencies"])
    for requirement in extras["all"]:
        for name in re.fullmatch(rf"{own}\[(.*)\]", requirement)[1].split(","):
            required += extras[name]
    return [_pin(requirement) for requirement in required]


def _pin(requirement: str) -> str:
    found = re.match(r"([A-Za-z0-9._-]+)\s*>=\s*([0-9.]+)", requirement)
    if found is None:
        raise LowestError(f"{requirement!r} has no lower bound that could be tried.")
    return f"{found[1]}=={found[2]}"


def environment(folder: Path) -> Path:
    """Make the environment, and give the folder of its scripts."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = pins(project)
    say(f"lowest versions: {' '.join(wanted)}")
    venv.create(folder, with_pip=True)
    scripts = folder / "bin"
    pip = [scripts / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, *wanted, "--editable", CHECKOUT], check=True)
    return scripts


def step(
    arguments: Sequence[str | Path],
    folder: Path,
    *,
    status: int = 0,
    says: str | None = None,
    limit: float = LIMIT,
) -> None:
    """Run one command in ``folder``.

    Parameters:
        status: The exit status that it must end with.
        says: What must stand in the one line that it writes to standard error; ``None`` where it
            does not matter what stands there, but a traceback never may.
        limit: Seconds that it may take.

    Raises:
        LowestError: It ended in another way.
    """
    told = " ".join(str(one) for one in arguments[1:])
    say(f"== {Path(arguments[0]).name} {told}")
    done = subprocess.run(
        arguments, cwd=folder, capture_output=True, text=True, timeout=limit, check=False
    )
    output = f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    if done.returncode != status:
        raise LowestError(f"status {done.returncode}, not {status}:\n{output}")
    if "Traceback" in done.stderr:
        raise LowestError(f"a traceback:\n{output}")
    if says is not None and (says not in done.stderr or len(done.stderr.splitlines()) != 1):
        raise LowestError(f"standard error is not one line with {says!r}:\n{output}")
    say(*done.stdout.splitlines()[-1:])


def run_all(scripts: Path, folder: Path) -> None:
    """Each step, in a working folder of its own."""
    command = scripts / "connect-contract"
    step([command, "run", *SLICE, "-n", "0", "--html", "report.html"], folder)
    # Scenarios and histories are drawn, which is where releases of Hypothesis differ.
    search = [scripts / "python", CHECKOUT / "tests/lowest/short_search.py"]
    step([*search, "--connect", REFERENCE, "--law", "parity", "-n", "0"], folder)
    observe = [command, "observe", "--connect", REFERENCE, "--scenarios", "cases"]
    step([*observe, *SLICE, "a.json"], folder)
    step([*observe, *SLICE, "b.json"], folder)
    step([command, "compare", "a.json", "b.json"], folder)
    step([command, "no-such-command"], folder, status=2, says="no-such-command")
    step([command, "run", "--no-such-option"], folder, status=2, says="no-such-option")
    tests = [CHECKOUT / one for one in TESTS]
    # Warnings of old releases about Python are not this project's.
    pytest = [scripts / "python", "-m", "pytest", "-q", "-n", "0", "-W", "default"]
    step([*pytest, "--rootdir", CHECKOUT, "-c", CHECKOUT / "pyproject.toml", *tests], folder)


def main() -> int:
    parser = argparse.ArgumentParser(description="Try the lowest versions that are declared.")
    parser.add_argument("--keep", type=Path, help="make the environment here, and leave it there")
    keep: Path | None = parser.parse_args().keep
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, "work")
        folder.mkdir()
        try:
            run_all(environment((keep or Path(temporary, "environment")).absolute()), folder)
        except (LowestError, subprocess.SubprocessError) as error:
            sys.stderr.write(f"The lowest versions do not do: {error}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
