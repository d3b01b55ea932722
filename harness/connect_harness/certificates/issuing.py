"""Chains below an authority: sound ones by trustme where it reaches, all others signed here."""

from __future__ import annotations

import trustme
from cryptography import x509

from connect_harness.certificates.authority import ORGANIZATION, Authority
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.issued import IssuedChain
from connect_harness.certificates.real_dates import real_dates
from connect_harness.certificates.signing import issue_blueprint
from connect_harness.certificates.sound import sound_blueprint

_KEY_TYPES = {"ec-p256": trustme.KeyType.ECDSA, "rsa-2048": trustme.KeyType.RSA}


@real_dates()
def issue(chain: Chain, authority: Authority, cross_signer: Authority | None = None) -> IssuedChain:
    """A new chain below ``authority``, with new keys.

    trustme makes the sound chain of a server. Its leaves allow every usage and carry a critical
    list of names, empty if there are none: what needs a narrower purpose, no name, a name that no
    host has by right, another key, a second authority or a defect is signed from a blueprint.

    Parameters:
        chain: What is asked for.
        authority: Who it ends in.
        cross_signer: Who also signs the key of ``authority``, if ``chain`` asks for that.

    Raises:
        ValueError: The defect of ``chain`` is unknown, or ``chain`` has no place for it.
    """
    if authority.trustme is not None and _reached_by_trustme(chain):
        return _issue_by_trustme(chain, authority, authority.trustme)
    blueprint = sound_blueprint(chain, authority, cross_signer)
    if chain.defect is None:
        return issue_blueprint(blueprint)
    # All recipes are loaded at once: only who asks for one pays for it.
    from connect_harness.certificates.defects import named_defect

    named_defect(chain.defect).apply(blueprint)
    return issue_blueprint(blueprint, chain.defect)


def _reached_by_trustme(chain: Chain) -> bool:
    return (
        chain.defect is None
        and chain.cross_signed_by is None
        and chain.purpose == "server"
        and chain.key in _KEY_TYPES
        and bool(chain.names)
        # It encodes names by IDNA 2008, which knows no underscore and checks each A-label.
        and not any("_" in name for name in chain.names)
    )


def _issue_by_trustme(chain: Chain, authority: Authority, made_by: trustme.CA) -> IssuedChain:
    issuer = made_by
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
    return IssuedChain(
        chain_pem=b"".join(pems),
        private_key_pem=made.private_key_pem.bytes(),
        leaf=leaf,
        authority=authority,
        intermediate=x509.load_pem_x509_certificate(pems[1]) if chain.intermediates else None,
    )
