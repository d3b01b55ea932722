"""A target that shows another certificate while it runs: a renewed one, or an impostor's."""

from __future__ import annotations

import ssl

import pytest

from connect_harness import (
    Chain,
    ClientCertificateConfig,
    HttpsConfig,
    SecurityConfig,
    SessionConfig,
    TargetSession,
)
from connect_harness.server import (
    Cause,
    ConnectionClosed,
    Ending,
    HandshakeCompleted,
    HandshakeFailed,
    RequestReceived,
)

IMPOSTOR = Chain(authority="impostor")
versions = pytest.mark.parametrize("version", ["1.2", "1.3"])


def ask(client, session, context):
    with client.connect(session, context) as connection:
        connection.sendall(client.VERSIONS)
        return client.answer(connection)


def serial_number(client, session):
    with client.connect(session, client.trust(session)) as connection:
        return connection.getpeercert()["serialNumber"]


@versions
def test_a_client_that_trusts_the_former_authority_sends_an_impostor_nothing(
    sessions, client, journal, version, ended
):
    session = sessions(version)
    session.create_table("Example", data_types={"Id": "String"})
    session.arm("versions extended")
    former, port = client.trust(session), session.port
    with client.connect(session, former) as connection:
        connection.sendall(client.VERSIONS)
        client.answer(connection)
        assert journal.wait_until_quiet()

        session.replace_certificate(IMPOSTOR)

        assert connection.recv(1) == b""
    assert journal.wait_until_quiet()
    assert [event.ending for event in journal.of(ConnectionClosed)] == [Ending.TARGET_CUT]
    since = journal.mark("replaced").number
    assert session.port == port
    with pytest.raises(ssl.SSLCertVerificationError):
        client.connect(session, former)
    failed = ended(HandshakeFailed)
    assert failed.cause is Cause.CLIENT_REFUSED_CERTIFICATE
    assert (failed.alert, failed.alert_by) == ("unknown_ca", "client")
    (closed,) = journal.of(ConnectionClosed, connection=failed.connection)
    assert closed.application_received.count == 0
    assert not journal.of(RequestReceived, since=since)
    # A client that trusts the other authority finds all as it was.
    answer = ask(client, session, client.trust(session))
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"unknown/first" in answer
    assert list(session.tables) == ["Example"]
    assert {event.version for event in journal.of(HandshakeCompleted)} == {f"TLSv{version}"}


def test_another_certificate_of_the_same_authority(sessions, client, journal):
    """It stays after a restart, and can be replaced by a renewed one, or one that expired."""
    session = sessions("1.3")
    trusting, former = client.trust(session), serial_number(client, session)
    session.replace_certificate(IMPOSTOR)
    session.restart()
    with pytest.raises(ssl.SSLCertVerificationError):
        client.connect(session, trusting)

    session.replace_certificate(Chain(intermediates=1))
    assert ask(client, session, trusting).startswith(b"HTTP/1.1 200")
    assert serial_number(client, session) != former

    session.replace_certificate(Chain(defect="leaf expired"))
    with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
        client.connect(session, trusting)
    assert journal.wait_until_quiet()
    assert journal.of(HandshakeFailed)[-1].alert == "certificate_expired"


@versions
def test_clients_still_have_to_present_theirs(sessions, client, journal, version, ended):
    session = sessions(version, client_certificate=ClientCertificateConfig(required=True))

    session.replace_certificate(IMPOSTOR)

    with pytest.raises(ssl.SSLError):
        ask(client, session, client.trust(session))
    assert ended(HandshakeFailed).cause is Cause.CLIENT_CERTIFICATE_MISSING
    assert not journal.of(HandshakeCompleted)


def test_what_cannot_be_replaced(sessions, certificates, client, tmp_path):
    with pytest.raises(RuntimeError, match=r"^The target 'target' speaks plain HTTP: .*\.$"):
        sessions().replace_certificate(IMPOSTOR)
    path = tmp_path / "own.pem"
    path.write_bytes(certificates.leaf.chain_pem + certificates.leaf.private_key_pem)
    security = SecurityConfig(https=HttpsConfig(certificate=path))
    with TargetSession.start(SessionConfig(security=security)) as session:
        with pytest.raises(RuntimeError, match=r"^The certificate of .* is in a key store\.$"):
            session.replace_certificate(IMPOSTOR)
        client.connect(session, certificates.client()).close()
