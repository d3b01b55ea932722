"""Without ``--connect``, the command judges what pytest's configuration of the folder names."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

Command = Callable[..., Any]

CA_1, CA_2 = "CA-1[authority-given]", "CA-2[without-the-file]"

# Options and plugins that the command does not load must not keep it from reading the rest.
FILES = {
    "pyproject.toml": f"""
        [tool.pytest.ini_options]
        addopts = ["--cov=client", "--strict-config"]
        required_plugins = ["pytest-no-such-plugin"]
        filterwarnings = ["error"]
        an_entry_of_another_plugin = "x"
        connect_contract = "client:trusting"
        connect_contract_select = ["{CA_2}"]
        connect_contract_profile = "6.2"
        """,
    "pytest.ini": f"""
        [pytest]
        connect_contract = client:trusting
        connect_contract_select = {CA_2}
        connect_contract_profile = 6.2
        """,
    "tox.ini": f"""
        [pytest]
        addopts = --no-such-option
        connect_contract = client:trusting
        connect_contract_select = {CA_2}
        connect_contract_profile = 6.2
        """,
    "setup.cfg": f"""
        [tool:pytest]
        connect_contract = client:trusting
        connect_contract_select = {CA_2}
        connect_contract_profile = 6.2
        """,
}


def write(folder: Path, name: str, text: str) -> None:
    lines = [line.strip() for line in text.strip().splitlines()]
    (folder / name).write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize("name", FILES)
def test_what_the_configuration_names_is_judged(command: Command, folder: Path, name: str) -> None:
    write(folder, name, FILES[name])
    done = command("run", "--json", "report.json")
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stdout.splitlines()[0] == (
        f"client:trusting, profile 6.2 (asked for), depth default; named by connect_contract in "
        f"{name}"
    )
    told = json.loads((folder / "report.json").read_text())
    assert [case["id"] for clause in told["clauses"] for case in clause["cases"]] == [CA_2]


ADDED = {
    "pytest.ini": """
        [pytest]
        addopts = --cov=client -k "x or y"
            --connect-contract client:trusting
        """,
    "setup.cfg": """
        [tool:pytest]
        addopts = --connect-contract=client:trusting --no-such-option
        """,
    "pyproject.toml": """
        [tool.pytest.ini_options]
        connect_contract = "client"
        addopts = ["--connect-contract", "client:trusting", "-p", "no_such_plugin"]
        """,
}


@pytest.mark.parametrize("name", ADDED)
def test_what_added_options_name_is_judged(command: Command, folder: Path, name: str) -> None:
    """pytest judges it, so that the references would be green in its place."""
    (folder / name).write_text(dedent(ADDED[name]))
    done = command("run", "--select", CA_2)
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stdout.splitlines()[0].endswith(f"named by --connect-contract in addopts of {name}")


@pytest.mark.parametrize(
    ("added", "named_by"),
    [
        (
            f"--connect-contract client:trusting --connect-contract-select {CA_2}",
            "--connect-contract in PYTEST_ADDOPTS",
        ),
        ("-c other.ini", "connect_contract in other.ini"),
    ],
)
def test_what_the_environment_adds_is_judged(
    command: Command, folder: Path, added: str, named_by: str
) -> None:
    write(folder, "pytest.ini", "[pytest]\nconnect_contract = client")
    write(folder, "other.ini", FILES["pytest.ini"])
    done = command("run", PYTEST_ADDOPTS=added)
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stdout.splitlines()[0].endswith(f"named by {named_by}")
    assert done.stdout.splitlines()[-1].startswith("1 clause (1 case): 1 failed")


@pytest.mark.parametrize(
    "said",
    ["connect_contract_require_all = true", "addopts = --connect-contract-require-all"],
)
def test_what_is_not_testable_counts_where_the_configuration_says_so(
    command: Command, folder: Path, said: str
) -> None:
    write(folder, "pytest.ini", f"[pytest]\nconnect_contract = nameless\n{said}")
    (folder / "nameless.py").write_text(
        "def connect(url, *, authentication=None, certificate_authority=None):\n"
        "    raise ValueError\n"
    )
    done = command("run", "--select", "MTLS-1")
    assert done.returncode == 2, done.stdout + done.stderr


def test_the_command_line_wins(command: Command, folder: Path) -> None:
    write(folder, "pytest.ini", FILES["pytest.ini"])
    done = command("run", "--select", CA_1, "--profile", "0.9.1", "--depth", "core")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[0].startswith(
        "client:trusting, profile 0.9.1 (asked for), depth core; named by"
    )
    other = command("run", "--connect", "client", "--select", CA_2)
    assert other.returncode == 0, other.stdout + other.stderr
    assert other.stdout.splitlines()[0].endswith("depth default")


def test_paths_are_those_of_the_file(command: Command, folder: Path) -> None:
    (folder / "known").mkdir()
    (folder / "known" / "failures.toml").write_text(
        f'[[expected-failure]]\nreason = "known"\ncase = "{CA_2}"\n'
        'way = ["it returned", "HTTP reached"]\n'
    )
    (folder / "src").mkdir()
    (folder / "client.py").rename(folder / "src" / "moved.py")
    write(
        folder,
        "pytest.ini",
        f"""
        [pytest]
        pythonpath = src
        connect_contract = moved:trusting
        connect_contract_select = {CA_2}
        connect_contract_expected_failures = known/failures.toml
        connect_contract_regressions = known
        """,
    )
    for workers in ((), ("-n", "1")):
        done = command("run", *workers)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "1 known" in done.stdout.splitlines()[-1]


def test_a_file_without_an_implementation_leaves_the_references(
    command: Command, folder: Path
) -> None:
    write(folder, "pytest.ini", "[pytest]\nconnect_contract_depth = core\n")
    done = command("run", "--select", CA_1, "--profile", "6.2")
    assert done.returncode == 0, done.stdout + done.stderr
    first = done.stdout.splitlines()[0]
    assert first.startswith("connect_contracts.reference.v6_2, profile 6.2 ")
    assert first.endswith("depth default")


def test_a_file_that_cannot_be_read(command: Command, folder: Path) -> None:
    write(folder, "pyproject.toml", "[tool.pytest.ini_options]\nx = [")
    done = command("run")
    assert done.returncode == 2
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith(
        "connect-contract: pytest's configuration of the working folder cannot be read ("
    )
    assert sentence.endswith("or name an implementation by --connect.")
    assert done.stdout == ""


def test_search_and_replay_take_it_too(command: Command, folder: Path) -> None:
    write(folder, "pytest.ini", "[pytest]\nconnect_contract = no_such_module\n")
    (folder / "capsules").mkdir()
    for arguments in (("search",), ("replay", "capsules")):
        done = command(*arguments)
        assert done.returncode == 2
        assert "The module 'no_such_module' of --connect" in done.stderr
