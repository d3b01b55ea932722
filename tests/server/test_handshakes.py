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
    failures,
)

versions = pytest.mark.parametrize("version", ["1.2", "1.3"])


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
    closed = ended(ConnectionClosed)
    assert closed.application_received.first.startswith(b"GET / HTTP/1.1\r\n")
    assert closed.application_sent.first.endswith(b"GET /")
    assert b"GET" not in closed.received.first


def test_a_client_that_refuses_after_the_handshake(start, client, ended, certificates):
    """A client that looks at the certificate late sends an alert instead of a request."""
    target = start(tls=certificates.server("1.2"))
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = certificates.client().wrap_bio(incoming, outgoing, server_hostname="localhost")

    with client.connect(target) as connection:
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


def test_tls_on_a_plain_port(start, client, ended, certificates):
    with pytest.raises(OSError, match=r"(?i)wrong.version.number"):
        client.connect(start(), certificates.client())

    failed, closed = ended(HandshakeFailed), ended(ConnectionClosed)
    assert (failed.cause, failed.hello.server_name) == (Cause.TLS_ON_PLAIN_PORT, "localhost")
    assert closed.sent.first.startswith(b"HTTP/1.1 400 \r\n")
    assert closed.application_received.count == 0


@pytest.mark.parametrize(
    ("sent", "cause"),
    [
        (b"\x00\x01garbage" * 10, Cause.GARBAGE),
        (b"", Cause.CLIENT_CLOSED),
        (b"\x16", Cause.CLIENT_CLOSED),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", Cause.CLIENT_CLOSED),
    ],
)
def test_garbage_and_a_client_that_vanishes(start, client, ended, certificates, sent, cause):
    target = start(tls=certificates.server())

    with client.connect(target) as connection:
        connection.sendall(sent)
        if cause is Cause.GARBAGE:
            client.rest(connection)

    failed, closed = ended(HandshakeFailed), ended(ConnectionClosed)
    assert failed.cause is cause
    assert cause is not Cause.GARBAGE or failed.data.startswith(sent[:9])
    assert (closed.received.count, closed.application_received.count) == (len(sent), 0)


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
        connection.sendall(client.GET)
        client.answer(connection)
        if says_goodbye:
            connection.unwrap().close()

    expected = Ending.CLIENT_CLOSED if says_goodbye else Ending.CLIENT_CLOSED_WITHOUT_NOTICE
    assert ended(ConnectionClosed).ending is expected


@versions
@pytest.mark.parametrize("first", ["the target", "a server that gives tickets"])
def test_no_session_is_resumed(start, client, journal, certificates, version, first):
    """Not even where the client offers a ticket that it has from elsewhere."""
    generous = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    load_into(generous, certificates.leaf)
    generous.maximum_version = ssl.TLSVersion[f"TLSv{version.replace('.', '_')}"]
    target = start(tls=certificates.server(version))
    other = target if first == "the target" else start(tls=generous)
    context = certificates.client()

    session = None
    for server in (other, other, target):
        with context.wrap_socket(
            client.connect(server), server_hostname="localhost", session=session
        ) as connection:
            connection.sendall(client.GET)
            client.answer(connection)
            session = session or connection.session

    done = journal.of(HandshakeCompleted)
    assert {event.version for event in done} == {f"TLSv{version}"}
    if other is not target:
        assert [event.hello.offers_resumption for event in done] == [False, True, True]
    assert [event.resumed for event in done] == [False, other is not target, False]


# The names of alerts. Which of them OpenSSL sends: ``tests/certificates/test_verifiers.py``.


def go_on(side):
    """Take the handshake, and one read after it, as far as they go; the error that ends it."""
    try:
        side.do_handshake()
        side.read(1)
    except ssl.SSLWantReadError:
        return None
    except ssl.SSLError as error:
        return error
    return None


# OpenSSL takes close_notify and user_canceled as warnings, or as the end of the stream.
@pytest.mark.parametrize("number", sorted(set(failures.NAMES) - {0, 90}))
def test_every_alert_received_has_its_name(certificates, number):
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = certificates.server("1.2").wrap_bio(to_server, to_client, server_side=True)
    client = certificates.client().wrap_bio(to_client, to_server, server_hostname="localhost")
    go_on(client)
    go_on(server)

    to_server.write(bytes([21, 3, 3, 0, 2, 2, number]))

    assert failures.received(go_on(server)) == failures.NAMES[number]


@pytest.mark.parametrize(
    ("data", "alert"),
    [
        (b"before" + bytes([21, 3, 3, 0, 2, 2, 48]), "unknown_ca"),
        (bytes([21, 3, 3, 0, 2, 2, 200]), "alert 200"),
        (bytes([23, 3, 3, 0, 2, 2, 48]), None),
        (b"", None),
    ],
)
def test_an_alert_in_the_clear(data, alert):
    assert failures.in_the_clear(data) == alert
    assert failures.for_verify_code(9999) == "certificate_unknown"
