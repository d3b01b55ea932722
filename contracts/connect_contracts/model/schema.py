"""The published form of a scenario: the schema of its JSON.

The schema is ``schemas/scenario-1.json`` of the package; the number rises with any change by which
an older scenario would be read otherwise, or not at all. After a change, write it anew::

    python -m connect_contracts.model.schema
"""

from __future__ import annotations

from collections.abc import Mapping
from inspect import cleandoc
from pathlib import Path
from typing import Any

import msgspec

from connect_contracts.model.scenario import Scenario

VERSION = 1
"""The version of the form of scenarios."""

PATH = Path(__file__).parents[1] / "schemas" / f"scenario-{VERSION}.json"
"""The file of the schema of scenarios."""


def schema_of(kind: type, title: str) -> dict[str, Any]:
    """The JSON schema of a class, the same with every release of msgspec."""
    (reference,), definitions = msgspec.json.schema_components(
        [kind], ref_template="#/$defs/{name}"
    )
    # A chain is a plain dataclass, whose schema does not say that reading refuses other fields.
    if "Chain" in definitions:
        definitions["Chain"]["additionalProperties"] = False
    for definition in definitions.values():
        if "description" in definition:
            # Not every release of msgspec removes the indentation of docstrings.
            definition["description"] = cleandoc(definition["description"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **reference,
        "$defs": {name: definitions[name] for name in sorted(definitions)},
    }


def text_of(schema: dict[str, Any]) -> str:
    """The text of the file of a schema."""
    text = msgspec.json.encode(schema, order="deterministic")
    return msgspec.json.format(text, indent=2).decode() + "\n"


def schema_text() -> str:
    """The text of the file of the schema, made from the types of :class:`Scenario`."""
    return text_of(schema_of(Scenario, f"Scenario, version {VERSION}"))


def unknown_field(raw: Any, known: Any, path: str = "$") -> str | None:
    """The path of the first field of plain JSON that is not ``known``, or ``None``."""
    if isinstance(raw, Mapping) and isinstance(known, Mapping):
        for name, value in raw.items():
            if name not in known:
                return f"{path}.{name}"
            if (found := unknown_field(value, known[name], f"{path}.{name}")) is not None:
                return found
    elif isinstance(raw, list) and isinstance(known, list | tuple):
        for place, pair in enumerate(zip(raw, known, strict=True)):
            if (found := unknown_field(*pair, f"{path}[{place}]")) is not None:
                return found
    return None


if __name__ == "__main__":
    PATH.write_text(schema_text(), encoding="utf-8")
