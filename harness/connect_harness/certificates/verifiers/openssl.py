"""OpenSSL as a verifier: a handshake of ``ssl`` in memory, both sides, no socket."""

from __future__ import annotations

import re
import ssl

from connect_harness.certificates.chain import Purpose
from connect_harness.certificates.issued import PresentedChain
from connect_harness.certificates.private_files import load_into, load_revocation_lists
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
    return _verified(_Side(asking, host), _Side(answering, None))


class _Side:
    """One side: shakes hands, then reads, as under TLS 1.3 a refusal can arrive that late."""

    def __init__(self, context: ssl.SSLContext, host: str | None) -> None:
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(
            self.incoming, self.outgoing, server_side=host is None, server_hostname=host
        )
        self.ready = False
        self.error: ssl.SSLError | None = None

    def go_on(self) -> bytes:
        """As far as what has arrived allows; gives what it has to say."""
        try:
            if self.error is None and not self.ready:
                self.tls.do_handshake()
                self.ready = True
            if self.error is None:
                self.tls.read(1)
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError as error:
            self.error = error
        return self.outgoing.read()


def _verified(client: _Side, server: _Side) -> Verified:
    here, there, silent = client, server, 0
    while silent < 2:
        said = here.go_on()
        there.incoming.write(said)
        silent = 0 if said else silent + 1
        here, there = there, here
    errors = [side.error for side in (client, server) if side.error is not None]
    if not errors:
        return Verified(accepted=client.ready and server.ready)
    arrived = [found[1].lower() for one in errors if (found := _ARRIVED.match(one.reason or ""))]
    # Of the two sides' errors, the one that is no alert is the reason.
    own = [one for one in errors if not _ARRIVED.match(one.reason or "")]
    why = own[0] if own else errors[0]
    code = why.verify_code if isinstance(why, ssl.SSLCertVerificationError) else None
    reason = why.verify_message if isinstance(why, ssl.SSLCertVerificationError) else why.reason
    return Verified(
        accepted=False, reason=reason or "", verify_code=code, alert=next(iter(arrived), None)
    )
