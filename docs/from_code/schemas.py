"""The published JSON schemas."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

from from_code.markdown import code, rst, table


def schema(name: str) -> str:
    """Every object of a schema, the root first."""
    text = files("connect_contracts").joinpath("schemas", f"{name}.json").read_text("utf-8")
    whole = json.loads(text)
    objects: dict[str, Any] = whole["$defs"]
    roots = list(_references({key: whole[key] for key in whole if key != "$defs"}))
    ordered = dict.fromkeys([*roots, *objects])
    return f"## {name}.json\n\n{whole['title']}.\n\n" + "\n".join(
        _object(each, objects[each]) for each in ordered
    )


def _object(name: str, stated: Mapping[str, Any]) -> str:
    required = stated.get("required", ())
    rows = [
        (code(field), _kind(kind), "required" if field in required else _default(kind))
        for field, kind in stated.get("properties", {}).items()
    ]
    fields = table(["field", "type", "else"], rows) if rows else f"{_kind(stated)}\n"
    return f"### {name}\n\n{rst(stated.get('description', ''))}\n{fields}"


def _default(kind: Mapping[str, Any]) -> str:
    return code(json.dumps(kind["default"])) if "default" in kind else ""


def _kind(stated: Mapping[str, Any]) -> str:
    """The type of a field in a few words."""
    if "$ref" in stated:
        return code(stated["$ref"].rpartition("/")[2])
    if "anyOf" in stated:
        return " or ".join(map(_kind, stated["anyOf"]))
    if "enum" in stated:
        return ", ".join(code(json.dumps(each)) for each in stated["enum"])
    if "const" in stated:
        return code(json.dumps(stated["const"]))
    if "items" in stated and isinstance(stated["items"], Mapping):
        return f"array of {_kind(stated['items'])}"
    return str(stated.get("type", "anything"))


def _references(stated: object) -> Iterable[str]:
    if isinstance(stated, Mapping):
        if "$ref" in stated:
            yield stated["$ref"].rpartition("/")[2]
        for each in stated.values():
            yield from _references(each)
    elif isinstance(stated, list):
        for each in stated:
            yield from _references(each)
