"""The place where one run's calls are made: addresses, secrets that can be known again, files.

The cases read like the documentation, where the password is ``passwd``: a word that stands in other
texts by chance, and is the same in every run. While a scenario runs, that word stands for a
password of its own, one for each target. Every other password is taken as it is written, for it is
what the scenario is about. Targets that are started without a scenario take what they are given.
"""

from __future__ import annotations

import base64
import os
import re
import secrets
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec

from connect_contracts.execution.call.arguments import (
    Arguments,
    AuthenticationArgument,
    BasicArgument,
    CallbackArgument,
    CertificateArgument,
    PasswordGrantArgument,
    TokenArgument,
)
from connect_contracts.model.scenario import (
    PASSWORD,
    AuthorityFile,
    Basic,
    Call,
    Callback,
    Certificate,
    Connect,
    Own,
    PasswordGrant,
    Scenario,
    Step,
    TargetSpec,
    Token,
    User,
    with_connects,
)
from connect_harness.redaction import NUMBER, Secret

if TYPE_CHECKING:
    from connect_harness import TargetSession
    from connect_harness.certificates import Authorities
    from connect_harness.issuer import Issuer


@dataclass(eq=False, repr=False)
class CallResources:
    """The place where one run's calls are made: its targets, authorities, secrets and files.

    ``folder`` is the run's own. ``presented`` has the fingerprint of the client certificate of each
    connect, ``written`` the files of the run itself, ``silent_ports`` ports without a listener.
    """

    folder: Path
    authorities: Authorities
    targets: dict[str, TargetSession]
    specs: dict[str, TargetSpec]
    issuers: Mapping[str, Issuer] = field(default_factory=dict)
    presented: dict[str, str] = field(default_factory=dict)
    secrets: list[Secret] = field(default_factory=list)
    written: set[Path] = field(default_factory=set)
    silent_ports: tuple[int, ...] = ()
    _places: dict[str, Path] = field(default_factory=dict)
    _silent: list[socket.socket] = field(default_factory=list)
    _count: int = 0

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
            event_loop=call.event_loop,
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
                passwords = {user.name: user.password for user in self.specs[call.target].users}
                return CallbackArgument(username, passwords[username] or "")
            case Certificate() as given:
                return self._client_certificate(given, place)
            case PasswordGrant(username, password, scopes):
                issuer = self.issuers[call.target]
                return PasswordGrantArgument(
                    username, password, issuer.client_id, issuer.client_secret, issuer.url, scopes
                )
            case None:
                return None

    def _client_certificate(self, given: Certificate, place: str) -> CertificateArgument:
        from connect_harness.certificates import fingerprint, private_key

        issued = self.authorities.issue(given.chain)
        self.presented[place] = fingerprint(issued.leaf)
        encrypted = given.layout in ("encrypted key", "one file, encrypted key")
        password = self.unique("key") if encrypted else None
        if password is not None and given.layout == "one file, encrypted key":
            password += "é€"
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
        text = "Text that is no certificate: Zürich, 京都.\n".encode()
        between = text if given.layout == "text between" else b""
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
        self._count += 1
        path = self.folder / f"{name}-{self._count}"
        path.mkdir()
        return path

    def close(self) -> None:
        """Let go of what was held; the folder is its owner's to remove."""
        for held in self._silent:
            held.close()


def tokens_of(issuers: Mapping[str, Issuer]) -> Iterator[Secret]:
    """The tokens that the issuers of targets issued: secrets of theirs, and of these targets."""
    for target, issuer in issuers.items():
        for token in issuer.issued:
            yield from (Secret(token, "a token", name) for name in (target, issuer.name))


def issuer_name(target: str) -> str:
    """What the journal calls the issuer of a target's tokens."""
    return f"issuer of {target}"


_PEM_LINE = re.compile(rb"^[A-Za-z0-9+/=]{40,}\s*$", re.MULTILINE)


def planted(scenario: Scenario) -> Scenario:
    """``scenario`` with a password of this run's own wherever the documentation's stands.

    Two passwords for one target are equal if, and only if, they were.
    """
    unique = {target.name: f"{PASSWORD}-{secrets.token_hex(8)}" for target in scenario.targets}
    return msgspec.structs.replace(
        scenario,
        targets=tuple(
            msgspec.structs.replace(
                target, users=tuple(_user(user, unique[target.name]) for user in target.users)
            )
            for target in scenario.targets
        ),
        steps=tuple(_step(step, unique) for step in scenario.steps),
    )


def _user(user: User, password: str) -> User:
    if user.password != PASSWORD:
        return user
    return msgspec.structs.replace(user, password=password)


def _step(step: Step, unique: Mapping[str, str]) -> Step:
    if isinstance(step, Own) and step.user is not None:
        return msgspec.structs.replace(step, user=_user(step.user, unique[step.target]))
    return with_connects(step, lambda connect: _connect(connect, unique))


def _connect(step: Connect, unique: Mapping[str, str]) -> Connect:
    call, password = step.call, unique[step.call.target]
    given, userinfo = call.authentication, call.userinfo
    if isinstance(given, Basic | PasswordGrant) and given.password == PASSWORD:
        given = msgspec.structs.replace(given, password=password)
    if userinfo is not None and userinfo.partition(":")[2] == PASSWORD:
        userinfo = f"{userinfo.partition(':')[0]}:{password}"
    call = msgspec.structs.replace(call, authentication=given, userinfo=userinfo)
    return msgspec.structs.replace(step, call=call)


def handed_out(arguments: Arguments, target: str) -> Iterator[Secret]:
    in_clear = arguments.scheme != "https"
    match arguments.authentication:
        case BasicArgument(_, password) | CallbackArgument(_, password):
            yield Secret(password, "a password", target, in_clear)
        case PasswordGrantArgument(password=password, client_secret=client_secret):
            yield Secret(password, "a password", issuer_name(target))
            yield Secret(client_secret, "a client's secret", issuer_name(target))
        case TokenArgument(token, _):
            yield Secret(token, "a token", target, in_clear)
        case CertificateArgument(password=str() as password):
            yield Secret(password, "a key's password")
    if arguments.userinfo:
        password = arguments.userinfo.partition(":")[2]
        yield Secret(password, "a password", target, in_clear)


def of_key(pem: bytes) -> Iterator[Secret]:
    """A private key, line by line: each is known again without the others."""
    for line in _PEM_LINE.findall(pem):
        yield Secret(line.decode("ascii").strip(), "a private key")


def of_private_number(pem: bytes) -> Iterator[Secret]:
    """What is private in a key that is not encrypted: in every form of the key it stands whole."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    match load_pem_private_key(pem, None):
        case ec.EllipticCurvePrivateKey() as key:
            private = _big_endian(key.private_numbers().private_value)
        case rsa.RSAPrivateKey() as key:
            private = _big_endian(key.private_numbers().d)
        case ed25519.Ed25519PrivateKey() as key:
            private = key.private_bytes_raw()
        case _:
            return
    yield Secret(base64.b64encode(private).decode("ascii"), NUMBER)


def _big_endian(number: int) -> bytes:
    return number.to_bytes(-(-number.bit_length() // 8), "big")
