"""A connection to the HTTP port of a target: handshake, then requests and answers in turn."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import ClassVar

from connect_harness.exchange import Answer, PeerCertificate, Request, plain_answer
from connect_harness.misbehaviour import Act, Phase
from connect_harness.server.client_hello import HANDSHAKE_RECORD, ClientHello, parse_client_hello
from connect_harness.server.connection import Connection, Endpoint, FaultError
from connect_harness.server.events import (
    AnswerGiven,
    Cause,
    Ending,
    HandshakeCompleted,
    HandshakeFailed,
    RequestReceived,
    RequestRejected,
    Service,
)
from connect_harness.server.failures import handshake_failure, in_the_clear
from connect_harness.server.http import Arrived, BadRequestError, HttpConversation
from connect_harness.server.tls import TlsChannel, context_for
from connect_harness.server.wire import CutError

Application = Callable[[Request], Answer]
"""Answers requests; called by many threads at once."""

_LOOKED_AT = 1024
_REFUSED = {
    400: "This is no HTTP request.",
    413: "The body is longer than this target takes.",
    431: "The head is longer than this target takes.",
}
_FAILED = Answer(500, b"The fake target failed; its journal says why.", "text/plain")


class HttpConnection(Connection):
    """A connection of an HTTP client. It begins with a TLS handshake, or must not.

    Parameters:
        application: Who answers.
        tls: The context of the target; ``None`` for plain HTTP.
    """

    service: ClassVar[Service] = "http"

    def __init__(
        self,
        endpoint: Endpoint,
        connected: socket.socket,
        client: tuple[str, int],
        application: Application,
        tls: ssl.SSLContext | None,
    ) -> None:
        super().__init__(endpoint, connected, client)
        self._application = application
        self._tls = tls
        self._first = b""
        self._unread = b""
        self._hello: ClientHello | None = None
        self._peer: PeerCertificate | None = None

    def talk(self) -> Ending:
        if not self._handshake():
            return Ending.HANDSHAKE_FAILED
        http = HttpConversation(self.channel.read, self.send, self._heard, self._peer)
        while True:
            arrived = self._next_request(http)
            if isinstance(arrived, Ending):
                return arrived
            self._answer(http, arrived)
            if not http.go_on():
                return Ending.TARGET_CLOSED
            self._phase = Phase.IDLE
            self.ask()

    # The handshake.

    def _handshake(self) -> bool:
        """Whether requests are answered on this connection.

        If not, the journal has the reason, and the client was told.
        """
        self._phase = Phase.HANDSHAKE
        if self._tls is None:
            return self._expect_no_tls()
        try:
            return self._expect_tls(self._tls)
        except CutError:
            self._failed(HandshakeFailed(cause=Cause.TARGET_CUT))
            raise
        except FaultError:
            # Where the fault sent an alert, that is the last that went out.
            alert = in_the_clear(bytes(self._wire.sent.first))
            failure = HandshakeFailed(cause=Cause.FAULT, alert=alert)
            self._failed(replace(failure, alert_by="target") if alert else failure)
            raise
        except OSError:
            self._failed(HandshakeFailed(cause=Cause.CLIENT_RESET))
            raise

    def receive_raw(self) -> bytes:
        """See ``Connection``; begins with the bytes that were looked at."""
        if self._unread:
            unread, self._unread = self._unread, b""
            return unread
        if self._hello is None and self._phase is Phase.HANDSHAKE:
            # The client is busy with our part of the handshake: nothing waits for us.
            self._hello = parse_client_hello(self._first)
        return super().receive_raw()

    def _look(self) -> None:
        """Look at the first bytes before they are read."""
        self._first = self._unread = self._wire.receive()

    def _expect_no_tls(self) -> bool:
        self._look()
        if self._first[:1] != bytes([HANDSHAKE_RECORD]):
            return True
        self._failed(HandshakeFailed(cause=Cause.TLS_ON_PLAIN_PORT))
        self._tell(self.send_raw, plain_answer(400, "This port speaks plain HTTP, not TLS."))
        return False

    def _expect_tls(self, context: ssl.SSLContext) -> bool:
        self._look()
        if not self._first:
            self._failed(HandshakeFailed(cause=Cause.CLIENT_CLOSED))
            return False
        if self._first[:1].isalpha():
            self._failed(HandshakeFailed(cause=Cause.PLAIN_HTTP))
            self._reject("plain HTTP on a TLS port", self.channel.read(), 400)
            self._tell(self.send, plain_answer(400, "This port speaks HTTPS, not plain HTTP."))
            return False
        channel = TlsChannel(context_for(self._first, context), self.receive_raw, self.send_raw)
        try:
            channel.handshake()
        except ssl.SSLError as error:
            unsent = channel.unsent()
            self._failed(handshake_failure(error, self._first, unsent))
            if unsent:
                self._tell(self.send_raw, unsent)
            return False
        self.channel = channel
        self._completed(channel.tls)
        return True

    def _completed(self, tls: ssl.SSLObject) -> None:
        der = tls.getpeercert(binary_form=True)
        self._peer = _peer_certificate(der) if der else None
        cipher = tls.cipher()
        self.record(
            HandshakeCompleted(
                hello=self._hello or parse_client_hello(bytes(self._wire.received.first)),
                version=tls.version() or "",
                cipher=cipher[0] if cipher else "",
                alpn=tls.selected_alpn_protocol(),
                resumed=bool(tls.session_reused),
                peer_certificate=self._peer,
            )
        )

    def _failed(self, failure: HandshakeFailed) -> None:
        received = bytes(self._wire.received.first)
        hello = parse_client_hello(received)
        self.record(replace(failure, hello=hello, data=received[:_LOOKED_AT]))

    def _tls_failed(self, error: ssl.SSLError) -> Ending:
        """Record that TLS ended after the handshake.

        Under TLS 1.3 a client may refuse when the target's part is over already. As long as it sent
        no byte of HTTP, that counts as a failure of the handshake.
        """
        unsent = self.channel.unsent() if isinstance(self.channel, TlsChannel) else b""
        failure = handshake_failure(error, self._first, unsent)
        if failure.alert_by == "client":
            self.alert = failure.alert
        early = not self.channel.received.count
        if early:
            self._failed(replace(failure, after_completion=True))
        if unsent:
            self._tell(self.send_raw, unsent)
        if early:
            return Ending.HANDSHAKE_FAILED
        return Ending.CLIENT_ALERTED if self.alert else Ending.CLIENT_BROKE_TLS

    # Requests and answers.

    def _next_request(self, http: HttpConversation) -> Arrived | Ending:
        """The next request, or how the connection ended instead."""
        self._phase = Phase.REQUEST
        try:
            arrived = http.next_request()
        except ssl.SSLError as error:
            return self._tls_failed(error)
        except BadRequestError as bad:
            if bad.ended:
                self._reject(str(bad), bad.data, None)
                return self._client_ended()
            self._reject(str(bad), bad.data, bad.status)
            self._tell(self.send, plain_answer(bad.status, _REFUSED[bad.status]))
            return Ending.TARGET_CLOSED
        return self._client_ended() if arrived is None else arrived

    def _client_ended(self) -> Ending:
        if self.channel.truncated:
            return Ending.CLIENT_CLOSED_WITHOUT_NOTICE
        return Ending.CLIENT_CLOSED

    def _heard(self, request: Callable[[], Request]) -> None:
        """The head of a request was read: a fault may break off here, or answer early."""
        if self._endpoint.misbehaviour() is not None:
            self._request = request()
            self.ask()

    def _answer(self, http: HttpConversation, arrived: Arrived) -> None:
        request = arrived.request
        self._order += 1
        self._request = request
        received = self.record(
            RequestReceived(
                order=self._order,
                line=f"{request.method} {request.target}",
                request=request,
                raw_headers=arrived.raw_headers,
                http_version=arrived.http_version,
            )
        )
        answer = self.call(partial(self._application, request), _FAILED)
        data, headers = http.encode(answer, request.method)
        self.record(
            AnswerGiven(
                request=received.number,
                status=answer.status,
                reason=answer.reason,
                headers=headers,
                body=answer.body,
                user=answer.user,
                fault=answer.fault,
                change=answer.change,
            )
        )
        self._phase = Phase.ANSWER
        self._answered_by = answer.answered_by
        self.send(data)

    def _reject(self, reason: str, data: bytes, answered: int | None) -> None:
        self.record(RequestRejected(reason=reason, data=data, answered=answered))

    def _tell(self, send: Callable[[bytes], None], data: bytes) -> None:
        """Send the last bytes. Their reason stands in the journal, so they may be lost."""
        self._phase = Phase.CLOSED
        try:
            send(data)
        except OSError:
            return

    def _misbehave(self, act: Act) -> None:
        try:
            super()._misbehave(act)
        finally:
            if not self._first and self._wire.received.first[:1].isalpha():
                # No byte was looked at, and plain HTTP came: it counts as on any TLS port.
                self.channel.received = self._wire.received


def _peer_certificate(der: bytes) -> PeerCertificate:
    # Only a target that asks for client certificates pays for the import.
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256

    certificate = x509.load_der_x509_certificate(der)
    return PeerCertificate(
        certificate.subject.rfc4514_string(), certificate.fingerprint(SHA256()).hex()
    )
