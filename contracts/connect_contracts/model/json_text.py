"""Values to JSON, whatever their texts hold; JSON and files of unknown origin to values."""

from __future__ import annotations

import dataclasses
import errno
import os
import re
import stat
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from functools import cache
from pathlib import Path
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
    """The plain value of a JSON text; ``msgspec.DecodeError`` is raised if it is none.

    ``RecursionError`` is raised if it is nested more than ``MOST_LEVELS`` deep.
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


MEBIBYTE = 1 << 20
"""Bytes."""


def read_regular(path: Path, most: int) -> bytes:
    """The content of the file at ``path``, of at most ``most`` bytes.

    A pipe would be waited for, and a device may never end.

    Raises:
        OSError: It cannot be read, is no regular file, or is larger; ``strerror`` says which.
    """
    # Windows has neither: opening a pipe does not wait there.
    flags = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, os.O_RDONLY | flags)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "it is no regular file", str(path))
        with open(handle, "rb", closefd=False) as file:
            content: bytes | None = file.read(most + 1)
    finally:
        os.close(handle)
    if content is None:
        # Some files of /proc are regular and wait all the same.
        raise BlockingIOError(errno.EAGAIN, "it has nothing to read now", str(path))
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most} bytes", str(path))
    return content


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
