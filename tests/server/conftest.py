"""What the tests of the server share: certificates, targets, and a client of bare sockets."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

import pytest

from connect_harness import Chain, HttpsConfig, SecurityConfig, SessionConfig, TargetSession
from connect_harness.certificates import default_authorities, load_into
from connect_harness.exchange import Answer, Request
from connect_harness.server import Event, Journal
from connect_harness.server.listener import Listener
from connect_harness.server.tls import server_context

E = TypeVar("E", bound=Event)
VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


class Certificates:
    """A target's certificate, and those of clients: good ones, and others."""

    def __init__(self) -> None:
        made = default_authorities()
        self.leaf = made.issue(Chain())
        self.authority = made.authority("authority")
        good = Chain(names=(), subject="admin", purpose="client")
        self.of_clients = {
            "good": made.issue(good),
            "unknown": made.issue(replace(good, authority="stranger")),
            "expired": made.issue(replace(good, defect="client certificate expired")),
            "revoked": made.issue(replace(good, defect="client certificate revoked")),
        }

    def server(self, version: str | None = None, **settings: Any) -> ssl.SSLContext:
        """The context of a target, of one version of TLS alone if that is given."""
        if version is not None:
            settings |= dict.fromkeys(("minimum_version", "maximum_version"), VERSIONS[version])
        return server_context(self.leaf, trusted_pem=self.authority.certificate_pem, **settings)

    def client(self, kind: str = "missing") -> ssl.SSLContext:
        """The context of a client, by the kind of its certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=self.authority.certificate_pem.decode("ascii"))
        if kind != "missing":
            load_into(context, self.of_clients[kind])
        return context


class Client:
    """Asks once on a fresh connection, or holds one open."""

    GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
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
        return b"".join(iter(lambda: connection.recv(65536), b""))

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

    def hello(self, tls: ssl.SSLContext, name: str | None = "localhost") -> bytes:
        """The ClientHello of a client with this context."""
        outgoing = ssl.MemoryBIO()
        with pytest.raises(ssl.SSLWantReadError):
            tls.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname=name).do_handshake()
        return outgoing.read()

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
    """Gives the method and the target of a request."""
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
