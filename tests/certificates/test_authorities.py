"""Authorities: made once, whoever asks; and what they issue is sound."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from connect_harness.certificates import Authorities, Chain, default_authorities, fingerprint
from connect_harness.certificates.chain import KeyKind

Handshake = Callable[..., Any]
CLIENT = Chain(names=(), subject="admin", purpose="client")


@pytest.mark.parametrize("intermediates", range(5))
def test_a_sound_chain_passes_strict_verification(intermediates: int, handshake: Handshake) -> None:
    issued = Authorities().issue(Chain(intermediates=intermediates))
    assert len(x509.load_pem_x509_certificates(issued.chain_pem)) == intermediates + 1
    for host in ("localhost", "127.0.0.1", "::1"):
        assert handshake(issued, host=host, strict=True).accepted


@pytest.mark.parametrize("intermediates", range(5))
def test_a_sound_client_chain_passes_strict_verification(
    intermediates: int, handshake: Handshake
) -> None:
    authorities = Authorities()
    client = authorities.issue(
        Chain(names=(), subject="admin", purpose="client", intermediates=intermediates)
    )
    assert client.leaf.subject.rfc4514_string() == "CN=admin"
    assert handshake(authorities.issue(Chain()), client_chain=client, strict=True).accepted


def test_rsa_keys_serve_both_sides(handshake: Handshake) -> None:
    authorities = Authorities()
    server = authorities.issue(Chain(key="rsa-2048"))
    client = authorities.issue(Chain(names=(), subject="a", purpose="client", key="rsa-2048"))
    assert handshake(server, client_chain=client, strict=True).accepted


def test_a_client_certificate_is_for_clients_alone() -> None:
    leaf = Authorities().issue(CLIENT).leaf
    usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]


@pytest.mark.parametrize(("key", "enciphers"), [("ec-p256", False), ("rsa-2048", True)])
def test_only_an_rsa_key_enciphers(key: KeyKind, enciphers: bool) -> None:
    """RFC 8813 section 3."""
    leaf = Authorities().issue(replace(CLIENT, key=key)).leaf
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.key_encipherment) == (True, enciphers)


def test_a_subject_of_a_server_is_its_common_name() -> None:
    leaf = Authorities().issue(Chain(subject="localhost")).leaf
    assert leaf.subject.rfc4514_string().startswith("CN=localhost,")


def test_another_authority_is_not_believed(handshake: Handshake) -> None:
    authorities = Authorities()
    issued = authorities.issue(Chain())
    outcome = handshake(issued, trusted=(authorities.authority("another"),))
    assert outcome.client.verify_code == 20


def test_a_namesake_has_the_subject_and_is_not_believed(handshake: Handshake) -> None:
    authorities = Authorities()
    issued = authorities.issue(Chain())
    real, namesake = authorities.authority("authority"), authorities.namesake("authority")
    assert namesake.subject == real.subject
    assert namesake.certificate.public_key() != real.certificate.public_key()
    assert authorities.namesake("authority") is namesake
    assert handshake(issued, trusted=(namesake,)).client.verify_code == 20
    assert handshake(issued, trusted=(namesake, real)).accepted


def test_a_name_may_say_that_it_is_a_namesake() -> None:
    authorities = Authorities()
    second = authorities.issue(Chain(authority="authority#2")).authority
    assert second.name == "authority#2"
    assert second.subject == authorities.authority("authority").subject


def test_each_chain_is_issued_anew_unless_reuse_is_asked_for() -> None:
    fresh, reusing = Authorities(), Authorities(reuse_chains=True)
    assert fingerprint(fresh.issue(CLIENT).leaf) != fingerprint(fresh.issue(CLIENT).leaf)
    assert reusing.issue(CLIENT) is reusing.issue(CLIENT)
    assert reusing.issue(Chain()) is not reusing.issue(Chain(intermediates=1))


def test_the_default_authorities_are_the_same_for_everyone() -> None:
    assert default_authorities() is default_authorities()
    assert default_authorities().issue(Chain()) is default_authorities().issue(Chain())


def test_threads_that_ask_at_once_get_the_same() -> None:
    threads = 8
    for _ in range(20):
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
