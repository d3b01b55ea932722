"""Certificates and keys as files: of clients, of owners, and for libraries that take nothing else.

Writing the files of clients is the caller's part. A client certificate in two files needs nothing
from here: they are ``chain_pem`` and ``private_key_pem`` of what was issued.
"""

from __future__ import annotations

import os
import re
import ssl
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

from connect_harness.certificates.signing import IssuedChain, PresentedChain
from connect_harness.temporary import temporary_folder

if TYPE_CHECKING:
    from connect_harness.certificates.authorities import Authorities

KeyFormat = Literal["PKCS 8", "PKCS 1", "SEC 1"]
"""How a private key is written: PKCS 8 for any (RFC 5958), or in the form of its own kind."""

_OWN_FORMS = {"PKCS 1": RSAPrivateKey, "SEC 1": EllipticCurvePrivateKey}
# The first bytes of Java's two own formats, JKS and JCEKS.
_JAVA_FORMATS = (b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce")
_PEM_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----.*?-----END \1-----", re.DOTALL)
_FOR_THE_WEAK = "DEFAULT:@SECLEVEL=0"


def given_file(given: Iterable[str], issued: IssuedChain, authorities: Authorities) -> bytes:
    """The authority file that ``Defect.given`` describes, as PEM.

    Parameters:
        given: Names of authorities, and the words ``the leaf`` and ``the intermediate``.
        issued: The chain whose leaf or intermediate these are.
        authorities: The authorities that issued it.

    Raises:
        ValueError: The intermediate is given, and the chain has none.
    """
    return b"".join(_given(name, issued, authorities) for name in given)


def _given(name: str, issued: IssuedChain, authorities: Authorities) -> bytes:
    if name == "the leaf":
        return issued.leaf.public_bytes(Encoding.PEM)
    if name == "the intermediate":
        if issued.intermediate is None:
            raise ValueError("the intermediate is given, and this chain has none")
        return issued.intermediate.public_bytes(Encoding.PEM)
    return authorities.authority(name).certificate_pem


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
    certificates = tuple(each.certificate for each in (*own, *store.additional_certs))
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
    ordered, rest = [leaf], [each for each in certificates if each != leaf]
    while rest:
        issuer = ordered[-1].issuer
        ordered.append(next((each for each in rest if each.subject == issuer), rest[0]))
        rest.remove(ordered[-1])
    return ordered


def _pem(certificates: Iterable[x509.Certificate]) -> bytes:
    return b"".join(each.public_bytes(Encoding.PEM) for each in certificates)


@contextmanager
def private_key_file(pem: bytes) -> Iterator[str]:
    """The path of a file with this content, readable by its owner alone and gone afterwards.

    On Linux it lies in memory and its path holds in this process alone. Where there is no such
    thing it is a temporary file of mode 0600, removed on exit, also on an exception.
    """
    descriptor = _memory_file()
    if descriptor is None:
        with _temporary_file(pem) as path:
            yield path
        return
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        yield f"/proc/self/fd/{descriptor}"


def _memory_file() -> int | None:
    if sys.platform != "linux":
        return None
    try:
        descriptor = os.memfd_create("private key")
    except OSError:
        return None
    os.fchmod(descriptor, 0o600)
    # Without /proc there is no path to it.
    if os.access(f"/proc/self/fd/{descriptor}", os.R_OK):
        return descriptor
    os.close(descriptor)
    return None


@contextmanager
def _temporary_file(pem: bytes) -> Iterator[str]:
    with temporary_folder() as folder:
        path = str(folder / "key.pem")
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
        yield path


def load_into(context: ssl.SSLContext, presented: PresentedChain) -> None:
    """Let ``context`` present this chain with its key, through a private file.

    For a weak chain it also lowers the security level of ``context``, which would not take it.

    Raises:
        ssl.SSLError: The library does not take the chain or the key.
    """
    if presented.weak:
        context.set_ciphers(_FOR_THE_WEAK)
    with private_key_file(presented.chain_pem + presented.private_key_pem) as path:
        context.load_cert_chain(path)


def load_revocation_lists(context: ssl.SSLContext, pem: bytes) -> None:
    """Let ``context`` refuse leaves that stand in one of these lists, or whose issuer has none.

    Raises:
        ssl.SSLError: The library does not take the lists.
    """
    # Lists are public, but ``ssl`` reads them from files alone.
    with private_key_file(pem) as path:
        context.load_verify_locations(path)
    context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
