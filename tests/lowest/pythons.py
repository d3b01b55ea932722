"""Runs the main job and a slice of the tests on the other Pythons that are declared.

    python tests/lowest/pythons.py [--sample] [--keep DIRECTORY]

For each minor version of the classifiers in pyproject.toml but the one that runs this, it makes a
virtual environment with the newest versions of the dependencies, and runs the main job at its
default depth and the tests of ``lowest.TESTS`` in it. An interpreter is looked for on the path, and
in the folder of pyenv; one that is not there fails. A sample is the core of the main job and the
tests of ``SAMPLE`` on the newest of them.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

from lowest import CHECKOUT, TESTS, LowestError, say, step

PYENV = Path.home() / ".pyenv" / "versions"
MAIN_JOB = 1200.0
"""Seconds that the main job may take; alone on two processors it takes less than one minute."""
SAMPLE = ("tests/server/test_server_http.py", "tests/protocols/test_graphql.py")
NEEDED_BY_TESTS = ("py4j", "pytest-randomly", "jsonschema")


def others() -> Iterator[str]:
    """Minor versions that are declared, such as ``3.12``, without the running one."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    for classifier in project["classifiers"]:
        found = re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", classifier)
        if found and found[1] != running:
            yield found[1]


def interpreter(version: str) -> str:
    """The path of an interpreter of this minor version.

    Raises:
        LowestError: There is none.
    """
    by_pyenv = (str(path / "bin" / "python") for path in sorted(PYENV.glob(f"{version}.*")))
    found = shutil.which(f"python{version}")
    for candidate in (found, *by_pyenv):
        # The name may be that of a shim, which finds nothing.
        if candidate and subprocess.run([candidate, "-V"], capture_output=True).returncode == 0:
            return candidate
    raise LowestError(f"there is no Python {version} on the path or in {PYENV}.")


def run_on(version: str, folder: Path, work: Path, *, sample: bool) -> None:
    """Make the environment of ``version`` in ``folder``, and run all in ``work``."""
    scripts = folder / "bin"
    subprocess.run([interpreter(version), "-m", "venv", folder], check=True)
    pip = [scripts / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, *NEEDED_BY_TESTS, "--editable", f"{CHECKOUT}[all]"], check=True)
    depth = "core" if sample else "default"
    main_job = [scripts / "connect-contract", "run", "-n", "2", "--depth", depth]
    step(main_job, work, limit=MAIN_JOB)
    tests = [CHECKOUT / one for one in (SAMPLE if sample else TESTS)]
    # Warnings of a new Python about other people's code are not this project's.
    pytest = [scripts / "python", "-m", "pytest", "-q", "-n", "0", "-W", "default"]
    step([*pytest, "--rootdir", CHECKOUT, "-c", CHECKOUT / "pyproject.toml", *tests], work)


def main() -> int:
    parser = argparse.ArgumentParser(description="Try the other Pythons that are declared.")
    parser.add_argument("--keep", type=Path, help="make the environments here, and leave them")
    parser.add_argument("--sample", action="store_true", help="the newest one, and little of it")
    given = parser.parse_args()
    keep: Path | None = given.keep
    versions = sorted(others(), key=lambda version: int(version.partition(".")[2]))
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary, "work")
        work.mkdir()
        for version in versions[-1:] if given.sample else versions:
            say(f"Python {version}")
            try:
                folder = (keep or Path(temporary)).absolute() / version
                run_on(version, folder, work, sample=given.sample)
            except (LowestError, subprocess.SubprocessError) as error:
                sys.stderr.write(f"Python {version} does not do: {error}\n")
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
