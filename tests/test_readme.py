"""The README says what the code says."""

from __future__ import annotations

from pathlib import Path

from connect_contracts.model.evidence import Strength, strength_table
from connect_contracts.model.verdict import Verdict, verdict_table
from connect_fixtures import fixtures

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_the_table_of_verdicts_is_made_from_the_code() -> None:
    assert verdict_table() in README
    assert all(verdict.word in verdict_table() for verdict in Verdict)


def test_the_table_of_evidence_is_made_from_the_code() -> None:
    assert strength_table() in README
    assert all(one.word in strength_table() for one in Strength)


def test_every_fixture_is_listed() -> None:
    names = [name for name in vars(fixtures) if name.startswith("connect_")]
    assert names
    assert all(f"`{name}`" in README for name in names)


def test_nothing_is_left_to_fill_in() -> None:
    assert "@" not in README.replace("@pytest", "")
