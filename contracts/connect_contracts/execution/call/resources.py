"""The place where one run's calls are made: addresses, secrets, files."""

from __future__ import annotations

import os
import secrets
import socket
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from connect_contracts.execution.call.arguments import (
    Arguments,
    AuthenticationArgument,
    BasicArgument,
    CallbackArgument,
    CertificateArgument,
    TokenArgument,
)
from connect_contracts.execution.call.canaries import of_key, of_private_number
from connect_contracts.model.observation import Secret
from connect_contracts.model.scenario import (
    AuthorityFile,
    Basic,
    Call,
    Callback,
    Certificate,
    TargetSpec,
    Token,
)

if TYPE_CHECKING:
    from connect_harness import TargetSession
    from connect_harness.certificates import Authorities


class CallResources:
    """The place where one run's calls are made: its targets, authorities, secrets and files.

    ``folder`` is the run's own. ``presented`` has the fingerprint of the client certificate of each
    connect, ``written`` the files of the run itself, ``silent_ports`` ports without a listener.
    """

    def __init__(
        self,
        folder: Path,
        authorities: Authorities,
        targets: dict[str, TargetSession],
        specs: dict[str, TargetSpec],
    ) -> None:
        self.folder = folder
        self.authorities = authorities
        self.targets = targets
        self.specs = specs
        self.presented: dict[str, str] = {}
        self.secrets: list[Secret] = []
        self.written: set[Path] = set()
        self._places: dict[str, Path] = {}
        self.silent_ports: tuple[int, ...] = ()
        self._silent: list[socket.socket] = []
        self._count = 0

    def arguments(self, call: Call, place: str) -> Arguments:
        """The arguments that ``call`` stands for, its defect left aside."""
        target, spec = self.targets[call.target], self.specs[call.target]
        arguments = Arguments(
            scheme=spec.scheme,
            host=call.host,
            port=target.port,
            path=quote(spec.base_path),
            userinfo=call.userinfo,
            url_given="keyword" if call.url_by_keyword else "position",
            authentication=self._authentication(call, target, place),
            none_given=call.explicit_none,
            subclass=call.subclass,
        )
        if call.authority_file is None:
            return arguments
        return arguments.with_authority_file(self._authority_file(call.authority_file, target))

    def _authentication(
        self, call: Call, target: TargetSession, place: str
    ) -> AuthenticationArgument | None:
        match call.authentication:
            case Basic(username, password):
                return BasicArgument(username, password)
            case Token(username, token_type):
                return TokenArgument(target.issue_token(username), token_type)
            case Callback(username):
                return CallbackArgument(username, self._password(call.target, username))
            case Certificate() as given:
                return self._client_certificate(given, place)
            case None:
                return None

    def _password(self, target: str, username: str) -> str:
        return next(
            user.password or "" for user in self.specs[target].users if user.name == username
        )

    def _client_certificate(self, given: Certificate, place: str) -> CertificateArgument:
        from connect_harness.certificates import fingerprint, private_key

        issued = self.authorities.issue(given.chain)
        self.presented[place] = fingerprint(issued.leaf)
        encrypted = given.layout in ("encrypted key", "one file, encrypted key")
        password = self.unique("key") if encrypted else None
        if password is not None:
            self.secrets.append(Secret(password, "a key's password"))
        key = private_key(issued, given.key_format, password)
        self.secrets += of_key(issued.private_key_pem)
        self.secrets += of_private_number(issued.private_key_pem)
        self.secrets += of_key(key)
        if given.layout in ("one file", "one file, encrypted key"):
            path = self.write("client.pem", issued.chain_pem + key, private=True)
            return CertificateArgument(str(path), None, password)
        certificate = self.write("client.pem", issued.chain_pem)
        keyfile = self.write("client.key", key, private=True)
        return CertificateArgument(str(certificate), str(keyfile), password)

    def _authority_file(self, given: AuthorityFile, target: TargetSession) -> Path:
        content = self._authority_content(given, target)
        match given.naming:
            case "plain":
                return self._placed(given.place, content)
            case "spaces and accents":
                return self.write("autorité de çà, là-bas.pem", content)
            case "relative":
                path = self.write("authority.pem", content)
                # Python's Path keeps a relative path relative; the working folder stays as it is.
                return Path(os.path.relpath(path))
            case "symbolic link":
                link = self.new_folder("links") / "authority.pem"
                link.symlink_to(self.write("authority.pem", content))
                return link

    def _authority_content(self, given: AuthorityFile, target: TargetSession) -> bytes:
        between = b"Text that is no certificate.\n" if given.layout == "text between" else b""
        pems = [self._certificate_pem(name, target) for name in given.authorities]
        content = between + b"".join(pem + between for pem in pems)
        if given.layout == "twice":
            return content * 2
        return content.replace(b"\n", b"\r\n") if given.layout == "CRLF" else content

    def _certificate_pem(self, name: str, target: TargetSession) -> bytes:
        """The certificate of an authority, or ``the leaf`` or ``the intermediate`` of a target."""
        from connect_harness.certificates import IssuedChain, given_file

        issued = target.presented_chain
        if isinstance(issued, IssuedChain):
            return given_file((name,), issued, self.authorities)
        return self.authorities.authority(name).certificate_pem

    def _placed(self, place: str | None, content: bytes) -> Path:
        if place is None:
            return self.write("authority.pem", content)
        if place not in self._places:
            self._places[place] = self.new_folder("place") / "authority.pem"
        self._places[place].write_bytes(content)
        return self._places[place]

    # What the defects use.

    def username(self, arguments: Arguments) -> str:
        """The user whom the right call would be made as."""
        given = arguments.authentication
        return given.username if isinstance(given, BasicArgument | CallbackArgument) else "admin"

    def unique(self, purpose: str) -> str:
        """A text that stands nowhere else, in this run or in any other."""
        return f"{purpose}-{secrets.token_hex(8)}"

    def stranger(self) -> CertificateArgument:
        """A client certificate like the right one, of an authority that no target trusts."""
        chain = replace(Certificate().chain, authority="unknown authority")
        return self._client_certificate(Certificate(chain), "stranger")

    def silent_port(self) -> int:
        """A port that is bound for as long as the run lasts, and on which nothing listens."""
        held = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._silent.append(held)
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        self.silent_ports += (port,)
        return port

    def authority_file(self, name: str, *, folder: Path | None = None) -> Path:
        """A new file that holds the authority ``name`` alone."""
        pem = self.authorities.authority(name).certificate_pem
        return self.write("authority.pem", pem, folder=folder)

    def namesake_file(self) -> Path:
        """A new file with an authority of the same subject as the target's, and another key."""
        return self.write("authority.pem", self.authorities.namesake("authority").certificate_pem)

    def write(
        self, name: str, content: bytes, *, folder: Path | None = None, private: bool = False
    ) -> Path:
        """A new file with this content, in a folder of its own unless one is given."""
        path = (folder or self.new_folder("files")) / name
        self.written.add(path)
        path.touch(mode=0o600 if private else 0o644)
        path.write_bytes(content)
        return path

    def new_folder(self, name: str) -> Path:
        """A new folder within the run's own."""
        self._count += 1
        path = self.folder / f"{name}-{self._count}"
        path.mkdir()
        return path

    def close(self) -> None:
        """Let go of what was held; the folder is its owner's to remove."""
        for held in self._silent:
            held.close()
