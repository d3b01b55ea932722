"""What the tests of the server share: certificates, targets, and a client of bare sockets."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.hashes import SHA256

from connect_harness import HttpsConfig, SecurityConfig, SessionConfig, TargetSession
from connect_harness.certificates import PresentedChain
from connect_harness.exchange import Answer, Request
from connect_harness.server import Event, Journal
from connect_harness.server.listener import Listener
from connect_harness.server.tls import server_context

E = TypeVar("E", bound=Event)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


class Certificates:
    """One authority that both sides trust, and one that nobody does."""

    def __init__(self) -> None:
        self.authority = trustme.CA()
        self.stranger = trustme.CA()
        self.trusted_pem = self.authority.cert_pem.bytes()
        self.leaf = self.authority.issue_cert("localhost", "127.0.0.1", "::1")

        self.of_clients = {
            "good": self.authority.issue_cert("admin@example.test", common_name="admin"),
            "unknown": self.stranger.issue_cert("admin@example.test"),
            "expired": self.authority.issue_cert("admin@example.test", not_after=LONG_AGO),
            "revoked": self.authority.issue_cert("admin@example.test"),
        }

    def server(self, version: str | None = None, **settings: Any) -> ssl.SSLContext:
        """The context of a target, of one version of TLS alone if that is given."""
        presented = PresentedChain(
            chain_pem=b"".join(blob.bytes() for blob in self.leaf.cert_chain_pems),
            private_key_pem=self.leaf.private_key_pem.bytes(),
            leaf=x509.load_pem_x509_certificate(self.leaf.cert_chain_pems[0].bytes()),
        )
        if version is not None:
            settings |= dict.fromkeys(("minimum_version", "maximum_version"), VERSIONS[version])
        return server_context(presented, trusted_pem=self.trusted_pem, **settings)

    def revocation_list(self) -> bytes:
        """The authority's word that the revoked certificate is not to be believed."""
        blob = self.of_clients["revoked"].cert_chain_pems[0]
        revoked = x509.load_pem_x509_certificate(blob.bytes())
        today = datetime.now(UTC)
        listed = x509.RevokedCertificateBuilder(revoked.serial_number, today).build()
        builder = x509.CertificateRevocationListBuilder(
            x509.load_pem_x509_certificate(self.trusted_pem).subject,
            last_update=today - timedelta(days=1),
            next_update=today + timedelta(days=1),
        ).add_revoked_certificate(listed)
        key = serialization.load_pem_private_key(self.authority.private_key_pem.bytes(), None)
        return builder.sign(key, SHA256()).public_bytes(serialization.Encoding.PEM)

    def client(self, kind: str = "missing", *, trusting: bool = True) -> ssl.SSLContext:
        """The context of a client, by what is the matter with its certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        (self.authority if trusting else self.stranger).configure_trust(context)
        if kind != "missing":
            self.of_clients[kind].configure_cert(context)
        return context


class Client:
    """Asks once on a fresh connection, or holds one open."""

    AS_ADMIN = b"Host: localhost\r\nAuthorization: Basic YWRtaW46cGFzc3dk\r\n\r\n"
    VERSIONS = b"GET /versions/rest HTTP/1.1\r\n" + AS_ADMIN
    ELSEWHERE = b"GET /activeviam/pivot/rest/v9/ping HTTP/1.1\r\n" + AS_ADMIN

    def trust(self, session: TargetSession) -> ssl.SSLContext | None:
        """The context of one who trusts the authority of ``session``; none for plain HTTP."""
        authority = session.certificate_authority_pem
        if authority is None:
            return None
        return ssl.create_default_context(cadata=authority.decode("ascii"))

    def connect(
        self, target: Listener | TargetSession, tls: ssl.SSLContext | None = None
    ) -> socket.socket:
        """An open connection, after its handshake."""
        raw = socket.create_connection(("127.0.0.1", target.port), timeout=10)
        if tls is None:
            return raw
        try:
            return tls.wrap_socket(raw, server_hostname="localhost")
        except OSError:
            raw.close()
            raise

    def ask(
        self,
        target: Listener,
        tls: ssl.SSLContext | None = None,
        request: bytes = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    ) -> bytes:
        """All that is answered to ``request`` until the target closes the connection."""
        with self.connect(target, tls) as connection:
            connection.sendall(request)
            return self.rest(connection)

    def rest(self, connection: socket.socket) -> bytes:
        """All that comes until the end of the stream."""
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
        return b"".join(parts)

    def answer(self, connection: socket.socket) -> bytes:
        """One answer that has a length."""
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more(connection)
        head, _, body = data.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        while len(body) < length:
            body += self._more(connection)
        return head + b"\r\n\r\n" + body

    def open(self, session: TargetSession) -> socket.socket:
        """A connection that tells a cut end of TLS from one in order."""
        raw, context = self.connect(session), self.trust(session)
        if context is None:
            return raw
        return context.wrap_socket(raw, server_hostname="localhost", suppress_ragged_eofs=False)

    def read(self, connection: socket.socket) -> tuple[bytes, str]:
        """All that comes, and how it ends."""
        data = b""
        try:
            while part := connection.recv(65536):
                data += part
        except ssl.SSLEOFError:
            return data, "ragged end"
        return data, "end"

    def asked(self, session: TargetSession) -> tuple[bytes, str]:
        """The answer to the request for the versions, and how it ends."""
        with self.open(session) as connection:
            connection.sendall(self.VERSIONS)
            return self.read(connection)

    def true_answer(self, session: TargetSession) -> tuple[bytes, bytes]:
        """Head and body of the answer to the request for the versions."""
        with self.open(session) as connection:
            connection.sendall(self.VERSIONS)
            head, end, body = self.answer(connection).partition(b"\r\n\r\n")
        assert json.loads(body)["apis"]
        return head + end, body

    def _more(self, connection: socket.socket) -> bytes:
        data = connection.recv(65536)
        if not data:
            raise EOFError
        return data


class Busy:
    """An application that waits for ``leave``."""

    target: Listener

    def __init__(self) -> None:
        self.entered, self.leave = threading.Event(), threading.Event()

    def answer(self, request: Request) -> Answer:
        self.entered.set()
        self.leave.wait(10)
        return Answer(200)


def hello(request: Request) -> Answer:
    """Says what was asked."""
    return Answer(200, f"{request.method} {request.target}".encode(), "text/plain")


@pytest.fixture(scope="session")
def certificates() -> Certificates:
    return Certificates()


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.fixture
def journal() -> Journal:
    return Journal()


@pytest.fixture
def ended(journal: Journal) -> Callable[[type[E]], E]:
    """The one event of a kind, once the journal is whole."""

    def ended(kind: type[E]) -> E:
        assert journal.wait_until_quiet()
        (event,) = journal.of(kind)
        return event

    return ended


@pytest.fixture
def busy(start: Callable[..., Listener]) -> Iterator[Busy]:
    """A target whose application is at work until it is let go."""
    busy = Busy()
    busy.target = start(busy.answer)
    yield busy
    busy.leave.set()


@pytest.fixture
def start(journal: Journal) -> Iterator[Callable[..., Listener]]:
    """Starts targets, and stops them after the test."""
    started: list[Listener] = []

    def start_one(
        application: Callable[[Request], Answer] | None = hello,
        *,
        name: str = "target",
        journal: Journal = journal,
        **settings: Any,
    ) -> Listener:
        started.append(Listener(name, journal, application, **settings).start())
        return started[-1]

    yield start_one
    for listener in started:
        listener.stop()


@pytest.fixture
def sessions(journal: Journal) -> Iterator[Callable[..., TargetSession]]:
    """Starts target sessions with a user, and closes them after the test.

    ``speaks`` is ``plain``, or the only version of TLS.
    """
    started: list[TargetSession] = []

    def start_one(speaks: str = "plain", **settings: Any) -> TargetSession:
        https = None
        if speaks != "plain":
            https = HttpsConfig(**{"tls_version": speaks, **settings.pop("https", {})})
        security = SecurityConfig(https=https, **settings)
        started.append(TargetSession.start(SessionConfig(security=security), journal=journal))
        started[-1].security.basic_authentication.credentials["admin"] = "passwd"
        started[-1].security.individual_roles["admin"] = {"ROLE_USER", "ROLE_ADMIN"}
        return started[-1]

    yield start_one
    for session in started:
        session.close()
