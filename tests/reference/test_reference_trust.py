"""Authorities and client certificates: what is refused before anything is sent."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from connect_contracts.reference.v0_9_1 import BasicAuthentication, ClientCertificate, connect
from connect_harness import (
    ClientCertificateConfig,
    HttpsConfig,
    SecurityConfig,
    SessionConfig,
    TargetSession,
)
from connect_harness.certificates import Authorities, Chain, private_key
from connect_harness.server.events import ConnectionAccepted, RequestReceived

ADMIN = BasicAuthentication("admin", "passwd")
Start = Callable[..., TargetSession]
Write = Callable[[TargetSession], Path]


def test_the_file_is_believed(start: Start, authority_file: Write) -> None:
    target = start(https=True)
    with connect(
        target.url, authentication=ADMIN, certificate_authority=authority_file(target)
    ) as session:
        assert list(session.tables) == ["Example"]


def test_it_replaces_the_machines_authorities(
    start: Start, authority_file: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = start(https=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority_file(target)))
    with connect(target.url, authentication=ADMIN):
        pass
    other = tmp_path / "other.pem"
    other.write_bytes(Authorities().authority("other").certificate_pem)
    seen = len(target.journal.of(RequestReceived))
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        connect(target.url, authentication=ADMIN, certificate_authority=other)
    assert len(target.journal.of(RequestReceived)) == seen


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (None, FileNotFoundError),
        (b"", ssl.SSLError),
        (b"no certificate", ssl.SSLError),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", ssl.SSLError),
    ],
)
def test_a_file_that_cannot_be_used(
    content: bytes | None, wanted: type[Exception], start: Start, tmp_path: Path
) -> None:
    target = start(https=True)
    path = tmp_path / "authority.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(wanted):
        connect(target.url, authentication=ADMIN, certificate_authority=path)
    assert not target.journal.of(ConnectionAccepted)


@pytest.mark.parametrize("given", [".", ""])
def test_a_folder_is_no_file(given: str, start: Start) -> None:
    target = start(https=True)
    with pytest.raises(IsADirectoryError):
        connect(target.url, authentication=ADMIN, certificate_authority=Path(given))
    assert not target.journal.of(ConnectionAccepted)


def test_over_plain_http_the_file_is_not_looked_at(start: Start) -> None:
    missing = Path("no such file.pem")
    connect(start().url, authentication=ADMIN, certificate_authority=missing).close()


class MutualTls:
    """A target that knows its users by their certificates, and the files of the administrator."""

    def __init__(self, folder: Path) -> None:
        authorities = Authorities()
        config = SecurityConfig(
            https=HttpsConfig(), client_certificate=ClientCertificateConfig(required=True)
        )
        self.target = TargetSession.start(SessionConfig(security=config), authorities=authorities)
        self.target.security.individual_roles["admin"] = {"ROLE_USER", "ROLE_ADMIN"}
        self.authority = folder / "authority.pem"
        self.authority.write_bytes(self.target.certificate_authority_pem or b"")
        self.folder = folder
        chain = Chain(names=(), subject="admin", authority="client authority", purpose="client")
        self.issued = authorities.issue(chain)
        self.other = authorities.issue(chain)

    def write(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.touch(mode=0o600)
        path.write_bytes(content)
        return path

    def connect(self, certificate: ClientCertificate) -> None:
        connect(
            self.target.url, authentication=certificate, certificate_authority=self.authority
        ).close()

    @property
    def reached(self) -> bool:
        return bool(self.target.journal.of(ConnectionAccepted))


@pytest.fixture
def mutual(tmp_path: Path) -> Iterator[MutualTls]:
    made = MutualTls(tmp_path)
    yield made
    made.target.close()


def test_certificate_and_key_in_one_file(mutual: MutualTls) -> None:
    both = mutual.issued.chain_pem + mutual.issued.private_key_pem
    mutual.connect(ClientCertificate(mutual.write("both.pem", both)))
    assert mutual.reached


def test_an_encrypted_key(mutual: MutualTls) -> None:
    certificate = mutual.write("client.pem", mutual.issued.chain_pem)
    keyfile = mutual.write("client.key", private_key(mutual.issued, password="s3cret"))
    mutual.connect(ClientCertificate(certificate, keyfile=keyfile, password="s3cret"))
    assert mutual.reached


@pytest.mark.parametrize(
    ("password", "wanted"),
    [(None, ValueError), ("", ssl.SSLError), ("wr0ng", ssl.SSLError), ("w" * 5000, ValueError)],
)
def test_an_encrypted_key_without_its_password(
    password: str | None, wanted: type[Exception], mutual: MutualTls
) -> None:
    certificate = mutual.write("client.pem", mutual.issued.chain_pem)
    keyfile = mutual.write("client.key", private_key(mutual.issued, password="s3cret"))
    with pytest.raises(wanted) as caught:
        mutual.connect(ClientCertificate(certificate, keyfile=keyfile, password=password))
    assert not mutual.reached
    assert "wr0ng" not in str(caught.value)


def test_files_that_cannot_be_used(mutual: MutualTls) -> None:
    certificate = mutual.write("client.pem", mutual.issued.chain_pem)
    key_of_another = mutual.write("other.key", mutual.other.private_key_pem)
    missing = mutual.folder / "missing.pem"
    for given, wanted in (
        (ClientCertificate(missing), FileNotFoundError),
        (ClientCertificate(certificate, keyfile=missing), FileNotFoundError),
        (ClientCertificate(certificate), ssl.SSLError),
        (ClientCertificate(certificate, keyfile=key_of_another), ssl.SSLError),
    ):
        with pytest.raises(wanted):
            mutual.connect(given)
    assert not mutual.reached


def test_a_client_certificate_needs_https(start: Start) -> None:
    target = start()
    with pytest.raises(ValueError, match="https://"):
        connect(target.url, authentication=ClientCertificate(Path("client.pem")))
    assert not target.journal.of(ConnectionAccepted)


def test_sessions_share_no_trust(start: Start, authority_file: Write) -> None:
    target = start(https=True)
    with connect(
        target.url, authentication=ADMIN, certificate_authority=authority_file(target)
    ) as session:
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            connect(target.url, authentication=ADMIN)
        assert list(session.tables) == ["Example"]
