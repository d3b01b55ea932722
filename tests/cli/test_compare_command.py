"""``observe`` and ``compare`` as a user has them: files, texts, exit statuses."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from connect_contracts.search.budget import SEARCH_SETTINGS
from run_reports import Command

SELECT = ("--select", "SIG-1", "--select", "CA-2")


def observe(command: Command, attribute: str) -> str:
    file = f"{attribute}.json"
    done = command("observe", file, "--connect", f"client:{attribute}", *SELECT)
    assert done.returncode == 0, done.stderr
    assert f"client:{attribute}, Python" in done.stdout
    return file


def test_records_and_implementations_are_compared_alike(command: Command, folder: Path) -> None:
    first = (folder / observe(command, "connect")).read_bytes()
    kept = observe(command, "connect")
    assert (folder / kept).read_bytes() == first
    by_file = command("compare", kept, observe(command, "trusting"), "--json", "found.json")
    mixed = command("compare", kept, "client:trusting")
    # Where both can be run, smaller scenarios are tried.
    both = command("compare", "client:connect", "client:trusting", *SELECT)
    assert [done.returncode for done in (by_file, mixed, both)] == [1, 1, 1]
    texts = [done.stdout[done.stdout.index("A: client") :] for done in (by_file, mixed)]
    assert texts[0] == texts[1]
    difference = "connect: A raised URLError, alert unknown_ca by the client; B returned"
    for done in (by_file, both):
        assert f"1. {difference}" in " ".join(done.stdout.split())
    assert "(1) connect to localhost " in both.stdout
    numbers = [
        int(done.stdout.partition(" scenarios on both")[0].split()[-1]) for done in (by_file, both)
    ]
    assert numbers[0] < numbers[1]
    found = json.loads((folder / "found.json").read_text())
    assert found["exit status"] == 1
    assert found["groups"][0]["differences"][0]["told"] == difference

    own = command("compare", kept, "client:connect")
    assert own.returncode == 0, own.stdout
    assert "no difference; exit status 0" in own.stdout


def test_workers_find_the_same(command: Command) -> None:
    told = [
        command("compare", "client:connect", "client:trusting", *SELECT, "-n", workers)
        for workers in ("0", "2")
    ]
    assert [done.returncode for done in told] == [1, 1]
    here, elsewhere = (done.stdout[done.stdout.index("A: client") :] for done in told)
    assert here == elsewhere


def test_a_process_that_ends_is_one_sentence(command: Command, folder: Path) -> None:
    (folder / "ending.py").write_text("import os\ndef connect(url, **given):\n    os._exit(0)\n")
    done = command("observe", "x.json", "--connect", "ending", *SELECT, "-n", "1")
    assert done.returncode == 2
    assert done.stderr.startswith("connect-contract: ")
    assert "ended before" in done.stderr
    assert not (folder / "x.json").exists()


def test_two_implementations_are_searched(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = {"scenarios": 20, "parts": 1, "ladder": False, "runs_to_shrink": 10}
    monkeypatch.setitem(SEARCH_SETTINGS, "ci", replace(SEARCH_SETTINGS["ci"], **few))
    select = ("--select", "CA-2", "--settings", "ci")
    done = command("compare", "client:connect", "client:trusting", *select)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "special    HTTPS, without the authority's file" in done.stdout


def test_an_observation_that_saw_nothing(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connect_contracts.execution.lacking.has_ipv6", lambda: False)
    select = ("--connect", "client", "--select", "URL-9[ipv6-literal]")
    done = command("observe", "none.json", *select)
    assert done.returncode == 2
    assert "no scenario could be observed: this machine has no IPv6 loopback" in done.stdout
