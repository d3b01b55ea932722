"""Which target may be believed, and which client certificate it is shown."""

from __future__ import annotations

import ssl
from dataclasses import KW_ONLY, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class ClientCertificate:
    """A client certificate, for mutual TLS.

    Parameters:
        certificate: A PEM file with the certificate, and those of the authorities above it.
        keyfile: A PEM file with its private key; by default the key is in ``certificate``.
        password: Of the private key, if it is encrypted.
    """

    certificate: Path
    _: KW_ONLY
    keyfile: Path | None = None
    password: str | None = field(default=None, repr=False)


def empty_context() -> ssl.SSLContext:
    """A context that verifies chain and host name, and knows no authority yet."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2  # RFC 8996
    context.hostname_checks_common_name = False  # RFC 9525 2
    return context


def trusting(certificate_authority: Path | None) -> ssl.SSLContext:
    """A context of its own that trusts the authorities of a file, and no others.

    Parameters:
        certificate_authority: A PEM file; ``None`` for the authorities that the machine trusts.

    Raises:
        OSError: The file cannot be read; the error names it.
        ssl.SSLError: It holds no certificate, or one that cannot be read.
    """
    context = empty_context()
    if certificate_authority is None:
        context.load_default_certs()
    else:
        context.load_verify_locations(cafile=_readable(certificate_authority))
        if not context.cert_store_stats()["x509"]:
            raise ssl.SSLError(f"{certificate_authority} holds no certificate.")
    return context


def present(certificate: ClientCertificate, context: ssl.SSLContext) -> None:
    """Have every connection made with ``context`` present ``certificate``.

    Raises:
        OSError: A file cannot be read; the error names it.
        ValueError: The private key is encrypted, and there is no password.
        ssl.SSLError: The password is wrong, the key belongs to another certificate, or a file holds
            neither.
    """
    keyfile = None if certificate.keyfile is None else _readable(certificate.keyfile)

    def password() -> str:
        # Without a password OpenSSL would ask for one on the terminal.
        if certificate.password is None:
            raise ValueError("The private key of the client certificate needs a password.")
        return certificate.password

    context.load_cert_chain(_readable(certificate.certificate), keyfile, password)


def _readable(path: Path) -> Path:
    """``path``, once it could be opened; ``ssl`` alone would not say which file it missed."""
    with Path(path).open("rb"):
        return Path(path)
