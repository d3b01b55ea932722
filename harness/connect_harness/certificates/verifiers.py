"""Two verifiers that share no code: OpenSSL in a handshake of ``ssl``, and cryptography in Rust.

They say whether a chain is refused for its own reason, before any client is held to that.
"""

from __future__ import annotations

import re
import ssl
import warnings
from dataclasses import dataclass
from ipaddress import ip_address

from cryptography import x509
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from connect_harness.certificates.blueprint import USAGES
from connect_harness.certificates.chain import Purpose
from connect_harness.certificates.files import load_into, load_revocation_lists
from connect_harness.certificates.signing import PresentedChain

# OpenSSL's name of an alert that arrived, as SSLV3_ALERT_BAD_CERTIFICATE.
_ARRIVED = re.compile(r"(?:SSLV3|TLSV1|TLSV13)_ALERT_(\w+)")
_BY_STRICT_DEFAULTS = ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN


@dataclass(frozen=True)
class Verified:
    """What a verifier says of a chain.

    Parameters:
        reason: Why it is not accepted, in the verifier's words.
        verify_code: OpenSSL's code for the reason, if it has one.
        alert: The alert that was sent, by its name in RFC 8446 6; ``None`` if there was none.
    """

    accepted: bool
    reason: str = ""
    verify_code: int | None = None
    alert: str | None = None


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


def _errors(client: ssl.SSLContext, server: ssl.SSLContext, host: str) -> list[ssl.SSLError]:
    """Let both sides go on until neither has anything left to say; how they failed, if they did.

    Raises:
        RuntimeError: One side neither succeeded nor failed, so something is wrong here.
    """
    sides = here, there = _Side(client, host), _Side(server, None)
    silent = 0
    while silent < 2:
        said = here.go_on()
        there.incoming.write(said)
        silent = 0 if said else silent + 1
        here, there = there, here
    if not all(side.ready or side.error for side in sides):
        raise RuntimeError("a handshake in memory stopped half-way")
    return [side.error for side in sides if side.error is not None]


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
    """Whether a stock context of ``ssl`` accepts this chain.

    Parameters:
        presented: What the server presents, or the client.
        trusted_pem: The authority file of the other side.
        host: The host that a client asked for; a client has none.
        purpose: Which side presents it.
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
            raise ValueError("a target that verifies a client needs a certificate too: server=")
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
    return _verified(_errors(asking, answering, host))


def _verified(errors: list[ssl.SSLError]) -> Verified:
    if not errors:
        return Verified(accepted=True)
    found = [_ARRIVED.match(error.reason or "") for error in errors]
    alert = next((match[1].lower() for match in found if match), None)
    # Of the two sides' errors, the one that is no alert is the reason.
    own = [error for error, match in zip(errors, found, strict=True) if not match]
    why = (own or errors)[0]
    if isinstance(why, ssl.SSLCertVerificationError):
        return Verified(False, why.verify_message, why.verify_code, alert)
    return Verified(False, why.reason or "", None, alert)


def verify_by_cryptography(
    presented: PresentedChain, trusted_pem: bytes, host: str, *, purpose: Purpose = "server"
) -> Verified:
    """Whether cryptography's path validation accepts this chain.

    By default it refuses names and an extended key usage that are critical, which RFC 5280
    4.2.1.6 and 4.2.1.12 allow and which trustme's leaves have: here they may be either.

    Parameters: as of ``verify_by_openssl``.
    """
    try:
        with warnings.catch_warnings():
            # Of a serial number below 1: it says so, and goes on.
            warnings.simplefilter("ignore", CryptographyDeprecationWarning)
            leaf, *others = x509.load_pem_x509_certificates(presented.chain_pem)
        trusted = Store(x509.load_pem_x509_certificates(trusted_pem))
        builder = (
            PolicyBuilder()
            .store(trusted)
            .extension_policies(
                ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=_of_leaves(purpose)
            )
        )
        if purpose == "server":
            builder.build_server_verifier(_subject(host)).verify(leaf, others)
        else:
            builder.build_client_verifier().verify(leaf, others)
    except (VerificationError, ValueError) as error:
        # What it cannot read, it does not accept.
        return Verified(accepted=False, reason=str(error))
    return Verified(accepted=True)


def _of_leaves(purpose: Purpose) -> ExtensionPolicy:
    def allows(
        _policy: Policy, _leaf: x509.Certificate, usage: x509.ExtendedKeyUsage | None
    ) -> None:
        if usage is not None and USAGES[purpose] not in usage:
            raise ValueError(f"the extended key usage does not allow a {purpose}")

    agnostic = Criticality.AGNOSTIC
    if purpose == "client":
        # A client is known by its subject: it needs no names.
        policy = ExtensionPolicy.webpki_defaults_ee().may_be_present(
            x509.SubjectAlternativeName, agnostic, None
        )
    else:
        policy = ExtensionPolicy.webpki_defaults_ee().require_present(
            x509.SubjectAlternativeName, agnostic, None
        )
    return policy.may_be_present(x509.ExtendedKeyUsage, agnostic, allows)


def _subject(host: str) -> x509.DNSName | x509.IPAddress:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)
