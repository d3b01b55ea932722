"""A chain before it is signed: a sound one, and everything in it can still be changed by a defect.

What is sound keeps to the profile of RFC 5280 4.1 and 4.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from typing import Literal, Protocol

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from connect_harness.certificates.authority import VALID_FROM, VALID_UNTIL, Authority
from connect_harness.certificates.chain import Chain, Purpose
from connect_harness.certificates.keys import PrivateKey, new_key

# Far away on both sides, so that no machine's clock decides a case; trustme's own span.
USAGES: dict[Purpose, x509.ObjectIdentifier] = {
    "server": ExtendedKeyUsageOID.SERVER_AUTH,
    "client": ExtendedKeyUsageOID.CLIENT_AUTH,
}

_KEY_USAGE_BITS = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)

Digest = Literal["sha256", "sha1", "md5"]

# By type: the extension, and whether it is critical.
Extensions = dict[type[x509.ExtensionType], tuple[x509.ExtensionType, bool]]


class Issuer(Protocol):
    """What signs a certificate: an authority, or another certificate of the chain."""

    @property
    def subject(self) -> x509.Name:
        """The name that stands as issuer in what it signs."""

    @property
    def private_key(self) -> PrivateKey:
        """The key that it signs with."""


@dataclass(frozen=True)
class Impostor:
    """An issuer with the name of another one, and a key of its own."""

    subject: x509.Name
    private_key: PrivateKey = field(repr=False)


@dataclass(eq=False)
class CertificateBlueprint:
    """One certificate before it is signed.

    Parameters:
        issuer: What signs it; itself for a self-signed certificate.
        names: Its subject alternative names; without any it has no such extension.
        not_before, not_after: The first and the last moment at which it is valid.
        serial_number: Its serial number; zero and negative ones, which no library writes, too.
        extensions: Its other extensions. Both key identifiers are added when it is signed,
            unless they stand here or are left out.
        digest: The hash function of its signature. Other than SHA-256 it takes an issuer with
            an RSA key.
        version: Version 1 has no extensions (RFC 5280 4.1.2.1): what stands above is left out.
    """

    subject: x509.Name
    issuer: Issuer
    private_key: PrivateKey = field(repr=False)
    names: list[x509.GeneralName] = field(default_factory=list)
    not_before: datetime = VALID_FROM
    not_after: datetime = VALID_UNTIL
    serial_number: int = field(default_factory=x509.random_serial_number)
    extensions: Extensions = field(default_factory=dict)
    digest: Digest = "sha256"
    version: Literal[1, 3] = 3
    left_out: set[type[x509.ExtensionType]] = field(default_factory=set)

    def extend(self, extension: x509.ExtensionType, *, critical: bool) -> None:
        """Give it this extension, in place of another one of the same type."""
        self.extensions[type(extension)] = (extension, critical)

    def leave_out(self, *kinds: type[x509.ExtensionType]) -> None:
        """Take away its extensions of these types, key identifiers too."""
        for kind in kinds:
            self.extensions.pop(kind, None)
            self.left_out.add(kind)


@dataclass(eq=False)
class ChainBlueprint:
    """A chain before it is signed.

    Parameters:
        authority: The authority that it ends in.
        leaf: The certificate of the server or the client.
        intermediates: From the one below the authority down to the issuer of the leaf.
        sent: What is sent in the handshake, in order: certificates to be signed, and signed ones.
        cross_signer: The authority that also signed the key of ``authority``, if one did.
        cross_signed: The certificate of ``authority`` that it signed.
        changed: The authorities' own certificates that a defect changes.
    """

    authority: Authority
    leaf: CertificateBlueprint
    intermediates: list[CertificateBlueprint]
    sent: list[CertificateBlueprint | x509.Certificate]
    cross_signer: Authority | None = None
    cross_signed: CertificateBlueprint | None = None
    changed: dict[Authority, CertificateBlueprint] = field(default_factory=dict)

    @property
    def issuing_intermediate(self) -> CertificateBlueprint:
        """The intermediate that issued the leaf, in a chain that has one."""
        return self.intermediates[-1]

    @property
    def root(self) -> CertificateBlueprint:
        """The authority's own certificate, self-signed. Reading it changes the authority.

        The authority then has another certificate: the same subject and, unless that is
        replaced here, the same key.
        """
        return self._own_certificate(self.authority)

    @property
    def cross_root(self) -> CertificateBlueprint:
        """As ``root``, of the authority that signed across."""
        return self._own_certificate(self.crossing[0])

    @property
    def crossing(self) -> tuple[Authority, CertificateBlueprint]:
        """The authority that signed across, and what it signed, in a chain that has one."""
        assert self.cross_signer is not None
        assert self.cross_signed is not None
        return self.cross_signer, self.cross_signed

    @property
    def certificates(self) -> list[CertificateBlueprint]:
        """All that are to be signed below the authorities, sent or not."""
        sent = [each for each in self.sent if isinstance(each, CertificateBlueprint)]
        cross_signed = [] if self.cross_signed is None else [self.cross_signed]
        return list(dict.fromkeys([self.leaf, *self.intermediates, *cross_signed, *sent]))

    def _own_certificate(self, authority: Authority) -> CertificateBlueprint:
        if authority not in self.changed:
            root = self.changed[authority] = sound_root(authority)
            self.issue_by(authority, root)
        return self.changed[authority]

    def issue_by(self, old: Issuer, new: Issuer) -> None:
        """Let ``new`` sign what ``old`` would have signed."""
        for certificate in self.certificates:
            if certificate.issuer is old:
                certificate.issuer = new


def sound_blueprint(
    chain: Chain, authority: Authority, cross_signer: Authority | None = None
) -> ChainBlueprint:
    """The blueprint of ``chain`` without its defect, below ``authority``, with new keys.

    Strict verifiers take it too. ``cross_signer`` signs the key of ``authority`` as well.
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
    leaf.extend(x509.ExtendedKeyUsage([USAGES[chain.purpose]]), critical=False)
    made = ChainBlueprint(authority, leaf, intermediates, sent=[leaf, *reversed(intermediates)])
    if cross_signer is not None:
        made.cross_signer = cross_signer
        made.cross_signed = authority_blueprint(
            authority.subject, cross_signer, authority.private_key
        )
        made.sent.append(made.cross_signed)
    return made


def sound_root(authority: Authority) -> CertificateBlueprint:
    """The self-signed certificate of ``authority``, made anew for its subject and key."""
    root = authority_blueprint(authority.subject, authority, authority.private_key)
    root.issuer = root
    # RFC 5280 4.2.1.1: a self-signed certificate may go without, as trustme's do.
    root.leave_out(x509.AuthorityKeyIdentifier)
    return root


def _intermediates(count: int, authority: Issuer) -> Iterator[CertificateBlueprint]:
    issuer = authority
    for place in range(count):
        subject = named(f"Intermediate {place + 1}")
        intermediate = authority_blueprint(subject, issuer, new_key("ec-p256"))
        below = count - place - 1
        intermediate.extend(x509.BasicConstraints(ca=True, path_length=below), critical=True)
        yield intermediate
        issuer = intermediate


def authority_blueprint(
    subject: x509.Name, issuer: Issuer, key: PrivateKey
) -> CertificateBlueprint:
    """A certificate of an authority: it may sign certificates and revocation lists."""
    made = CertificateBlueprint(subject=subject, issuer=issuer, private_key=key)
    made.extend(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    made.extend(key_usage(key_cert_sign=True, crl_sign=True), critical=True)
    return made


def leaf_subject(common_name: str | None, purpose: Purpose) -> x509.Name:
    """The subject of a leaf: its common name alone, or, without one, what it is for."""
    if common_name is None:
        return x509.Name([x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, purpose)])
    return named(common_name)


def named(common_name: str) -> x509.Name:
    """A subject or an issuer: this common name alone."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def general_name(text: str) -> x509.GeneralName:
    """``text`` as a subject alternative name: of type IP if it is an address, else DNS."""
    try:
        return x509.IPAddress(ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def key_usage(**allowed: bool) -> x509.KeyUsage:
    """A key usage extension with these bits set and no others (RFC 5280 4.2.1.3)."""
    return x509.KeyUsage(**{**dict.fromkeys(_KEY_USAGE_BITS, False), **allowed})
