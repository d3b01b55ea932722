"""A chain before it is signed: everything in it can still be changed, which is what defects do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol

from cryptography import x509

from connect_harness.certificates.fixed import VALID_FROM, VALID_UNTIL
from connect_harness.certificates.keys import PrivateKey

if TYPE_CHECKING:
    from connect_harness.certificates.authority import Authority

Digest = Literal["sha256", "sha1", "md5"]

# By type: the extension, and whether it is critical.
Extensions = dict[type[x509.ExtensionType], tuple[x509.ExtensionType, bool]]


class Issuer(Protocol):
    """Whoever signs a certificate: an authority, or another certificate of the chain."""

    @property
    def subject(self) -> x509.Name:
        """The name that stands as issuer in what it signs."""

    @property
    def private_key(self) -> PrivateKey:
        """The key that it signs with."""


@dataclass(frozen=True)
class Impostor:
    """Somebody who signs in another one's name, with a key of its own."""

    subject: x509.Name
    private_key: PrivateKey = field(repr=False)


@dataclass(eq=False)
class CertificateBlueprint:
    """One certificate before it is signed.

    Parameters:
        subject: Its subject.
        issuer: Who signs it; itself for a self-signed certificate.
        private_key: Its key.
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
        own_certificate: Makes the own certificate of an authority anew.
        cross_signer: The authority that also signed the key of ``authority``, if one did.
        cross_signed: The certificate of ``authority`` that it signed.
        changed: The authorities' own certificates that a defect changes.
    """

    authority: Authority
    leaf: CertificateBlueprint
    intermediates: list[CertificateBlueprint]
    sent: list[CertificateBlueprint | x509.Certificate]
    own_certificate: Callable[[Authority], CertificateBlueprint]
    cross_signer: Authority | None = None
    cross_signed: CertificateBlueprint | None = None
    changed: dict[Authority, CertificateBlueprint] = field(default_factory=dict)

    @property
    def issuing_intermediate(self) -> CertificateBlueprint:
        """The intermediate that issued the leaf.

        Raises:
            ValueError: There is none.
        """
        if not self.intermediates:
            raise ValueError("this defect needs an intermediate: Chain(intermediates=1)")
        return self.intermediates[-1]

    @property
    def root(self) -> CertificateBlueprint:
        """The authority's own certificate, self-signed. Who asks for it changes it.

        The authority is then given another certificate: the same subject and, unless that is
        replaced here, the same key.
        """
        return self._own_certificate(self.authority)

    @property
    def cross_root(self) -> CertificateBlueprint:
        """The own certificate of the authority that signed across; as ``root``.

        Raises:
            ValueError: There is none.
        """
        return self._own_certificate(self.crossing[0])

    @property
    def crossing(self) -> tuple[Authority, CertificateBlueprint]:
        """The authority that signed across, and the certificate that it signed.

        Raises:
            ValueError: There is none.
        """
        if self.cross_signer is None or self.cross_signed is None:
            raise ValueError("this defect needs a cross-signed chain: Chain(cross_signed_by=...)")
        return self.cross_signer, self.cross_signed

    @property
    def certificates(self) -> list[CertificateBlueprint]:
        """All that are to be signed below the authorities, sent or not."""
        sent = [one for one in self.sent if isinstance(one, CertificateBlueprint)]
        cross_signed = [] if self.cross_signed is None else [self.cross_signed]
        return list(dict.fromkeys([self.leaf, *self.intermediates, *cross_signed, *sent]))

    def _own_certificate(self, authority: Authority) -> CertificateBlueprint:
        if authority not in self.changed:
            root = self.changed[authority] = self.own_certificate(authority)
            self.issue_by(authority, root)
        return self.changed[authority]

    def issue_by(self, old: Issuer, new: Issuer) -> None:
        """Let ``new`` sign what ``old`` would have signed."""
        for one in self.certificates:
            if one.issuer is old:
                one.issuer = new
