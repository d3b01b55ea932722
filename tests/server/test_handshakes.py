"""What the journal says of handshakes that do not fail for the client's certificate."""

from __future__ import annotations

import socket
import ssl
import struct

import pytest

from connect_harness.certificates import load_into
from connect_harness.server import (
    Cause,
    ConnectionClosed,
    Ending,
    HandshakeCompleted,
    HandshakeFailed,
    RequestReceived,
    RequestRejected,
    to_plain,
)

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
versions = pytest.mark.parametrize("version", ["1.2", "1.3"])


def raw(target):
    return socket.create_connection(("127.0.0.1", target.port), timeout=10)


@versions
def test_a_completed_handshake(start, client, ended, certificates, version):
    target = start(tls=certificates.server(version))
    context = certificates.client()
    context.set_alpn_protocols(["http/1.1"])

    assert client.ask(target, context).endswith(b"GET /")

    completed = ended(HandshakeCompleted)
    assert completed.version == f"TLSv{version}"
    assert completed.cipher
    assert completed.alpn == "http/1.1"
    assert completed.peer_certificate is None
    assert completed.hello.server_name == "localhost"
    assert completed.hello.versions == ("TLSv1.3", "TLSv1.2")
    assert completed.hello.alpn == ("http/1.1",)
    closed = ended(ConnectionClosed)
    assert closed.application_received.first.startswith(b"GET / HTTP/1.1\r\n")
    assert closed.application_sent.first.endswith(b"GET /")
    assert b"GET" not in closed.received.first
    assert to_plain(completed)["hello"]["server_name"] == "localhost"


@versions
def test_a_client_that_refuses_our_certificate(start, client, journal, certificates, version):
    target = start(tls=certificates.server(version))

    for _ in range(20):
        with pytest.raises(ssl.SSLCertVerificationError):
            client.ask(target, certificates.client(trusting=False))

    assert journal.wait_until_quiet()
    assert {
        (failed.cause, failed.alert, failed.alert_by) for failed in journal.of(HandshakeFailed)
    } == {(Cause.CLIENT_REFUSED_CERTIFICATE, "unknown_ca", "client")}
    received = [event.application_received.count for event in journal.of(ConnectionClosed)]
    assert received == [0] * 20
    assert not journal.of(RequestReceived)


@versions
def test_a_client_to_which_the_name_is_wrong(start, ended, certificates, version):
    target = start(tls=certificates.server(version))

    with raw(target) as connection, pytest.raises(ssl.SSLCertVerificationError):
        certificates.client().wrap_socket(connection, server_hostname="other.example.test")

    failed = ended(HandshakeFailed)
    assert (failed.cause, failed.alert) == (Cause.CLIENT_REFUSED_CERTIFICATE, "bad_certificate")
    assert failed.hello.server_name == "other.example.test"


def test_a_client_that_refuses_after_the_handshake(start, client, ended, certificates):
    """A client that looks at the certificate late sends an alert instead of a request."""
    target = start(tls=certificates.server("1.2"))
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = certificates.client().wrap_bio(incoming, outgoing, server_hostname="localhost")

    with raw(target) as connection:
        while True:
            try:
                tls.do_handshake()
            except ssl.SSLWantReadError:
                connection.sendall(outgoing.read())
                incoming.write(connection.recv(65536))
            else:
                break
        # A record that is not encrypted makes the client's library send an encrypted alert.
        incoming.write(b"\x17\x03\x03\x00\x20" + bytes(32))
        with pytest.raises(ssl.SSLError):
            tls.read(1)
        connection.sendall(outgoing.read())
        client.rest(connection)

    assert ended(HandshakeCompleted).version == "TLSv1.2"
    failed = ended(HandshakeFailed)
    assert failed.after_completion
    assert (failed.alert, failed.alert_by) == ("bad_record_mac", "client")
    closed = ended(ConnectionClosed)
    assert (closed.ending, closed.alert) == (Ending.HANDSHAKE_FAILED, "bad_record_mac")
    assert closed.application_received.count == 0


def test_plain_http_on_a_tls_port(start, client, journal, ended, certificates):
    target = start(tls=certificates.server())

    assert client.ask(target).startswith(b"HTTP/1.1 400 \r\n")

    failed = ended(HandshakeFailed)
    assert (failed.cause, failed.alert, failed.hello) == (Cause.PLAIN_HTTP, None, None)
    assert failed.data.startswith(b"GET / HTTP/1.1\r\n")
    assert ended(RequestRejected).data == failed.data
    assert ended(ConnectionClosed).application_received.first == failed.data
    assert not journal.of(RequestReceived)


def test_garbage_on_a_tls_port(start, client, ended, certificates):
    target = start(tls=certificates.server())

    client.ask(target, request=b"\x00\x01garbage" * 10)

    failed = ended(HandshakeFailed)
    assert failed.cause is Cause.GARBAGE
    assert failed.data.startswith(b"\x00\x01garbage")
    assert ended(ConnectionClosed).application_received.count == 0


@pytest.mark.parametrize("sent", [b"", b"\x16", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"])
def test_a_client_that_vanishes_in_the_handshake(start, client, ended, certificates, sent):
    target = start(tls=certificates.server())

    with client.connect(target) as connection:
        connection.sendall(sent)

    assert ended(HandshakeFailed).cause is Cause.CLIENT_CLOSED
    assert ended(ConnectionClosed).received.count == len(sent)


def test_a_client_that_resets_in_the_handshake(start, client, journal, ended, certificates):
    target = start(tls=certificates.server())

    with client.connect(target) as connection:
        connection.sendall(b"\x16\x03\x01")
        assert journal.wait_until_quiet()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    assert ended(HandshakeFailed).cause is Cause.CLIENT_RESET
    assert ended(ConnectionClosed).ending is Ending.CLIENT_RESET


@versions
@pytest.mark.parametrize("says_goodbye", [True, False])
def test_a_client_with_and_without_close_notify(
    start, client, ended, certificates, version, says_goodbye
):
    target = start(tls=certificates.server(version))

    with client.connect(target, certificates.client()) as connection:
        connection.sendall(GET)
        client.answer(connection)
        if says_goodbye:
            connection.unwrap().close()

    expected = Ending.CLIENT_CLOSED if says_goodbye else Ending.CLIENT_CLOSED_WITHOUT_NOTICE
    assert ended(ConnectionClosed).ending is expected


NOTHING_IN_COMMON = {
    "older client": ("1.3", "1.2", {}, Cause.NO_COMMON_VERSION, "protocol_version"),
    "newer client": ("1.2", "1.3", {}, Cause.NO_COMMON_VERSION, "protocol_version"),
    "other suites": (
        "1.2",
        "1.2",
        {"ciphers": "ECDHE-ECDSA-AES128-GCM-SHA256"},
        Cause.NO_COMMON_CIPHER,
        "handshake_failure",
    ),
}


@pytest.mark.parametrize("name", NOTHING_IN_COMMON)
def test_nothing_in_common(start, client, ended, certificates, name):
    server, spoken, settings, cause, alert = NOTHING_IN_COMMON[name]
    target = start(tls=certificates.server(server, **settings))
    context = certificates.client()
    context.minimum_version = context.maximum_version = ssl.TLSVersion[f"TLSv1_{spoken[-1]}"]
    if settings:
        context.set_ciphers("ECDHE-ECDSA-AES256-GCM-SHA384")

    with pytest.raises(ssl.SSLError, match=f"(?i){alert.replace('_', '.')}"):
        client.ask(target, context)

    failed = ended(HandshakeFailed)
    assert (failed.cause, failed.alert, failed.alert_by) == (cause, alert, "target")
    assert failed.hello.versions == (f"TLSv{spoken}",)


@versions
def test_no_session_is_resumed(start, client, journal, certificates, version):
    target = start(tls=certificates.server(version))
    context = certificates.client()
    session = None

    for _ in range(3):
        with context.wrap_socket(
            raw(target), server_hostname="localhost", session=session
        ) as connection:
            connection.sendall(GET)
            client.answer(connection)
            session = connection.session
            connection.unwrap()

    assert [done.resumed for done in journal.of(HandshakeCompleted)] == [False] * 3


@versions
def test_a_ticket_from_elsewhere_is_not_taken(start, client, journal, certificates, version):
    """The client has one from a server that gives tickets, and offers it to the target too."""
    generous = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    load_into(generous, certificates.leaf)
    generous.maximum_version = ssl.TLSVersion[f"TLSv{version.replace('.', '_')}"]
    elsewhere, target = start(tls=generous), start(tls=certificates.server(version))
    context = certificates.client()

    session = None
    for server in (elsewhere, elsewhere, target):
        with context.wrap_socket(
            raw(server), server_hostname="localhost", session=session
        ) as connection:
            connection.sendall(GET)
            client.answer(connection)
            session = session or connection.session

    done = journal.of(HandshakeCompleted)
    assert {event.version for event in done} == {f"TLSv{version}"}
    assert [event.hello.offers_resumption for event in done] == [False, True, True]
    assert [event.resumed for event in done] == [False, True, False]
