"""What is published of each clause: a file that ``test_frozen_clauses.py`` holds.

A user pins a version, and reads ids in reports: what stands in the file does not change. After a
clause was added, add it there::

    .venv/bin/python tests/chapters/freeze_clauses.py
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from pathlib import Path

from connect_contracts.chapters.catalogue import catalogue

PATH = Path(__file__).with_name("clauses.json")
Frozen = dict[str, dict[str, str]]


def published() -> Frozen:
    """Of each clause that is there what may not change, by its id."""
    return {
        clause.id: {
            "level": clause.level.value,
            "since": clause.since,
            "statement": clause.statement,
        }
        for clause in catalogue().clauses.values()
    }


def added(frozen: Frozen, now: Frozen, current: str) -> Frozen:
    """``frozen`` with the clauses that are new; ``ValueError`` for one of another version."""
    new = {name: clause for name, clause in now.items() if name not in frozen}
    wrong = [name for name, clause in new.items() if clause["since"] != current]
    if wrong:
        raise ValueError(f"state since={current!r} for {', '.join(wrong)}")
    return {**frozen, **new}


if __name__ == "__main__":
    known = json.loads(PATH.read_text("utf-8")) if PATH.exists() else {}
    try:
        whole = added(known, published(), version("pytest-connect-contract"))
    except ValueError as error:
        sys.exit(f"A new clause comes with this version: {error}.")
    text = json.dumps(whole, indent=1, ensure_ascii=False)
    PATH.write_text(f"{text}\n", encoding="utf-8")
