"""Certificate authorities by name, and the chains that they issue.

trustme issues sound chains where it can; all others are signed here.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from importlib import import_module

import trustme
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from connect_harness.certificates.blueprint import (
    REVOKED_SERIAL,
    VALID_FROM,
    VALID_UNTIL,
    sound_blueprint,
)
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.keys import PrivateKey
from connect_harness.certificates.signing import IssuedChain, issue_blueprint

ORGANIZATION = "Fake target sessions"
_KEY_TYPES = {"ec-p256": trustme.KeyType.ECDSA, "rsa-2048": trustme.KeyType.RSA}


@contextmanager
def real_dates() -> Iterator[None]:
    """A block, or by ``@real_dates()`` a function, in which no test has replaced ``datetime``.

    cryptography takes dates of the classes only that it finds in the module ``datetime``, and some
    of its releases keep the first ones that they find: a test that freezes the clock by a class
    of its own, as freezegun does, would break every certificate, also after that test.
    """
    # The module in C: what replaces a class as freezegun does is derived from the real one.
    classes: tuple[type, ...] = import_module("_datetime").datetime.__mro__
    real = next(each for each in classes if each.__module__ == "datetime")
    found = {"datetime": datetime.datetime, "date": datetime.date}
    if found["datetime"] is real:
        yield
        return
    vars(datetime).update(datetime=real, date=real.__base__)
    try:
        yield
    finally:
        vars(datetime).update(found)


class Authority:
    """A certificate authority with a key of its own, valid from 2000 to 3000.

    Parameters:
        name: What it is called. Its subject is the part before the first ``#``.

    Attributes:
        trustme: What issues for it, where nothing special is wanted; ``None`` if its own
            certificate was changed.
        changed_by: The defect that changed its own certificate, if one did.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        with real_dates():
            made = trustme.CA(
                organization_name=ORGANIZATION, organization_unit_name=name.partition("#")[0]
            )
        self.trustme: trustme.CA | None = made
        self.changed_by: str | None = None
        self.certificate_pem: bytes = made.cert_pem.bytes()
        self.certificate = x509.load_pem_x509_certificate(self.certificate_pem)
        self._private_key: PrivateKey | None = None

    def __repr__(self) -> str:
        return f"Authority({self.name!r})"

    def changed(
        self, certificate: x509.Certificate, private_key: PrivateKey, defect: str
    ) -> Authority:
        """This authority with another certificate of its own, and the key of that."""
        other = copy(self)
        other.trustme, other.changed_by = None, defect
        other.certificate_pem = certificate.public_bytes(Encoding.PEM)
        other.certificate = certificate
        other._private_key = private_key
        return other

    @property
    def subject(self) -> x509.Name:
        """The subject of its certificate, which is the issuer of what it signs."""
        return self.certificate.subject

    @property
    def private_key(self) -> PrivateKey:
        """The key that it signs with, read when first asked for: few chains need it."""
        if self._private_key is None and self.trustme is not None:
            # trustme's authorities have keys on P-256.
            self._private_key = _loaded(self.trustme.private_key_pem.bytes())
        if self._private_key is None:
            raise TypeError(f"{self!r} has no key")
        return self._private_key

    @property
    @real_dates()
    def revocation_list_pem(self) -> bytes:
        """Its list of revoked certificates, valid from 2000 to 3000: ``REVOKED_SERIAL`` alone."""
        revoked = x509.RevokedCertificateBuilder(REVOKED_SERIAL, VALID_FROM).build()
        key = self.private_key
        issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
        return (
            x509.CertificateRevocationListBuilder(
                self.subject, VALID_FROM, VALID_UNTIL, revoked_certificates=[revoked]
            )
            .add_extension(x509.CRLNumber(1), critical=False)
            .add_extension(issuer_key, critical=False)
            .sign(key, None if isinstance(key, Ed25519PrivateKey) else SHA256())
            .public_bytes(Encoding.PEM)
        )


def _loaded(pem: bytes) -> PrivateKey:
    key = load_pem_private_key(pem, None)
    if not isinstance(key, PrivateKey):
        raise TypeError("this is no key that certificates are signed with")
    return key


@real_dates()
def issue(chain: Chain, authority: Authority, cross_signer: Authority | None = None) -> IssuedChain:
    """A new chain below ``authority``, with new keys; parameters as of ``sound_blueprint``.

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
