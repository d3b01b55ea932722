"""Certificates and keys as files: a client's, an owner's, and private ones for a moment."""

from __future__ import annotations

import os
import ssl
import stat
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
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
    load_into,
    private_key,
    private_key_file,
    read_keystore,
    read_truststore,
)
from connect_harness.server.tls import server_context

CLIENT = Chain(names=(), subject="admin", purpose="client", intermediates=1)
PASSWORD = "s3cret-of-the-store"
LOCKED = BestAvailableEncryption(PASSWORD.encode())
JKS = b"\xfe\xed\xfe\xed\x00\x00\x00\x02"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="files in memory are Linux's")


@pytest.fixture(scope="module")
def issued() -> IssuedChain:
    return Authorities().issue(Chain(intermediates=2))


def key_of(issued: IssuedChain) -> EllipticCurvePrivateKey:
    key = load_pem_private_key(issued.private_key_pem, None)
    assert isinstance(key, EllipticCurvePrivateKey)
    return key


def pkcs12(issued: IssuedChain, locked: KeySerializationEncryption = LOCKED) -> bytes:
    above = x509.load_pem_x509_certificates(issued.chain_pem)[1:]
    return serialize_key_and_certificates(b"target", key_of(issued), issued.leaf, above, locked)


def pkcs12_above_first(issued: IssuedChain) -> bytes:
    above = x509.load_pem_x509_certificates(issued.chain_pem)[:0:-1]
    return serialize_key_and_certificates(None, key_of(issued), issued.leaf, above, LOCKED)


def pem_above_first(issued: IssuedChain) -> bytes:
    above_first = x509.load_pem_x509_certificates(issued.chain_pem)[::-1]
    pems = [certificate.public_bytes(Encoding.PEM) for certificate in above_first]
    return b"text\n".join([issued.private_key_pem, *pems])


def pem_locked_the_old_way(issued: IssuedChain) -> bytes:
    old = key_of(issued).private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, LOCKED)
    return issued.chain_pem + old


@pytest.mark.parametrize(
    ("write", "password"),
    [
        (pkcs12, PASSWORD),
        (lambda issued: pkcs12(issued, NoEncryption()), None),
        (pkcs12_above_first, PASSWORD),
        (pem_above_first, None),
        (pem_above_first, PASSWORD),
        (pem_above_first, ""),
        (lambda issued: issued.chain_pem + private_key(issued, password=PASSWORD), PASSWORD),
        (pem_locked_the_old_way, PASSWORD),
    ],
    ids=[
        "p12",
        "p12-open",
        "p12-reversed",
        "pem",
        "pem-password",
        "pem-empty",
        "pem-locked",
        "pem-old",
    ],
)
def test_a_keystore_is_read(issued: IssuedChain, write, password: str | None) -> None:
    read = read_keystore(write(issued), password)
    assert (read.leaf, read.chain_pem) == (issued.leaf, issued.chain_pem)
    load_into(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), read)


@pytest.mark.parametrize("password", [None, "", "another"])
def test_a_password_that_does_not_open_it(issued: IssuedChain, password: str | None) -> None:
    for data in (pkcs12(issued), issued.chain_pem + private_key(issued, password=PASSWORD)):
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
        JKS: "convert it to PKCS 12 with keytool",
    }.items():
        with pytest.raises(UnreadableKeystoreError, match=sentence) as caught:
            read_keystore(data, PASSWORD)
        assert PASSWORD not in f"{caught.value} {caught.value.__cause__}"


def test_a_truststore_skips_text_and_keys(issued: IssuedChain) -> None:
    pem = issued.authority.certificate_pem
    text = b"Text that is no certificate.\n"
    assert read_truststore(text + pem + text + pem + text, None) == 2 * pem
    assert read_truststore(pem + private_key(issued, password="unknown"), None) == pem


@pytest.mark.parametrize("made_by", ["java", "openssl"])
def test_a_pkcs12_truststore(made_by: str) -> None:
    authorities = Authorities()
    certificates = [authorities.authority(name).certificate for name in ("one", "two")]
    data = (
        serialize_java_truststore([PKCS12Certificate(each, b"") for each in certificates], LOCKED)
        if made_by == "java"
        else serialize_key_and_certificates(None, None, None, certificates, LOCKED)
    )
    read = x509.load_pem_x509_certificates(read_truststore(data, PASSWORD))
    assert set(read) == set(certificates)


def test_what_is_no_truststore() -> None:
    for data, sentence in {
        JKS: "A JKS store cannot be read here",
        b"\xce\xce\xce\xce\x00\x00\x00\x02": "A JKS store cannot be read here",
        b"-----BEGIN NOTHING-----\n-----END NOTHING-----\n": "this one has none",
        b"text": "check the file and its password",
    }.items():
        with pytest.raises(UnreadableKeystoreError, match=sentence):
            read_truststore(data, PASSWORD)


def refuse(*_: object, **__: object) -> int:
    raise OSError("no such thing here")


@pytest.fixture(params=[pytest.param("memory", marks=LINUX), "disk"])
def folder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of temporary files, with and without files in memory."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    if request.param == "disk":
        monkeypatch.setattr(os, "memfd_create", refuse, raising=False)
    return tmp_path


def test_a_private_file_is_its_owners_alone_and_gone_afterwards(folder: Path) -> None:
    with private_key_file(b"secret") as path:
        # Read twice: a reader that opens it anew starts at its beginning.
        assert Path(path).read_bytes() == Path(path).read_bytes() == b"secret"
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert not os.path.exists(path)
    with pytest.raises(ZeroDivisionError), private_key_file(b"secret") as path:
        raise ZeroDivisionError
    assert not os.path.exists(path)
    assert list(folder.iterdir()) == []


def test_a_context_takes_a_chain_and_leaves_no_file(folder: Path, issued: IssuedChain) -> None:
    load_into(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), issued)
    assert list(folder.iterdir()) == []
    another = Authorities().issue(Chain()).private_key_pem
    with pytest.raises(ssl.SSLError, match="KEY_VALUES_MISMATCH"):
        load_into(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), replace(issued, private_key_pem=another))
    assert list(folder.iterdir()) == []


@LINUX
def test_on_linux_nothing_touches_the_disk(
    monkeypatch: pytest.MonkeyPatch, issued: IssuedChain
) -> None:
    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    load_into(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), issued)


@LINUX
def test_where_the_memory_file_has_no_path_the_disk_serves(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    open_before = len(os.listdir("/proc/self/fd"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with private_key_file(b"secret") as path:
        assert tmp_path in Path(path).parents
    assert len(os.listdir("/proc/self/fd")) == open_before


def test_ciphers_that_are_asked_for_replace_those_for_a_weak_chain() -> None:
    """Only a weak chain is presented at security level 0: a stock client would not even load it."""
    weak, sound = (Authorities().issue(Chain(defect=each)) for each in ("leaf of RSA 1024", None))
    assert (weak.weak, sound.weak) == (True, False)
    assert server_context(sound).security_level >= 1
    suite = "ECDHE-RSA-AES256-GCM-SHA384"
    offered = {cipher["name"] for cipher in server_context(weak, ciphers=suite).get_ciphers()}
    assert {name for name in offered if not name.startswith("TLS_")} == {suite}
