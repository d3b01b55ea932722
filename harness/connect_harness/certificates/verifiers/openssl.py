"""OpenSSL as a verifier: a handshake of ``ssl`` between two stock contexts."""

from __future__ import annotations

import re
import ssl

from connect_harness.certificates.chain import Purpose
from connect_harness.certificates.issued import PresentedChain
from connect_harness.certificates.private_files import load_into, load_revocation_lists
from connect_harness.certificates.verifiers.handshake import Outcome, shake_hands
from connect_harness.certificates.verifiers.verified import Verified

# OpenSSL's name of an alert that arrived, as SSLV3_ALERT_BAD_CERTIFICATE.
_ARRIVED = re.compile(r"(?:SSLV3|TLSV1|TLSV13)_ALERT_(\w+)")
_BY_STRICT_DEFAULTS = ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN


def verify_by_openssl(
    presented: PresentedChain,
    trusted_pem: bytes,
    host: str,
    *,
    purpose: Purpose = "server",
    strict: bool,
    version: ssl.TLSVersion | None = None,
    server: PresentedChain | None = None,
    revocation_lists_pem: bytes = b"",
) -> Verified:
    """Whether a stock context of ``ssl`` believes this chain.

    Parameters:
        presented: What the server presents, or the client.
        trusted_pem: The authority file of the other side.
        host: The host that a client asked for; nobody asks a client for its own.
        purpose: Who presents it.
        strict: Whether the TLS defaults are those of Python 3.13 and later, on any Python.
        version: The only version of TLS; ``None`` for 1.2 and 1.3.
        server: For ``purpose`` client, what the server presents, which is not verified.
        revocation_lists_pem: The revocation lists that the other side looks at.

    Raises:
        ValueError: ``purpose`` is client, and ``server`` is not given.
        ssl.SSLError: The library does not take the chain or the file.
    """
    asking = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    answering = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if purpose == "server":
        verifying = asking
        load_into(answering, presented)
    else:
        if server is None:
            raise ValueError("who verifies a client needs a certificate too: server=")
        verifying = answering
        asking.check_hostname = False
        asking.verify_mode = ssl.CERT_NONE
        load_into(answering, server)
        load_into(asking, presented)
        answering.verify_mode = ssl.CERT_REQUIRED
    if trusted_pem:
        verifying.load_verify_locations(cadata=trusted_pem.decode("ascii"))
    if revocation_lists_pem:
        load_revocation_lists(verifying, revocation_lists_pem)
    verifying.verify_flags &= ~_BY_STRICT_DEFAULTS
    if strict:
        verifying.verify_flags |= _BY_STRICT_DEFAULTS
    for context in (asking, answering):
        context.minimum_version = version or ssl.TLSVersion.TLSv1_2
        context.maximum_version = version or ssl.TLSVersion.TLSv1_3
    return _verified(shake_hands(asking, answering, host))


def _verified(outcome: Outcome) -> Verified:
    errors = [one for one in (outcome.client, outcome.server) if one is not None]
    if not errors:
        return Verified(accepted=True)
    arrived = [found[1].lower() for one in errors if (found := _ARRIVED.match(one.reason or ""))]
    # Of the two sides' errors, the one that is no alert is the reason.
    own = [one for one in errors if not _ARRIVED.match(one.reason or "")]
    why = own[0] if own else errors[0]
    alert = next(iter(arrived), None)
    if isinstance(why, ssl.SSLCertVerificationError):
        return Verified(False, why.verify_message, why.verify_code, alert)
    return Verified(False, why.reason or "", None, alert)
