"""A chain before it is signed: everything in it can still be changed, which is what defects do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from connect_harness.certificates.chain import Chain, Purpose
from connect_harness.certificates.keys import PrivateKey, new_key

# Far away on both sides, so that no machine's clock decides a case; trustme's own span.
VALID_FROM = datetime(2000, 1, 1, tzinfo=UTC)
VALID_UNTIL = datetime(3000, 1, 1, tzinfo=UTC)

# By type: the extension, and whether it is critical.
Extensions = dict[type[x509.ExtensionType], tuple[x509.ExtensionType, bool]]

_USAGES: dict[Purpose, x509.ObjectIdentifier] = {
    "server": ExtendedKeyUsageOID.SERVER_AUTH,
    "client": ExtendedKeyUsageOID.CLIENT_AUTH,
}


class Issuer(Protocol):
    """Whoever signs a certificate: an authority, or another certificate of the chain."""

    @property
    def subject(self) -> x509.Name:
        """The name that stands as issuer in what it signs."""

    @property
    def private_key(self) -> PrivateKey:
        """The key that it signs with."""


@dataclass(eq=False)
class CertificateBlueprint:
    """One certificate before it is signed.

    Parameters:
        subject: Its subject.
        issuer: Who signs it; itself for a self-signed certificate.
        private_key: Its key.
        names: Its subject alternative names; without any it has no such extension.
        not_before, not_after: The first and the last moment at which it is valid.
        serial_number: Its serial number.
        extensions: Its other extensions. Both key identifiers are added when it is signed,
            unless they stand here.
    """

    subject: x509.Name
    issuer: Issuer
    private_key: PrivateKey = field(repr=False)
    names: list[x509.GeneralName] = field(default_factory=list)
    not_before: datetime = VALID_FROM
    not_after: datetime = VALID_UNTIL
    serial_number: int = field(default_factory=x509.random_serial_number)
    extensions: Extensions = field(default_factory=dict)

    def extend(self, extension: x509.ExtensionType, *, critical: bool) -> None:
        """Give it this extension, in place of another one of the same type."""
        self.extensions[type(extension)] = (extension, critical)


@dataclass(eq=False)
class ChainBlueprint:
    """A chain before it is signed.

    Parameters:
        leaf: The certificate of the server or the client.
        intermediates: From the one below the authority down to the issuer of the leaf.
        sent: What is sent in the handshake, in order.
    """

    leaf: CertificateBlueprint
    intermediates: list[CertificateBlueprint]
    sent: list[CertificateBlueprint]

    @property
    def issuing_intermediate(self) -> CertificateBlueprint:
        """The intermediate that issued the leaf.

        Raises:
            ValueError: There is none.
        """
        if not self.intermediates:
            raise ValueError("this defect needs an intermediate: Chain(intermediates=1)")
        return self.intermediates[-1]


def sound_blueprint(chain: Chain, authority: Issuer) -> ChainBlueprint:
    """The blueprint of ``chain`` without its defect, below ``authority``, with new keys.

    It keeps to the profile of RFC 5280 4.1 and 4.2, strict verifiers included.
    """
    intermediates = list(_intermediates(chain.intermediates, authority))
    leaf = CertificateBlueprint(
        subject=leaf_subject(chain.subject, chain.purpose),
        issuer=intermediates[-1] if intermediates else authority,
        private_key=new_key(chain.key),
        names=[general_name(name) for name in chain.names],
    )
    leaf.extend(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    # RFC 8813 section 3: a key on a curve enciphers nothing.
    enciphers = isinstance(leaf.private_key, RSAPrivateKey)
    leaf.extend(key_usage(digital_signature=True, key_encipherment=enciphers), critical=True)
    leaf.extend(x509.ExtendedKeyUsage([_USAGES[chain.purpose]]), critical=False)
    return ChainBlueprint(leaf, intermediates, sent=[leaf, *reversed(intermediates)])


def _intermediates(count: int, authority: Issuer) -> Iterator[CertificateBlueprint]:
    issuer = authority
    for place in range(count):
        intermediate = CertificateBlueprint(
            subject=_name((NameOID.COMMON_NAME, f"Intermediate {place + 1}")),
            issuer=issuer,
            private_key=new_key("ec-p256"),
        )
        below = count - place - 1
        intermediate.extend(x509.BasicConstraints(ca=True, path_length=below), critical=True)
        intermediate.extend(key_usage(key_cert_sign=True, crl_sign=True), critical=True)
        yield intermediate
        issuer = intermediate


def leaf_subject(common_name: str | None, purpose: Purpose) -> x509.Name:
    """The subject of a leaf: its common name alone, or, without one, what it is for."""
    if common_name is None:
        return _name((NameOID.ORGANIZATIONAL_UNIT_NAME, purpose))
    return _name((NameOID.COMMON_NAME, common_name))


def general_name(text: str) -> x509.GeneralName:
    """``text`` as a subject alternative name: of type IP if it is an address, else DNS."""
    try:
        return x509.IPAddress(ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def key_usage(
    *,
    digital_signature: bool = False,
    key_encipherment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    """A key usage extension with these bits set and no others (RFC 5280 4.2.1.3)."""
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=False,
        key_encipherment=key_encipherment,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )


def _name(*attributes: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in attributes])
