"""``connect-contract list`` and ``explain``."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.model.clause import Depth
from connect_fixtures.cli import main


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 0
    return capsys.readouterr().out


def test_every_clause_and_case_is_listed_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, "list").splitlines()
    assert {line.split(" ", 1)[0] for line in lines} >= set(catalogue().clauses)
    assert {line.strip().partition(" ")[0] for line in lines} >= set(catalogue().cases)
    for name in catalogue().clauses:
        told = printed(capsys, "explain", name)
        assert told.startswith(f"{name} (")
        assert max(map(len, told.split())) < 300


def test_explain_a_clause(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "explain", "CA-2")
    clause = catalogue().clauses["CA-2"]
    assert f"CA-2 (documented; profile 0.9.1 and 6.2): {clause.statement}." in text
    assert f"source: {clause.source}" in text
    assert "CA-2[without-the-file]" in text
    assert "expected of step 1: it raises" in text
    assert "its twin, which must succeed" in text
    assert "passwd" not in text


def test_explain_a_case_alone(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "explain", "CA-3[another-authority]")
    assert "CA-3[another-authority]" in text
    assert "CA-3[another-authority-of-the-same-name]" not in text


def test_depth_recipe_and_rule(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "CA-3[another-authority]"
    deep = replace(
        catalogue().cases[name], depth=Depth.FULL, recipe="trust/wrong-ca", rule="RFC 5280 6.1 (b)"
    )
    monkeypatch.setitem(catalogue().cases, name, deep)
    lines = printed(capsys, "list").splitlines()
    assert f"    {name} (depth full)" in lines
    assert {"    CA-2[without-the-file] (depth core)", "    SIG-5[unknown-keyword]"} <= set(lines)
    text = printed(capsys, "explain", "CA-3")
    assert "  depth: full; recipe: trust/wrong-ca\n  rule: RFC 5280 6.1 (b)\n" in text
    assert "  depth: default\n" in text
