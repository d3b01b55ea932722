"""The names of TLS alerts, and which alert was received or sent.

Names and numbers: RFC 8446 section 6, and RFC 5246 section 7.2 for what TLS 1.3 left behind.
"""

from __future__ import annotations

import re
import ssl

NAMES = {
    0: "close_notify",
    10: "unexpected_message",
    20: "bad_record_mac",
    21: "decryption_failed",
    22: "record_overflow",
    30: "decompression_failure",
    40: "handshake_failure",
    41: "no_certificate",
    42: "bad_certificate",
    43: "unsupported_certificate",
    44: "certificate_revoked",
    45: "certificate_expired",
    46: "certificate_unknown",
    47: "illegal_parameter",
    48: "unknown_ca",
    49: "access_denied",
    50: "decode_error",
    51: "decrypt_error",
    60: "export_restriction",
    70: "protocol_version",
    71: "insufficient_security",
    80: "internal_error",
    86: "inappropriate_fallback",
    90: "user_canceled",
    100: "no_renegotiation",
    109: "missing_extension",
    110: "unsupported_extension",
    111: "certificate_unobtainable",
    112: "unrecognized_name",
    113: "bad_certificate_status_response",
    114: "bad_certificate_hash_value",
    115: "unknown_psk_identity",
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
    **dict.fromkeys((66, 67, 68), "bad_certificate"),
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
