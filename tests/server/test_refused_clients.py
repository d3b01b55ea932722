"""A client whose certificate is refused is told why, every time, and the journal says the same."""

from __future__ import annotations

import ssl
import threading
from collections import Counter
from contextlib import contextmanager

import pytest

from connect_harness.exchange import Answer
from connect_harness.server import (
    Cause,
    ConnectionClosed,
    Ending,
    HandshakeCompleted,
    HandshakeFailed,
)

ALERTS = {
    ("1.2", "missing"): "handshake_failure",
    ("1.2", "unknown"): "unknown_ca",
    ("1.2", "expired"): "certificate_expired",
    ("1.2", "revoked"): "certificate_revoked",
    ("1.3", "missing"): "certificate_required",
    ("1.3", "unknown"): "unknown_ca",
    ("1.3", "expired"): "certificate_expired",
    ("1.3", "revoked"): "certificate_revoked",
}
REASONS = {
    "handshake_failure": "SSLV3_ALERT_HANDSHAKE_FAILURE",
    "unknown_ca": "TLSV1_ALERT_UNKNOWN_CA",
    "certificate_expired": "SSLV3_ALERT_CERTIFICATE_EXPIRED",
    "certificate_revoked": "SSLV3_ALERT_CERTIFICATE_REVOKED",
    "certificate_required": "TLSV13_ALERT_CERTIFICATE_REQUIRED",
}
CAUSES = {
    "missing": (Cause.CLIENT_CERTIFICATE_MISSING, None),
    "unknown": (Cause.CLIENT_CERTIFICATE_REFUSED, 20),
    "expired": (Cause.CLIENT_CERTIFICATE_REFUSED, 10),
    "revoked": (Cause.CLIENT_CERTIFICATE_REFUSED, 23),
}
refusals = pytest.mark.parametrize(("version", "kind"), ALERTS)
refusals_of_both = pytest.mark.parametrize(
    ("version", "kind", "policy"),
    [
        (version, kind, policy)
        for version, kind in ALERTS
        for policy in ("required", "optional")
        if (kind, policy) != ("missing", "optional")
    ],
)


@pytest.fixture
def insisting(start, certificates, tmp_path):
    """Starts a target that asks for certificates and has the authority's revocation list."""

    def start_one(version, policy="required"):
        tls = certificates.revoking_server(tmp_path, version, client_certificate=policy)
        return start(tls=tls)

    return start_one


@contextmanager
def busy_processor():
    """Another thread that never lets go of the interpreter of its own accord."""
    over = threading.Event()

    def burn():
        while not over.is_set():
            sum(range(1000))

    thread = threading.Thread(target=burn)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def told(client, target, context):
    """The reason with which the client fails, in its handshake or at its first read."""
    try:
        client.ask(target, context)
    except ssl.SSLError as error:
        return error.reason
    except OSError as error:
        return repr(error)
    return None


@refusals_of_both
def test_100_of_100_are_told(insisting, client, journal, certificates, version, kind, policy):
    target = insisting(version, policy)
    context = certificates.client(kind)

    seen = Counter(told(client, target, context) for _ in range(100))

    assert seen == {REASONS[ALERTS[version, kind]]: 100}
    assert journal.wait_until_quiet()
    failures = Counter(
        (failed.cause, failed.verify_code, failed.alert, failed.alert_by)
        for failed in journal.of(HandshakeFailed)
    )
    assert failures == {(*CAUSES[kind], ALERTS[version, kind], "target"): 100}
    closed = journal.of(ConnectionClosed)
    assert len(closed) == 100
    assert {one.application_received.count for one in closed} == {0}


@refusals
def test_they_are_told_while_the_processor_is_busy(insisting, client, certificates, version, kind):
    target = insisting(version)
    context = certificates.client(kind)

    with busy_processor():
        seen = Counter(told(client, target, context) for _ in range(15))

    assert seen == {REASONS[ALERTS[version, kind]]: 15}


@pytest.mark.parametrize("kind", CAUSES)
def test_they_are_told_when_they_go_on_talking(insisting, client, journal, certificates, kind):
    """Under TLS 1.3 a client may send a lot before it listens; a reset would cost it the alert."""
    target = insisting("1.3")

    with client.connect(target, certificates.client(kind)) as connection:
        for _ in range(5):
            assert journal.wait_until_quiet()
            connection.sendall(bytes(1000))
        with pytest.raises(ssl.SSLError) as refused:
            connection.recv(1)

    assert refused.value.reason == REASONS[ALERTS["1.3", kind]]
    assert journal.wait_until_quiet()
    assert journal.of(ConnectionClosed)[0].application_received.count == 0


def test_they_are_told_when_they_come_together(start, client, certificates):
    target = start(tls=certificates.server("1.3", client_certificate="required"))
    context = certificates.client("unknown")
    seen = []
    together = threading.Barrier(20)

    def one():
        together.wait()
        seen.append(told(client, target, context))

    threads = [threading.Thread(target=one) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen == ["TLSV1_ALERT_UNKNOWN_CA"] * 20


@refusals
def test_the_journal_of_a_refusal(insisting, client, journal, certificates, version, kind):
    target = insisting(version)

    assert told(client, target, certificates.client(kind))

    assert journal.wait_until_quiet()
    (failed,) = journal.of(HandshakeFailed)
    cause, code = CAUSES[kind]
    assert (failed.cause, failed.verify_code) == (cause, code)
    assert bool(failed.verify_message) == (code is not None)
    assert failed.hello.server_name == "localhost"
    assert not journal.of(HandshakeCompleted)
    (closed,) = journal.of(ConnectionClosed)
    assert closed.ending is Ending.HANDSHAKE_FAILED
    assert closed.application_received.count == 0
    assert closed.received.count > 500
    assert closed.received.first.startswith(b"\x16\x03")


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_the_twin_is_accepted(insisting, client, journal, certificates, version):
    target = insisting(version)

    assert client.ask(target, certificates.client("good")).endswith(b"GET /")

    (completed,) = journal.of(HandshakeCompleted)
    assert completed.peer_certificate.subject.startswith("CN=admin")
    assert len(completed.peer_certificate.fingerprint) == 64
    assert not journal.of(HandshakeFailed)


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_an_optional_certificate_may_be_missing(insisting, client, certificates, version):
    target = insisting(version, "optional")

    assert client.ask(target, certificates.client("missing")).endswith(b"GET /")
    assert client.ask(target, certificates.client("good")).endswith(b"GET /")


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_the_application_sees_the_certificate(start, client, certificates, version):
    target = start(
        lambda request: Answer(200, request.peer_certificate.subject.encode()),
        tls=certificates.server(version, client_certificate="required"),
    )

    assert b"CN=admin" in client.ask(target, certificates.client("good"))
