"""The files that a client of a target session needs: authorities, client certificates, keys."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from connect_harness.certificates.chain import Chain
from connect_harness.refusals import check_type

if TYPE_CHECKING:
    from connect_harness.certificates import Authorities


@dataclass(frozen=True)
class ClientCertificateFiles:
    """A certificate with its intermediates, and the key, which only its owner may read."""

    certificate: Path
    keyfile: Path


class ClientFiles:
    """Files for clients of the target sessions whose certificates come from ``authorities``.

    Each file is written when it is first asked for. A file that something else has made is neither
    replaced nor removed: then ``FileExistsError`` is raised::

        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> from connect_harness import ClientFiles
        >>> with TemporaryDirectory() as folder:
        ...     files = ClientFiles(Path(folder))
        ...     assert repr(files) == f"<client files in {folder!r}>"
        ...     files.certificate_authority.name
        ...     files.client_certificate("admin").keyfile.name
        'authority.pem'
        'admin-key.pem'

    Parameters:
        folder: Where they are written; it must exist.
        authorities: By default those of this process, which targets use by default.
    """

    def __init__(self, folder: Path, authorities: Authorities | None = None) -> None:
        from connect_harness.certificates import default_authorities

        check_type("ClientFiles", "folder", folder, Path)
        self._folder = folder
        self._authorities = authorities or default_authorities()
        self._made: set[Path] = set()

    def __repr__(self) -> str:
        return f"<client files in {str(self._folder)!r}>"

    @property
    def certificate_authority(self) -> Path:
        """The file of the authority that signs the certificates of targets."""
        return self.authority("authority")

    def authority(self, name: str) -> Path:
        """The file of the authority ``name``, which may be any name: one is made for each."""
        return self._write(
            f"{_file_name(name)}.pem", self._authorities.authority(name).certificate_pem
        )

    def client_certificate(
        self, username: str = "admin", *, authority: str = "client authority"
    ) -> ClientCertificateFiles:
        """A certificate by which a mutual TLS target knows its bearer as ``username``.

        ``authority`` signs it; targets trust ``client authority`` by default.
        """
        chain = Chain(names=(), subject=username, authority=authority, purpose="client")
        issued = self._authorities.issue(chain)
        name = _file_name(username)
        if authority != "client authority":
            name += f"@{_file_name(authority)}"
        return ClientCertificateFiles(
            self._write(f"{name}-certificate.pem", issued.chain_pem),
            self._write(f"{name}-key.pem", issued.private_key_pem, private=True),
        )

    def remove(self) -> None:
        """Remove the files that were written."""
        while self._made:
            self._made.pop().unlink(missing_ok=True)

    def _write(self, name: str, content: bytes, *, private: bool = False) -> Path:
        path = self._folder / name
        if path in self._made:
            self._made.remove(path)
            path.unlink(missing_ok=True)
        mode = 0o600 if private else 0o644
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        self._made.add(path)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        return path


def _file_name(name: str) -> str:
    """``name`` as part of a file's name: another one for each name, also where case is ignored."""
    return re.sub(
        r"[^a-z0-9_.]", lambda found: "".join(f"%{byte:02x}" for byte in found[0].encode()), name
    )
