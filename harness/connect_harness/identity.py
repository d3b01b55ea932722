"""What a target session presents, and which client certificates it takes."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from connect_harness.certificates import Chain
from connect_harness.config import ClientCertificateConfig, HttpsConfig, SecurityConfig
from connect_harness.server.tls import ClientSettings, private_file, server_context

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
        authority_pem: What a client has to trust, if the session knows.
    """

    context: ssl.SSLContext
    presented: PresentedChain
    authority_pem: bytes | None


def identity(security: SecurityConfig | None, authorities: Authorities | None) -> Identity | None:
    """The TLS side that ``security`` asks for; ``None`` for plain HTTP.

    Raises:
        OSError: The key log cannot be written, or others may read it.
        UnreadableKeystoreError: A certificate or a trust store cannot be read.
    """
    if security is None or security.https is None:
        return None
    https, clients = security.https, security.client_certificate
    ours = https.certificate is None and https.key_log is None
    if authorities is None and clients is None and ours:
        # Nothing of the owner's own goes into the context, which can then be shared.
        return _by_default(https)
    from connect_harness.certificates import default_authorities

    return _made(security, https, authorities or default_authorities())


@lru_cache(maxsize=16)
def _by_default(https: HttpsConfig) -> Identity:
    """The TLS side of all targets of this configuration, by the process's own authorities."""
    from connect_harness.certificates import default_authorities

    return _made(SecurityConfig(https=https), https, default_authorities())


def _made(security: SecurityConfig, https: HttpsConfig, authorities: Authorities) -> Identity:
    presented, authority_pem = _presented(https, authorities)
    # The suites of TLS 1.3 are not chosen by their names, so a client that speaks it would escape.
    newest = "1.3" if https.ciphers is None else "1.2"
    context = server_context(
        presented,
        **_of_clients(security.client_certificate, authorities),
        minimum_version=_TLS_VERSIONS[https.tls_version or "1.2"],
        maximum_version=_TLS_VERSIONS[https.tls_version or newest],
        ciphers=https.ciphers,
        alpn=https.alpn,
        server_name_unrecognised=https.server_name_unrecognised,
        key_log=None if https.key_log is None else private_file(https.key_log),
    )
    return Identity(context, presented, authority_pem)


def _presented(https: HttpsConfig, authorities: Authorities) -> tuple[PresentedChain, bytes | None]:
    from connect_harness.certificates import read_keystore

    if https.certificate is None:
        issued = authorities.issue(https.chain or Chain())
        return issued, issued.authority.certificate_pem
    presented = read_keystore(https.certificate.read_bytes(), https.password)
    given = https.certificate_authority
    return presented, None if given is None else given.read_bytes()


def _of_clients(
    clients: ClientCertificateConfig | None, authorities: Authorities
) -> ClientSettings:
    """The settings of a context by which it takes or refuses certificates of clients."""
    from connect_harness.certificates import read_truststore

    if clients is None:
        return {}
    settings: ClientSettings = {
        "client_certificate": "required" if clients.required else "optional"
    }
    if clients.trust_store is None:
        authority = authorities.authority(clients.authority)
        settings["trusted_pem"] = authority.certificate_pem
        if clients.checks_revocation:
            settings["revocation_lists_pem"] = authority.revocation_list_pem
    else:
        given = clients.trust_store.read_bytes()
        settings["trusted_pem"] = read_truststore(given, clients.trust_store_password)
    return settings
