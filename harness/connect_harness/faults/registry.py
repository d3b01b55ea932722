"""How a fault is written down: a function that makes it, registered where it is defined."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from inspect import cleandoc
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Protocol, TypeVar

from connect_harness.exchange import Answer, Request
from connect_harness.faults.wire import WireFault

Honest = Callable[[], Answer]


class Fault(Protocol):
    """Something that answers certain requests in the application's place."""

    @property
    def times(self) -> int | None:
        """How often it answers before it is spent; ``None`` for ever."""

    def matches(self, request: Request) -> bool:
        """Whether it answers ``request``."""

    def answer(self, request: Request, honest: Honest) -> Answer:
        """Its answer; ``honest`` takes the request to the application and gives the true one."""


Make = Callable[[], Fault | WireFault]
M = TypeVar("M", bound=Make)


@dataclass(frozen=True)
class FaultKind:
    """A fault that can be armed by its name.

    Parameters:
        name: Its name.
        description: What it does, from the docstring of its function.
        make: Makes a fresh one.
    """

    name: str
    description: str
    make: Make


_KINDS: dict[str, FaultKind] = {}


def fault(name: str) -> Callable[[M], M]:
    """Registers the decorated function, which makes a fault, under ``name``.

    Raises:
        ValueError: The name is taken, or the function has no docstring.
    """

    def register(make: M) -> M:
        if name in _KINDS:
            raise ValueError(f"There are two faults {name!r}.")
        if not make.__doc__:
            raise ValueError(f"The fault {name!r} has no docstring.")
        _KINDS[name] = FaultKind(name, cleandoc(make.__doc__), make)
        return make

    return register


@cache
def fault_kinds() -> Mapping[str, FaultKind]:
    """All faults that can be armed, by name."""
    package = import_module("connect_harness.faults")
    for module in iter_modules(package.__path__):
        import_module(f"{package.__name__}.{module.name}")
    return MappingProxyType(_KINDS)


def named_fault(name: str) -> FaultKind:
    """The fault of this name.

    Raises:
        ValueError: There is none; the text lists those there are.
    """
    kinds = fault_kinds()
    if name not in kinds:
        raise ValueError(f"There is no fault {name!r}; there are: {', '.join(sorted(kinds))}.")
    return kinds[name]
