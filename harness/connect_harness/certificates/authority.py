"""A certificate authority: its key, its certificate, its list of revoked certificates."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from importlib import import_module
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from connect_harness.certificates.keys import PrivateKey

if TYPE_CHECKING:
    import trustme

ORGANIZATION = "Fake target sessions"
VALID_FROM = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
VALID_UNTIL = datetime.datetime(3000, 1, 1, tzinfo=datetime.UTC)
REVOKED_SERIAL = 0x5265766F6B6564
"""The serial number that stands in the revocation list of every authority."""


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
            # It loads ssl: what only reads recipes and defects does not need it.
            import trustme

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
