"""``connect-contract list`` and ``explain``."""

from __future__ import annotations

import pytest

from connect_contracts.chapters.catalogue import catalogue
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


@pytest.mark.parametrize("name", sorted(catalogue().clauses))
def test_every_clause_can_be_explained(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", name]) == 0
    assert capsys.readouterr().out.startswith(f"{name} (")


def test_explain_a_case_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "CA-3[another-authority]"]) == 0
    told = capsys.readouterr().out
    assert "CA-3[another-authority]" in told
    assert "CA-3[another-authority-of-the-same-name]" not in told
