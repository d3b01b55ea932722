"""Why a handshake failed, by the alerts and by what the TLS library says.

Names and numbers of alerts: RFC 8446 section 6, and RFC 5246 section 7.2 for those that TLS 1.3
no longer has.
"""

from __future__ import annotations

import re
import ssl

from connect_harness.server.client_hello import HANDSHAKE_RECORD
from connect_harness.server.events import Cause, HandshakeFailed

NAMES = {
    **{
        alert.value: alert.name.removeprefix("ALERT_DESCRIPTION_").lower()
        for alert in ssl.AlertDescription
    },
    # What Python does not name, or spells in another way.
    21: "decryption_failed",
    41: "no_certificate",
    60: "export_restriction",
    86: "inappropriate_fallback",
    90: "user_canceled",
    100: "no_renegotiation",
    109: "missing_extension",
    116: "certificate_required",
    120: "no_application_protocol",
}
"""The name of each alert by its number."""

OF_CERTIFICATES = frozenset(
    {
        "bad_certificate",
        "unsupported_certificate",
        "certificate_revoked",
        "certificate_expired",
        "certificate_unknown",
        "unknown_ca",
        "access_denied",
        "decrypt_error",
        "bad_certificate_status_response",
    }
)
"""The alerts with which a client refuses a certificate; ``decrypt_error`` is a wrong signature."""

_RECEIVED = re.compile(r"(?:SSLV3|TLSV1|TLSV13)_(?:ALERT_)?(\w+)")
_SPELT_OUT = re.compile(r"tlsv\d+ alert ([a-z ]+) \(")
_KNOWN = frozenset(NAMES.values())
_RECORD_ALERT = 21

# What OpenSSL sends about a certificate with this verify code. Under TLS 1.3 the alert leaves
# encrypted and can only be known from here; a test holds it against what clients receive.
_BY_VERIFY_CODE = {
    **dict.fromkeys((2, 3, 18, 19, 20, 21, 24, 25, 33, 79), "unknown_ca"),
    **dict.fromkeys((4, 5, 6, 9, 11, 13, 14, 15, 16, 27, 28, 62, 63, 64), "bad_certificate"),
    **dict.fromkeys((66, 67, 68, 94), "bad_certificate"),
    **dict.fromkeys((7, 8), "decrypt_error"),
    **dict.fromkeys((10, 12), "certificate_expired"),
    **dict.fromkeys((17, 69, 70), "internal_error"),
    23: "certificate_revoked",
    26: "unsupported_certificate",
    50: "handshake_failure",
}


def received(error: ssl.SSLError) -> str | None:
    """The alert that the other side sent, if that is what this error tells.

    OpenSSL's reasons for alerts received begin with a version, unlike all its other reasons.
    """
    if not error.reason:
        # For the newer alerts Python has OpenSSL's text and no reason.
        spelt = _SPELT_OUT.search(str(error))
        name = spelt[1].replace(" ", "_") if spelt else ""
    else:
        reason = _RECEIVED.fullmatch(error.reason)
        name = reason[1].lower() if reason else ""
    return name if name in _KNOWN else None


def in_the_clear(data: bytes) -> str | None:
    """The alert at the end of ``data``, if these are TLS records that end with one unencrypted."""
    record = data[-7:]
    if len(record) == 7 and record[0] == _RECORD_ALERT and record[3:5] == b"\x00\x02":
        return NAMES.get(record[6], f"alert {record[6]}")
    return None


def for_verify_code(code: int) -> str:
    """The alert that OpenSSL sends after it refused a certificate with this verify code."""
    return _BY_VERIFY_CODE.get(code, "certificate_unknown")


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
    """What to record of a handshake that the TLS library ended with ``error``.

    Parameters:
        first: The first bytes that arrived.
        unsent: The alert that the library wants to send, or nothing. Where it is encrypted
            (TLS 1.3), it is known from what the library refused.
    """
    detail = error.reason or str(error)
    alert = received(error)
    if alert is not None:
        refused = alert in OF_CERTIFICATES
        return HandshakeFailed(
            cause=Cause.CLIENT_REFUSED_CERTIFICATE if refused else Cause.CLIENT_ALERTED,
            alert=alert,
            alert_by="client",
            detail=detail,
        )
    if isinstance(error, ssl.SSLCertVerificationError):
        return HandshakeFailed(
            cause=Cause.CLIENT_CERTIFICATE_REFUSED,
            alert=in_the_clear(unsent) or for_verify_code(error.verify_code),
            alert_by="target",
            verify_code=error.verify_code,
            verify_message=error.verify_message,
            detail=detail,
        )
    alert = in_the_clear(unsent)
    cause = _cause(error, first)
    if cause is Cause.CLIENT_CERTIFICATE_MISSING and unsent and alert is None:
        alert = "certificate_required"
    return HandshakeFailed(
        cause=cause, alert=alert, alert_by="target" if alert else None, detail=detail
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
