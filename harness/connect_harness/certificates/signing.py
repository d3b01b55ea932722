"""From a blueprint to certificates that are signed and ready to be presented in a handshake."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import MD5, SHA1, SHA256, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.utils import CryptographyDeprecationWarning

from connect_harness.certificates import der
from connect_harness.certificates.authority import Authority
from connect_harness.certificates.blueprint import (
    CertificateBlueprint,
    ChainBlueprint,
    Digest,
    Extensions,
)
from connect_harness.certificates.keys import PrivateKey, PublicKey, is_weak, key_pem

_HASHES: dict[Digest, HashAlgorithm] = {"sha256": SHA256(), "sha1": SHA1(), "md5": MD5()}
# RFC 3279 2.2.1: RSA with these hash functions.
_RSA_WITH = {"sha1": "1.2.840.113549.1.1.5", "md5": "1.2.840.113549.1.1.4"}


@dataclass(frozen=True)
class PresentedChain:
    """What one side of a handshake presents.

    Parameters:
        chain_pem: The leaf, then what is sent after it, in the order in which it is sent.
        private_key_pem: The leaf's private key, not encrypted. It shows in no ``repr`` and takes
            no part in comparison, so that no assertion prints it.
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
        authority: What a client has to trust.
        intermediate: The intermediate that issued the leaf, sent or not.
        changed: The authorities whose own certificate the defect changed, as they are now.
    """

    authority: Authority
    intermediate: x509.Certificate | None = None
    changed: tuple[Authority, ...] = ()


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate's DER form, lower-case hexadecimal."""
    return certificate.fingerprint(SHA256()).hex()


def issue_blueprint(blueprint: ChainBlueprint, defect: str = "") -> IssuedChain:
    """Sign what ``blueprint`` holds. A certificate that is sent twice is signed once.

    Parameters:
        defect: What changed it; an authority whose own certificate this one has changed before
            keeps what it got then, so that files given to clients stay right.
    """
    changed = {}
    for authority, root in blueprint.changed.items():
        if authority.changed_by == defect:
            blueprint.issue_by(root, authority)
            changed[authority] = authority
        else:
            changed[authority] = authority.changed(sign(root), root.private_key, defect)
    signed = {certificate: sign(certificate) for certificate in blueprint.certificates}
    sent = [
        signed[each] if isinstance(each, CertificateBlueprint) else each for each in blueprint.sent
    ]
    intermediates = [signed[intermediate] for intermediate in blueprint.intermediates]
    return IssuedChain(
        chain_pem=b"".join(certificate.public_bytes(Encoding.PEM) for certificate in sent),
        private_key_pem=key_pem(blueprint.leaf.private_key),
        leaf=signed[blueprint.leaf],
        weak=any(
            is_weak(each.private_key) or each.digest != "sha256" for each in blueprint.certificates
        ),
        authority=changed.get(blueprint.authority, blueprint.authority),
        intermediate=intermediates[-1] if intermediates else None,
        changed=tuple(changed.values()),
    )


def sign(blueprint: CertificateBlueprint) -> x509.Certificate:
    issuer_key = blueprint.issuer.private_key
    builder = x509.CertificateBuilder(
        subject_name=blueprint.subject,
        issuer_name=blueprint.issuer.subject,
        public_key=blueprint.private_key.public_key(),
        # What the builder refuses is put in afterwards.
        serial_number=max(blueprint.serial_number, 1),
        not_valid_before=blueprint.not_before,
        not_valid_after=blueprint.not_after,
    )
    if blueprint.names and x509.SubjectAlternativeName not in blueprint.extensions:
        names = x509.SubjectAlternativeName(blueprint.names)
        builder = builder.add_extension(names, critical=False)
    for extension, critical in _extensions(blueprint, issuer_key.public_key()).values():
        builder = builder.add_extension(extension, critical=critical)
    certificate = builder.sign(
        issuer_key, None if isinstance(issuer_key, Ed25519PrivateKey) else SHA256()
    )
    odd = blueprint.serial_number < 1 or blueprint.version == 1 or blueprint.digest != "sha256"
    return _signed_again(blueprint, certificate, issuer_key) if odd else certificate


def _extensions(blueprint: CertificateBlueprint, issuer_key: PublicKey) -> Extensions:
    """The extensions of ``blueprint``, and the key identifiers unless it has its own."""
    own = x509.SubjectKeyIdentifier.from_public_key(blueprint.private_key.public_key())
    issuers = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key)
    added: Extensions = {type(own): (own, False), type(issuers): (issuers, False)}
    for kind in blueprint.left_out:
        added.pop(kind, None)
    return {**added, **blueprint.extensions}


def _signed_again(
    blueprint: CertificateBlueprint, certificate: x509.Certificate, issuer_key: PrivateKey
) -> x509.Certificate:
    """``certificate`` with what no library writes, signed again."""
    version, _, algorithm, *rest = der.elements(certificate.tbs_certificate_bytes)
    if blueprint.digest != "sha256":
        if not isinstance(issuer_key, RSAPrivateKey):
            raise ValueError(f"{blueprint.digest} takes an issuer with an RSA key")
        identifier = der.object_identifier(_RSA_WITH[blueprint.digest])
        algorithm = (der.SEQUENCE, identifier + der.element(der.NULL, b""))
    to_be_signed = [version, der.integer(blueprint.serial_number), algorithm, *rest]
    if blueprint.version == 1:
        to_be_signed = [
            each for each in to_be_signed if each[0] not in (der.VERSION, der.EXTENSIONS)
        ]
    encoded = der.sequence(to_be_signed)
    signature = _signature(encoded, issuer_key, _HASHES[blueprint.digest])
    whole = der.element(
        der.SEQUENCE,
        encoded
        + der.element(*algorithm)
        # No bit of the last byte is unused.
        + der.element(der.BIT_STRING, b"\0" + signature),
    )
    with warnings.catch_warnings():
        # It says that a serial number below 1 is not allowed, which is why it is here.
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        return x509.load_der_x509_certificate(whole)


def _signature(data: bytes, key: PrivateKey, digest: HashAlgorithm) -> bytes:
    if isinstance(key, RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), digest)
    if isinstance(key, Ed25519PrivateKey):
        return key.sign(data)
    return key.sign(data, ec.ECDSA(digest))
