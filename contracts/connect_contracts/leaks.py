"""Where secrets stand that must not: in what was said, in what was left, in what others received.

A secret belongs into the headers and bodies of requests to the target that it is for, and nowhere
else: not into a request target, not to another target, not in the clear where the URL says HTTPS.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from connect_contracts.detector import Detector
from connect_contracts.observation import Observation, Secret
from connect_harness.server import (
    ConnectionClosed,
    GatewayCommand,
    HandshakeFailed,
    RequestReceived,
    RequestRejected,
)

ForbiddenBy = Literal["AUTH-12", "MTLS-7"]


class Leak(msgspec.Struct, frozen=True):
    """A secret that was found where it must not be.

    Parameters:
        kind: What it is.
        where: Where it was found.
    """

    kind: str
    where: str

    @property
    def clause(self) -> ForbiddenBy:
        """The clause that forbids it."""
        return "MTLS-7" if self.kind in ("a key's password", "a private key") else "AUTH-12"

    def told(self) -> str:
        """The find, as a sentence without its end."""
        return f"{self.kind} appeared in {self.where}"


def leaks(observation: Observation) -> tuple[Leak, ...]:
    """Every secret that was found where it must not be, each place once."""
    detector = Detector(observation.secrets)
    if not detector:
        return ()
    found = [
        Leak(one.kind, where) for where, text in texts(observation) for one in detector.find(text)
    ]
    found += _on_the_wire(observation)
    return tuple(dict.fromkeys(found))


def texts(observation: Observation) -> Iterator[tuple[str, str]]:
    """Everything that was said or left behind, with the words for where."""
    for result in observation.results:
        if result.raised is not None:
            yield "an exception", result.raised.text
            for kind, text in result.raised.chain:
                yield f"the chain of an exception ({kind})", text
    for one in observation.said:
        yield one.source, one.text
    if observation.terminal:
        yield "the terminal", observation.terminal


def _on_the_wire(observation: Observation) -> Iterator[Leak]:
    everywhere = Detector(observation.secrets)
    elsewhere = {
        one.name: Detector(_not_for(one.name, observation.secrets)) for one in observation.targets
    }
    encrypted = {one.name for one in observation.targets if one.url.startswith("https:")}
    never_in_clear = Detector(one for one in observation.secrets if not one.in_clear)
    for event in observation.events:
        others = elsewhere.get(event.target)
        if others is None:
            continue
        where = f"what the target {event.target!r} received, for which it is not"
        match event:
            case RequestReceived(request=request):
                address = request.target.encode("latin-1", "replace")
                host = request.header("host") or b""
                yield from _found(everywhere, (address,), "a request target")
                yield from _found(everywhere, (host,), "Host")
                yield from _found(
                    others, (*(one for _, one in request.headers), request.body), where
                )
            case RequestRejected(data=data):
                yield from _found(others, (data,), where)
            case GatewayCommand(lines=lines):
                yield from _found(others, lines, where)
            case HandshakeFailed(data=data) if data:
                yield from _found(others, (data,), where)
                yield from _found(never_in_clear, (data,), "the clear, on a TLS port")
            case ConnectionClosed(received=received) if (
                event.target in encrypted and received.first
            ):
                yield from _found(never_in_clear, (received.first,), "the clear, on a TLS port")


def _not_for(target: str, secrets: Iterable[Secret]) -> Iterator[Secret]:
    known = list(secrets)
    meant = {one.value for one in known if one.target == target}
    yield from (one for one in known if one.value not in meant)


def _found(detector: Detector, data: Iterable[str | bytes], where: str) -> Iterator[Leak]:
    for one in data:
        for secret in detector.find(one):
            yield Leak(secret.kind, where)
