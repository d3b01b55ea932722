"""What went over the wire, as data: bounded in size, and without secrets."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from connect_contracts.checks.secrets.redaction import header_shown
from connect_contracts.model.observation import Observation
from connect_contracts.report.model import EventKind, ExchangeEvent, Sender
from connect_harness.server import (
    AnswerGiven,
    ConnectionAccepted,
    ConnectionClosed,
    Event,
    FaultFired,
    FileRefused,
    GatewayCommand,
    HandshakeCompleted,
    HandshakeFailed,
    HarnessError,
    Mark,
    NotServed,
    RequestReceived,
    RequestRejected,
)

MOST_EVENTS = 80
_ENDED_BY: dict[str, Sender] = {"client": "client", "target": "target"}
"""Who ended a connection, by the first word of how it ended."""


def exchange(observation: Observation, clean: Callable[[str], str]) -> tuple[ExchangeEvent, ...]:
    """The events of ``observation`` in order, at most ``MOST_EVENTS`` of them.

    Every text is what ``clean`` makes of it.
    """
    events = [found for event in observation.events for found in exchange_events(event)]
    first = observation.events[0].at if observation.events else 0
    left = len(events) - MOST_EVENTS
    if left > 0:
        half = MOST_EVENTS // 2
        left_out = ExchangeEvent("note", f"({left + 1} events are left out here)", events[half].at)
        events = [*events[:half], left_out, *events[1 - half :]]
    return tuple(
        msgspec.structs.replace(
            event,
            text=clean(event.text),
            target=clean(event.target),
            details=tuple(map(clean, event.details)),
            at=round((event.at - first) / 1e6, 2),
        )
        for event in events
    )


def exchange_events(event: Event) -> Iterator[ExchangeEvent]:
    """What a reader is told of ``event``; its time is that of the journal, its texts are whole."""

    def told(
        kind: EventKind, text: str, sender: Sender | None = None, *details: str
    ) -> ExchangeEvent:
        return ExchangeEvent(kind, text, event.at, event.target, event.connection, sender, details)

    match event:
        case Mark(text=text):
            # What a step sent is recorded before "settled"; the word itself tells nothing.
            if not text.endswith(" settled"):
                yield told("step", text)
        case ConnectionAccepted():
            where = " to the gateway" if event.service == "gateway" else ""
            yield told("connected", f"connected{where}", "client")
        case HandshakeCompleted():
            yield told("handshake", f"handshake done: {_handshake(event)}")
        case HandshakeFailed():
            yield told("handshake", f"handshake failed: {_failure(event)}", event.alert_by)
        case RequestReceived():
            details = (
                _headers(event),
                *([_body(event.request.body)] if event.request.body else []),
            )
            line = f"{event.request.method} {event.request.target}"
            yield told("request", line, "client", *details)
        case RequestRejected():
            yield told("request", f"no request: {event.reason}; {_body(event.data)}", "client")
        case AnswerGiven():
            user = f" to {event.user}" if event.user else ""
            details = (_body(event.body),) if event.body else ()
            yield told("answer", f"{event.status}{user}", "target", *details)
        case GatewayCommand():
            yield told("request", " ".join(event.lines), "client")
            if event.reply is not None:
                yield told("answer", event.reply.strip(), "target")
        case FileRefused():
            yield told("note", f"refused a file: {event.reason}", "target")
        case NotServed():
            yield told("note", f"the target does not serve {event.operation}", "target")
        case FaultFired():
            yield told("note", f"a fault fired ({event.phase})", "target")
        case HarnessError():
            yield told("note", f"mistake of the harness: {event.text}")
        case ConnectionClosed():
            count = event.application_received.count
            ended = f"{event.ending}; the client had sent {count} bytes of HTTP"
            yield told("closed", ended, _ENDED_BY.get(event.ending.partition(" ")[0]))
        case _:
            return


def _handshake(event: HandshakeCompleted) -> str:
    name = event.hello.server_name if event.hello else None
    peer = event.peer_certificate
    parts = [event.version, f"server name {name}" if name else "no server name"]
    parts.append(f"client certificate {peer.subject}" if peer else "no client certificate")
    return ", ".join(parts)


def _failure(event: HandshakeFailed) -> str:
    parts = [str(event.cause)]
    if event.alert:
        parts.append(f"alert {event.alert} from the {event.alert_by}")
    if event.verify_message:
        parts.append(event.verify_message)
    return ", ".join(parts)


def _headers(event: RequestReceived) -> str:
    headers = event.request.headers
    texts = (f"{name}: {header_shown(name, value.decode('latin-1'))}" for name, value in headers)
    return "; ".join(texts)


def _body(body: bytes) -> str:
    return body.decode("utf-8", "backslashreplace")
