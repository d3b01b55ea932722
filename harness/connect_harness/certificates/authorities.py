"""Certificate authorities by name, and the chains that they issue.

trustme issues sound chains where it can; all others are signed here.
"""

from __future__ import annotations

import trustme
from cryptography import x509

from connect_harness.certificates.authority import ORGANIZATION, Authority, real_dates
from connect_harness.certificates.blueprint import sound_blueprint
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.signing import IssuedChain, issue_blueprint

_KEY_TYPES = {"ec-p256": trustme.KeyType.ECDSA, "rsa-2048": trustme.KeyType.RSA}


@real_dates()
def issue(chain: Chain, authority: Authority, cross_signer: Authority | None = None) -> IssuedChain:
    """A new chain below ``authority``, with new keys; see ``sound_blueprint``.

    trustme makes the sound chain of a server. Its leaves allow every usage and carry a critical
    list of names, empty if there are none: what needs a narrower purpose, no name, a name that no
    host has by right, another key, a second authority or a defect is signed from a blueprint.
    """
    if authority.trustme is not None and _reached_by_trustme(chain):
        return _issue_by_trustme(chain, authority, authority.trustme)
    blueprint = sound_blueprint(chain, authority, cross_signer)
    if chain.defect is None:
        return issue_blueprint(blueprint)
    # All defects are loaded at once: a sound chain does not need them.
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
        and not any(set("_*") & set(name.removeprefix("*.")) for name in chain.names)
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


class Authorities:
    """The named authorities of one scenario, each made when it is first asked for.

    Two names that agree before their first ``#`` are two authorities of one subject with
    different keys: ``"authority"`` and ``"authority#2"``. Safe in threads and across a fork
    without a lock: what is made twice at once is kept once.

    Parameters:
        reuse_chains: Whether equal chains are issued once only, with one key for all. Then every
            authority stays as it was made, whatever defect is issued.
    """

    def __init__(self, *, reuse_chains: bool = False) -> None:
        self._made: dict[str, Authority] = {}
        self._issued: dict[Chain, IssuedChain] | None = {} if reuse_chains else None

    def authority(self, name: str) -> Authority:
        """The authority of this name, always the same one."""
        known = self._made.get(name)
        # setdefault is atomic: of two threads that made one, both get the one that came first.
        return known or self._made.setdefault(name, Authority(name))

    def namesake(self, name: str) -> Authority:
        """An authority with the subject of ``name`` and another key, always the same one."""
        return self.authority(f"{name}#namesake")

    def issue(self, chain: Chain) -> IssuedChain:
        """A chain of the authority that ``chain`` names.

        Where the defect changes an authority's own certificate, the authority of that name is
        from now on the changed one.

        Raises:
            ValueError: The defect of ``chain`` is unknown, or ``chain`` has no place for it.
        """
        if self._issued is None:
            issued = self._issue(chain)
            self._made.update({authority.name: authority for authority in issued.changed})
            return issued
        known = self._issued.get(chain)
        return known or self._issued.setdefault(chain, self._issue(chain))

    def _issue(self, chain: Chain) -> IssuedChain:
        across = chain.cross_signed_by
        cross_signer = None if across is None else self.authority(across)
        return issue(chain, self.authority(chain.authority), cross_signer)


_OF_THIS_PROCESS = Authorities(reuse_chains=True)


def default_authorities() -> Authorities:
    """The authorities of this process, for targets that need none of their own.

    Equal chains are issued once, so a default target costs no certificate. A forked process
    keeps what was made before the fork.
    """
    return _OF_THIS_PROCESS
