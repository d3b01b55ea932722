"""The content of the files that a client is given. Writing them is the caller's part.

A client certificate in two files needs nothing from here: they are ``chain_pem`` and
``private_key_pem`` of what was issued.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from connect_harness.certificates.authorities import Authorities
from connect_harness.certificates.authority import Authority
from connect_harness.certificates.issued import IssuedChain, PresentedChain

KeyFormat = Literal["PKCS 8", "PKCS 1", "SEC 1"]
"""How a private key is written: PKCS 8 for any (RFC 5958), or in the form of its own kind."""

_OWN_FORMS = {"PKCS 1": RSAPrivateKey, "SEC 1": EllipticCurvePrivateKey}


def authority_file(authorities: Iterable[Authority], *, text_between: bool = False) -> bytes:
    """A PEM file with these authorities, in this order.

    Parameters:
        authorities: Whose certificates.
        text_between: Whether a line of plain text stands before, between and after them, which
            readers have to skip (RFC 7468 section 2 and 5.2).
    """
    between = b"Text that is no certificate.\n" if text_between else b""
    return between + b"".join(one.certificate_pem + between for one in authorities)


def given_file(given: Iterable[str], issued: IssuedChain, authorities: Authorities) -> bytes:
    """The authority file that ``Defect.given`` describes, as PEM.

    Parameters:
        given: Names of authorities, and the words ``the leaf`` and ``the intermediate``.
        issued: The chain whose leaf or intermediate these are.
        authorities: Who issued it.

    Raises:
        ValueError: The intermediate is given, and the chain has none.
    """
    return b"".join(_given(one, issued, authorities) for one in given)


def _given(one: str, issued: IssuedChain, authorities: Authorities) -> bytes:
    if one == "the leaf":
        return issued.leaf.public_bytes(Encoding.PEM)
    if one == "the intermediate":
        if issued.intermediate is None:
            raise ValueError("the intermediate is given, and this chain has none")
        return issued.intermediate.public_bytes(Encoding.PEM)
    return authorities.authority(one).certificate_pem


def pem_with_key(presented: PresentedChain) -> bytes:
    """One PEM file with the chain, leaf first, and after it the private key, not encrypted."""
    return presented.chain_pem + presented.private_key_pem


def private_key(
    presented: PresentedChain, key_format: KeyFormat = "PKCS 8", password: str | None = None
) -> bytes:
    """The private key alone, as PEM.

    Parameters:
        key_format: PKCS 1 (RFC 8017 A.1.2) takes an RSA key, SEC 1 (RFC 5915) one on a curve.
        password: Encrypts it; ``None`` leaves it as it is.

    Raises:
        ValueError: ``password`` is empty, or the key is not of the kind that the format takes.
    """
    key = load_pem_private_key(presented.private_key_pem, None)
    kind = _OWN_FORMS.get(key_format)
    if kind is not None and not isinstance(key, kind):
        raise ValueError(f"{key_format} does not take a key of this kind: choose another key.")
    return key.private_bytes(
        Encoding.PEM,
        PrivateFormat.PKCS8 if kind is None else PrivateFormat.TraditionalOpenSSL,
        NoEncryption() if password is None else BestAvailableEncryption(password.encode()),
    )


def protected_key(presented: PresentedChain, password: str) -> bytes:
    """The private key alone, encrypted with ``password`` (PKCS 8, RFC 5958 section 3).

    Raises:
        ValueError: ``password`` is empty.
    """
    return private_key(presented, password=password)
