"""From a blueprint to signed certificates."""

from __future__ import annotations

import warnings

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import MD5, SHA1, SHA256, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.utils import CryptographyDeprecationWarning

from connect_harness.certificates import der
from connect_harness.certificates.blueprint import (
    CertificateBlueprint,
    ChainBlueprint,
    Digest,
    Extensions,
)
from connect_harness.certificates.issued import IssuedChain
from connect_harness.certificates.keys import PrivateKey, PublicKey, is_weak, key_pem

_HASHES: dict[Digest, HashAlgorithm] = {
    "sha256": SHA256(),
    "sha1": SHA1(),
    "md5": MD5(),
}
# RFC 3279 2.2.1: RSA with these hash functions.
_RSA_WITH = {"sha1": "1.2.840.113549.1.1.5", "md5": "1.2.840.113549.1.1.4"}


def issue_blueprint(blueprint: ChainBlueprint, defect: str = "") -> IssuedChain:
    """Sign what ``blueprint`` holds. A certificate that is sent twice is signed once.

    Parameters:
        blueprint: What is to be signed.
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
    signed = {one: sign(one) for one in blueprint.certificates}
    sent = [signed[one] if isinstance(one, CertificateBlueprint) else one for one in blueprint.sent]
    intermediates = [signed[one] for one in blueprint.intermediates]
    return IssuedChain(
        chain_pem=b"".join(one.public_bytes(Encoding.PEM) for one in sent),
        private_key_pem=key_pem(blueprint.leaf.private_key),
        leaf=signed[blueprint.leaf],
        weak=any(
            is_weak(one.private_key) or one.digest != "sha256" for one in blueprint.certificates
        ),
        authority=changed.get(blueprint.authority, blueprint.authority),
        intermediate=intermediates[-1] if intermediates else None,
        changed=tuple(changed.values()),
    )


def sign(blueprint: CertificateBlueprint) -> x509.Certificate:
    """The certificate of ``blueprint``, signed by its issuer."""
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
    return _signed_by_hand(blueprint, certificate, issuer_key) if odd else certificate


def _extensions(blueprint: CertificateBlueprint, issuer_key: PublicKey) -> Extensions:
    """The extensions of ``blueprint``, and the key identifiers unless it has its own."""
    own = x509.SubjectKeyIdentifier.from_public_key(blueprint.private_key.public_key())
    issuers = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key)
    added: Extensions = {type(own): (own, False), type(issuers): (issuers, False)}
    for kind in blueprint.left_out:
        added.pop(kind, None)
    return {**added, **blueprint.extensions}


def _signed_by_hand(
    blueprint: CertificateBlueprint, certificate: x509.Certificate, issuer_key: PrivateKey
) -> x509.Certificate:
    """``certificate`` with what no library writes, signed again.

    Raises:
        ValueError: The hash function takes an issuer with an RSA key.
    """
    version, _, algorithm, *rest = der.elements(certificate.tbs_certificate_bytes)
    if blueprint.digest != "sha256":
        if not isinstance(issuer_key, RSAPrivateKey):
            raise ValueError(f"{blueprint.digest} takes an issuer with an RSA key")
        identifier = der.object_identifier(_RSA_WITH[blueprint.digest])
        algorithm = (der.SEQUENCE, identifier + der.element(der.NULL, b""))
    to_be_signed = [version, der.integer(blueprint.serial_number), algorithm, *rest]
    if blueprint.version == 1:
        to_be_signed = [one for one in to_be_signed if one[0] not in (der.VERSION, der.EXTENSIONS)]
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
