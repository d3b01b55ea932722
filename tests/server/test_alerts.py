"""The names of alerts: held against what OpenSSL receives.

What it sends for each reason: ``tests/certificates/test_verifiers.py``.
"""

from __future__ import annotations

import ssl

import pytest

from connect_harness import ClientCertificateConfig
from connect_harness.server import HandshakeFailed, failures


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


def test_a_revoked_certificate_is_taken_where_lists_are_not_checked(
    sessions, client, journal, certificates
):
    asks = ClientCertificateConfig(required=True, authority="authority")
    session = sessions("1.3", client_certificate=asks)
    with client.connect(session, certificates.client("revoked")) as connection:
        connection.sendall(client.VERSIONS)
        assert client.answer(connection).startswith(b"HTTP/1.1 200")
    assert journal.wait_until_quiet()
    assert not journal.of(HandshakeFailed)
