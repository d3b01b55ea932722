"""Plain data of a part of a scenario, without what is as by default: what is left is special."""

from __future__ import annotations

import dataclasses
from typing import Any

import msgspec


def without_defaults(value: Any) -> Any:
    """``value`` as plain data for JSON, the fields that have their default left out."""
    if isinstance(value, msgspec.Struct):
        tag = value.__struct_config__.tag
        plain: dict[str, Any] = {} if tag is None else {"type": tag}
        for field in msgspec.structs.fields(type(value)):
            part = getattr(value, field.name)
            if not _is_default(part, field.default, field.default_factory):
                plain[field.encode_name] = without_defaults(part)
        return plain
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            one.name: without_defaults(getattr(value, one.name))
            for one in dataclasses.fields(value)
            if not _is_default(getattr(value, one.name), one.default, dataclasses.MISSING)
        }
    if isinstance(value, tuple | list):
        return [without_defaults(one) for one in value]
    return value


def _is_default(value: Any, default: Any, factory: Any) -> bool:
    if factory not in (msgspec.NODEFAULT, dataclasses.MISSING):
        default = factory()
    # 1 and True are equal, and not the same in JSON.
    return type(value) is type(default) and bool(value == default)
