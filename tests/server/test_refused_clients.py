"""A client whose certificate is refused gets the alert, every time, and the journal has it too."""

from __future__ import annotations

import ssl
from collections import Counter
from itertools import product

import pytest

from connect_harness import ClientCertificateConfig
from connect_harness.exchange import Answer
from connect_harness.server import (
    Cause,
    ConnectionClosed,
    Ending,
    HandshakeCompleted,
    HandshakeFailed,
    failures,
)

# The alert, and OpenSSL's code of what is wrong with the certificate.
REFUSALS = {
    "unknown": ("unknown_ca", 20),
    "expired": ("certificate_expired", 10),
    "revoked": ("certificate_revoked", 23),
}
MISSING = {"1.2": ("handshake_failure", None), "1.3": ("certificate_required", None)}
versions = pytest.mark.parametrize("version", ["1.2", "1.3"])
ROUNDS = 10


@pytest.fixture(scope="module")
def contexts(certificates):
    """Contexts that ask for certificates and have the authority's revocation list."""
    return {
        (version, policy): certificates.server(
            version,
            client_certificate=policy,
            revocation_lists_pem=certificates.authority.revocation_list_pem,
        )
        for version in ("1.2", "1.3")
        for policy in ("required", "optional")
    }


@pytest.fixture
def insisting(start, contexts):
    return lambda version, policy="required": start(tls=contexts[version, policy])


def alert(client, target, context):
    """The alert with which the client fails, in its handshake or at its first read."""
    try:
        client.ask(target, context)
    except ssl.SSLError as error:
        return failures.received(error)
    except OSError as error:
        return repr(error)
    return None


@versions
@pytest.mark.parametrize(
    ("kind", "policy"), [("missing", "required"), *product(REFUSALS, ("required", "optional"))]
)
def test_each_of_many_gets_the_alert_also_while_the_processor_is_busy(
    insisting, client, journal, certificates, busy_processor, version, kind, policy
):
    target = insisting(version, policy)
    context = certificates.client(kind)
    name, code = REFUSALS.get(kind, MISSING[version])

    seen = Counter(alert(client, target, context) for _ in range(ROUNDS // 2))
    with busy_processor():
        seen.update(alert(client, target, context) for _ in range(ROUNDS // 2))

    assert seen == {name: ROUNDS}
    assert journal.wait_until_quiet()
    cause = Cause.CLIENT_CERTIFICATE_REFUSED if code else Cause.CLIENT_CERTIFICATE_MISSING
    failed = journal.of(HandshakeFailed)
    assert {(event.cause, event.verify_code, event.alert, event.alert_by) for event in failed} == {
        (cause, code, name, "target")
    }
    assert {(bool(event.verify_message), event.hello.server_name) for event in failed} == {
        (code is not None, "localhost")
    }
    assert not journal.of(HandshakeCompleted)
    closed = journal.of(ConnectionClosed)
    assert len(failed) == len(closed) == ROUNDS
    assert {(event.ending, event.application_received.count) for event in closed} == {
        (Ending.HANDSHAKE_FAILED, 0)
    }
    assert all(event.received.count > 500 for event in closed)
    assert all(event.received.first.startswith(b"\x16\x03") for event in closed)


@pytest.mark.parametrize("kind", ["missing", *REFUSALS])
def test_they_get_it_when_they_go_on_talking(insisting, client, journal, certificates, kind, ended):
    """Under TLS 1.3 a client may send a lot before it listens; a reset would cost it the alert."""
    target = insisting("1.3")

    with client.connect(target, certificates.client(kind)) as connection:
        for _ in range(5):
            assert journal.wait_until_quiet()
            connection.sendall(bytes(1000))
        with pytest.raises(ssl.SSLError) as refused:
            connection.recv(1)

    assert failures.received(refused.value) == REFUSALS.get(kind, MISSING["1.3"])[0]
    assert ended(ConnectionClosed).application_received.count == 0


@versions
@pytest.mark.parametrize(
    ("kind", "policy"), [("good", "required"), ("good", "optional"), ("missing", "optional")]
)
def test_the_twin_is_accepted_and_the_application_sees_its_certificate(
    start, contexts, client, journal, certificates, version, kind, policy, ended
):
    target = start(
        lambda request: Answer(200, repr(request.peer_certificate).encode()),
        tls=contexts[version, policy],
    )

    answer = client.ask(target, certificates.client(kind))

    assert (b"CN=admin" if kind == "good" else b"None") in answer
    presented = ended(HandshakeCompleted).peer_certificate
    if kind == "good":
        assert presented.subject.startswith("CN=admin")
        assert len(presented.fingerprint) == 64
    assert not journal.of(HandshakeFailed)


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
