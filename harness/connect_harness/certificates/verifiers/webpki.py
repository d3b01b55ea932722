"""The path validation of cryptography as a verifier: the profile of the web's authorities.

It is written in Rust and shares no code with OpenSSL's.
"""

from __future__ import annotations

import warnings
from ipaddress import ip_address

from cryptography import x509
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from connect_harness.certificates.chain import Purpose
from connect_harness.certificates.issued import PresentedChain
from connect_harness.certificates.verifiers.verified import Verified

_USAGES: dict[Purpose, x509.ObjectIdentifier] = {
    "server": ExtendedKeyUsageOID.SERVER_AUTH,
    "client": ExtendedKeyUsageOID.CLIENT_AUTH,
}


def verify_by_cryptography(
    presented: PresentedChain, trusted_pem: bytes, host: str, *, purpose: Purpose = "server"
) -> Verified:
    """Whether cryptography's path validation believes this chain.

    By default it refuses names and an extended key usage that are critical, which RFC 5280
    4.2.1.6 and 4.2.1.12 allow and which trustme's leaves have: here they may be either.

    Parameters:
        presented: What the server presents, or the client.
        trusted_pem: The authority file of the other side.
        host: The host that a client asked for; nobody asks a client for its own.
        purpose: Who presents it.
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
        # What it cannot read, it does not believe.
        return Verified(accepted=False, reason=str(error))
    return Verified(accepted=True)


def _of_leaves(purpose: Purpose) -> ExtensionPolicy:
    def allows(
        _policy: Policy, _leaf: x509.Certificate, usage: x509.ExtendedKeyUsage | None
    ) -> None:
        if usage is not None and _USAGES[purpose] not in usage:
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
