"""What a journal holds: one small class for each kind of event."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from connect_harness.exchange import PeerCertificate, Request
from connect_harness.misbehaviour import Act, Layer, Phase
from connect_harness.server.client_hello import ClientHello


class Cause(StrEnum):
    """Why a handshake failed."""

    CLIENT_REFUSED_CERTIFICATE = "client refused the target's certificate"
    """The client sent an alert that speaks of certificates (RFC 8446 section 6.2)."""
    CLIENT_ALERTED = "client sent another alert"
    """The client sent a fatal alert about something else."""
    CLIENT_CERTIFICATE_MISSING = "client presented no certificate"
    """The target requires a client certificate and none came."""
    CLIENT_CERTIFICATE_REFUSED = "target refused the client's certificate"
    """A client certificate came, and its verification failed."""
    NO_COMMON_VERSION = "no common version"
    NO_COMMON_CIPHER = "no common cipher"
    """Client and target have no cipher suite, group or signature algorithm in common."""
    NAME_UNRECOGNISED = "target recognises no server name"
    """The client named the server, and the target is made to know no name (RFC 6066 section 3)."""
    CLIENT_CLOSED = "client closed without a word"
    """The client ended the stream in the middle, without an alert that says why."""
    CLIENT_RESET = "client reset the connection"
    """The client's system reset the connection in the middle."""
    PLAIN_HTTP = "plain HTTP on a TLS port"
    """The first byte is the beginning of an HTTP request."""
    TLS_ON_PLAIN_PORT = "TLS on a plain port"
    """The first byte is the beginning of a TLS handshake, and the target speaks none."""
    GARBAGE = "neither TLS nor HTTP"
    """The first byte begins nothing known."""
    PROTOCOL_ERROR = "TLS protocol error"
    """It began as TLS and broke its rules later; ``detail`` has the words of the library."""
    TARGET_CUT = "cut by the target"
    """The target was stopped, or its connections were cut, in the middle."""
    FAULT = "ended by an armed fault"
    """The target broke it off on purpose."""


class Ending(StrEnum):
    """How a connection ended."""

    CLIENT_CLOSED = "client closed"
    """The client ended the stream in order; under TLS with ``close_notify``."""
    CLIENT_CLOSED_WITHOUT_NOTICE = "client closed without close_notify"
    """The client ended the stream and skipped what TLS demands first (RFC 8446 section 6.1)."""
    CLIENT_RESET = "client reset"
    """The client's system reset the connection."""
    CLIENT_ALERTED = "client sent a fatal alert"
    """A fatal alert came after the handshake."""
    CLIENT_BROKE_TLS = "client broke TLS"
    """What came after the handshake was no TLS."""
    HANDSHAKE_FAILED = "handshake failed"
    """See the connection's ``HandshakeFailed``."""
    TARGET_CLOSED = "target closed"
    """The target ended the stream after an answer, for instance because the client asked for it."""
    TARGET_CUT = "target cut"
    """The target was stopped, or its connections were cut."""
    FAULT = "fault"
    """An armed fault ended it."""
    HARNESS_ERROR = "harness error"
    """A mistake of ours; see the connection's ``HarnessError``."""


Service = Literal["http", "gateway"]
"""Which of a target's two ports a connection came to."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes that went one way through a connection: how many, and the first of them."""

    count: int = 0
    first: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened. The journal sets ``number`` and ``at``.

    Parameters:
        number: Its place in the journal, from 1.
        at: When it was recorded, in nanoseconds of ``journal.nanoseconds``.
        target: The name of the target; empty for what happened elsewhere.
        connection: The number of the connection, unique within the journal.
    """

    number: int = 0
    at: int = 0
    target: str = ""
    connection: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark(Event):
    """What someone outside the targets noted, for instance that a step begins."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenerStarted(Event):
    """A target began to listen, on its HTTP port or on its Py4J port."""

    port: int | None
    gateway_port: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenerStopped(Event):
    """A target stopped listening; its open connections are cut after this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionAccepted(Event):
    """A client connected, from this address and port."""

    service: Service
    port: int
    client: tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandshakeCompleted(Event):
    """A TLS handshake succeeded, as the target sees it. A client may still refuse after it.

    Parameters:
        version: The negotiated version, for instance ``TLSv1.3``.
        cipher: The negotiated cipher suite, in OpenSSL's spelling.
        resumed: Whether an earlier session was resumed; never with ``tls.server_context``.
    """

    hello: ClientHello | None
    version: str
    cipher: str
    alpn: str | None = None
    resumed: bool = False
    peer_certificate: PeerCertificate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandshakeFailed(Event):
    """A connection never became one on which requests are answered.

    Parameters:
        alert: The name of the fatal alert, as in RFC 8446 section 6, if there was one.
        verify_code: OpenSSL's code of what is wrong with the client's certificate.
        detail: The words of the TLS library.
        after_completion: The client refused after its part of the handshake was done, before it
            sent any byte of HTTP.
    """

    cause: Cause
    alert: str | None = None
    alert_by: Literal["client", "target"] | None = None
    verify_code: int | None = None
    verify_message: str | None = None
    detail: str = ""
    hello: ClientHello | None = None
    data: bytes = field(default=b"", repr=False)
    after_completion: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReceived(Event):
    """A whole HTTP request arrived.

    Parameters:
        order: Which request of its connection it is, from 1.
        raw_headers: Its headers with the names spelt as they came.
    """

    order: int
    line: str
    request: Request = field(repr=False)
    raw_headers: tuple[tuple[bytes, bytes], ...] = field(repr=False)
    http_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRejected(Event):
    """What arrived in the place of a request is none, or is longer than the target takes.

    Parameters:
        answered: The status of the answer; ``None`` where the client was gone, and for Py4J, whose
            replies have none.
    """

    reason: str
    data: bytes = field(repr=False)
    answered: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerGiven(Event):
    """The answer to a request, recorded before its first byte goes out.

    Parameters:
        request: The number of the ``RequestReceived`` that it answers.
        body: The body, also where a HEAD request keeps it back.
        user, fault, change: As in ``exchange.Answer``.
    """

    request: int
    status: int
    reason: str = ""
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    user: str | None = None
    fault: str | None = None
    change: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayCommand(Event):
    """A command of a Py4J client, recorded before its reply goes out.

    The reply is ``None`` for a command without one, or never completed.
    """

    lines: tuple[str, ...] = field(repr=False)
    reply: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRefused(Event):
    """A Py4J client named a file that the target does not read; the reason has the path."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotServed(Event):
    """A client asked for an operation that the target does not serve, and got the error for it.

    Parameters:
        operation: Method and path, ``GraphQL`` and the operation's name, or ``Py4J`` and what was
            called; without arguments and values.
    """

    operation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultFired(Event):
    """An armed fault changed what a target sends; recorded before the change.

    Parameters:
        fault: The name of the fault; empty for one that has none.
        act: What it did besides sending other bytes.
    """

    fault: str = ""
    layer: Layer
    phase: Phase
    act: Act | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerActed(Event):
    """The owner of a target changed it: a restart, another certificate, an armed fault."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HarnessError(Event):
    """A mistake of ours, never of the client: the text of the traceback.

    Parameters:
        fault: The fault, or the callable of a cube, that made it, if that is the user's own: then
            it is no mistake of ours.
    """

    text: str
    fault: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionClosed(Event):
    """A connection ended.

    Parameters:
        alert: The fatal alert that a client sent after its handshake.
        received, sent: The raw bytes, encrypted where TLS is spoken.
        application_received: The bytes of HTTP (or Py4J) from the client, after TLS. No byte where
            a handshake was refused; plain HTTP sent to a TLS port counts.
        application_sent: The bytes of HTTP (or Py4J) to the client, before TLS.
    """

    ending: Ending
    alert: str | None = None
    requests: int = 0
    received: Kept = Kept()
    sent: Kept = Kept()
    application_received: Kept = Kept()
    application_sent: Kept = Kept()
