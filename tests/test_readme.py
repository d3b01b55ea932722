"""The documents say what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from connect_contracts.model.evidence import Strength
from connect_contracts.model.verdict import Verdict
from connect_fixtures import fixtures
from connect_harness.releases import DEFAULT, NEWEST

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def rows_of_the_table(heading: str) -> list[str]:
    return README.partition(f"\n{heading}\n")[2].partition("\n\n")[0].splitlines()[1:]


def test_the_table_of_verdicts_is_that_of_the_code() -> None:
    more = {Verdict.NOT_TESTABLE: "; 2 with `--require-all`"}
    assert rows_of_the_table("| verdict | meaning | status of the run |") == [
        f"| {one.word} | {one.meaning} | {one.status}{more.get(one, '')} |" for one in Verdict
    ]


def test_the_table_of_evidence_is_that_of_the_code() -> None:
    assert rows_of_the_table("| decided by | which means |") == [
        f"| {one.word} | {one.meaning} |" for one in Strength
    ]


def test_every_fixture_is_listed() -> None:
    names = [name for name in vars(fixtures) if name.startswith("connect_")]
    assert names
    assert all(f"`{name}`" in README for name in names)


def test_nothing_is_left_to_fill_in_and_the_newest_release_is_named() -> None:
    assert "@" not in README.replace("@pytest", "")
    assert f"from {DEFAULT} to {NEWEST}" in README


@pytest.mark.parametrize("document", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_every_file_that_is_named_is_there(document: str) -> None:
    known = {str(path.relative_to(ROOT)) for path in ROOT.rglob("*.py") if ".venv" not in str(path)}
    text = (ROOT / document).read_text(encoding="utf-8")
    named = re.findall(r"`([\w/]+/\w+\.py)", text)
    missing = [name for name in named if not any(f"/{path}".endswith(f"/{name}") for path in known)]
    assert missing == []
