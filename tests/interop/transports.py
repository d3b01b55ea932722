"""The ways to a secured target session, for the documented examples.

Imported by the scripts that run in the environments of the public client.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import atoti as tt

from connect_harness import (
    ClientCertificateConfig,
    HttpsConfig,
    SecurityConfig,
    SessionConfig,
    TargetSession,
)
from connect_harness.certificates import Authorities, Chain

AUTHORITY = "authority"


@dataclass(frozen=True)
class Transport:
    """One way to a secured target session.

    Parameters:
        name: ``http``, ``https`` or ``mutual-tls``.
        folder: Where the files that a client needs are put.
        authorities: Who issues the certificates of both sides.
    """

    name: str
    folder: Path
    authorities: Authorities

    def start_target(self) -> TargetSession:
        """A secured target session that is reached this way."""
        https = None if self.name == "http" else HttpsConfig(chain=Chain(authority=AUTHORITY))
        client_certificate = None
        if self.name == "mutual-tls":
            client_certificate = ClientCertificateConfig(authority=AUTHORITY, required=True)
        security = SecurityConfig(https=https, client_certificate=client_certificate)
        return TargetSession.start(
            SessionConfig(security=security),
            authorities=self.authorities,
        )

    @property
    def certificate_authority(self) -> Path | None:
        """The file of the private authority, where there is one."""
        if self.name == "http":
            return None
        path = self.folder / "authority.pem"
        path.write_bytes(self.authorities.authority(AUTHORITY).certificate_pem)
        return path

    def authentication(
        self, documented: tt.BasicAuthentication
    ) -> tt.BasicAuthentication | tt.ClientCertificate:
        """What the page authenticates with; by mutual TLS the same user's certificate instead."""
        if self.name == "mutual-tls":
            return tt.ClientCertificate(self._client_certificate(documented.username))
        return documented

    def _client_certificate(self, username: str) -> Path:
        chain = Chain(names=(), subject=username, authority=AUTHORITY, purpose="client")
        path = self.folder / f"{username}.pem"
        # Mode 0600 from its first byte: the client takes its private key from nothing but a file.
        path.touch(mode=0o600)
        issued = self.authorities.issue(chain)
        path.write_bytes(issued.chain_pem + issued.private_key_pem)
        return path


@contextmanager
def transport(name: str) -> Iterator[Transport]:
    """The way of this name, with a folder for its files that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        yield Transport(name, Path(folder), Authorities())
