"""``connect-contract recipes``: what it prints, and what it says of wrong input."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.model.clause import Depth
from connect_contracts.report.tls_table.answers import CRYPTOGRAPHY, OPENSSL_LENIENT, OPENSSL_STRICT
from connect_fixtures.cli import main

Command = Callable[..., Any]

RECIPES = {
    "CA-1[authority-given]": "made-up/plain",
    "CA-12[leaf-expired]": "made-up/expired",
    "CA-7[missing]": "made-up-file/missing",
}

CLIENT = """
from dataclasses import replace

from client import connect
from connect_contracts.chapters.catalogue import catalogue

for name, recipe in RECIPES.items():
    catalogue().cases[name] = replace(catalogue().cases[name], recipe=recipe)
"""


@pytest.fixture(autouse=True)
def made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some cases of the catalogue have made-up recipes, whatever recipes it has besides."""
    for name, recipe in RECIPES.items():
        case = replace(catalogue().cases[name], recipe=recipe, depth=Depth.FULL)
        monkeypatch.setitem(catalogue().cases, name, case)


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["recipes", *arguments]) == 0
    return capsys.readouterr().out


def test_json_of_a_topic(capsys: pytest.CaptureFixture[str]) -> None:
    whole = json.loads(told(capsys, "made-up", "--format", "json"))
    expired, plain = whole["recipes"]
    assert [one["id"] for one in (expired, plain)] == ["made-up/expired", "made-up/plain"]
    assert (expired["expected"], plain["expected"]) == ("refused", "accepted")
    assert list(expired["answers"]) == [OPENSSL_LENIENT, OPENSSL_STRICT, CRYPTOGRAPHY]
    for name in (OPENSSL_LENIENT, OPENSSL_STRICT):
        assert expired["answers"][name]["verify_code"] == 10
    assert not expired["answers"][CRYPTOGRAPHY]["accepted"]
    assert all(one["accepted"] for one in plain["answers"].values())
    assert whole["implementations"] == []


def test_a_file_has_no_certificate_question(capsys: pytest.CaptureFixture[str]) -> None:
    row = told(capsys, "made-up-file/missing", "--format", "markdown").splitlines()[2]
    assert row.startswith("| made-up-file/missing | CA-7[missing] | ")
    assert row.endswith(" | refused | full | - | - | - |")


def test_the_table_is_whole_where_it_is_piped(capsys: pytest.CaptureFixture[str]) -> None:
    head, first, second = told(capsys, "made-up").splitlines()
    assert head.split()[0] == "recipe"
    assert catalogue().cases["CA-12[leaf-expired]"].description in first
    assert "refused, certificate_expired by client" in first
    assert first.count("refused: V10 certificate has expired") == 2
    assert second.count("accepted") == 4


def test_what_implementations_did(
    capsys: pytest.CaptureFixture[str], command: Command, folder: Path
) -> None:
    folder.joinpath("cooking.py").write_text(f"RECIPES = {RECIPES!r}\n{CLIENT}")
    select = ("--select", *RECIPES, "--json")
    assert command("run", "--connect", "cooking", *select, "sound.json").returncode == 0
    assert command("run", "--connect", "client:trusting", *select, "broken.json").returncode == 1
    reports = ("--report", "sound.json", "--report", "broken.json")
    lines = told(capsys, "made-up", *reports, "--format", "markdown").splitlines()
    assert lines[0].endswith("| cooking (0.9.1) | client:trusting (0.9.1) |")
    alert = "certificate\\_expired by client"
    assert f"raised urllib.error.URLError; alert {alert}, as expected | returned a " in lines[2]
    assert lines[2].endswith(f"; no alert, and not {alert} |")
    assert lines[-3] == "cooking (0.9.1): 1 refused recipes, alert as expected in 1, different in 0"
    assert lines[-1] == (
        "client:trusting (0.9.1): 1 refused recipes, alert as expected in 0, different in 1: "
        f"made-up/expired (no alert, not {alert})"
    )
    report = json.loads((folder / "sound.json").read_text(encoding="utf-8"))
    cases = {case["id"]: case for one in report["clauses"] for case in one["cases"]}
    expired = cases["CA-12[leaf-expired]"]
    assert (expired["recipe"], expired["depth"]) == ("made-up/expired", "default")
    assert expired["outcome"] == "raised urllib.error.URLError"
    assert expired["alert"] == "certificate_expired by client"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("made-dow", "There is no recipe, topic, clause or case 'made-dow' among the recipes"),
        ("SIG-1", "There is no recipe, topic, clause or case 'SIG-1' among the recipes"),
        ("client.py", "client.py is a file: write --report before each report."),
        ("--report none.json", "none.json cannot be read: No such file or directory."),
        ("--report client.py", "client.py is no report of `connect-contract run`: "),
        ("--report .", ". cannot be read: it is no regular file."),
        ("--format html", "'html' is not one of"),
    ],
)
def test_wrong_input(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: str, sentence: str
) -> None:
    assert main(["recipes", *arguments.split()]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    [line] = captured.err.splitlines()
    assert line.startswith("connect-contract: ")
    assert sentence in line
