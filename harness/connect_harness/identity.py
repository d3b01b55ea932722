"""What a target session presents, and which client certificates it takes."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from connect_harness.certificates import Chain
from connect_harness.config import (
    ClientCertificateConfig,
    HttpsConfig,
    SecurityConfig,
    TlsVersion,
)
from connect_harness.server.tls import ClientCertificate, server_context

if TYPE_CHECKING:
    from connect_harness.certificates import Authorities, PresentedChain

_TLS_VERSIONS = {
    "1.0": ssl.TLSVersion.TLSv1,
    "1.1": ssl.TLSVersion.TLSv1_1,
    "1.2": ssl.TLSVersion.TLSv1_2,
    "1.3": ssl.TLSVersion.TLSv1_3,
}


@dataclass(frozen=True)
class Identity:
    """The TLS side of a target session.

    Parameters:
        context: The context of its HTTP port.
        presented: What it presents.
        authority_pem: What a client has to trust, if the session knows.
        authorities: Who issues certificates for it and its clients.
    """

    context: ssl.SSLContext
    presented: PresentedChain
    authority_pem: bytes | None
    authorities: Authorities


def identity(security: SecurityConfig | None, authorities: Authorities | None) -> Identity | None:
    """The TLS side that ``security`` asks for; ``None`` for plain HTTP.

    Raises:
        UnreadableKeystoreError: A certificate or a trust store cannot be read.
    """
    if security is None or security.https is None:
        return None
    if authorities is None and _is_plain(security):
        return _by_default(security.https)
    from connect_harness.certificates import default_authorities

    return _made(security, security.https, authorities or default_authorities())


def _is_plain(security: SecurityConfig) -> bool:
    """Whether nothing of the owner's own goes into the context, which can then be shared."""
    https = security.https
    return security.client_certificate is None and https is not None and https.certificate is None


@lru_cache(maxsize=16)
def _by_default(https: HttpsConfig) -> Identity:
    """The TLS side of all targets of this configuration, by the process's own authorities."""
    from connect_harness.certificates import default_authorities

    return _made(SecurityConfig(https=https), https, default_authorities())


def _made(security: SecurityConfig, https: HttpsConfig, issuing: Authorities) -> Identity:
    presented, authority_pem = _presented(https, issuing)
    clients = security.client_certificate
    context = server_context(
        presented,
        client_certificate=_policy(clients),
        trusted_pem=b"" if clients is None else _trusted(clients, issuing),
        revocation_lists_pem=b"" if clients is None else _revocation_list(clients, issuing),
        minimum_version=_TLS_VERSIONS[https.tls_version or "1.2"],
        maximum_version=_TLS_VERSIONS[https.tls_version or _newest(https)],
        ciphers=https.ciphers,
        alpn=https.alpn,
        server_name_unrecognised=https.server_name_unrecognised,
    )
    return Identity(context, presented, authority_pem, issuing)


def _newest(https: HttpsConfig) -> TlsVersion:
    # The suites of TLS 1.3 are not chosen this way, so a client that speaks it would escape.
    return "1.3" if https.ciphers is None else "1.2"


def _revocation_list(clients: ClientCertificateConfig, issuing: Authorities) -> bytes:
    """The revocation list of the authority whose client certificates are taken, if it is asked."""
    if not clients.checks_revocation:
        return b""
    return issuing.authority(clients.authority).revocation_list_pem


def _policy(clients: ClientCertificateConfig | None) -> ClientCertificate | None:
    if clients is None:
        return None
    return "required" if clients.required else "optional"


def _presented(https: HttpsConfig, issuing: Authorities) -> tuple[PresentedChain, bytes | None]:
    from connect_harness.certificates import read_keystore

    if https.certificate is None:
        issued = issuing.issue(https.chain or Chain())
        return issued, issued.authority.certificate_pem
    presented = read_keystore(https.certificate.read_bytes(), https.password)
    given = https.certificate_authority
    return presented, None if given is None else given.read_bytes()


def _trusted(clients: ClientCertificateConfig, issuing: Authorities) -> bytes:
    from connect_harness.certificates import read_truststore

    if clients.trust_store is None:
        return issuing.authority(clients.authority).certificate_pem
    return read_truststore(clients.trust_store.read_bytes(), clients.trust_store_password)
