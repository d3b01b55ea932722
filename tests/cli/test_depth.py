"""``--depth``: how much is judged, told in the heading, in the report, and in one line."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.model.clause import Depth
from connect_fixtures.cli import main

Command = Callable[..., Any]

DEEPER = """
from dataclasses import replace

from client import connect, trusting
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.model.clause import Depth

cases = catalogue().cases
depths = {
    "CA-1[authority-given]": Depth.CORE,
    "CA-1[over-tls-1-2]": Depth.CORE,
    "CA-3[another-authority]": Depth.DEFAULT,
    "CA-3[another-authority-of-the-same-name]": Depth.FULL,
    "CA-2[without-the-file]": Depth.SLOW,
}
for case in [one for one in cases.values() if one.clause.id in ("CA-1", "CA-2", "CA-3")]:
    del cases[case.id]
    if case.id in depths:
        cases[case.id] = replace(case, depth=depths[case.id])
"""
"""An implementation whose module leaves five cases of CA-1 to CA-3, some of them deeper."""

SELECT = ("--select", "CA-1", "CA-2", "CA-3")


def judged(path: Path) -> list[str]:
    report = json.loads(path.read_text(encoding="utf-8"))
    return [case["id"] for one in report["clauses"] for case in one["cases"]]


@pytest.mark.parametrize(
    ("depth", "number", "line"),
    [
        ("core", 2, "depth core: 2 of 5 cases; --depth default adds 1, full 1, slow 1"),
        (None, 3, "depth default: 3 of 5 cases; --depth full adds 1, slow 1"),
        ("full", 4, "depth full: 4 of 5 cases; --depth slow adds 1"),
        ("slow", 5, None),
    ],
)
def test_each_depth(
    command: Command, folder: Path, depth: str | None, number: int, line: str | None
) -> None:
    folder.joinpath("deeper.py").write_text(DEEPER)
    asked = () if depth is None else ("--depth", depth)
    done = command("run", "--connect", "deeper", *SELECT, *asked, "--json", "report.json")
    assert done.returncode == 0, done.stdout + done.stderr
    told = done.stdout.splitlines()
    assert told[0].endswith(f", depth {depth or 'default'}")
    assert [one for one in told if one.startswith("depth ")] == ([line] if line else [])
    assert len(judged(folder / "report.json")) == number
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert report["depth"] == (depth or "default")
    assert sum(report["deeper"].values()) == 5 - number


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["serial", "a-worker"])
def test_a_case_that_is_named_runs_at_any_depth(
    command: Command, folder: Path, workers: tuple[str, ...]
) -> None:
    folder.joinpath("deeper.py").write_text(DEEPER)
    select = ("--select", "CA-2[without-the-file]", "CA-3", "--depth", "core")
    run = ("run", "--connect", "deeper:trusting", *select, *workers, "--json", "report.json")
    done = command(*run)
    assert done.returncode == 1, done.stdout + done.stderr
    assert judged(folder / "report.json") == ["CA-2[without-the-file]"]
    replay = "connect-contract run --connect deeper:trusting --select 'CA-2[without-the-file]'"
    assert f"replay    {replay}" in done.stdout.splitlines()


def test_nothing_at_this_depth(command: Command, folder: Path) -> None:
    folder.joinpath("deeper.py").write_text(DEEPER)
    done = command("run", "--connect", "deeper", "--select", "CA-3", "CA-2", "--depth", "core")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "connect-contract: No case of CA-3, CA-2 is judged at the depth core: "
        "ask for --depth default or full or slow.\n"
    )


def test_no_such_depth(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--connect", "client", "--depth", "deep"]) == 2
    assert capsys.readouterr().err == (
        "connect-contract: There is no depth 'deep': choose one of core, default, full, slow.\n"
    )


def test_listed_and_explained(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "CA-3[another-authority]"
    deep = replace(
        catalogue().cases[name], depth=Depth.FULL, recipe="trust/wrong-ca", rule="RFC 5280 6.1 (b)"
    )
    monkeypatch.setitem(catalogue().cases, name, deep)
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert f"    {name} (depth full)" in lines
    assert {"    CA-2[without-the-file] (depth core)", "    SIG-5[unknown-keyword]"} <= set(lines)
    assert main(["explain", "CA-3"]) == 0
    told = capsys.readouterr().out
    assert "  depth: full; recipe: trust/wrong-ca\n  rule: RFC 5280 6.1 (b)\n" in told
    assert "  depth: default\n" in told
