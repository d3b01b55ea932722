"""Makes a repository as a user has it, with jobs of CI systems, and runs the jobs.

    python tests/sample/sample.py FOLDER [--wheel FILE]

The project is installed from a wheel, which is built unless one is given, into an environment of
its own in FOLDER. What fails yesterday is declared in ``known.toml``; today the client verifies no
certificate, and the jobs run. Then each error of a file of expected failures is made once. Each
status is printed, with the first lines of its log, which is a file of FOLDER.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parents[1]
JOBS = ("github.sh", "gitlab.sh")
GITHUB = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": "step-summary.md"}
FIRST_SCREEN = 40
_ENTRY = '[[expected-failure]]\nclause = "URL-2"\nreason = "why"\nway = "HTTPError"\n'
WRONG_FILES = {
    "no TOML": "[[expected-failure]\n",
    "an unknown case": _ENTRY.replace("clause", "case").replace("URL-2", "URL-2[no-such-case]"),
    "an unknown key": f"{_ENTRY}note = 1\n",
    "no reason": _ENTRY.replace('reason = "why"\n', ""),
    "no way": _ENTRY.replace('way = "HTTPError"\n', ""),
    "twice": _ENTRY * 2,
    "a cause with a way": _ENTRY.replace("clause", "cause"),
    "expired": f"{_ENTRY}flaky = true\nexpires = 2020-01-31\n",
    "stale": _ENTRY.replace("URL-2", "SIG-1"),
}
"""Files of expected failures that are wrong, or out of date."""


def write_repository(folder: Path, client: str) -> None:
    """A package with this ``client``, and the jobs."""
    shutil.copytree(HERE / "repository", folder, dirs_exist_ok=True)
    package = folder / "mypackage"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "client.py").write_text(client, encoding="utf-8")


def break_client(folder: Path) -> None:
    """From now on ``connect`` verifies no certificate."""
    path = folder / "mypackage" / "client.py"
    path.write_text(f"{path.read_text(encoding='utf-8')}\nconnect = trusting\n", encoding="utf-8")


def run_in(
    folder: Path, *words: str, scripts: Path, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a command in the repository, with the scripts of an environment on its path."""
    environment: Mapping[str, str] = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")},
        "PATH": f"{scripts}{os.pathsep}{os.environ.get('PATH', '')}",
        **variables,
    }
    return subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def run_jobs(
    folder: Path, scripts: Path, select: tuple[str, ...] = (), search: str = ""
) -> dict[str, subprocess.CompletedProcess[str]]:
    """Yesterday's failures are declared and reported; then each job on the client of today."""
    names = [word for name in select for word in ("--select", name)]
    known = ("connect-contract", "expected", "known.toml", "--connect", "mypackage.client")
    laws = ("--search", search) if search else ()
    done = {"known": run_in(folder, *known, "--update", *names, *laws, scripts=scripts)}
    selected = ("--select", *select) if select else ()
    run = ("connect-contract", "run", "--connect", "mypackage.client", *selected)
    expected = ("--expected-failures", "known.toml", "--json", "yesterday.json")
    done["yesterday"] = run_in(folder, *run, *expected, scripts=scripts)
    break_client(folder)
    for job in JOBS:
        variables = {"SEARCH": search, **(GITHUB if job == "github.sh" else {})}
        done[job] = run_in(folder, "sh", job, *selected, scripts=scripts, **variables)
    return done


def judge_with_wrong_files(
    folder: Path, scripts: Path
) -> dict[str, subprocess.CompletedProcess[str]]:
    """A run with each of the wrong files."""
    run = ("connect-contract", "run", "--connect", "mypackage.client", "--select", "SIG-1", "URL-2")
    done = {}
    for name, text in WRONG_FILES.items():
        (folder / "wrong.toml").write_text(text, encoding="utf-8")
        words = (*run, "--expected-failures", "wrong.toml")
        done[name] = run_in(folder, *words, scripts=scripts)
    return done


def main() -> int:
    from user_modules import CLIENT

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--wheel", type=Path)
    given = parser.parse_args()
    folder: Path = given.folder.absolute()
    write_repository(folder, CLIENT)
    wheel = given.wheel
    if wheel is None:
        build = (sys.executable, "-m", "build", "--wheel", "--outdir", str(folder / "dist"))
        subprocess.run([*build, str(CHECKOUT)], check=True, stdout=subprocess.DEVNULL)
        (wheel,) = (folder / "dist").glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", str(folder / ".venv")], check=True)
    scripts = folder / ".venv" / "bin"
    pip = (str(scripts / "python"), "-m", "pip", "install", "--quiet")
    subprocess.run([*pip, f"{wheel.absolute()}[all]"], check=True)
    jobs = run_jobs(folder, scripts, search="ci")
    for name, done in {**jobs, **judge_with_wrong_files(folder, scripts)}.items():
        log = done.stdout.splitlines()
        (folder / f"{name}.log").write_text(done.stdout + done.stderr, encoding="utf-8")
        first = "\n".join(log[:FIRST_SCREEN])
        sys.stdout.write(f"== {name}: status {done.returncode}, {len(log)} lines\n{first}\n")
        sys.stdout.write(f"...\n{log[-1] if log else ''}\n{done.stderr}\n")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(CHECKOUT / "tests" / "support"))
    sys.exit(main())
