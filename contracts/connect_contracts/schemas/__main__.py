"""Writes the schema of scenarios to its file."""

from __future__ import annotations

from connect_contracts.schemas import PATH, schema_text

if __name__ == "__main__":
    PATH.write_text(schema_text(), encoding="utf-8")
