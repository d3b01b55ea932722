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
    return DocumentChanged(_extended)


def _extended(document: dict[str, Any]) -> dict[str, Any]:
    apis = {
        name: {"versions": _more_versions(name, api["versions"]), "unknown": {"field": [1]}}
        for name, api in document["apis"].items()
    }
    return {
        "unknown": "field",
        **document,
        "apis": {"unknown/first": {"versions": _more_versions("unknown", [])}, **apis},
    }


def _more_versions(name: str, versions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    known = [{**each, "unknown": None} for each in versions]
    return [_version(name, "ancient"), *known, _version(name, "99999")]


def _version(name: str, number: str) -> dict[str, str]:
    path = f"/unknown/{name}/{number}"
    return {"id": number, "restPath": path, "wsPath": path}
