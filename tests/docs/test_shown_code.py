"""All code that README and the docs show is run, and what it prints is what they say."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from connect_contracts.judging.expected_failures import read_expected_failures
from connect_fixtures.cli.command import group

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
README = (ROOT / "README.md").read_text("utf-8")
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
WAYS_IN = re.findall(r"^```console\n\$ cd (\S+)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
MODULES = {"connect-contract": "connect_contracts", "pytest": "pytest"}


@pytest.fixture
def typed(tmp_path: Path):
    """Runs a command as a user does who is in a copy of a folder of the docs."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST_", "GITHUB_", "FORCE_COLOR"))
    }

    def run(folder: str, line: str) -> subprocess.CompletedProcess[str]:
        copy = tmp_path / folder
        if not copy.exists():
            shutil.copytree(ROOT / folder, copy)
        name, *arguments = shlex.split(line)
        return subprocess.run(
            [sys.executable, "-m", MODULES[name], *arguments],
            cwd=copy,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.mark.parametrize(("folder", "block"), WAYS_IN, ids=range(1, len(WAYS_IN) + 1))
def test_a_way_in_prints_what_the_readme_says(typed, folder: str, block: str) -> None:
    first, *parts = re.split(r"^\$ ", block, flags=re.MULTILINE)
    assert (first, bool(parts)) == ("", True)
    checker = doctest.OutputChecker()
    for line, _, said in (part.partition("\n") for part in parts):
        done = typed(folder, line)
        assert checker.check_output(said, done.stdout, doctest.ELLIPSIS), done.stdout + done.stderr


def test_there_are_five_ways_in() -> None:
    assert len(WAYS_IN) == 5


def test_the_examples_run(typed) -> None:
    # ``test_report`` is a way in; the search of all laws takes long, and tests/search holds it.
    done = typed("docs/examples", "pytest test_connect.py test_harness.py test_faults.py")
    assert done.returncode == 0, done.stdout
    assert " skipped" not in done.stdout.replace("3 skipped", ""), done.stdout
    collected = typed("docs/examples", "pytest --collect-only test_laws.py")
    assert collected.returncode == 0, collected.stdout


def test_the_little_client_of_the_gallery_is_sound(typed) -> None:
    done = typed("docs/gallery", "connect-contract run --connect little:connect -n 0")
    assert done.returncode == 0, done.stdout


def test_the_expected_failures_can_be_read() -> None:
    assert read_expected_failures(DOCS / "examples" / "expected.toml")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_code_is_shown_that_no_test_runs(page: Path) -> None:
    """A page includes a file; README, which cannot, quotes one."""
    examples = "".join(path.read_text("utf-8") for path in DOCS.glob("examples/*.py"))
    shown = re.findall(r"^```(?:python|toml)\n(.*?)^```", page.read_text("utf-8"), re.M | re.S)
    assert [code for code in shown if code not in examples] == []
    assert page.name == "README.md" or shown == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_option_that_is_shown_is_there(page: Path) -> None:
    lines = re.findall(r"(?<![\w-])connect-contract ([a-z]+)([^`\n]*)", page.read_text("utf-8"))
    for name, rest in lines:
        known = {option for each in group.commands[name].params for option in each.opts}
        assert set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", rest)) <= known, f"{name}{rest}"
