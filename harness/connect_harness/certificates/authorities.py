"""Certificate authorities by name, and the chains that they issue."""

from __future__ import annotations

import trustme
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from connect_harness.certificates.blueprint import sound_blueprint
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.defects import named_defect
from connect_harness.certificates.issued import IssuedChain
from connect_harness.certificates.signing import issue_blueprint

ORGANIZATION = "Fake target sessions"

_KEY_TYPES = {"ec-p256": trustme.KeyType.ECDSA, "rsa-2048": trustme.KeyType.RSA}


class Authority:
    """A certificate authority with a key of its own, valid from 2000 to 3000.

    Parameters:
        name: What it is called. Its subject is the part before the first ``#``.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._trustme = trustme.CA(
            organization_name=ORGANIZATION, organization_unit_name=name.partition("#")[0]
        )
        self.certificate_pem: bytes = self._trustme.cert_pem.bytes()
        self.certificate = x509.load_pem_x509_certificate(self.certificate_pem)

    def __repr__(self) -> str:
        return f"Authority({self.name!r})"

    @property
    def subject(self) -> x509.Name:
        """The subject of its certificate, which is the issuer of what it signs."""
        return self.certificate.subject

    @property
    def private_key(self) -> EllipticCurvePrivateKey:
        """The key that it signs with, read anew each time: few chains need it."""
        key = load_pem_private_key(self._trustme.private_key_pem.bytes(), None)
        if not isinstance(key, EllipticCurvePrivateKey):
            raise TypeError(f"the key of {self!r} is not an elliptic curve key")
        return key

    def issue(self, chain: Chain) -> IssuedChain:
        """A new chain below this authority, with new keys.

        trustme makes the sound chain of a server. Its leaves allow every usage and carry a
        critical list of names, empty if there are none: what needs a narrower purpose, no name or
        a defect is signed from a blueprint.

        Raises:
            ValueError: The defect of ``chain`` is unknown, or ``chain`` has no place for it.
        """
        if chain.defect is None and chain.purpose == "server" and chain.names:
            return self._issue_by_trustme(chain)
        blueprint = sound_blueprint(chain, self)
        if chain.defect is not None:
            named_defect(chain.defect).apply(blueprint)
        return issue_blueprint(blueprint, self)

    def _issue_by_trustme(self, chain: Chain) -> IssuedChain:
        issuer = self._trustme
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
        return IssuedChain(b"".join(pems), made.private_key_pem.bytes(), leaf, self)


class Authorities:
    """The named authorities of one scenario, each made when it is first asked for.

    Two names that agree before their first ``#`` are two authorities of one subject with
    different keys: ``"authority"`` and ``"authority#2"``. Safe in threads and across a fork
    without a lock: what is made twice at once is kept once.

    Parameters:
        reuse_chains: Whether equal chains are issued once only, with one key for all.
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

        Raises:
            ValueError: The defect of ``chain`` is unknown, or ``chain`` has no place for it.
        """
        authority = self.authority(chain.authority)
        if self._issued is None:
            return authority.issue(chain)
        known = self._issued.get(chain)
        return known or self._issued.setdefault(chain, authority.issue(chain))


_OF_THIS_PROCESS = Authorities(reuse_chains=True)


def default_authorities() -> Authorities:
    """The authorities of this process, for targets that need none of their own.

    Equal chains are issued once, so a default target costs no certificate. A forked process
    keeps what was made before the fork.
    """
    return _OF_THIS_PROCESS
