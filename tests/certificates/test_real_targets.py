"""What the journal of a real target says when a stock client meets a defect."""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from typing import Any

import pytest

from connect_harness.certificates import (
    DEFECTS,
    Authorities,
    Chain,
    Defect,
    IssuedChain,
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
        if defect.chain.purpose == purpose
    }.values()
    for purpose in ("server", "client")
)


def ok(_request: Request) -> Answer:
    return Answer(200, b"ok", "text/plain")


def asking(trusted_pem: bytes) -> ssl.SSLContext:
    """A stock client's context, lenient as before Python 3.13."""
    context = ssl.create_default_context(cadata=trusted_pem.decode())
    context.verify_flags &= ~(ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN)
    return context


def event_of(tls: ssl.SSLContext, context: ssl.SSLContext, host: str = "localhost") -> Event:
    """What the journal of a target says of the handshake of one request."""
    listener = Listener("target", Journal(), ok, tls=tls).start()
    try:
        with (
            socket.create_connection(("127.0.0.1", listener.port), timeout=10) as raw,
            suppress(ssl.SSLError),
            context.wrap_socket(raw, server_hostname=host) as client,
        ):
            client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            while client.recv(65536):
                pass
        assert listener.journal.wait_until_quiet()
        events = listener.journal.of(HandshakeFailed) or listener.journal.of(HandshakeCompleted)
    finally:
        listener.stop()
    (event,) = events
    return event


def event_of_client(
    chain: IssuedChain, authorities: Authorities, *, lists: bytes = b"", **versions: Any
) -> Event:
    """The same for a client that presents ``chain`` to a target that insists on one."""
    trusted = chain.authority.certificate_pem
    context = asking(trusted)
    load_into(context, chain)
    tls = server_context(
        authorities.issue(Chain()),
        client_certificate="required",
        trusted_pem=trusted,
        revocation_lists_pem=lists,
        **versions,
    )
    return event_of(tls, context)


def check(event: Event, defect: Defect, by: str) -> None:
    if defect.alert is None or defect.tls_defaults:
        assert isinstance(event, HandshakeCompleted)
    else:
        assert isinstance(event, HandshakeFailed)
        assert (event.alert, event.alert_by) == (defect.alert, by)


@pytest.mark.parametrize("name", SERVERS)
def test_a_client_sends_a_target_what_is_wrong_with_it(name: str, issued) -> None:
    defect, (chain, authorities) = DEFECTS[name], issued(name)
    context = asking(given_file(defect.given, chain, authorities))
    event = event_of(server_context(chain), context, defect.host)
    # Where no two sides agree on a cipher, the target says so.
    check(event, defect, "target" if defect.alert == "handshake_failure" else "client")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=str)
@pytest.mark.parametrize("name", CLIENTS)
def test_a_target_sends_a_client_what_is_wrong_with_it(
    name: str, version: ssl.TLSVersion, issued
) -> None:
    defect = DEFECTS[name]
    versions = {"minimum_version": version, "maximum_version": version}
    chain, authorities = issued(name)
    revoked = defect.alert == "certificate_revoked"
    lists = chain.authority.revocation_list_pem if revoked else b""
    check(event_of_client(chain, authorities, lists=lists, **versions), defect, "target")
    twin, authorities = issued(name, twin=True)
    lists = twin.authority.revocation_list_pem if revoked else b""
    event = event_of_client(twin, authorities, lists=lists, **versions)
    assert isinstance(event, HandshakeCompleted)


def test_a_weak_certificate_of_a_client_is_presented() -> None:
    """It reaches the target, which refuses it; a stock client alone would not even load it."""
    authorities = Authorities()
    chain = Chain(names=(), subject="admin", purpose="client", defect="leaf of RSA 1024")
    weak = authorities.issue(chain)
    assert weak.weak
    event = event_of_client(weak, authorities)
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
    event = event_of_client(*issued("client certificate revoked"))
    assert isinstance(event, HandshakeCompleted)
