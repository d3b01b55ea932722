"""Plain data of a part of a scenario or of a record, every field left out that has its default."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from enum import Enum
from functools import cache
from typing import Any

import msgspec


def without_defaults(value: Any) -> Any:
    """``value`` in plain JSON form, every field left out that has its default.

    What is added to the scenario's classes later, with a default, leaves such a form as it was.
    """
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, msgspec.Struct):
        config = value.__struct_config__
        named = {} if config.tag_field is None else {config.tag_field: config.tag}
        return named | _fields(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _fields(value)
    if isinstance(value, Mapping):
        return {str(key): without_defaults(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_defaults(item) for item in value]
    return value


def canonical(value: Any) -> bytes:
    """The JSON of ``value``, the same for equal values: fields sorted, no defaults."""
    return msgspec.json.encode(without_defaults(value), order="sorted")


def _fields(value: Any) -> dict[str, Any]:
    return {
        name: without_defaults(found)
        for name, default in _defaults(value.__class__)
        if not _same(found := getattr(value, name), default)
    }


def _same(value: Any, default: Any) -> bool:
    # True equals 1, and is something else.
    return type(value) is type(default) and bool(value == default)


@cache
def _defaults(kind: type[Any]) -> tuple[tuple[str, Any], ...]:
    struct = issubclass(kind, msgspec.Struct)
    fields: Iterable[Any] = msgspec.structs.fields(kind) if struct else dataclasses.fields(kind)
    absent = (msgspec.NODEFAULT, dataclasses.MISSING)
    return tuple(
        (field.name, field.default if field.default_factory in absent else field.default_factory())
        for field in fields
    )
