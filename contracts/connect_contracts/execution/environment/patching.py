"""Environment variables, and values in every module, replaced for a while."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import compress
from operator import is_
from types import ModuleType
from typing import Any


@contextmanager
def variables_set(variables: Mapping[str, str | None]) -> Iterator[None]:
    """Set environment variables, ``None`` for an unset one, then put all back."""
    before = {name: os.environ.get(name) for name in variables}
    try:
        _set(variables)
        yield
    finally:
        _set(before)


def _set(variables: Mapping[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


Replacement = tuple[Any, Any]
"""What is there, and what stands in its place."""


@contextmanager
def replaced_everywhere(replacements: Sequence[Replacement]) -> Iterator[None]:
    """Replace values in the namespaces of all modules, then put all back.

    A function is found by identity, so ``from socket import getaddrinfo`` is no way around; a text
    by equality, so a path that a module keeps is found too. A module that is imported meanwhile
    takes the replacement, and is given the original at the end. What is kept elsewhere, in an
    object or as the default of an argument, is not found.
    """
    try:
        _replace(replacements)
        yield
    finally:
        _replace([(new, old) for old, new in replacements])


def _replace(replacements: Sequence[Replacement]) -> None:
    texts = {old: new for old, new in replacements if isinstance(old, str)}
    others = {id(old): new for old, new in replacements if not isinstance(old, str)}
    for namespace in _namespaces():
        # A copy: another thread may be importing.
        held = namespace.copy()
        values = held.values()
        # A process may hold a million names: what looks at each of them is no code of Python's.
        alike = compress(values, map(partial(is_, str), map(type, values))) if texts else ()
        if others.keys().isdisjoint(map(id, values)) and texts.keys().isdisjoint(alike):
            continue
        for name, value in held.items():
            if id(value) in others:
                namespace[name] = others[id(value)]
            elif type(value) is str and value in texts:
                namespace[name] = texts[value]


def _namespaces() -> list[dict[str, Any]]:
    # Not vars(): it would load a module that is to be loaded when it is first used.
    return [
        ModuleType.__getattribute__(module, "__dict__")
        for module in list(sys.modules.values())
        if issubclass(type(module), ModuleType)
    ]
