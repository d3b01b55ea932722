"""Ids, sentences, levels and versions of clauses stay as they were published."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

NEW = {"level": "robust", "since": "0.2.0", "statement": "s"}


@pytest.fixture(scope="module")
def freeze() -> dict[str, Any]:
    return runpy.run_path(str(Path(__file__).with_name("freeze_clauses.py")))


def test_clauses_are_as_they_were_published(freeze: dict[str, Any]) -> None:
    now, frozen = freeze["published"](), json.loads(freeze["PATH"].read_text("utf-8"))
    new = sorted(now.keys() - frozen)
    assert new == [], "a new clause is added by: python tests/chapters/freeze_clauses.py"
    changed = [name for name in frozen if frozen[name] != now.get(name)]
    assert changed == [], (
        "the id, level, version and statement of a published clause stay as clauses.json has them: "
        "undo the change, or make a new clause of it"
    )


def test_a_new_clause_comes_with_the_version_of_now(freeze: dict[str, Any]) -> None:
    frozen = {"A-1": {"level": "robust", "since": "0.1.0", "statement": "s"}}
    # What is there stays, whatever the catalogue says now.
    now = {"A-1": NEW, "A-2": NEW}
    assert freeze["added"](frozen, now, "0.2.0") == {**frozen, "A-2": NEW}
    with pytest.raises(ValueError, match=r"state since='0.3.0' for A-2"):
        freeze["added"](frozen, now, "0.3.0")
