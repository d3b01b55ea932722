"""From a blueprint to signed certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from connect_harness.certificates.blueprint import CertificateBlueprint, ChainBlueprint, Extensions
from connect_harness.certificates.issued import IssuedChain
from connect_harness.certificates.keys import PublicKey, key_pem

if TYPE_CHECKING:
    from connect_harness.certificates.authority import Authority


def issue_blueprint(blueprint: ChainBlueprint, authority: Authority) -> IssuedChain:
    """Sign what ``blueprint`` sends. A certificate that is sent twice is signed once."""
    signed = {one: sign(one) for one in dict.fromkeys([blueprint.leaf, *blueprint.sent])}
    return IssuedChain(
        chain_pem=b"".join(signed[one].public_bytes(Encoding.PEM) for one in blueprint.sent),
        private_key_pem=key_pem(blueprint.leaf.private_key),
        leaf=signed[blueprint.leaf],
        authority=authority,
    )


def sign(blueprint: CertificateBlueprint) -> x509.Certificate:
    """The certificate of ``blueprint``, signed by its issuer with SHA-256."""
    issuer_key = blueprint.issuer.private_key
    builder = x509.CertificateBuilder(
        subject_name=blueprint.subject,
        issuer_name=blueprint.issuer.subject,
        public_key=blueprint.private_key.public_key(),
        serial_number=blueprint.serial_number,
        not_valid_before=blueprint.not_before,
        not_valid_after=blueprint.not_after,
    )
    if blueprint.names:
        names = x509.SubjectAlternativeName(blueprint.names)
        builder = builder.add_extension(names, critical=False)
    for extension, critical in _extensions(blueprint, issuer_key.public_key()).values():
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(issuer_key, SHA256())


def _extensions(blueprint: CertificateBlueprint, issuer_key: PublicKey) -> Extensions:
    """The extensions of ``blueprint``, and the key identifiers unless it has its own."""
    own = x509.SubjectKeyIdentifier.from_public_key(blueprint.private_key.public_key())
    issuers = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key)
    return {type(own): (own, False), type(issuers): (issuers, False), **blueprint.extensions}
