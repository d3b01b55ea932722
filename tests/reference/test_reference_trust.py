"""Authorities and client certificates, beyond what CA and MTLS judge."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from connect_contracts.reference._trust import empty_context, present
from connect_contracts.reference.v0_9_1 import BasicAuthentication, ClientCertificate, connect
from connect_harness import TargetSession
from connect_harness.certificates import Authorities, Chain, private_key
from connect_harness.server.events import ConnectionAccepted, RequestReceived

ADMIN = BasicAuthentication("admin", "passwd")
Start = Callable[..., TargetSession]


def test_the_file_replaces_the_machines_authorities(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = start(https=True)
    own, other = tmp_path / "authority.pem", tmp_path / "other.pem"
    own.write_bytes(target.certificate_authority_pem or b"")
    other.write_bytes(Authorities().authority("other").certificate_pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(own))
    connect(target.url, authentication=ADMIN).close()
    before = len(target.journal.of(RequestReceived))
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        connect(target.url, authentication=ADMIN, certificate_authority=other)
    assert len(target.journal.of(RequestReceived)) == before


def test_over_plain_http_the_file_is_not_looked_at(start: Start) -> None:
    missing = Path("no such file.pem")
    connect(start().url, authentication=ADMIN, certificate_authority=missing).close()


@pytest.mark.parametrize(
    ("password", "wanted"),
    [(None, ValueError), ("", ssl.SSLError), ("wr0ng", ssl.SSLError), ("w" * 5000, ValueError)],
    ids=["none", "empty", "wrong", "too long"],
)
def test_an_encrypted_key_needs_its_password(
    password: str | None, wanted: type[Exception], tmp_path: Path
) -> None:
    issued = Authorities().issue(Chain(names=(), subject="admin", purpose="client"))
    certificate, keyfile = tmp_path / "client.pem", tmp_path / "client.key"
    certificate.write_bytes(issued.chain_pem)
    keyfile.write_bytes(private_key(issued, password="s3cret"))
    given = ClientCertificate(certificate, keyfile=keyfile, password=password)
    with pytest.raises(wanted) as caught:
        present(given, empty_context())
    assert "wr0ng" not in str(caught.value)


def test_a_client_certificate_needs_https(start: Start) -> None:
    target = start()
    with pytest.raises(ValueError, match="https://"):
        connect(target.url, authentication=ClientCertificate(Path("client.pem")))
    assert not target.journal.of(ConnectionAccepted)
