"""Runs that are written by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec

from connect_contracts.checks.step_view import StepView
from connect_contracts.model.observation import Observation, Result, TargetSeen
from connect_contracts.model.scenario import Scenario, TargetSpec
from connect_harness.exchange import PeerCertificate, Request
from connect_harness.server import (
    AnswerGiven,
    ConnectionAccepted,
    ConnectionClosed,
    Event,
    HandshakeCompleted,
    HandshakeFailed,
    Mark,
    RequestReceived,
)
from connect_harness.server.events import Cause, Ending, Kept, Service


class WrittenRun:
    """A run that is written down by hand: steps, and what the targets saw meanwhile.

    Every event gets the next number, as in a journal. A step lasts from ``begin`` to ``end``.
    """

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.results: list[Result] = []
        self.more: dict[str, Any] = {}
        self._began = 0

    def note(self, event: Event) -> int:
        self.events.append(replace(event, number=len(self.events) + 1))
        return len(self.events)

    def begin(self) -> WrittenRun:
        self._began = self.note(Mark(text="begins"))
        return self

    def end(self, how: str = "returned", **more: Any) -> WrittenRun:
        ended = self.note(Mark(text="ends"))
        fields = {"who": "session", "what": "connect", "how": how, **more}
        fields |= {"place": (len(self.results),), "began": self._began, "ended": ended}
        self.results.append(msgspec.convert(fields, Result))
        return self

    def accepted(
        self, connection: int = 1, target: str = "target", service: Service = "http"
    ) -> WrittenRun:
        self.note(
            ConnectionAccepted(
                target=target,
                connection=connection,
                service=service,
                port=1,
                client=("127.0.0.1", 1),
            )
        )
        return self

    def completed(self, connection: int = 1, fingerprint: str | None = None) -> WrittenRun:
        peer = None if fingerprint is None else PeerCertificate("CN=admin", fingerprint)
        self.note(
            HandshakeCompleted(
                target="target",
                connection=connection,
                hello=None,
                version="TLSv1.3",
                cipher="a cipher",
                peer_certificate=peer,
            )
        )
        return self

    def failed(self, connection: int = 1, **more: Any) -> WrittenRun:
        cause = more.pop("cause", Cause.CLIENT_ALERTED)
        self.note(HandshakeFailed(target="target", connection=connection, cause=cause, **more))
        return self

    def closed(
        self,
        connection: int = 1,
        count: int = 0,
        alert: str | None = None,
        ending: Ending = Ending.CLIENT_CLOSED,
    ) -> WrittenRun:
        self.note(
            ConnectionClosed(
                target="target",
                connection=connection,
                ending=ending,
                alert=alert,
                application_received=Kept(count, b""),
            )
        )
        return self

    def request(
        self,
        line: str = "GET /versions/rest",
        *,
        headers: dict[str, str] | None = None,
        body: bytes = b"",
        connection: int = 1,
        target: str = "target",
    ) -> WrittenRun:
        method, _, path = line.partition(" ")
        pairs = tuple((name, value.encode("latin-1")) for name, value in (headers or {}).items())
        self.note(
            RequestReceived(
                target=target,
                connection=connection,
                order=1,
                line=line,
                request=Request(method, path, pairs, body),
                raw_headers=(),
                http_version="1.1",
            )
        )
        return self

    def answer(self, status: int = 200, **more: Any) -> WrittenRun:
        """The answer to the last request."""
        number = max(one.number for one in self.events if isinstance(one, RequestReceived))
        self.note(AnswerGiven(target="target", request=number, status=status, **more))
        return self

    def view(self, index: int = -1) -> StepView:
        """What is seen of a step, by default of the last."""
        targets = (
            TargetSeen("target", "http://localhost:80/base", 80, "/base"),
            TargetSeen("other", "https://localhost:443", 443, ""),
            TargetSeen("issuer", "https://localhost:8443", 8443, issuer_of="target"),
        )
        observation = Observation(
            Scenario((TargetSpec(),), ()),
            tuple(self.results),
            tuple(self.events),
            targets,
            **self.more,
        )
        return StepView(observation, self.results[index].place)
