"""Where secrets stand that must not: in what was said, in what was left, in what others received.

A secret belongs into the headers and bodies of requests to the target that it is for, and nowhere
else: not into a request target, not to another target, not in the clear where the URL says HTTPS.
A request in absolute form (RFC 9112, section 3.2.2), as a proxy receives it, is for the target that
it names: what the proxy of the environment sees of it is recorded (URL-11) and forbidden nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from connect_contracts.model.cause import NOWHERE, CodeLine
from connect_contracts.model.observation import Observation
from connect_harness.redaction import NUMBER, Secret
from connect_harness.redaction.detector import Detector

IN_CLEAR = "the clear, on a connection to a TLS port"

ForbiddenBy = Literal["AUTH-12", "MTLS-7"]


@dataclass(frozen=True)
class Leak:
    """A secret that was found where it must not be.

    Parameters:
        code: Of an exception the innermost lines of the client's own code.
        own: Whether code that is not installed said it, and no public client below.
    """

    kind: str
    where: str
    code: tuple[CodeLine, ...] = field(default=(), compare=False)
    own: bool = field(default=False, compare=False)

    @property
    def clause(self) -> ForbiddenBy:
        credentials = "a password", "a client's secret", "a token"
        return "AUTH-12" if self.kind in credentials else "MTLS-7"

    def describe(self) -> str:
        return f"{self.kind} appeared in {self.where}"


def without_names(text: str) -> str:
    """``text`` about leaks without the names that differ from one case of a mistake to another.

    Those are names of targets, and the types of the exceptions that one exception came from.
    """
    text = re.sub(r"the chain of an exception \([^)]*\)", "an exception", text)
    return re.sub(r"what the target '[^']*' received", "what another target received", text)


def leaks(observation: Observation) -> tuple[Leak, ...]:
    """Every secret that was found where it must not be, each place once."""
    detector = Detector(observation.secrets)
    if not detector:
        return ()
    found = [
        _leak(secret, where, code, own)
        for where, text, code, own in texts(observation)
        for secret in detector.find(text)
    ]
    found += _on_the_wire(observation, detector)
    each: dict[Leak, Leak] = {}
    for leak in found:
        if leak not in each or (leak.own and not each[leak].own):
            each[leak] = leak
    return tuple(each.values())


def texts(observation: Observation) -> Iterator[tuple[str, str, tuple[CodeLine, ...], bool]]:
    """Everything that was said or left behind: the words for where, the text, ``code``, ``own``."""
    origins = {}
    for result in observation.results:
        if result.raised is not None:
            origin = origins[result.place] = result.raised.origin
            own = bool(origin.lines) and not origin.below
            of_client = [text for kind, text in result.raised.chain if kind in origin.chain]
            # What repeats the text of a public client's exception says nothing of its own by that.
            rest = _without_texts(result.raised.text, of_client)
            yield "an exception", rest, origin.lines, own
            if rest != result.raised.text:
                yield "an exception", result.raised.text, origin.lines, False
            for kind, text in result.raised.chain:
                where = f"the chain of an exception ({kind})"
                yield where, text, origin.lines, own and text not in of_client
    for said in observation.said:
        origin = NOWHERE
        if said.source == "an exception":
            # Its notes and its ``repr``; those of its chain are among them.
            origin = origins.get(said.place, NOWHERE)
        own = bool(origin.lines) and not origin.below and not origin.chain
        yield said.source, said.text, origin.lines, said.own or own
    if observation.terminal:
        yield "the terminal", observation.terminal, (), False


def _without_texts(text: str, others: Iterable[str]) -> str:
    """``text`` without what it repeats."""
    for other in filter(None, others):
        text = text.replace(other, "")
    return text


def _on_the_wire(observation: Observation, detector: Detector) -> Iterator[Leak]:
    from connect_harness.server import (
        ConnectionClosed,
        GatewayCommand,
        HandshakeFailed,
        RequestReceived,
        RequestRejected,
    )

    others = {
        target.name: detector.only(partial(_is_foreign, target.name, observation.secrets))
        for target in observation.targets
    }
    encrypted = {target.name for target in observation.targets if target.url.startswith("https:")}
    never_in_clear = detector.only(lambda secret: not secret.in_clear)
    for event in observation.events:
        if event.target not in others:
            continue
        foreign = others[event.target]
        received = f"what the target {event.target!r} received, for which it is not"
        match event:
            case RequestReceived(request=request):
                host = request.header("host") or b""
                yield from _found(detector, "a request target", request.target)
                yield from _found(detector, "Host", host)
                named = _named(request.target, observation)
                of_headers = foreign if named is None else others[named]
                yield from _found(foreign, received, request.body)
                for _, value in request.headers:
                    yield from _found(of_headers, received, value)
            case RequestRejected(data=data):
                yield from _found(foreign, received, data)
            case GatewayCommand(lines=lines):
                yield from _found(foreign, received, "\n".join(lines))
            case HandshakeFailed(data=data):
                yield from _found(foreign, received, data)
                yield from _found(never_in_clear, IN_CLEAR, data)
            case ConnectionClosed(received=kept) if event.target in encrypted:
                yield from _found(never_in_clear, IN_CLEAR, kept.first)


def _named(request_target: str, observation: Observation) -> str | None:
    """The target that a request in absolute form names; ``None`` for one in another form."""
    for target in observation.targets:
        if request_target.startswith(f"http://localhost:{target.port}/"):
            return target.name
    return None


def _is_foreign(target: str, secrets: Iterable[Secret], secret: Secret) -> bool:
    """Whether the target was given no secret of this value."""
    return all(own.value != secret.value for own in secrets if own.target == target)


def _found(detector: Detector, where: str, data: str | bytes) -> Iterator[Leak]:
    if data:
        yield from (_leak(secret, where) for secret in detector.find(data))


def _leak(secret: Secret, where: str, code: tuple[CodeLine, ...] = (), own: bool = False) -> Leak:
    # A key that is shown shows its number.
    return Leak("a private key" if secret.kind == NUMBER else secret.kind, where, code, own)
