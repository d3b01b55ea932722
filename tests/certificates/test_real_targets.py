"""What the journal of a real target says when a stock client meets a defect."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from connect_harness.certificates import (
    DEFECTS,
    Authorities,
    Chain,
    Defect,
    given_file,
    load_into,
)
from connect_harness.exchange import Answer, Request
from connect_harness.server import (
    Event,
    HandshakeCompleted,
    HandshakeFailed,
    Journal,
    Listener,
    server_context,
)

# One defect for each alert and none: which alert a defect gets, ``test_verifiers.py`` pins.
SERVERS, CLIENTS = (
    {
        (defect.alert, defect.expectation, defect.tls_defaults): name
        for name, defect in DEFECTS.items()
        if defect.chain.purpose == purpose and defect.depth != "slow"
    }.values()
    for purpose in ("server", "client")
)


def ok(_request: Request) -> Answer:
    return Answer(200, b"ok", "text/plain")


@contextmanager
def target(tls: ssl.SSLContext) -> Iterator[Listener]:
    listener = Listener("target", Journal(), ok, tls=tls).start()
    try:
        yield listener
    finally:
        listener.stop()


def asking(trusted_pem: bytes) -> ssl.SSLContext:
    """A stock client's context, lenient as before Python 3.13."""
    context = ssl.create_default_context(cadata=trusted_pem.decode())
    context.verify_flags &= ~(ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN)
    return context


def ask(listener: Listener, context: ssl.SSLContext, host: str) -> Event:
    """What the journal says of one request's handshake."""
    request = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", listener.port), timeout=10) as raw:
        try:
            with context.wrap_socket(raw, server_hostname=host) as connection:
                connection.sendall(request)
                while connection.recv(65536):
                    pass
        except ssl.SSLError:
            pass
    assert listener.journal.wait_until_quiet()
    events = listener.journal.of(HandshakeFailed) or listener.journal.of(HandshakeCompleted)
    (event,) = events
    return event


def check(event: Event, defect: Defect, by: str) -> None:
    if defect.alert is None or defect.tls_defaults:
        assert isinstance(event, HandshakeCompleted)
    else:
        assert isinstance(event, HandshakeFailed)
        assert (event.alert, event.alert_by) == (defect.alert, by)


@pytest.mark.parametrize("name", SERVERS)
def test_a_client_sends_a_target_what_is_wrong_with_it(name: str, issued) -> None:
    defect, (chain, authorities) = DEFECTS[name], issued(name)
    with target(server_context(chain)) as listener:
        event = ask(listener, asking(given_file(defect.given, chain, authorities)), defect.host)
    # Where no two sides agree on a cipher, the target says so.
    check(event, defect, "target" if defect.alert == "handshake_failure" else "client")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=str)
@pytest.mark.parametrize("name", CLIENTS)
def test_a_target_sends_a_client_what_is_wrong_with_it(
    name: str, version: ssl.TLSVersion, issued
) -> None:
    defect = DEFECTS[name]
    for twin in (False, True):
        chain, authorities = issued(name, twin)
        revoked = defect.alert == "certificate_revoked"
        context = asking(chain.authority.certificate_pem)
        load_into(context, chain)
        tls = server_context(
            authorities.issue(Chain()),
            client_certificate="required",
            trusted_pem=given_file(defect.given, chain, authorities),
            revocation_lists_pem=chain.authority.revocation_list_pem if revoked else b"",
            minimum_version=version,
            maximum_version=version,
        )
        with target(tls) as listener:
            event = ask(listener, context, "localhost")
        if twin:
            assert isinstance(event, HandshakeCompleted)
        else:
            check(event, defect, "target")


def test_a_weak_certificate_of_a_client_is_presented() -> None:
    """It reaches the target, which refuses it; a stock client alone would not even load it."""
    authorities = Authorities()
    weak = authorities.issue(
        Chain(names=(), subject="admin", purpose="client", defect="leaf of RSA 1024")
    )
    assert weak.weak
    context = asking(weak.authority.certificate_pem)
    load_into(context, weak)
    tls = server_context(
        authorities.issue(Chain()),
        client_certificate="required",
        trusted_pem=weak.authority.certificate_pem,
    )
    with target(tls) as listener:
        event = ask(listener, context, "localhost")
    assert isinstance(event, HandshakeFailed)
    assert (event.alert, event.verify_code) == ("bad_certificate", 66)


def test_ciphers_that_are_asked_for_replace_those_for_a_weak_chain(issued) -> None:
    weak, _ = issued("leaf of RSA 1024")
    context = server_context(weak, ciphers="ECDHE-RSA-AES256-GCM-SHA384")
    offered = {cipher["name"] for cipher in context.get_ciphers()}
    assert {name for name in offered if not name.startswith("TLS_")} == {
        "ECDHE-RSA-AES256-GCM-SHA384"
    }


def test_a_sound_chain_leaves_the_security_level_alone() -> None:
    sound = Authorities().issue(Chain())
    assert not sound.weak
    assert server_context(sound).security_level >= 1


def test_without_a_list_a_target_checks_none(issued) -> None:
    chain, authorities = issued("client certificate revoked")
    trusted = chain.authority.certificate_pem
    context = asking(trusted)
    load_into(context, chain)
    tls = server_context(
        authorities.issue(Chain()), client_certificate="required", trusted_pem=trusted
    )
    with target(tls) as listener:
        assert isinstance(ask(listener, context, "localhost"), HandshakeCompleted)
