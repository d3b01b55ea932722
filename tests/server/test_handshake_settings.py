"""What a target can be made to speak in its handshake, and what the journal says of who cannot."""

from __future__ import annotations

import socket
import ssl
import warnings

import pytest

from connect_harness.server import Cause, ConnectionClosed, HandshakeCompleted, HandshakeFailed

SUITE = "ECDHE-ECDSA-AES128-GCM-SHA256"


def lenient(client, session):
    """A client that takes every version and every suite, as none should."""
    context = client.trust(session)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    return context


@pytest.mark.parametrize(
    ("version", "https", "cause", "alert"),
    [
        ("1.1", {}, Cause.NO_COMMON_VERSION, "protocol_version"),
        ("1.3", {}, Cause.NO_COMMON_VERSION, "protocol_version"),
        # The key of the target is no RSA key, as this suite would need.
        (None, {"ciphers": "AES128-SHA"}, Cause.NO_COMMON_CIPHER, "handshake_failure"),
        ("1.2", {"server_name_unrecognised": True}, Cause.NAME_UNRECOGNISED, "unrecognized_name"),
    ],
)
def test_a_client_with_nothing_in_common_is_refused(
    sessions, client, ended, version, https, cause, alert
):
    session = sessions(version, https=https)
    context = client.trust(session)
    if version == "1.3":
        context.maximum_version = ssl.TLSVersion.TLSv1_2

    with pytest.raises(ssl.SSLError, match=rf"(?i)(tlsv1.|sslv3.)?{alert.replace('_', '.')}"):
        client.connect(session, context)

    assert ended(ConnectionClosed).application_received.count == 0
    failed = ended(HandshakeFailed)
    assert (failed.cause, failed.alert, failed.alert_by) == (cause, alert, "target")
    assert (failed.hello.versions[-1], failed.hello.server_name) == ("TLSv1.2", "localhost")


# What a lenient client, or one as usual, agrees on: the version and the beginning of the suite.
AGREEING = {
    "1.0": ("1.0", {}, lenient, "TLSv1", ""),
    "1.1": ("1.1", {}, lenient, "TLSv1.1", ""),
    "1.2": ("1.2", {}, lenient, "TLSv1.2", ""),
    "1.3": ("1.3", {}, lenient, "TLSv1.3", ""),
    "NULL": (None, {"ciphers": "NULL:@SECLEVEL=0"}, lenient, "TLSv1.2", "ECDHE-ECDSA-NULL"),
    "aNULL": (None, {"ciphers": "aNULL:@SECLEVEL=0"}, lenient, "TLSv1.2", ("AECDH", "ADH")),
    "a suite that clients offer": (None, {"ciphers": SUITE}, None, "TLSv1.2", SUITE),
    "suites say nothing of TLS 1.3": ("1.3", {"ciphers": "NULL"}, None, "TLSv1.3", "TLS_"),
}


@pytest.mark.parametrize("setting", AGREEING)
def test_a_client_that_does_speak_it_is_served(sessions, client, ended, setting):
    version, https, made, spoken, suite = AGREEING[setting]
    session = sessions(version, https=https)
    with client.connect(session, (made or type(client).trust)(client, session)) as connection:
        assert connection.version() == spoken
    completed = ended(HandshakeCompleted)
    assert completed.version == spoken
    assert completed.cipher.startswith(suite)


@pytest.mark.parametrize(
    ("spoken", "agreed"), [(("http/1.1",), "http/1.1"), (("h2",), None), ((), None)]
)
def test_application_protocols(sessions, client, ended, spoken, agreed):
    session = sessions("1.3", https={"alpn": spoken})
    context = client.trust(session)
    context.set_alpn_protocols(["http/1.1"])

    client.connect(session, context).close()

    completed = ended(HandshakeCompleted)
    assert (completed.alpn, completed.hello.alpn) == (agreed, ("http/1.1",))


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_a_client_that_names_no_server_is_served(sessions, client, journal, version, ended):
    session = sessions(version, https={"server_name_unrecognised": True})
    context = client.trust(session)
    context.check_hostname = False
    with (
        socket.create_connection(("127.0.0.1", session.port), timeout=10) as raw,
        context.wrap_socket(raw) as connection,
    ):
        assert connection.version() == f"TLSv{version}"
    assert ended(HandshakeCompleted).hello.server_name is None
    assert not journal.of(HandshakeFailed)


def test_no_setting_reaches_another_target(sessions, client, ended):
    """Targets of one configuration share a context."""
    for https in (
        {"tls_version": "1.2"},
        {"ciphers": "AES256-SHA"},
        {"alpn": ()},
        {"server_name_unrecognised": True},
    ):
        sessions(None, https=https)
    session = sessions(None)
    context = client.trust(session)
    context.set_alpn_protocols(["http/1.1"])

    client.connect(session, context).close()

    completed = ended(HandshakeCompleted)
    assert (completed.version, completed.alpn) == ("TLSv1.3", "http/1.1")
