"""The documents say what the code says; what README shows is run by tests/docs."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.model.clause import Depth
from connect_harness.releases import DEFAULT, NEWEST

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"]
PAGES = [str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("docs/**/*.md"))]


def test_nothing_is_left_to_fill_in_and_the_newest_release_is_named() -> None:
    assert "@" not in README.replace("@pytest", "")
    assert f"from {DEFAULT} to {NEWEST}" in README


def test_it_links_to_no_file_that_the_wheel_lacks() -> None:
    assert re.findall(r"\]\((?!https://|#)[^)]*\)", README) == []


def test_the_main_job_is_shown_with_the_cases_that_there_are() -> None:
    depths = Counter(case.depth for case in catalogue().cases.values())
    judged = depths[Depth.CORE] + depths[Depth.DEFAULT]
    assert README.count(f"{len(catalogue().clauses)} clauses ({judged} cases): ") == 2
    deeper = f"--depth full adds {depths[Depth.FULL]}, slow {depths[Depth.SLOW]}"
    assert f"depth default: {judged} of {len(catalogue().cases)} cases; {deeper}\n" in README


@pytest.mark.parametrize("document", [*DOCUMENTS, *PAGES])
def test_every_file_that_is_named_is_there(document: str) -> None:
    known = {str(path.relative_to(ROOT)) for path in ROOT.rglob("*.py") if ".venv" not in str(path)}
    text = (ROOT / document).read_text(encoding="utf-8")
    named = re.findall(r"`([\w/]+/\w+\.py)", text)
    missing = [name for name in named if not any(f"/{path}".endswith(f"/{name}") for path in known)]
    assert missing == []
