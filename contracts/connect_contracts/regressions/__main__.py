"""Writes the schema of capsules to its file."""

from __future__ import annotations

from connect_contracts.regressions.capsule import PATH, schema_text

if __name__ == "__main__":
    PATH.write_text(schema_text(), encoding="utf-8")
