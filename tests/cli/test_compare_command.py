"""``observe`` and ``compare`` as a user has them: files, texts, exit statuses."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[..., "subprocess.CompletedProcess[str]"]

SELECT = ("--select", "SIG-1", "--select", "CA-2")


def observed(command: Command, attribute: str, *options: str) -> str:
    file = f"{attribute}.json"
    done = command("observe", file, "--connect", f"client:{attribute}", *(options or SELECT))
    assert done.returncode == 0, done.stderr
    assert f"client:{attribute}, Python" in done.stdout
    return file


def test_two_records_of_one_implementation_are_one_file(command: Command, folder: Path) -> None:
    first = (folder / observed(command, "connect")).read_text()
    second = (folder / observed(command, "connect")).read_text()
    assert first == second
    assert json.loads(first)["schema"] == 1


def test_records_and_implementations_are_compared_alike(command: Command, folder: Path) -> None:
    kept, live = observed(command, "connect"), "client:trusting"
    by_file = command("compare", kept, observed(command, "trusting"), "--json", "found.json")
    mixed = command("compare", kept, live)
    both = command("compare", "client:connect", live, *SELECT)
    assert [one.returncode for one in (by_file, mixed, both)] == [1, 1, 1]
    told = "connect: A raised URLError, alert unknown_ca by the client; B returned"
    assert f"1. {told}" in " ".join(by_file.stdout.split())
    texts = [one.stdout[one.stdout.index("A: client") :] for one in (by_file, mixed)]
    assert texts[0] == texts[1]
    # Where both can be run, smaller scenarios are tried.
    assert f"1. {told}" in " ".join(both.stdout.split())
    assert "(1) connect to localhost " in both.stdout
    numbers = [
        int(one.stdout.partition(" scenarios on both")[0].split()[-1]) for one in (by_file, both)
    ]
    assert numbers[0] < numbers[1]
    found = json.loads((folder / "found.json").read_text())
    assert found["exit status"] == 1
    assert found["groups"][0]["differences"][0]["told"] == told


def test_an_implementation_does_not_differ_from_its_own_record(command: Command) -> None:
    done = command("compare", observed(command, "connect"), "client:connect")
    assert done.returncode == 0, done.stdout
    assert "no difference; exit status 0" in done.stdout


def test_a_difference_is_reduced_where_both_are_at_hand(command: Command) -> None:
    done = command(
        *("compare", "client:connect", "client:trusting", "--select", "CA-2"),
        *("--settings", "ci", "--json", "found.json"),
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "special    HTTPS, without the authority's file" in done.stdout


def test_an_implementation_that_ends_the_process_is_told(command: Command, folder: Path) -> None:
    done = command("observe", "record.json", "--connect", "client:crashing", "--select", "CA-2")
    assert done.returncode == 2
    assert "the process ended before the run did" in done.stderr
    assert not (folder / "record.json").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("observe", "Missing argument 'FILE'"),
        ("observe record.json", "Missing option '--connect'"),
        ("observe nowhere/record.json --connect client", "lies in one that is not there"),
        ("observe record.json --connect no_such_module", "'no_such_module' of --connect"),
        ("observe record.json --connect client --select CA-99", "no clause or case 'CA-99'"),
        ("observe record.json --connect client --depth 7", "There is no depth '7'"),
        ("observe record.json --connect client --profile 7", "There is no profile '7'"),
        ("compare client", "Missing argument 'B'"),
        ("compare none.json client", "none.json cannot be read: No such file or directory."),
        ("compare client.py client", "client.py is no JSON"),
        ("compare . client", ". is a folder: name the file of one behaviour record."),
        ("compare client:nobody client", "has no attribute 'nobody'"),
        ("compare newer.json client", "newer.json has the schema 99 of behaviour records"),
        ("compare kept.json kept.json --settings ci", "--settings searches two implementations"),
        ("compare kept.json kept.json", "The two records have no scenario in common"),
        ("compare client client --json nowhere/found.json", "--json nowhere/found.json"),
    ],
)
def test_bad_input_gets_one_sentence(
    command: Command, folder: Path, arguments: str, sentence: str
) -> None:
    (folder / "newer.json").write_text('{"schema": 99}')
    kept = {
        "schema": 1,
        "implementation": "client",
        "distributions": {},
        "python": "3.11",
        "suite": "0",
        "profile": "0.9.1",
        "depth": "default",
        "scenarios": [],
    }
    (folder / "kept.json").write_text(json.dumps(kept))
    done = command(*arguments.split())
    assert done.returncode == 2
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert "Traceback" not in done.stderr


def test_an_observation_that_saw_nothing(command: Command, folder: Path) -> None:
    # Read by Python as it starts: a machine without IPv6.
    (folder / "sitecustomize.py").write_text("import socket\nsocket.has_ipv6 = False\n")
    ipv6 = ("--connect", "client", "--select", "URL-9[ipv6-literal]")
    done = command("observe", "none.json", *ipv6, PYTHONPATH=str(folder))
    assert done.returncode == 2
    assert "no scenario could be observed: this machine has no IPv6 loopback" in done.stdout
