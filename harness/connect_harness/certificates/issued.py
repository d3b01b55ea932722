"""Certificates with their private key, ready to be presented in a handshake."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

if TYPE_CHECKING:
    from connect_harness.certificates.authority import Authority


@dataclass(frozen=True)
class PresentedChain:
    """What one side of a handshake presents, whoever made it.

    Parameters:
        chain_pem: The leaf, then what is sent after it, in the order in which it is sent.
        private_key_pem: The leaf's private key, not encrypted. It shows in no ``repr`` and takes
            no part in comparison, so that no assertion prints it.
        leaf: The leaf.
        weak: Whether libraries present it at OpenSSL's security level 0 alone, for a key or a
            signature in it.
    """

    chain_pem: bytes
    private_key_pem: bytes = field(repr=False, compare=False)
    leaf: x509.Certificate
    weak: bool = field(default=False, kw_only=True)


@dataclass(frozen=True)
class IssuedChain(PresentedChain):
    """A chain that an authority of ours issued.

    Parameters:
        authority: The authority, which is what a client has to trust.
        intermediate: The intermediate that issued the leaf, sent or not.
        changed: The authorities whose own certificate the defect changed, as they are now.
    """

    authority: Authority
    intermediate: x509.Certificate | None = None
    changed: tuple[Authority, ...] = ()


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate's DER form, lower-case hexadecimal."""
    return certificate.fingerprint(SHA256()).hex()
