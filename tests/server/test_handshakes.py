"""What the journal says of handshakes that do not fail for the client's certificate."""

from __future__ import annotations

import socket
import ssl
import struct
import warnings

import pytest

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

versions = pytest.mark.parametrize("version", ["1.2", "1.3"])


def only(events):
    (event,) = events
    return event


@versions
def test_a_completed_handshake(start, client, journal, certificates, version):
    target = start(tls=certificates.server(version))
    context = certificates.client()
    context.set_alpn_protocols(["http/1.1"])

    assert client.ask(target, context).endswith(b"GET /")

    completed = only(journal.of(HandshakeCompleted))
    assert completed.version == f"TLSv{version}"
    assert completed.cipher
    assert completed.alpn == "http/1.1"
    assert completed.peer_certificate is None
    assert completed.hello.server_name == "localhost"
    assert completed.hello.versions == ("TLSv1.3", "TLSv1.2")
    assert completed.hello.alpn == ("http/1.1",)
    assert journal.wait_until_quiet()
    closed = only(journal.of(ConnectionClosed))
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
    closed = journal.of(ConnectionClosed)
    assert len(closed) == 20
    assert {one.application_received.count for one in closed} == {0}
    assert not journal.of(RequestReceived)


@versions
def test_a_client_to_which_the_name_is_wrong(start, journal, certificates, version):
    target = start(tls=certificates.server(version))

    with (
        socket.create_connection(("127.0.0.1", target.port)) as raw,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        certificates.client().wrap_socket(raw, server_hostname="other.example.test")

    assert journal.wait_until_quiet()
    failed = only(journal.of(HandshakeFailed))
    assert (failed.cause, failed.alert) == (Cause.CLIENT_REFUSED_CERTIFICATE, "bad_certificate")
    assert failed.hello.server_name == "other.example.test"


def test_a_client_that_refuses_after_the_handshake(start, client, journal, certificates):
    """What a client does that looks at the certificate late: an alert, instead of a request."""
    target = start(tls=certificates.server("1.2"))
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = certificates.client().wrap_bio(incoming, outgoing, server_hostname="localhost")

    with socket.create_connection(("127.0.0.1", target.port), timeout=10) as raw:
        while True:
            try:
                tls.do_handshake()
            except ssl.SSLWantReadError:
                raw.sendall(outgoing.read())
                incoming.write(raw.recv(65536))
            else:
                break
        # A record that nobody encrypted makes the client's library send an encrypted alert.
        incoming.write(b"\x17\x03\x03\x00\x20" + bytes(32))
        with pytest.raises(ssl.SSLError):
            tls.read(1)
        raw.sendall(outgoing.read())
        client.rest(raw)

    assert journal.wait_until_quiet()
    assert only(journal.of(HandshakeCompleted)).version == "TLSv1.2"
    failed = only(journal.of(HandshakeFailed))
    assert failed.after_completion
    assert (failed.alert, failed.alert_by) == ("bad_record_mac", "client")
    closed = only(journal.of(ConnectionClosed))
    assert (closed.ending, closed.alert) == (Ending.HANDSHAKE_FAILED, "bad_record_mac")
    assert closed.application_received.count == 0


def test_plain_http_on_a_tls_port(start, client, journal, certificates):
    target = start(tls=certificates.server())

    assert client.ask(target).startswith(b"HTTP/1.1 400 \r\n")

    assert journal.wait_until_quiet()
    failed = only(journal.of(HandshakeFailed))
    assert (failed.cause, failed.alert, failed.hello) == (Cause.PLAIN_HTTP, None, None)
    assert failed.data.startswith(b"GET / HTTP/1.1\r\n")
    assert only(journal.of(RequestRejected)).data == failed.data
    assert only(journal.of(ConnectionClosed)).application_received.first == failed.data
    assert not journal.of(RequestReceived)


def test_garbage_on_a_tls_port(start, client, journal, certificates):
    target = start(tls=certificates.server())

    client.ask(target, request=b"\x00\x01garbage" * 10)

    assert journal.wait_until_quiet()
    failed = only(journal.of(HandshakeFailed))
    assert failed.cause is Cause.GARBAGE
    assert failed.data.startswith(b"\x00\x01garbage")
    assert only(journal.of(ConnectionClosed)).application_received.count == 0


@pytest.mark.parametrize("sent", [b"", b"\x16", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"])
def test_a_client_that_vanishes_in_the_handshake(start, client, journal, certificates, sent):
    target = start(tls=certificates.server())

    with client.connect(target) as connection:
        connection.sendall(sent)

    assert journal.wait_until_quiet()
    assert only(journal.of(HandshakeFailed)).cause is Cause.CLIENT_CLOSED
    assert only(journal.of(ConnectionClosed)).received.count == len(sent)


def test_a_client_that_resets_in_the_handshake(start, client, journal, certificates):
    target = start(tls=certificates.server())

    with client.connect(target) as connection:
        connection.sendall(b"\x16\x03\x01")
        assert journal.wait_until_quiet()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    assert journal.wait_until_quiet()
    assert only(journal.of(HandshakeFailed)).cause is Cause.CLIENT_RESET
    assert only(journal.of(ConnectionClosed)).ending is Ending.CLIENT_RESET


@versions
def test_a_client_that_skips_close_notify(start, client, journal, certificates, version):
    target = start(tls=certificates.server(version))

    with client.connect(target, certificates.client()) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        client.answer(connection)

    assert journal.wait_until_quiet()
    closed = only(journal.of(ConnectionClosed))
    assert closed.ending is Ending.CLIENT_CLOSED_WITHOUT_NOTICE


@versions
def test_both_sides_say_goodbye(start, client, journal, certificates, version):
    target = start(tls=certificates.server(version))

    with client.connect(target, certificates.client()) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        client.answer(connection)
        connection.unwrap().close()

    assert journal.wait_until_quiet()
    assert only(journal.of(ConnectionClosed)).ending is Ending.CLIENT_CLOSED


def test_no_common_version(start, client, journal, certificates):
    target = start(tls=certificates.server("1.3"))
    context = certificates.client()
    context.maximum_version = ssl.TLSVersion.TLSv1_2

    with pytest.raises(ssl.SSLError, match=r"(?i)protocol.version"):
        client.ask(target, context)

    failed = only(journal.of(HandshakeFailed))
    assert failed.cause is Cause.NO_COMMON_VERSION
    assert (failed.alert, failed.alert_by) == ("protocol_version", "target")
    assert failed.hello.versions == ("TLSv1.2",)


def test_a_client_newer_than_the_target(start, client, journal, certificates):
    target = start(tls=certificates.server("1.2"))
    context = certificates.client()
    context.minimum_version = ssl.TLSVersion.TLSv1_3

    with pytest.raises(ssl.SSLError, match=r"(?i)protocol.version"):
        client.ask(target, context)

    failed = only(journal.of(HandshakeFailed))
    assert (failed.cause, failed.alert) == (Cause.NO_COMMON_VERSION, "protocol_version")


def test_a_target_of_old_versions_alone(start, client, journal, certificates):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        old = ssl.TLSVersion.TLSv1_1
    target = start(tls=certificates.server(minimum_version=old, maximum_version=old))

    with pytest.raises(ssl.SSLError, match=r"(?i)protocol.version"):
        client.ask(target, certificates.client())

    assert only(journal.of(HandshakeFailed)).cause is Cause.NO_COMMON_VERSION


def test_no_common_cipher(start, client, journal, certificates):
    tls = certificates.server("1.2", ciphers="ECDHE-ECDSA-AES128-GCM-SHA256")
    context = certificates.client()
    context.set_ciphers("ECDHE-ECDSA-AES256-GCM-SHA384")

    with pytest.raises(ssl.SSLError, match=r"(?i)handshake.failure"):
        client.ask(start(tls=tls), context)

    failed = only(journal.of(HandshakeFailed))
    assert failed.cause is Cause.NO_COMMON_CIPHER
    assert (failed.alert, failed.alert_by) == ("handshake_failure", "target")


def test_a_name_is_told_as_it_was_asked_for(start, journal, certificates):
    target = start(tls=certificates.server())
    context = certificates.client()
    context.check_hostname = False

    for name in ("a.example.test", None):
        raw = socket.create_connection(("127.0.0.1", target.port))
        context.wrap_socket(raw, server_hostname=name).close()

    assert journal.wait_until_quiet()
    names = [completed.hello.server_name for completed in journal.of(HandshakeCompleted)]
    assert names == ["a.example.test", None]


@versions
def test_no_session_is_resumed(start, client, journal, certificates, version):
    target = start(tls=certificates.server(version))
    context = certificates.client()
    session = None

    for _ in range(3):
        raw = socket.create_connection(("127.0.0.1", target.port), timeout=10)
        with context.wrap_socket(raw, server_hostname="localhost", session=session) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            client.answer(connection)
            session = connection.session
            connection.unwrap()

    assert [done.resumed for done in journal.of(HandshakeCompleted)] == [False] * 3


@versions
def test_a_ticket_from_elsewhere_is_not_taken(start, client, journal, certificates, version):
    """The client has one from a server that gives tickets, and offers it to the target too."""
    generous = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificates.leaf.configure_cert(generous)
    generous.maximum_version = ssl.TLSVersion[f"TLSv{version.replace('.', '_')}"]
    elsewhere, target = start(tls=generous), start(tls=certificates.server(version))
    context = certificates.client()

    session = None
    for server in (elsewhere, elsewhere, target):
        raw = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        with context.wrap_socket(raw, server_hostname="localhost", session=session) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            client.answer(connection)
            session = session or connection.session

    done = journal.of(HandshakeCompleted)
    assert {one.version for one in done} == {f"TLSv{version}"}
    assert [one.hello.offers_resumption for one in done] == [False, True, True]
    assert [one.resumed for one in done] == [False, True, False]
