"""How a fault is written down: a function that makes it, registered with what it does to a client.

To add one, add a function to the file of its topic. Its docstring is its manual, and its effect is
what the oracle demands and the search groups it by. Whatever this folder holds is found when a
fault is first asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from importlib import import_module
from inspect import cleandoc
from pkgutil import iter_modules
from types import MappingProxyType
from typing import TypeVar

from connect_harness.exchange import Answer, Request
from connect_harness.misbehaviour import Act, Layer, Outgoing, Phase
from connect_harness.protocols.session_rest import VERSIONS_PATH

Honest = Callable[[], Answer]
"""Takes a request to the application and gives the true answer."""
Parts = Iterable[bytes | Act]
"""What goes out: bytes, and an ``Act`` that ends the connection."""


class Effect(StrEnum):
    """What a fault does to a client that opens a session."""

    HARMLESS = "harmless"
    """The client must get the true answer all the same."""
    STOPS = "stops"
    """The client cannot open a session."""
    STOPS_TLS = "stops TLS"
    """Over TLS the client cannot open a session; over plain HTTP it may or may not."""
    STALLS = "stalls"
    """The client waits, or gives up after a time of its own."""
    OPEN = "open"
    """The client may open a session or not."""


@dataclass(frozen=True)
class AnswerFault:
    """Answers the requests for the versions document in the application's place.

    Parameters:
        answer: Its answer to a request; what it is given second gives the true one.
        matches_any: Whether there is a request that it answers.
    """

    answer: Callable[[Request, Honest], Answer]
    status: int | None = None
    matches_any: bool = True

    def matches(self, request: Request) -> bool:
        return self.matches_any and request.path.endswith(VERSIONS_PATH)


@dataclass(frozen=True)
class WireFault:
    """Changes the bytes that go out, for every connection or request that it matches.

    Parameters:
        phase: The phase of a connection in which it acts. In the phase of answers it changes those
            to the GET requests for the versions document.
        parts: What goes out in the place of the bytes that it gets.
        layer: Whether these are the bytes of the application or those of the socket.
    """

    phase: Phase
    parts: Callable[[bytes], Parts]
    layer: Layer = Layer.WIRE

    def matches(self, request: Request) -> bool:
        answers = self.phase is Phase.ANSWER
        return answers and request.method == "GET" and request.path.endswith(VERSIONS_PATH)

    def concerns(self, outgoing: Outgoing) -> bool:
        """Whether it acts in this phase of this connection, be it on this layer or the other."""
        if outgoing.phase is not self.phase:
            return False
        if self.phase is not Phase.ANSWER:
            return True
        return outgoing.request is not None and self.matches(outgoing.request)


Fault = AnswerFault | WireFault
F = TypeVar("F", bound=Fault)


@dataclass(frozen=True)
class FaultKind:
    """A fault that can be armed by its name.

    Parameters:
        topic: The name of its file: ``framing``, ``handshakes`` or ``versions``.
        description: What it does, from the docstring of its function.
    """

    name: str
    effect: Effect
    topic: str
    description: str
    make: Callable[[], Fault]

    @cached_property
    def fault(self) -> Fault:
        """The fault; it keeps no state, so that all targets share it."""
        return self.make()

    @property
    def status(self) -> int | None:
        """The status of the error that it answers with, if it does."""
        return self.fault.status if isinstance(self.fault, AnswerFault) else None

    @property
    def needs_tls(self) -> bool:
        """Whether it has its place in TLS alone."""
        phase = self.fault.phase if isinstance(self.fault, WireFault) else None
        return phase is Phase.HANDSHAKE or self.effect is Effect.STOPS_TLS

    @property
    def group(self) -> str:
        """Faults of one group are alike for a search, which draws them by groups."""
        if self.effect is Effect.HARMLESS:
            return "tolerated"
        if self.effect is Effect.STALLS:
            return "stall"
        if self.topic == "versions":
            return "damaged document" if self.status is None else "error status"
        return {"framing": "broken answer", "handshakes": "broken handshake"}[self.topic]


_KINDS: dict[str, FaultKind] = {}


def fault(name: str, effect: Effect) -> Callable[[Callable[[], F]], Callable[[], F]]:
    """Registers the decorated function, which makes a fault, under ``name``.

    Raises:
        ValueError: The name is taken, or the function has no docstring.
    """

    def register(make: Callable[[], F]) -> Callable[[], F]:
        if name in _KINDS:
            raise ValueError(f"There are two faults {name!r}.")
        if not make.__doc__:
            raise ValueError(f"The fault {name!r} has no docstring.")
        topic = make.__module__.rpartition(".")[2]
        _KINDS[name] = FaultKind(name, effect, topic, cleandoc(make.__doc__), make)
        return make

    return register


@cache
def fault_kinds() -> Mapping[str, FaultKind]:
    package = import_module("connect_harness.faults")
    for module in iter_modules(package.__path__):
        import_module(f"{package.__name__}.{module.name}")
    return MappingProxyType(_KINDS)


def named_fault(name: str) -> FaultKind:
    """The fault of this name; ``ValueError``, which lists all, is raised if there is none."""
    kinds = fault_kinds()
    if name not in kinds:
        raise ValueError(f"There is no fault {name!r}; there are: {', '.join(sorted(kinds))}.")
    return kinds[name]
