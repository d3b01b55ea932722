"""A versions document with more in it than anybody knows, which must be tolerated."""

from __future__ import annotations

from typing import Any

from connect_harness.faults.document_changed import DocumentChanged
from connect_harness.faults.registry import Fault, fault


@fault("versions extended")
def versions_extended() -> Fault:
    """The versions document has an unknown API, an unknown field in each object, and further
    versions of each API, one before and one after those there are.
    """
    return DocumentChanged(lambda document: _extended(document, before="0"))


@fault("versions with a word as id")
def versions_with_a_word_as_id() -> Fault:
    """As ``versions extended``; the version before the others has the id ``ancient``."""
    return DocumentChanged(lambda document: _extended(document, before="ancient"))


def _extended(document: dict[str, Any], *, before: str) -> dict[str, Any]:
    def more(name: str, versions: list[dict[str, Any]]) -> list[dict[str, Any]]:
        known = [{**each, "unknown": None} for each in versions]
        # An API may list this id itself, and may not list it twice.
        first = [] if any(each["id"] == before for each in versions) else [_version(name, before)]
        return [*first, *known, _version(name, "99999")]

    apis = {
        name: {"versions": more(name, api["versions"]), "unknown": {"field": [1]}}
        for name, api in document["apis"].items()
    }
    return {
        "unknown": "field",
        **document,
        "apis": {"unknown/first": {"versions": more("unknown", [])}, **apis},
    }


def _version(name: str, number: str) -> dict[str, str]:
    path = f"/unknown/{name}/{number}"
    return {"id": number, "restPath": path, "wsPath": path}
