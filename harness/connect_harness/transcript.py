"""What went over the wire, as data and as lines to be read: bounded in size, without secrets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from connect_harness.redaction.redact import header_shown
from connect_harness.server.events import (
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
    OwnerActed,
    RequestReceived,
    RequestRejected,
)

MOST_LINES = 80
LONGEST_LINE = 200

Kind = Literal["step", "connected", "handshake", "request", "answer", "note", "closed"]
Sender = Literal["client", "target"]

_ARROWS = {"request": "> ", "answer": "< "}
_ENDED_BY: dict[str, Sender] = {"client": "client", "target": "target"}
"""Who ended a connection, by the first word of how it ended."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a reader is told of an event.

    Parameters:
        at: The time of the event, in nanoseconds of the journal's clock.
        sender: Whose it is; ``None`` for what both or neither did.
        details: What belongs to it at length: headers, a body.
    """

    kind: Kind
    text: str
    at: int
    target: str = ""
    connection: int | None = None
    sender: Sender | None = None
    details: tuple[str, ...] = ()


def entries(events: Iterable[Event], redacted: Callable[[str], str], most: int) -> list[Entry]:
    """What a reader is told of ``events``, in order: at most so many, those in the middle left out.

    Parameters:
        redacted: Gives a text without its secrets; every text of an entry passes through it.
    """
    found = [entry for event in events for entry in _entries(event)]
    half = most // 2
    if len(found) > most:
        text = f"({len(found) - 2 * half + 1} events are left out here)"
        left_out = Entry("note", text, found[half].at)
        found = [*found[:half], left_out, *found[1 - half :]]
    clean = _cleaning(redacted)
    return [
        replace(
            entry,
            text=clean(entry.text),
            target=clean(entry.target),
            details=tuple(map(clean, entry.details)),
        )
        for entry in found
    ]


def transcript(events: Iterable[Event], redacted: Callable[[str], str]) -> tuple[str, ...]:
    """The lines of ``events`` in order, at most ``MOST_LINES`` of them."""
    lines = [line for event in events for entry in _entries(event) for line in lines_of(entry)]
    half = MOST_LINES // 2
    if len(lines) > MOST_LINES:
        left_out = f"({len(lines) - 2 * half + 1} lines are left out here)"
        lines = [*lines[:half], left_out, *lines[-half + 1 :]]
    # What is left out need not be looked through for secrets.
    return tuple(short_line(line) for line in map(_cleaning(redacted), lines))


def _cleaning(redacted: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: printable(redacted(text))


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


def short_line(line: str) -> str:
    """``line`` on one line, not longer than ``LONGEST_LINE`` and a word on its length."""
    line = line.replace("\n", "\\n")
    if len(line) <= LONGEST_LINE:
        return line
    return f"{line[:LONGEST_LINE]}... ({len(line)} characters)"


def lines_of(entry: Entry) -> Iterator[str]:
    """``entry`` as lines, the first of which says what it is."""
    if entry.kind == "step":
        yield f"step {entry.text}"
        return
    connection = "" if entry.connection is None else f"[{entry.connection}]"
    where = f"  {entry.target}{connection} {_ARROWS.get(entry.kind, '')}"
    yield f"{where}{entry.text}"
    yield from (f"{where}  {detail}" for detail in entry.details)


def _entries(event: Event) -> Iterator[Entry]:
    def told(kind: Kind, text: str, sender: Sender | None = None, *details: str) -> Entry:
        return Entry(kind, text, event.at, event.target, event.connection, sender, details)

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
            fault = f", by the fault {event.fault!r}" if event.fault else ""
            yield told("answer", f"{event.status}{user}{fault}", "target", *details)
        case GatewayCommand():
            yield told("request", " ".join(event.lines), "client")
            if event.reply is not None:
                yield told("answer", event.reply.strip(), "target")
        case FileRefused():
            yield told("note", f"refused a file: {event.reason}", "target")
        case NotServed():
            yield told("note", f"does not serve {event.operation}", "target")
        case FaultFired():
            fault = f"the fault {event.fault!r}" if event.fault else "a fault"
            yield told("note", f"{fault} fired ({event.phase})", "target")
        case OwnerActed():
            yield told("note", event.text, "target")
        case HarnessError():
            made_by = event.fault or "the harness"
            text = f"mistake of {made_by}: {_exception(event.text)}"
            yield told("note", text, None, event.text)
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


def _exception(traceback: str) -> str:
    """Its last lines: the exception, which a line that is cut would lose."""
    lines = traceback.rpartition("\n  File ")[2].splitlines()
    begin = next((at for at, line in enumerate(lines) if at and line[:1] not in ("", " ")), 0)
    return "\n".join(lines[begin:]).strip()


def _headers(event: RequestReceived) -> str:
    headers = event.request.headers
    texts = (f"{name}: {header_shown(name, value.decode('latin-1'))}" for name, value in headers)
    return "; ".join(texts)


def _body(body: bytes) -> str:
    return body.decode("utf-8", "backslashreplace")
