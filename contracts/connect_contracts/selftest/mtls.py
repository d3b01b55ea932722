"""MTLS: client certificates that are not presented, or to anyone, or not needed."""

from __future__ import annotations

import socket
import ssl
from typing import Any

import httpx

from connect_contracts.selftest.reference_copy import ReferenceCopy
from connect_contracts.selftest.registry import broken


@broken(
    fails=("MTLS-1[key-with-a-password]",),
    because="with such a key nothing else can be seen",
)
def forgets_the_password_of_the_key(reference: ReferenceCopy) -> None:
    """A key is read as if it had no password."""

    def without(certificate: Any, context: ssl.SSLContext) -> None:
        context.load_cert_chain(certificate.certificate, certificate.keyfile, lambda: b"")

    reference["_trust.present"] = without


@broken(
    fails=("MTLS-1[one-file]",),
    because="with such a file nothing else can be seen",
)
def wants_a_file_for_the_key(reference: ReferenceCopy) -> None:
    """The key is not looked for in the file of the certificate."""
    present = reference["_trust.present"]

    def demanding(certificate: Any, context: ssl.SSLContext) -> None:
        if certificate.keyfile is None:
            raise ValueError("where is the key?")
        present(certificate, context)

    reference["_trust.present"] = demanding


@broken(
    fails=("MTLS-2",),
    because="the target knows the session by nothing any more",
)
def presents_its_certificate_once(reference: ReferenceCopy) -> None:
    """The client certificate is presented while connecting, and on no later connection."""
    open_transport = reference["_session._transport"]
    init = reference["_session.ConnectedSession.__init__"]

    def noting(url: Any, authentication: Any, certificate_authority: Any) -> Any:
        transport = open_transport(url, authentication, certificate_authority)
        if isinstance(authentication, reference["ClientCertificate"]):
            transport.later = open_transport(url, None, certificate_authority)
        return transport

    def changing(session: Any, transport: Any, versions: Any) -> None:
        later = getattr(transport, "later", None)
        if later is not None:
            transport.close()
        init(session, later or transport, versions)

    reference["_session._transport"] = noting
    reference["_session.ConnectedSession.__init__"] = changing


def _going_on_after_alerts(reference: ReferenceCopy, *, with_a_certificate: bool) -> None:
    """Have connect return a session, which leads nowhere, when the target ends the handshake."""
    connect = reference["Session.connect"].__func__

    def going_on(cls: Any, *given: Any, **named: Any) -> Any:
        try:
            return connect(cls, *given, **named)
        except httpx.TransportError as error:
            presented = named.get("authentication") is not None
            if presented is with_a_certificate and _alerted(error):
                return cls.__new__(cls)
            raise

    reference["Session.connect"] = classmethod(going_on)


def _alerted(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return not isinstance(error, ssl.SSLCertVerificationError)
        error = error.__cause__ or error.__context__
    return False


@broken(fails=("MTLS-3[insisted-tls-1-2]", "MTLS-3[insisted-tls-1-3]"))
def connects_without_a_certificate(reference: ReferenceCopy) -> None:
    """That the target insists on a client certificate is noticed at the first use."""
    _going_on_after_alerts(reference, with_a_certificate=False)


@broken(
    fails=("MTLS-4",),
    because="whatever ends a connection after the handshake is taken for the same",
)
def connects_with_a_refused_certificate(reference: ReferenceCopy) -> None:
    """That the target refuses the client certificate is noticed at the first use."""
    _going_on_after_alerts(reference, with_a_certificate=True)


@broken(
    fails=("MTLS-6",),
    because="so is a target that has to be refused",
)
def presents_its_certificate_to_anyone(reference: ReferenceCopy) -> None:
    """With a client certificate, the target's is not verified."""
    present = reference["_trust.present"]

    def trusting(certificate: Any, context: ssl.SSLContext) -> None:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        present(certificate, context)

    reference["_trust.present"] = trusting


@broken(fails=("MTLS-6[nothing-presented]",))
def presents_its_certificate_too_early(reference: ReferenceCopy) -> None:
    """A first handshake presents the client certificate, and only a second verifies."""
    present = reference["_trust.present"]

    class Early(ssl.SSLContext):
        certificate: Any = None

        def wrap_socket(self, sock: Any, *given: Any, **named: Any) -> Any:
            if self.certificate is not None:
                self._present_to(sock.getpeername()[:2])
            return super().wrap_socket(sock, *given, **named)

        def _present_to(self, address: Any) -> None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            present(self.certificate, context)
            with socket.create_connection(address) as plain, context.wrap_socket(plain) as shaken:
                # Under TLS 1.3 the target has the certificate when it answers, be it by its end.
                shaken.shutdown(socket.SHUT_WR)
                while shaken.recv(1024):
                    pass

    def noting(certificate: Any, context: Any) -> None:
        present(certificate, context)
        context.certificate = certificate

    reference["_trust.trusting_nobody"] = lambda: Early(ssl.PROTOCOL_TLS_CLIENT)
    reference["_trust.present"] = noting
