"""Authorities: made once for all callers, changed by some defects; and what they issue."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from threading import Barrier

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from connect_harness.certificates import (
    DEFECTS,
    Authorities,
    Chain,
    default_authorities,
    fingerprint,
)
from connect_harness.certificates.chain import KeyKind
from connect_harness.certificates.verifiers import verify_by_openssl

CLIENT = Chain(names=(), subject="admin", purpose="client")


@pytest.mark.parametrize(("key", "enciphers"), [("ec-p256", False), ("rsa-2048", True)])
def test_a_client_certificate_is_for_clients_alone(key: KeyKind, enciphers: bool) -> None:
    """RFC 8813 section 3: only an RSA key enciphers."""
    leaf = Authorities().issue(replace(CLIENT, key=key)).leaf
    extended = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(extended) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.key_encipherment) == (True, enciphers)
    assert leaf.subject.rfc4514_string() == "CN=admin"
    server = Authorities().issue(Chain(subject="localhost", key=key)).leaf
    assert server.subject.rfc4514_string().startswith("CN=localhost,")


def test_a_namesake_has_the_subject_and_another_key() -> None:
    authorities = Authorities()
    real, namesake = authorities.authority("authority"), authorities.namesake("authority")
    assert namesake.subject == real.subject
    assert namesake.certificate.public_key() != real.certificate.public_key()
    assert authorities.namesake("authority") is namesake
    second = authorities.issue(Chain(authority="authority#2")).authority
    assert (second.name, second.subject) == ("authority#2", real.subject)


def test_each_chain_is_issued_anew_unless_reuse_is_asked_for() -> None:
    fresh, reusing = Authorities(), Authorities(reuse_chains=True)
    assert fingerprint(fresh.issue(CLIENT).leaf) != fingerprint(fresh.issue(CLIENT).leaf)
    assert reusing.issue(CLIENT) is reusing.issue(CLIENT)
    assert reusing.issue(Chain()) is not reusing.issue(Chain(intermediates=1))
    assert default_authorities().issue(Chain()) is default_authorities().issue(Chain())


def test_threads_that_ask_at_once_get_the_same() -> None:
    threads = 8
    for _ in range(10):
        authorities, barrier = Authorities(reuse_chains=True), Barrier(threads)

        def ask(
            _: int, authorities: Authorities = authorities, barrier: Barrier = barrier
        ) -> tuple[int, int]:
            barrier.wait()
            return id(authorities.authority("shared")), id(authorities.issue(Chain()))

        with ThreadPoolExecutor(threads) as pool:
            assert len(set(pool.map(ask, range(threads)))) == 1


FORKS = """
import os, threading
from connect_harness.certificates import Chain, default_authorities
made = default_authorities().issue(Chain())
ended = threading.Event()
def busy():
    place = 0
    while not ended.is_set():
        default_authorities().authority(str(place))
        place += 1
threading.Thread(target=busy).start()
def child():
    inherited = default_authorities().issue(Chain()) is made
    default_authorities().issue(Chain(authority="of the child", intermediates=1))
    os._exit(0 if inherited else 1)
for _ in range(10):
    process = os.fork()
    if process == 0:
        child()
    _, status = os.waitpid(process, 0)
    if status:
        break
ended.set()
raise SystemExit(status)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform does not fork")
def test_a_forked_process_goes_on_with_what_was_made() -> None:
    command = [sys.executable, "-W", "ignore", "-c", FORKS]
    assert subprocess.run(command, check=False, timeout=60).returncode == 0


def test_no_key_shows_in_a_text() -> None:
    issued = Authorities().issue(Chain())
    secret = issued.private_key_pem.decode().splitlines()[1]
    assert secret not in f"{issued!r} {issued!s} {issued.authority!r}"
    assert b"PRIVATE KEY" not in issued.chain_pem


def test_a_changed_authority_issues_sound_chains_and_keeps_those_from_before() -> None:
    authorities = Authorities()
    before = authorities.issue(Chain())
    changed = authorities.issue(Chain(defect="authority without key usage")).authority
    assert changed is authorities.authority("authority")
    assert changed.certificate_pem != before.authority.certificate_pem
    assert (changed.subject, changed.name) == (before.authority.subject, before.authority.name)
    after = authorities.issue(Chain(intermediates=1))
    assert after.authority is changed
    trusted = changed.certificate_pem
    for issued in (before, after):
        assert verify_by_openssl(issued, trusted, "localhost", strict=False).accepted
    assert changed.revocation_list_pem.startswith(b"-----BEGIN X509 CRL-----")


@pytest.mark.parametrize("defect", ["authority expired", "authority of RSA 1024"])
def test_a_second_chain_of_the_same_defect_fits_the_file_that_was_given(defect: str) -> None:
    authorities, chain = Authorities(), Chain(defect=defect)
    first, second = authorities.issue(chain), authorities.issue(chain)
    assert second.authority is first.authority
    public_key = first.authority.certificate.public_key()
    for issued in (first, second):
        issued.leaf.verify_directly_issued_by(issued.authority.certificate)
    assert second.authority.private_key.public_key() == public_key


def test_authorities_that_reuse_chains_are_never_changed() -> None:
    authorities = Authorities(reuse_chains=True)
    before = authorities.authority("authority")
    issued = authorities.issue(Chain(defect="authority expired"))
    assert authorities.authority("authority") is before
    assert issued.authority is not before


def test_only_defects_of_an_authority_change_one(issued) -> None:
    about = {
        name for name in DEFECTS if "authority" in name and not name.startswith("cross-signed")
    }
    changing = {name for name in DEFECTS if issued(name)[0].changed}
    assert changing - about == {
        # Their signature takes an authority with an RSA key, or with a path length.
        "intermediate signed with MD5",
        "intermediate signed with SHA-1",
        "path length just enough",
        # Its authority is made by hand too.
        "certificates made by hand",
    }


def test_a_cross_signed_certificate_has_the_key_of_one_and_the_name_of_the_other() -> None:
    authorities = Authorities()
    issued = authorities.issue(Chain(intermediates=2, cross_signed_by="old authority"))
    old, new = authorities.authority("old authority"), authorities.authority("authority")
    leaf, *intermediates, cross_signed = x509.load_pem_x509_certificates(issued.chain_pem)
    assert fingerprint(leaf) == fingerprint(issued.leaf)
    assert cross_signed.subject == new.subject
    assert cross_signed.public_key() == new.certificate.public_key()
    for below, above in pairwise((leaf, *intermediates, cross_signed, old.certificate)):
        below.verify_directly_issued_by(above)
