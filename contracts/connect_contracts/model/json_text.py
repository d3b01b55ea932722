"""Values to JSON, whatever their texts hold, and JSON of unknown origin to values."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal

import msgspec

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
"""Half of a character. Python makes it of bytes that are not UTF-8, as in names of files; UTF-8
cannot hold it."""

MOST_LEVELS = 100
"""How deep JSON of unknown origin may be nested. Recursive functions walk it; a scenario needs far
fewer levels."""

Order = Literal["deterministic", "sorted"] | None


def json_of(value: Any, order: Order = None, enc_hook: Callable[[Any], Any] | None = None) -> bytes:
    """``value`` as JSON in UTF-8, each lone surrogate in it written out, as ``\\udcff``.

    An exception, a returned value or the name of a file may hold one, and must not lose the rest.
    """
    try:
        return msgspec.json.encode(value, order=order, enc_hook=enc_hook)
    except UnicodeEncodeError:
        plain = msgspec.to_builtins(value, enc_hook=enc_hook)
        return msgspec.json.encode(_encodable(plain), order=order)


def indented(value: Any) -> bytes:
    """``value`` as JSON that a person can read, with a line end."""
    return msgspec.json.format(json_of(value), indent=2) + b"\n"


def value_of(text: bytes | str) -> Any:
    """The plain value that ``text`` is the JSON of.

    Raises:
        msgspec.DecodeError: It is no JSON.
        RecursionError: It is nested more than ``MOST_LEVELS`` deep.
    """
    value = msgspec.json.decode(text)
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(MOST_LEVELS):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return value
    raise RecursionError(f"it is nested more than {MOST_LEVELS} levels deep")


def _inside(value: Any) -> list[Any]:
    parts = value.values() if isinstance(value, dict) else value
    return [part for part in parts if isinstance(part, dict | list)]


def _encodable(plain: Any) -> Any:
    if isinstance(plain, str):
        return _LONE_SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", plain)
    if isinstance(plain, list | tuple):
        return [_encodable(item) for item in plain]
    if isinstance(plain, dict):
        return {_encodable(key): _encodable(item) for key, item in plain.items()}
    return plain
