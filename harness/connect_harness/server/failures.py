"""Why a handshake failed, told from what the TLS library says and what went over the wire."""

from __future__ import annotations

import ssl

from connect_harness.server import alerts
from connect_harness.server.causes import Cause
from connect_harness.server.client_hello import HANDSHAKE_RECORD
from connect_harness.server.events import HandshakeFailed

_NO_COMMON_VERSION = frozenset(
    {
        "INAPPROPRIATE_FALLBACK",
        "NO_PROTOCOLS_AVAILABLE",
        "UNKNOWN_PROTOCOL",
        "UNSUPPORTED_PROTOCOL",
        "UNSUPPORTED_SSL_VERSION",
        "VERSION_TOO_LOW",
        "WRONG_SSL_VERSION",
    }
)
_NO_COMMON_CIPHER = frozenset(
    {
        "NO_SHARED_CIPHER",
        "NO_SHARED_GROUPS",
        "NO_SHARED_SIGNATURE_ALGORITHMS",
        "NO_SUITABLE_GROUPS",
        "NO_SUITABLE_KEY_SHARE",
        "NO_SUITABLE_SIGNATURE_ALGORITHM",
    }
)
_SSL_2_HELLO = 0x80


def handshake_failure(error: ssl.SSLError, first: bytes, unsent: bytes) -> HandshakeFailed:
    """What to record of a handshake that the TLS library ended.

    Parameters:
        error: What it raised.
        first: The first bytes that arrived.
        unsent: What it wants to send because of that: an alert, or nothing. An alert is read from
            there; where it is encrypted (TLS 1.3), it is known from what the library refused.
    """
    detail = error.reason or str(error)
    told = alerts.received(error)
    if told is not None:
        refused = told in alerts.OF_CERTIFICATES
        return HandshakeFailed(
            cause=Cause.CLIENT_REFUSED_CERTIFICATE if refused else Cause.CLIENT_ALERTED,
            alert=told,
            alert_by="client",
            detail=detail,
        )
    if isinstance(error, ssl.SSLCertVerificationError):
        return HandshakeFailed(
            cause=Cause.CLIENT_CERTIFICATE_REFUSED,
            alert=alerts.in_the_clear(unsent) or alerts.for_verify_code(error.verify_code),
            alert_by="target",
            verify_code=error.verify_code,
            verify_message=error.verify_message,
            detail=detail,
        )
    alert = alerts.in_the_clear(unsent)
    cause = _cause(error, first)
    if cause is Cause.CLIENT_CERTIFICATE_MISSING and unsent and alert is None:
        alert = "certificate_required"
    return HandshakeFailed(
        cause=cause,
        alert=alert,
        alert_by="target" if alert else None,
        detail=detail,
    )


def _cause(error: ssl.SSLError, first: bytes) -> Cause:
    if first[0] not in (HANDSHAKE_RECORD, _SSL_2_HELLO):
        return Cause.GARBAGE
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return Cause.CLIENT_CLOSED
    if error.reason == "PEER_DID_NOT_RETURN_A_CERTIFICATE":
        return Cause.CLIENT_CERTIFICATE_MISSING
    if error.reason in _NO_COMMON_VERSION:
        return Cause.NO_COMMON_VERSION
    if error.reason == "CALLBACK_FAILED":
        # The only callback in the handshake of a target is the one for the server name.
        return Cause.NAME_UNRECOGNISED
    if error.reason in _NO_COMMON_CIPHER:
        return Cause.NO_COMMON_CIPHER
    return Cause.PROTOCOL_ERROR
