"""A certificate authority."""

from __future__ import annotations

import trustme
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

ORGANIZATION = "Fake target sessions"


class Authority:
    """A certificate authority with a key of its own, valid from 2000 to 3000.

    Parameters:
        name: What it is called. Its subject is the part before the first ``#``.

    Attributes:
        trustme: What issues for it, where nothing special is wanted.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.trustme = trustme.CA(
            organization_name=ORGANIZATION, organization_unit_name=name.partition("#")[0]
        )
        self.certificate_pem: bytes = self.trustme.cert_pem.bytes()
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
        key = load_pem_private_key(self.trustme.private_key_pem.bytes(), None)
        if not isinstance(key, EllipticCurvePrivateKey):
            raise TypeError(f"the key of {self!r} is not an elliptic curve key")
        return key
