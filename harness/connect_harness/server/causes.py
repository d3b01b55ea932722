"""Why a handshake failed and how a connection ended: two closed lists."""

from __future__ import annotations

from enum import StrEnum


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
    """Client and target have no version of TLS in common."""

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
    """It began as TLS and broke its rules later; ``detail`` has the library's word for it."""

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
