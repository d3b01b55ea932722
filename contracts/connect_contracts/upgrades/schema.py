"""The published schema of behaviour records, ``schemas/behaviour-1.json``.

After a change of the record, write it anew::

    python -m connect_contracts.upgrades.schema
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

import connect_contracts
from connect_contracts.model.schema import schema_of
from connect_contracts.upgrades.record import SCHEMA, BehaviourRecord

PATH = Path(connect_contracts.__file__).parent / "schemas" / f"behaviour-{SCHEMA}.json"
"""The file of the schema."""


def behaviour_schema() -> dict[str, Any]:
    """The JSON schema of :class:`BehaviourRecord`, made from its types."""
    schema = schema_of(BehaviourRecord, f"Behaviour record, version {SCHEMA}")
    # The version that is written; a newer one is refused on reading.
    schema["$defs"]["BehaviourRecord"]["properties"]["schema"] = {"const": SCHEMA}
    return schema


def schema_text() -> str:
    """The text of the file of the schema."""
    text = msgspec.json.encode(behaviour_schema(), order="deterministic")
    return msgspec.json.format(text, indent=2).decode() + "\n"


if __name__ == "__main__":
    PATH.write_text(schema_text(), encoding="utf-8")
