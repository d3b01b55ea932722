"""Chains below an authority: sound ones by trustme where it reaches, all others signed here."""

from __future__ import annotations

import trustme
from cryptography import x509

from connect_harness.certificates.authority import ORGANIZATION, Authority
from connect_harness.certificates.blueprint import sound_blueprint
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.defects import named_defect
from connect_harness.certificates.issued import IssuedChain
from connect_harness.certificates.signing import issue_blueprint

_KEY_TYPES = {"ec-p256": trustme.KeyType.ECDSA, "rsa-2048": trustme.KeyType.RSA}


def issue(chain: Chain, authority: Authority) -> IssuedChain:
    """A new chain below ``authority``, with new keys.

    trustme makes the sound chain of a server. Its leaves allow every usage and carry a critical
    list of names, empty if there are none: what needs a narrower purpose, no name or a defect is
    signed from a blueprint.

    Raises:
        ValueError: The defect of ``chain`` is unknown, or ``chain`` has no place for it.
    """
    if chain.defect is None and chain.purpose == "server" and chain.names:
        return _issue_by_trustme(chain, authority)
    blueprint = sound_blueprint(chain, authority)
    if chain.defect is not None:
        named_defect(chain.defect).apply(blueprint)
    return issue_blueprint(blueprint, authority)


def _issue_by_trustme(chain: Chain, authority: Authority) -> IssuedChain:
    issuer = authority.trustme
    for _ in range(chain.intermediates):
        issuer = issuer.create_child_ca()
    made = issuer.issue_cert(
        *chain.names,
        common_name=chain.subject,
        organization_name=ORGANIZATION,
        organization_unit_name=chain.purpose,
        key_type=_KEY_TYPES[chain.key],
    )
    pems = [pem.bytes() for pem in made.cert_chain_pems]
    leaf = x509.load_pem_x509_certificate(pems[0])
    return IssuedChain(b"".join(pems), made.private_key_pem.bytes(), leaf, authority)
