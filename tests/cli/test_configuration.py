"""Without ``--connect``, the command judges what pytest's configuration of the folder names."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from run_reports import Command, verdicts

CA_1, CA_2 = "CA-1[authority-given]", "CA-2[without-the-file]"
ENTRIES = f"""\
connect_contract = client:trusting
connect_contract_select = {CA_2}
connect_contract_profile = 6.2
"""
BY_ENTRY = "profile 6.2 (asked for), depth default; named by connect_contract in"
BY_OPTION = "named by --connect-contract in addopts of"

# Options and plugins that the command does not load must not keep it from reading the rest. Where
# the added options name an implementation, pytest judges that one.
NAMED = {
    "an entry of pyproject.toml": (
        f"""
        [tool.pytest.ini_options]
        addopts = ["--cov=client", "--strict-config"]
        required_plugins = ["pytest-no-such-plugin"]
        filterwarnings = ["error"]
        an_entry_of_another_plugin = "x"
        connect_contract = "client:trusting"
        connect_contract_select = ["{CA_2}"]
        connect_contract_profile = "6.2"
        """,
        BY_ENTRY,
    ),
    "an entry of pytest.ini": (f"[pytest]\n{ENTRIES}", BY_ENTRY),
    "an entry of tox.ini": (f"[pytest]\naddopts = --no-such-option\n{ENTRIES}", BY_ENTRY),
    "an entry of setup.cfg": (f"[tool:pytest]\n{ENTRIES}", BY_ENTRY),
    "an option in pytest.ini": (
        """
        [pytest]
        addopts = --cov=client -k "x or y"
            --connect-contract client:trusting
        """,
        BY_OPTION,
    ),
    "an option in setup.cfg": (
        "[tool:pytest]\naddopts = --connect-contract=client:trusting --no-such-option\n",
        BY_OPTION,
    ),
    "an option in pyproject.toml": (
        """
        [tool.pytest.ini_options]
        connect_contract = "client"
        addopts = ["--connect-contract", "client:trusting", "-p", "no_such_plugin"]
        """,
        BY_OPTION,
    ),
}


@pytest.mark.parametrize("place", NAMED)
def test_what_the_configuration_names_is_judged(command: Command, folder: Path, place: str) -> None:
    text, named_by = NAMED[place]
    name = place.split()[-1]
    (folder / name).write_text(dedent(text))
    select = () if named_by is BY_ENTRY else ("--select", CA_2)
    done = command("run", "--json", "report.json", *select)
    assert done.returncode == 1, done.stdout + done.stderr
    first = done.stdout.splitlines()[0]
    assert first.startswith("client:trusting, ")
    assert first.endswith(f"{named_by} {name}")
    assert verdicts(folder / "report.json") == {CA_2: "failed"}


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
    (folder / "pytest.ini").write_text("[pytest]\nconnect_contract = client")
    (folder / "other.ini").write_text(f"[pytest]\n{ENTRIES}")
    done = command("run", PYTEST_ADDOPTS=added)
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stdout.splitlines()[0].endswith(f"named by {named_by}")
    assert done.stdout.splitlines()[-1].startswith("1 clause (1 case): 1 failed")


@pytest.mark.parametrize(
    "required",
    ["connect_contract_require_all = true", "addopts = --connect-contract-require-all"],
)
def test_what_is_not_testable_counts_where_the_configuration_says_so(
    command: Command, folder: Path, required: str
) -> None:
    (folder / "pytest.ini").write_text(f"[pytest]\nconnect_contract = client\n{required}")
    done = command("run", "--select", "SIG-1", "MTLS-1[two-files]")
    assert done.returncode == 2, done.stdout + done.stderr
    assert "1 not testable; not found: ClientCertificate; " in done.stdout.splitlines()[-1]


def test_the_command_line_wins(command: Command, folder: Path) -> None:
    (folder / "pytest.ini").write_text(f"[pytest]\n{ENTRIES}")
    done = command("run", "--select", CA_1, "--profile", "0.9.1", "--depth", "core")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[0].startswith(
        "client:trusting, profile 0.9.1 (asked for), depth core; named by"
    )
    other = command("run", "--connect", "client", "--select", CA_2)
    assert other.returncode == 0, other.stdout + other.stderr
    assert other.stdout.splitlines()[0].endswith("depth default")


def test_paths_are_those_of_the_file_also_on_a_worker(command: Command, folder: Path) -> None:
    (folder / "known").mkdir()
    (folder / "known" / "failures.toml").write_text(
        f'[[expected-failure]]\nreason = "known"\ncase = "{CA_2}"\n'
        'way = ["it returned", "HTTP reached"]\n'
    )
    (folder / "src").mkdir()
    (folder / "client.py").rename(folder / "src" / "moved.py")
    (folder / "pytest.ini").write_text(
        f"[pytest]\n{ENTRIES.replace('client', 'moved')}pythonpath = src\n"
        "connect_contract_expected_failures = known/failures.toml\n"
        "connect_contract_regressions = known\n"
    )
    done = command("run", "-n", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 known" in done.stdout.splitlines()[-1]


def test_a_file_without_an_implementation_leaves_the_references(
    command: Command, folder: Path
) -> None:
    (folder / "pytest.ini").write_text("[pytest]\nconnect_contract_depth = core\n")
    done = command("run", "--select", CA_1, "--profile", "6.2")
    assert done.returncode == 0, done.stdout + done.stderr
    first = done.stdout.splitlines()[0]
    assert first.startswith("connect_contracts.reference.v6_2, profile 6.2 ")
    assert first.endswith("depth default")


UNREADABLE = "pytest's configuration of the working folder cannot be read ("


@pytest.mark.parametrize(
    ("arguments", "file", "text", "sentence"),
    [
        ("run", "pyproject.toml", "[tool.pytest.ini_options]\nx = [", UNREADABLE),
        *(
            (
                arguments,
                "pytest.ini",
                "[pytest]\nconnect_contract = no_such_module\n",
                "The module 'no_such_module' of --connect",
            )
            for arguments in ("search", "replay .")
        ),
    ],
    ids=["no TOML", "search", "replay"],
)
def test_a_bad_configuration(
    command: Command, folder: Path, arguments: str, file: str, text: str, sentence: str
) -> None:
    (folder / file).write_text(text)
    done = command(*arguments.split())
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"connect-contract: {sentence}")
    assert sentence is not UNREADABLE or line.endswith("or name an implementation by --connect.")
