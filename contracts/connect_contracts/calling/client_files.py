"""The files that a client of a target session needs: authorities, client certificates, keys."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from connect_contracts.scenario import ADMIN, Certificate

if TYPE_CHECKING:
    from connect_harness.certificates import Authorities


@dataclass(frozen=True)
class ClientCertificateFiles:
    """A client certificate as it is given: ``ClientCertificate(certificate, keyfile=keyfile)``.

    Parameters:
        certificate: The file of the certificate, and of its intermediates if it has any.
        keyfile: The file of its private key, readable by its owner alone.
    """

    certificate: Path
    keyfile: Path


class ClientFiles:
    """Files for clients of the target sessions whose certificates come from ``authorities``.

    Each file is written when it is first asked for.

    Parameters:
        folder: Where they are written; it must exist.
        authorities: By default those of this process, which targets use by default.
    """

    def __init__(self, folder: Path, authorities: Authorities | None = None) -> None:
        from connect_harness.certificates import default_authorities

        self._folder = folder
        self._authorities = authorities or default_authorities()
        self._keys: list[Path] = []

    @property
    def certificate_authority(self) -> Path:
        """The file of the authority that signs the certificates of targets."""
        return self.authority("authority")

    def authority(self, name: str) -> Path:
        """The file of the authority ``name``, which may be any name: one is made for each."""
        return self._write(name, ".pem", self._authorities.authority(name).certificate_pem)

    def client_certificate(
        self, username: str = ADMIN.name, *, authority: str = "client authority"
    ) -> ClientCertificateFiles:
        """A certificate by which a mutual TLS target knows its bearer as ``username``.

        Parameters:
            authority: Who signs it; targets trust ``client authority`` by default.
        """
        chain = replace(Certificate().chain, subject=username, authority=authority)
        issued = self._authorities.issue(chain)
        name = username if authority == "client authority" else f"{username} of {authority}"
        return ClientCertificateFiles(
            self._write(name, "-certificate.pem", issued.chain_pem),
            self._write(name, "-key.pem", issued.private_key_pem, private=True),
        )

    def remove_private_keys(self) -> None:
        """Remove every file of a private key."""
        while self._keys:
            self._keys.pop().unlink(missing_ok=True)

    def _write(self, name: str, ending: str, content: bytes, *, private: bool = False) -> Path:
        path = self._folder / f"{_file_name(name)}{ending}"
        if private:
            self._keys.append(path)
        path.unlink(missing_ok=True)
        mode = 0o600 if private else 0o644
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
        return path


def _file_name(name: str) -> str:
    return "".join(one if one.isalnum() else "-" for one in name)
