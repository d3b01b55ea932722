"""The published form of a report: the schema of its JSON.

The schema is ``schemas/report-1.json`` of the package; the number rises with any change by which an
older report would be read otherwise, or not at all. A field may be added without it. After a
change, write it anew::

    python -m connect_contracts.report.schema
"""

from __future__ import annotations

from typing import Any

from connect_contracts.model.clause import Depth, Level, Profile
from connect_contracts.model.evidence import Strength
from connect_contracts.model.schema import PATH as PUBLISHED
from connect_contracts.model.schema import schema_of, text_of
from connect_contracts.model.verdict import Verdict
from connect_contracts.report.model import SCHEMA, RunReports

PATH = PUBLISHED.with_name(f"report-{SCHEMA}.json")
"""The file of the schema of reports."""

_WORDS: dict[str, list[str]] = {
    "verdict": [verdict.word for verdict in Verdict],
    "level": [level.value for level in Level],
    "depth": [depth.value for depth in Depth],
    "profile": [profile.value for profile in Profile],
    "strength": [strength.word for strength in Strength],
}
"""What the fields of these names may say."""


def schema_text() -> str:
    """The text of the file of the schema: of one run, or of several together."""
    schema = schema_of(RunReports, f"Report of connect-contract run, version {SCHEMA}")
    del schema["$ref"]
    schema["anyOf"] = [{"$ref": f"#/$defs/{name}"} for name in ("RunReport", "RunReports")]
    for definition in schema["$defs"].values():
        for name, words in _WORDS.items():
            if name in definition["properties"]:
                _restrict(definition["properties"][name], words)
    schema["$defs"]["RunReport"]["properties"]["schema"] = {"const": SCHEMA}
    return text_of(schema)


def _restrict(field: dict[str, Any], words: list[str]) -> None:
    for choice in field.get("anyOf", [field]):
        if choice["type"] == "string":
            choice["enum"] = words


if __name__ == "__main__":
    PATH.write_text(schema_text(), encoding="utf-8")
