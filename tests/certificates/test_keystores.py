"""The owner's own certificates: PKCS 12 as documented, PEM as well, one sentence for the rest."""

from __future__ import annotations

import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import (
    PKCS12Certificate,
    serialize_java_truststore,
    serialize_key_and_certificates,
)

from connect_harness.certificates import (
    Authorities,
    Chain,
    IssuedChain,
    UnreadableKeystoreError,
    authority_file,
    load_into,
    protected_key,
    read_keystore,
    read_truststore,
)

PASSWORD = "s3cret-of-the-store"
LOCKED = BestAvailableEncryption(PASSWORD.encode())


@pytest.fixture
def issued() -> IssuedChain:
    return Authorities().issue(Chain(intermediates=2))


def key_of(issued: IssuedChain) -> EllipticCurvePrivateKey:
    key = load_pem_private_key(issued.private_key_pem, None)
    assert isinstance(key, EllipticCurvePrivateKey)
    return key


def pkcs12(issued: IssuedChain, *, reverse: bool = False) -> bytes:
    above = x509.load_pem_x509_certificates(issued.chain_pem)[1:]
    return serialize_key_and_certificates(
        b"target",
        key_of(issued),
        issued.leaf,
        above[::-1] if reverse else above,
        LOCKED,
    )


@pytest.mark.parametrize("reverse", [False, True])
def test_a_pkcs12_keystore_in_any_order(issued: IssuedChain, reverse: bool) -> None:
    read = read_keystore(pkcs12(issued, reverse=reverse), PASSWORD)
    assert (read.leaf, read.chain_pem) == (issued.leaf, issued.chain_pem)
    load_into(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), read)


@pytest.mark.parametrize("password", [None, PASSWORD, ""])
def test_a_pem_file_with_a_plain_key_needs_no_password(
    issued: IssuedChain, password: str | None
) -> None:
    above_first = x509.load_pem_x509_certificates(issued.chain_pem)[::-1]
    pems = [one.public_bytes(Encoding.PEM) for one in above_first]
    read = read_keystore(b"text\n".join([issued.private_key_pem, *pems]), password)
    assert read.chain_pem == issued.chain_pem
    load_into(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), read)


def test_a_pem_file_with_a_protected_key(issued: IssuedChain) -> None:
    read = read_keystore(issued.chain_pem + protected_key(issued, PASSWORD), PASSWORD)
    load_into(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), read)


def test_a_pem_file_with_a_key_protected_the_old_way(issued: IssuedChain) -> None:
    key = key_of(issued).private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, LOCKED)
    read = read_keystore(issued.chain_pem + key, PASSWORD)
    load_into(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), read)


@pytest.mark.parametrize("password", [None, "", "another"])
def test_a_password_that_does_not_open_it(issued: IssuedChain, password: str | None) -> None:
    for data in (pkcs12(issued), issued.chain_pem + protected_key(issued, PASSWORD)):
        with pytest.raises(UnreadableKeystoreError, match="check the file and its password"):
            read_keystore(data, password)


def test_what_is_no_keystore_is_told_in_a_sentence(issued: IssuedChain) -> None:
    another = Authorities().issue(Chain())
    for data, sentence in {
        b"": "check the file",
        b"\x00\x01garbage": "check the file",
        issued.chain_pem[:300] + issued.private_key_pem: "No certificate in this keystore",
        issued.chain_pem.replace(b"MII", b"!!!") + issued.private_key_pem: "check the file",
        issued.chain_pem: "needs one private key, and this one has 0",
        issued.chain_pem + 2 * issued.private_key_pem: "this one has 2",
        issued.chain_pem + another.private_key_pem: "belongs to its private key",
        b"\xfe\xed\xfe\xed\x00\x00\x00\x02": "convert it to PKCS 12 with keytool",
    }.items():
        with pytest.raises(UnreadableKeystoreError, match=sentence) as caught:
            read_keystore(data, PASSWORD)
        assert PASSWORD not in f"{caught.value} {caught.value.__cause__}"


def test_a_pem_truststore() -> None:
    authorities = Authorities()
    several = [authorities.authority(name) for name in ("one", "two")]
    assert read_truststore(authority_file(several, text_between=True), None) == authority_file(
        several
    )


def test_a_key_in_a_pem_truststore_is_left_alone(issued: IssuedChain) -> None:
    pem = issued.authority.certificate_pem
    assert read_truststore(pem + protected_key(issued, "unknown"), None) == pem


@pytest.mark.parametrize("made_by", ["java", "openssl"])
def test_a_pkcs12_truststore(made_by: str) -> None:
    authorities = Authorities()
    several = [authorities.authority(name) for name in ("one", "two")]
    certificates = [one.certificate for one in several]
    data = (
        serialize_java_truststore([PKCS12Certificate(one, b"") for one in certificates], LOCKED)
        if made_by == "java"
        else serialize_key_and_certificates(None, None, None, certificates, LOCKED)
    )
    read = x509.load_pem_x509_certificates(read_truststore(data, PASSWORD))
    assert set(read) == set(certificates)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"\xfe\xed\xfe\xed\x00\x00\x00\x02", "A JKS store cannot be read here"),
        (b"\xce\xce\xce\xce\x00\x00\x00\x02", "A JKS store cannot be read here"),
        (b"-----BEGIN NOTHING-----\n-----END NOTHING-----\n", "this one has none"),
        (b"text", "check the file and its password"),
    ],
)
def test_what_is_no_truststore(data: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableKeystoreError, match=sentence):
        read_truststore(data, PASSWORD)


def test_a_keystore_without_a_password(issued: IssuedChain) -> None:
    data = serialize_key_and_certificates(None, key_of(issued), issued.leaf, None, NoEncryption())
    assert read_keystore(data, None).leaf == issued.leaf
