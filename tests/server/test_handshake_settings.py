"""What a target can be made to speak in its handshake, and what the journal says of who cannot."""

from __future__ import annotations

import socket
import ssl
import warnings

import pytest

from connect_harness import (
    ClientCertificateConfig,
    HttpsConfig,
    SecurityConfig,
)
from connect_harness.identity import identity
from connect_harness.server import Cause, ConnectionClosed, HandshakeCompleted, HandshakeFailed

REFUSED = r"(?i)handshake.failure"


def refused(client, session, reason, context=None):
    with pytest.raises(ssl.SSLError, match=reason):
        client.connect(session, context or client.trust(session))


def failure(journal):
    """The one failure in the journal; not a byte of HTTP has arrived."""
    assert journal.wait_until_quiet()
    assert {one.application_received.count for one in journal.of(ConnectionClosed)} == {0}
    (failed,) = journal.of(HandshakeFailed)
    return failed


def completion(journal):
    """The one handshake in the journal that was completed."""
    assert journal.wait_until_quiet()
    (completed,) = journal.of(HandshakeCompleted)
    return completed


def lenient(client, session):
    """A client that takes every version and every suite, as none should."""
    context = client.trust(session)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    return context


@pytest.mark.parametrize(("version", "spoken"), [("1.0", "TLSv1"), ("1.1", "TLSv1.1")])
def test_old_versions(sessions, client, journal, version, spoken):
    session = sessions(version)
    with client.connect(session, lenient(client, session)) as connection:
        assert connection.version() == spoken

    refused(client, session, r"(?i)protocol.version")

    failed = failure(journal)
    assert failed.cause is Cause.NO_COMMON_VERSION
    assert (failed.alert, failed.alert_by) == ("protocol_version", "target")
    assert failed.hello.versions == ("TLSv1.3", "TLSv1.2")


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_one_version_alone(sessions, client, version):
    session = sessions(version)
    with client.connect(session, lenient(client, session)) as connection:
        assert connection.version() == f"TLSv{version}"


@pytest.mark.parametrize("ciphers", ["AES128-SHA", "NULL", "NULL:@SECLEVEL=0", "aNULL:@SECLEVEL=0"])
def test_suites_that_no_client_offers(sessions, client, journal, ciphers):
    """The key of the target is no RSA key, as the first would need; the others protect nothing."""
    session = sessions(None, https={"ciphers": ciphers})

    refused(client, session, REFUSED)

    failed = failure(journal)
    assert failed.cause is Cause.NO_COMMON_CIPHER
    assert (failed.alert, failed.alert_by) == ("handshake_failure", "target")
    assert failed.hello.server_name == "localhost"


@pytest.mark.parametrize("ciphers", ["NULL:@SECLEVEL=0", "aNULL:@SECLEVEL=0"])
def test_a_client_that_does_offer_them_is_served(sessions, client, journal, ciphers):
    session = sessions(None, https={"ciphers": ciphers})
    with client.connect(session, lenient(client, session)) as connection:
        assert connection.version() == "TLSv1.2"
    assert completion(journal).cipher.startswith(("ECDHE-ECDSA-NULL", "AECDH", "ADH"))


def test_suites_that_clients_offer(sessions, client, journal):
    suite = "ECDHE-ECDSA-AES128-GCM-SHA256"
    session = sessions(None, https={"ciphers": suite})
    client.connect(session, client.trust(session)).close()
    completed = completion(journal)
    assert (completed.version, completed.cipher) == ("TLSv1.2", suite)


def test_suites_say_nothing_of_tls_1_3(sessions, client, journal):
    session = sessions("1.3", https={"ciphers": "NULL"})
    client.connect(session, client.trust(session)).close()
    assert completion(journal).version == "TLSv1.3"


@pytest.mark.parametrize(
    ("spoken", "agreed"), [(("http/1.1",), "http/1.1"), (("h2",), None), ((), None)]
)
def test_application_protocols(sessions, client, journal, spoken, agreed):
    session = sessions("1.3", https={"alpn": spoken})
    context = client.trust(session)
    context.set_alpn_protocols(["http/1.1"])

    client.connect(session, context).close()

    completed = completion(journal)
    assert (completed.alpn, completed.hello.alpn) == (agreed, ("http/1.1",))


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_a_server_name_that_is_not_recognised(sessions, client, journal, version):
    session = sessions(version, https={"server_name_unrecognised": True})

    refused(client, session, r"(?i)unrecognized.name")

    failed = failure(journal)
    assert failed.cause is Cause.NAME_UNRECOGNISED
    assert (failed.alert, failed.alert_by) == ("unrecognized_name", "target")
    assert failed.hello.server_name == "localhost"


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_who_names_nobody_is_served_all_the_same(sessions, client, journal, version):
    session = sessions(version, https={"server_name_unrecognised": True})
    context = client.trust(session)
    context.check_hostname = False
    with (
        socket.create_connection(("127.0.0.1", session.port), timeout=10) as raw,
        context.wrap_socket(raw) as connection,
    ):
        assert connection.version() == f"TLSv{version}"
    assert completion(journal).hello.server_name is None
    assert not journal.of(HandshakeFailed)


@pytest.mark.parametrize(
    "https",
    [
        {"tls_version": "1.2"},
        {"ciphers": "AES256-SHA"},
        {"alpn": ()},
        {"server_name_unrecognised": True},
    ],
)
def test_no_setting_reaches_another_target(sessions, client, journal, https):
    """Targets of one configuration share a context."""
    sessions(None, https=https)
    session = sessions(None)
    context = client.trust(session)
    context.set_alpn_protocols(["http/1.1"])

    client.connect(session, context).close()

    completed = completion(journal)
    assert (completed.version, completed.alpn) == ("TLSv1.3", "http/1.1")


@pytest.mark.parametrize("checks", [True, False])
def test_revocation_is_checked_where_asked_for(checks):
    clients = ClientCertificateConfig(checks_revocation=checks)
    made = identity(SecurityConfig(https=HttpsConfig(), client_certificate=clients), None)
    assert bool(made.context.verify_flags & ssl.VERIFY_CRL_CHECK_LEAF) is checks
