"""A fault of the wire: other bytes than those that should go out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from connect_harness.exchange import Request
from connect_harness.server.misbehaviour import Act, Layer, Outgoing, Phase

Parts = Iterable[bytes | Act]
"""What goes out: bytes, and an ``Act`` that ends the connection."""


@dataclass(frozen=True)
class WireFault:
    """Changes the bytes that go out, for every connection or request that it matches.

    Parameters:
        phase: The phase of a connection in which it acts.
        parts: What goes out in the place of the bytes that it gets.
        layer: Whether these are the bytes of the application or those of the socket.
        path: In the phase of answers: it changes those to GET requests whose path ends so.
    """

    phase: Phase
    parts: Callable[[bytes], Parts]
    layer: Layer = Layer.WIRE
    path: str = ""

    def matches(self, request: Request) -> bool:
        """Whether it changes the answer to ``request``."""
        answers = self.phase is Phase.ANSWER
        return answers and request.method == "GET" and request.path.endswith(self.path)

    def concerns(self, outgoing: Outgoing) -> bool:
        """Whether it acts in this phase of this connection, be it on this layer or the other."""
        if self.phase is not Phase.ANSWER:
            return outgoing.phase is self.phase
        if outgoing.phase is not Phase.ANSWER or outgoing.request is None:
            return False
        return self.matches(outgoing.request)


def when_accepted(*parts: bytes | Act) -> WireFault:
    """A fault that sends ``parts`` before a client has said anything."""
    return WireFault(Phase.ACCEPTED, lambda _: parts)


def in_place_of_the_server_hello(*parts: bytes | Act) -> WireFault:
    """A fault that sends ``parts`` when the client hello has been read; it needs HTTPS."""
    return WireFault(Phase.HANDSHAKE, lambda _: parts)
