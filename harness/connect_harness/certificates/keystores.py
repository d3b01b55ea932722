"""The certificate files of an owner: PEM or PKCS 12, as the bytes and the password of a file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

from connect_harness.certificates.issued import PresentedChain

# The first bytes of Java's two own formats, JKS and JCEKS.
_JAVA_FORMATS = (b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce")
_PEM_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----.*?-----END \1-----", re.DOTALL)


class UnreadableKeystoreError(ValueError):
    """A keystore or truststore that cannot be read; the text says what to do about it."""


@dataclass(frozen=True)
class _Content:
    keys: tuple[bytes, ...] = field(repr=False)
    certificates: tuple[x509.Certificate, ...]


def read_keystore(data: bytes, password: str | None) -> PresentedChain:
    """An owner's own certificate, its private key, and what is to be sent after it.

    Parameters:
        data: The content of a PKCS 12 keystore, as documented, or of a PEM file that holds the
            certificates and the private key in any order.
        password: Of the keystore, or of the key in the PEM file; not looked at if the key is not
            encrypted.

    Raises:
        UnreadableKeystoreError: It is neither, the password is wrong, or the key and its
            certificate are not both in it.
    """
    content = _read(data, password, with_keys=True)
    if len(content.keys) != 1:
        raise UnreadableKeystoreError(
            f"A keystore needs one private key, and this one has {len(content.keys)}: export the "
            "certificate together with its key."
        )
    leaf = _certificate_of(content.keys[0], content.certificates)
    return PresentedChain(_pem(_upwards(leaf, content.certificates)), content.keys[0], leaf)


def read_truststore(data: bytes, password: str | None) -> bytes:
    """The certificates of the authorities that an owner trusts, as PEM.

    Parameters:
        data: The content of a PEM file or of a PKCS 12 truststore.
        password: Of the truststore; PEM needs none.

    Raises:
        UnreadableKeystoreError: It is neither (JKS, which the documentation names, cannot be read
            here), the password is wrong, or no certificate is in it.
    """
    certificates = _read(data, password, with_keys=False).certificates
    if not certificates:
        raise UnreadableKeystoreError(
            "A truststore needs a certificate, and this one has none: export the certificate of "
            "the authority that is to be trusted."
        )
    return _pem(certificates)


def _read(data: bytes, password: str | None, *, with_keys: bool) -> _Content:
    if data.startswith(_JAVA_FORMATS):
        raise UnreadableKeystoreError(
            "A JKS store cannot be read here: convert it to PKCS 12 with keytool "
            "-importkeystore -srckeystore OLD -destkeystore NEW -deststoretype PKCS12, or give PEM."
        )
    secret = None if password is None else password.encode()
    try:
        if b"-----BEGIN " not in data:
            return _read_pkcs12(data, secret)
        return _Content(
            keys=tuple(_keys_in_pem(data, secret)) if with_keys else (),
            certificates=tuple(
                x509.load_pem_x509_certificate(block) for block in _blocks(data, b"CERTIFICATE")
            ),
        )
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UnreadableKeystoreError(
            "This is neither PKCS 12 nor PEM that the given password opens: check the file and "
            "its password."
        ) from error


def _read_pkcs12(data: bytes, password: bytes | None) -> _Content:
    store = load_pkcs12(data, password)
    own = () if store.cert is None else (store.cert,)
    certificates = tuple(one.certificate for one in (*own, *store.additional_certs))
    if store.key is None:
        return _Content((), certificates)
    pem = store.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return _Content((pem,), certificates)


def _keys_in_pem(data: bytes, password: bytes | None) -> Iterable[bytes]:
    for block in _blocks(data, b"PRIVATE KEY"):
        # Both ways of encrypting a PEM key say so in its text: a label, and a header.
        key = load_pem_private_key(block, password if b"ENCRYPTED" in block else None)
        yield key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _blocks(data: bytes, label: bytes) -> Iterable[bytes]:
    """The PEM blocks of ``data`` whose label ends so: keys have several labels."""
    return (found[0] for found in _PEM_BLOCK.finditer(data) if found[1].endswith(label))


def _certificate_of(key_pem: bytes, certificates: Iterable[x509.Certificate]) -> x509.Certificate:
    public_key = load_pem_private_key(key_pem, None).public_key()
    for certificate in certificates:
        if certificate.public_key() == public_key:
            return certificate
    raise UnreadableKeystoreError(
        "No certificate in this keystore belongs to its private key: export the two together."
    )


def _upwards(
    leaf: x509.Certificate, certificates: Iterable[x509.Certificate]
) -> list[x509.Certificate]:
    """``leaf``, then each one's issuer, as RFC 5246 7.4.2 wants them sent; the others last."""
    ordered, rest = [leaf], [one for one in certificates if one != leaf]
    while rest:
        issuer = ordered[-1].issuer
        ordered.append(next((one for one in rest if one.subject == issuer), rest[0]))
        rest.remove(ordered[-1])
    return ordered


def _pem(certificates: Iterable[x509.Certificate]) -> bytes:
    return b"".join(one.public_bytes(Encoding.PEM) for one in certificates)
