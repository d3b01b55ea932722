"""``connect-contract list`` and ``explain``."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.model.clause import Depth
from connect_fixtures.cli import main


def test_list_names_every_clause_and_case(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    every = catalogue()
    assert {line.split(" ", 1)[0] for line in lines} >= set(every.clauses)
    assert {line.strip().partition(" ")[0] for line in lines} >= set(every.cases)


def test_explain_a_clause(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "CA-2"]) == 0
    told = capsys.readouterr().out
    clause = catalogue().clauses["CA-2"]
    assert f"CA-2 (documented; profile 0.9.1 and 6.2): {clause.statement}." in told
    assert f"source: {clause.source}" in told
    assert "CA-2[without-the-file]" in told
    assert "expected of step 1: it raises" in told
    assert "its twin, which must succeed" in told
    assert "passwd" not in told


def test_every_clause_can_be_explained(capsys: pytest.CaptureFixture[str]) -> None:
    for name in catalogue().clauses:
        assert main(["explain", name]) == 0
        assert capsys.readouterr().out.startswith(f"{name} (")


def test_explain_a_case_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "CA-3[another-authority]"]) == 0
    told = capsys.readouterr().out
    assert "CA-3[another-authority]" in told
    assert "CA-3[another-authority-of-the-same-name]" not in told


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
