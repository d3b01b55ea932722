"""What went over the wire, as lines to be read: bounded in size, and without secrets."""

from __future__ import annotations

from collections.abc import Iterator

from connect_contracts.checks.secrets.redaction import Redaction, header_shown
from connect_contracts.model.observation import Observation
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
    RequestReceived,
    RequestRejected,
)

MOST_LINES = 80
LONGEST_LINE = 200


def transcript(observation: Observation, redacted: Redaction) -> tuple[str, ...]:
    """The events of ``observation`` in order, at most ``MOST_LINES`` lines of them."""
    lines = [
        _short(printable(redacted(line))) for event in observation.events for line in _lines(event)
    ]
    if len(lines) <= MOST_LINES:
        return tuple(lines)
    half = MOST_LINES // 2
    left_out = f"({len(lines) - 2 * half + 1} lines are left out here)"
    return (*lines[:half], left_out, *lines[-half + 1 :])


def printable(text: str) -> str:
    """``text`` with every character that a terminal or an encoder may stumble on written out."""
    return "".join(
        character
        if character.isprintable() or character == "\n"
        else character.encode("unicode_escape").decode()
        for character in text
    )


def one_line(text: str) -> str:
    """The same, line ends included."""
    return printable(text).replace("\n", "\\n")


def _short(line: str) -> str:
    line = line.replace("\n", "\\n")
    if len(line) <= LONGEST_LINE:
        return line
    return f"{line[:LONGEST_LINE]}... ({len(line)} characters)"


def _lines(event: Event) -> Iterator[str]:
    where = f"  {event.target}[{event.connection}]"
    match event:
        case Mark(text=text):
            # What a step sent is recorded before "settled"; the word itself tells nothing.
            if not text.endswith(" settled"):
                yield f"step {text}"
        case ConnectionAccepted():
            yield f"{where} connected" + (" to the gateway" if event.service == "gateway" else "")
        case HandshakeCompleted():
            yield f"{where} handshake done: {_handshake(event)}"
        case HandshakeFailed():
            yield f"{where} handshake failed: {_failure(event)}"
        case RequestReceived():
            yield f"{where} > {event.request.method} {event.request.target}"
            yield f"{where} >   {_headers(event)}"
            if event.request.body:
                yield f"{where} >   {_body(event.request.body)}"
        case RequestRejected():
            yield f"{where} > no request: {event.reason}; {_body(event.data)}"
        case AnswerGiven():
            yield f"{where} < {event.status}" + (f" to {event.user}" if event.user else "")
            if event.body:
                yield f"{where} <   {_body(event.body)}"
        case GatewayCommand():
            yield f"{where} > {' '.join(event.lines)}"
            if event.reply is not None:
                yield f"{where} < {event.reply.strip()}"
        case FileRefused():
            yield f"  {event.target} refused a file: {event.reason}"
        case FaultFired():
            yield f"{where} a fault fired ({event.phase})"
        case HarnessError():
            yield f"{where} mistake of the harness: {event.text}"
        case ConnectionClosed():
            count = event.application_received.count
            yield f"{where} {event.ending}; the client had sent {count} bytes of HTTP"
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
