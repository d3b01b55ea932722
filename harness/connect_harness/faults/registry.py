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
from connect_harness.misbehaviour import Act, Layer, Phase
from connect_harness.refusals import Named, check_callable, check_types

Honest = Callable[[], Answer]
"""Takes a request to the application and gives the true answer."""
Parts = Iterable[bytes | Act]
"""What goes out: bytes, and acts: ``Act.HOLD`` waits for the release, the others end all."""


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
    HOLDS = "holds"
    """The client waits until the fault is released, and then gets the true answer."""
    OPEN = "open"
    """The client may open a session or not."""


@dataclass(frozen=True)
class AnswerFault:
    """Answers requests in the application's place.

        >>> from urllib.request import urlopen
        >>> from connect_harness import Answer, AnswerFault, Requests, TargetSession
        >>> accepted = AnswerFault(lambda request, honest: Answer(202, b"later"))
        >>> with TargetSession.start() as target, target.arm(accepted, on=Requests("GET")):
        ...     urlopen(f"{target.url}/versions/rest").read()
        b'later'

    Parameters:
        answer: Its answer to a request; what it is given second gives the true one, and makes the
            change that was asked for.
        status: Its status, if that is an error's.
        of_versions: Whether its answer is a versions document, so that it meets no other request.
        matches: Whether it meets a request that is named to it.
    """

    answer: Callable[[Request, Honest], Answer]
    status: int | None = None
    of_versions: bool = False
    matches: Callable[[Request], bool] = lambda _: True

    def __post_init__(self) -> None:
        example = "For instance lambda request, honest: Answer(418)."
        check_callable("AnswerFault", "answer", self.answer, 2, example)
        check_types(self, status=(int, type(None)), of_versions=bool)
        example = "For instance lambda request: not request.query."
        check_callable("AnswerFault", "matches", self.matches, 1, example)


@dataclass(frozen=True)
class WireFault:
    """Changes the bytes that go out, for every connection or request that it meets.

        >>> from urllib.request import urlopen
        >>> from connect_harness import Act, Phase, Requests, TargetSession, WireFault
        >>> closing = WireFault(Phase.ANSWER, lambda data: [data[:1], Act.CLOSE])
        >>> with TargetSession.start() as target, target.arm(closing, on=Requests("GET")):
        ...     urlopen(f"{target.url}/versions/rest")
        Traceback (most recent call last):
        ...
        http.client.BadStatusLine: H

    Parameters:
        phase: The phase of a connection in which it acts.
        parts: What goes out in the place of the bytes that it gets; in some phases it gets none.
        layer: Whether these are the bytes of the application or those of the socket.
        reads_http: Whether it takes the bytes that it gets for an answer of HTTP.
    """

    phase: Phase
    parts: Callable[[bytes], Parts]
    layer: Layer = Layer.WIRE
    reads_http: bool = False

    def __post_init__(self) -> None:
        check_types(self, phase=Phase, layer=Layer, reads_http=bool)
        example = "For instance lambda data: [data, Act.CLOSE]."
        check_callable("WireFault", "parts", self.parts, 1, example)

    @property
    def of_connections(self) -> bool:
        """Whether it meets connections rather than requests."""
        return self.phase in (Phase.ACCEPTED, Phase.HANDSHAKE)


F = TypeVar("F", AnswerFault, WireFault)


@dataclass(frozen=True)
class FaultKind:
    """A fault that can be armed by its name.

        >>> from connect_harness import fault_kinds
        >>> kind = fault_kinds()["status 503"]
        >>> kind.topic, kind.effect.value, kind.description
        ('statuses', 'stops', '503 (RFC 9110 15.6.4).')

    Parameters:
        topic: The name of its file, such as ``framing``.
        description: What it does, from the docstring of its function.
    """

    name: str
    effect: Effect
    topic: str
    description: str
    make: Callable[..., AnswerFault | WireFault]

    def made(self, location: str | None = None) -> AnswerFault | WireFault:
        """The fault; it keeps no state, so that all targets share it.

        Parameters:
            location: Where a fault that redirects leads.
        """
        return self.fault if location is None else self.make(location)

    @cached_property
    def fault(self) -> AnswerFault | WireFault:
        """The fault as it is of itself."""
        return self.make()

    @property
    def stalls(self) -> bool:
        """Whether the client waits, perhaps until the fault is released."""
        return self.effect in (Effect.STALLS, Effect.HOLDS)

    @property
    def of_connections(self) -> bool:
        """Whether it meets connections rather than requests."""
        return isinstance(self.fault, WireFault) and self.fault.of_connections

    @property
    def redirects(self) -> bool:
        """Whether it takes a location."""
        return self.topic == "redirects"

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
        if self.stalls:
            return "stall"
        return _GROUPS.get(self.topic, "broken answer")


_GROUPS = {
    "versions": "damaged document",
    "statuses": "error status",
    "handshakes": "broken handshake",
    "redirects": "redirect",
}

_KINDS: Named[FaultKind] = Named("fault", "connect_harness.fault_kinds()")


def fault(name: str, effect: Effect) -> Callable[[Callable[..., F]], Callable[..., F]]:
    """Registers the decorated function, which makes a fault, under ``name``.

    Raises:
        ValueError: The name is taken, or the function has no docstring.
    """

    def register(make: Callable[..., F]) -> Callable[..., F]:
        known = _KINDS.get(name)
        # A module may be imported anew, as by tests of plugins, which forget modules: it is known.
        if known is not None and _place(known.make) != _place(make):
            raise ValueError(f"There are two faults {name!r}.")
        if not make.__doc__:
            raise ValueError(f"The fault {name!r} has no docstring.")
        topic = make.__module__.rpartition(".")[2]
        _KINDS[name] = FaultKind(name, effect, topic, cleandoc(make.__doc__), make)
        return make

    return register


def _place(make: Callable[..., object]) -> tuple[str, str]:
    return make.__module__, make.__qualname__


@cache
def fault_kinds() -> Mapping[str, FaultKind]:
    """The faults that can be armed by their names; the description of each is its manual."""
    package = import_module("connect_harness.faults")
    for module in iter_modules(package.__path__):
        import_module(f"{package.__name__}.{module.name}")
    return MappingProxyType(_KINDS)
