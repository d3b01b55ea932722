"""The handshake phase of a connection to an HTTP port, whether the port speaks TLS or not."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from dataclasses import replace

from connect_harness.exchange import PeerCertificate
from connect_harness.server.alerts import in_the_clear
from connect_harness.server.causes import Cause, Ending
from connect_harness.server.channels import TlsChannel
from connect_harness.server.client_hello import (
    HANDSHAKE_RECORD,
    ClientHello,
    parse_client_hello,
)
from connect_harness.server.connection import Connection, Endpoint
from connect_harness.server.events import HandshakeCompleted, HandshakeFailed, RequestRejected
from connect_harness.server.failures import handshake_failure
from connect_harness.server.http import plain_answer
from connect_harness.server.misbehaviour import Act, Phase
from connect_harness.server.outbox import FaultError
from connect_harness.server.tls import context_for
from connect_harness.server.wire import CutError

_LOOKED_AT = 1024


class HandshakingConnection(Connection):
    """A connection that begins with a handshake, or must not.

    Parameters:
        endpoint: Where it came to.
        connected: Its socket.
        client: Address and port of the client.
        tls: The context of the target; ``None`` for plain HTTP.

    Attributes:
        peer: What the client presented.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        connected: socket.socket,
        client: tuple[str, int],
        tls: ssl.SSLContext | None,
    ) -> None:
        super().__init__(endpoint, connected, client)
        self.peer: PeerCertificate | None = None
        self._tls = tls
        self._first = b""
        self._unread = b""
        self._hello: ClientHello | None = None

    def handshake(self) -> bool:
        """The handshake.

        Returns:
            Whether requests are answered on this connection. If not, why not stands in the journal
            and the client has been told.
        """
        self._outbox.phase = Phase.HANDSHAKE
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
            self._failed(
                HandshakeFailed(
                    cause=Cause.FAULT, alert=alert, alert_by="target" if alert else None
                )
            )
            raise
        except OSError:
            self._failed(HandshakeFailed(cause=Cause.CLIENT_RESET))
            raise

    def receive_raw(self) -> bytes:
        """See ``Connection``; begins with the bytes that were looked at."""
        if self._unread:
            unread, self._unread = self._unread, b""
            return unread
        if self._hello is None and self._outbox.phase is Phase.HANDSHAKE:
            # While the client is busy with our part of the handshake nobody waits for us.
            self._hello = parse_client_hello(self._first)
        return super().receive_raw()

    def tls_failed(self, error: ssl.SSLError) -> Ending:
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
            self.tell(self.send_raw, unsent)
        if early:
            return Ending.HANDSHAKE_FAILED
        return Ending.CLIENT_ALERTED if self.alert else Ending.CLIENT_BROKE_TLS

    def reject(self, reason: str, data: bytes, answered: int | None) -> None:
        """Record that what arrived is no request. See ``RequestRejected``."""
        self._journal.record(
            RequestRejected(
                target=self._endpoint.target,
                connection=self.number,
                reason=reason,
                data=data,
                answered=answered,
            )
        )

    def tell(self, send: Callable[[bytes], None], data: bytes) -> None:
        """Send the last word. Its reason stands in the journal, so it may be lost."""
        self._outbox.phase = Phase.CLOSED
        try:
            send(data)
        except OSError:
            return

    def _misbehave(self, act: Act) -> None:
        try:
            super()._misbehave(act)
        finally:
            if not self._first and self._wire.received.first[:1].isalpha():
                # Nobody looked, and plain HTTP came all the same: it counts as on any TLS port.
                self.channel.received = self._wire.received

    def _look(self) -> None:
        """Look at the first bytes before anyone takes them."""
        self._first = self._unread = self._wire.receive()

    def _expect_no_tls(self) -> bool:
        self._look()
        if self._first[:1] != bytes([HANDSHAKE_RECORD]):
            return True
        self._failed(HandshakeFailed(cause=Cause.TLS_ON_PLAIN_PORT))
        self.tell(self.send_raw, plain_answer(400, "This port speaks plain HTTP, not TLS."))
        return False

    def _expect_tls(self, context: ssl.SSLContext) -> bool:
        self._look()
        if not self._first:
            self._failed(HandshakeFailed(cause=Cause.CLIENT_CLOSED))
            return False
        if self._first[:1].isalpha():
            return self._refuse_plain_http()
        channel = TlsChannel(context_for(self._first, context), self.receive_raw, self.send_raw)
        try:
            channel.handshake()
        except ssl.SSLError as error:
            unsent = channel.unsent()
            self._failed(handshake_failure(error, self._first, unsent))
            if unsent:
                self.tell(self.send_raw, unsent)
            return False
        self.channel = channel
        self._completed(channel.tls)
        return True

    def _refuse_plain_http(self) -> bool:
        self._failed(HandshakeFailed(cause=Cause.PLAIN_HTTP))
        self.reject("plain HTTP on a TLS port", self.channel.read(), 400)
        self.tell(self.send, plain_answer(400, "This port speaks HTTPS, not plain HTTP."))
        return False

    def _completed(self, tls: ssl.SSLObject) -> None:
        der = tls.getpeercert(binary_form=True)
        self.peer = _peer_certificate(der) if der else None
        cipher = tls.cipher()
        self._journal.record(
            HandshakeCompleted(
                target=self._endpoint.target,
                connection=self.number,
                hello=self._hello or parse_client_hello(bytes(self._wire.received.first)),
                version=tls.version() or "",
                cipher=cipher[0] if cipher else "",
                alpn=tls.selected_alpn_protocol(),
                resumed=bool(tls.session_reused),
                peer_certificate=self.peer,
                peer_certificate_der=der,
            )
        )

    def _failed(self, failure: HandshakeFailed) -> None:
        received = bytes(self._wire.received.first)
        self._journal.record(
            replace(
                failure,
                target=self._endpoint.target,
                connection=self.number,
                hello=parse_client_hello(received),
                data=received[:_LOOKED_AT],
            )
        )


def _peer_certificate(der: bytes) -> PeerCertificate:
    # Only who asks for client certificates pays for the import.
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256

    certificate = x509.load_der_x509_certificate(der)
    return PeerCertificate(
        certificate.subject.rfc4514_string(), certificate.fingerprint(SHA256()).hex()
    )
