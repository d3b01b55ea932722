"""The files that clients are given are read by the standard library."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from connect_harness.certificates import (
    Authorities,
    Chain,
    authority_file,
    pem_with_key,
    protected_key,
)

CLIENT = Chain(names=(), subject="admin", purpose="client", intermediates=1)


@pytest.fixture
def context() -> ssl.SSLContext:
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@pytest.mark.parametrize("text_between", [False, True])
def test_an_authority_file_holds_all_in_the_order_given(
    context: ssl.SSLContext, tmp_path: Path, text_between: bool
) -> None:
    authorities = Authorities()
    several = [authorities.authority(name) for name in ("one", "two", "three")]
    content = authority_file(several, text_between=text_between)
    path = tmp_path / "authorities.pem"
    path.write_bytes(content)
    context.load_verify_locations(path)
    assert context.cert_store_stats()["x509_ca"] == 3
    places = [content.index(one.certificate_pem) for one in several]
    assert places == sorted(places)
    assert content.startswith(b"-----BEGIN") is not text_between
    assert content.endswith(b"-----END CERTIFICATE-----\n") is not text_between


def test_a_client_certificate_in_one_file(context: ssl.SSLContext, tmp_path: Path) -> None:
    path = tmp_path / "client.pem"
    path.write_bytes(pem_with_key(Authorities().issue(CLIENT)))
    context.load_cert_chain(path)


def test_a_client_certificate_in_two_files(context: ssl.SSLContext, tmp_path: Path) -> None:
    issued = Authorities().issue(CLIENT)
    certificate, key = tmp_path / "client.pem", tmp_path / "client.key"
    certificate.write_bytes(issued.chain_pem)
    key.write_bytes(issued.private_key_pem)
    context.load_cert_chain(certificate, key)


# A server's key comes from trustme in SEC 1, a client's from the blueprint in PKCS 8.
@pytest.mark.parametrize("chain", [CLIENT, Chain()])
def test_a_key_with_a_password(context: ssl.SSLContext, tmp_path: Path, chain: Chain) -> None:
    issued = Authorities().issue(chain)
    certificate, key = tmp_path / "client.pem", tmp_path / "client.key"
    certificate.write_bytes(issued.chain_pem)
    key.write_bytes(protected_key(issued, "päss word"))
    assert key.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    context.load_cert_chain(certificate, key, "päss word")
    with pytest.raises(ssl.SSLError):
        context.load_cert_chain(certificate, key, "another")


def test_a_key_is_not_protected_by_nothing() -> None:
    with pytest.raises(ValueError, match="byte"):
        protected_key(Authorities().issue(CLIENT), "")
