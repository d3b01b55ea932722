"""The names of alerts: held against what OpenSSL receives and sends."""

from __future__ import annotations

import ssl
from dataclasses import replace

import pytest

from connect_harness import Chain, ClientCertificateConfig
from connect_harness.certificates import DEFECTS, default_authorities, load_into
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


# The code by which OpenSSL says what is wrong with the certificate of a client.
CODES = {
    "client certificate not yet valid": 9,
    "client certificate self-signed": 18,
    "client certificate revoked": 23,
    "client certificate for servers alone": 26,
    "unknown critical extension of the client certificate": 34,
    "client intermediate that is no authority": 79,
    "an unknown authority, sent too": 19,
    "signed with another key": 7,
    "path length exceeded": 25,
}
CHAINS = {
    "an unknown authority, sent too": Chain(defect="authority sent too", authority="stranger"),
    "signed with another key": Chain(defect="signed with another key, no key identifiers"),
}


@pytest.mark.parametrize("version", ["1.2", "1.3"])
@pytest.mark.parametrize("name", CODES)
def test_the_alert_in_the_journal_is_the_one_the_client_receives(
    sessions, client, ended, name, version
):
    chain = CHAINS.get(name) or replace(DEFECTS[name].chain, defect=name)
    if chain.purpose == "server":
        chain = replace(chain, purpose="client", subject="admin", authority=chain.authority)
    asks = ClientCertificateConfig(
        required=True,
        checks_revocation="revoked" in name,
        authority=DEFECTS["client certificate expired"].chain.authority,
    )
    session = sessions(version, client_certificate=asks)
    context = client.trust(session)
    load_into(context, default_authorities().issue(chain))

    with pytest.raises(ssl.SSLError) as refused, client.connect(session, context) as connection:
        connection.recv(1)

    failed = ended(HandshakeFailed)
    assert failed.verify_code == CODES[name]
    assert failed.alert == failures.received(refused.value)
    assert failed.alert == failures.for_verify_code(failed.verify_code)


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
