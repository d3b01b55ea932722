"""MTLS: certificates that are not presented, or to anyone; files and passwords that do not fit."""

from __future__ import annotations

import socket
import ssl
import warnings
from contextlib import suppress
from typing import Any

import httpx

from connect_contracts.selftest.reference_copy import (
    ReferenceCopy,
    causes,
    go_on_when,
    verify_nothing,
)
from connect_contracts.selftest.registry import broken


@broken(fails=("MTLS-1[key-with-a-password]",), because="with such a key nothing else can be seen")
def forgets_the_password_of_the_key(reference: ReferenceCopy) -> None:
    """A key is read as if it had no password."""

    def without(certificate: Any, context: ssl.SSLContext) -> None:
        context.load_cert_chain(certificate.certificate, certificate.keyfile, lambda: b"")

    reference["_trust.present"] = without


@broken(fails=("MTLS-1[one-file]",), because="with such a file nothing else can be seen")
def wants_a_file_for_the_key(reference: ReferenceCopy) -> None:
    """The key is not looked for in the file of the certificate."""

    @reference.around("_trust.present")
    def demanding(present: Any, certificate: Any, context: ssl.SSLContext) -> None:
        if certificate.keyfile is None:
            raise ValueError("where is the key?")
        present(certificate, context)


@broken(fails=("MTLS-2",), because="the target knows the session by nothing any more")
def presents_its_certificate_once(reference: ReferenceCopy) -> None:
    """The client certificate is presented while connecting, and on no later connection."""

    @reference.around("_session._transport")
    def noting(open_transport: Any, url: Any, authentication: Any, authority: Any) -> Any:
        transport = open_transport(url, authentication, authority)
        if isinstance(authentication, reference["ClientCertificate"]):
            transport.later = open_transport(url, None, authority)
        return transport

    @reference.around("_session.ConnectedSession.__init__")
    def changing(init: Any, session: Any, transport: Any, versions: Any) -> None:
        later = getattr(transport, "later", None)
        if later is not None:
            transport.close()
        init(session, later or transport, versions)


def _go_on_after_alerts(reference: ReferenceCopy, *, with_a_certificate: bool) -> None:
    """Have connect return a session, which leads nowhere, when the target ends the handshake."""

    def ignored(error: Any, authentication: Any) -> bool:
        tls = next((each for each in causes(error) if isinstance(each, ssl.SSLError)), None)
        alerted = tls is not None and not isinstance(tls, ssl.SSLCertVerificationError)
        presented = authentication is not None
        transport = isinstance(error, httpx.TransportError)
        return transport and alerted and presented is with_a_certificate

    go_on_when(reference, ignored)


@broken(fails=("MTLS-3[insisted-tls-1-2]", "MTLS-3[insisted-tls-1-3]"))
def connects_without_a_certificate(reference: ReferenceCopy) -> None:
    """That the target insists on a client certificate is noticed at the first use."""
    _go_on_after_alerts(reference, with_a_certificate=False)


@broken(
    fails=("MTLS-4",),
    because="whatever ends a connection after the handshake is taken for the same",
)
def connects_with_a_refused_certificate(reference: ReferenceCopy) -> None:
    """That the target refuses the client certificate is noticed at the first use."""
    _go_on_after_alerts(reference, with_a_certificate=True)


@broken(fails=("MTLS-6",), because="so is a target that has to be refused")
def presents_its_certificate_to_anyone(reference: ReferenceCopy) -> None:
    """With a client certificate, the target's is not verified."""

    @reference.around("_trust.present")
    def trusting(present: Any, certificate: Any, context: ssl.SSLContext) -> None:
        verify_nothing(context)
        present(certificate, context)


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
            context = verify_nothing(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
            present(self.certificate, context)
            with socket.create_connection(address) as sock, context.wrap_socket(sock) as secured:
                # Under TLS 1.3 the target has the certificate when it answers, be it by its end.
                secured.shutdown(socket.SHUT_WR)
                while secured.recv(1024):
                    pass

    def noting(certificate: Any, context: Any) -> None:
        present(certificate, context)
        context.certificate = certificate

    reference["_trust.empty_context"] = lambda: Early(ssl.PROTOCOL_TLS_CLIENT)
    reference["_trust.present"] = noting


@broken(fails=("MTLS-5[no-password]", "MTLS-5[no-password-in-one-file]"))
def asks_on_the_terminal(reference: ReferenceCopy) -> None:
    """A password that is not given is asked for on the terminal, as OpenSSL does."""

    def asking(certificate: Any, context: ssl.SSLContext) -> None:
        context.load_cert_chain(certificate.certificate, certificate.keyfile, certificate.password)

    reference["_trust.present"] = asking


@broken(fails=("MTLS-5",))
def goes_on_without_a_certificate(reference: ReferenceCopy) -> None:
    """A client certificate that cannot be read is left out, in silence."""

    @reference.around("_trust.present")
    def lenient(present: Any, certificate: Any, context: ssl.SSLContext) -> None:
        with suppress(OSError, ValueError):
            present(certificate, context)


@broken(
    fails=("MTLS-7[after-a-wrong-password]",),
    because="what an exception says is looked through in every case",
)
def tells_the_password(reference: ReferenceCopy) -> None:
    """The exception about a key that cannot be read tells its password."""

    @reference.around("_trust.present")
    def quoting(present: Any, certificate: Any, context: ssl.SSLContext) -> None:
        try:
            present(certificate, context)
        except OSError as error:
            raise ValueError(f"cannot read the key with {certificate.password!r}") from error


@broken(fails=("MTLS-7",), because="a key that cannot be read is quoted before that is noticed")
def warns_with_the_key(reference: ReferenceCopy) -> None:
    """A warning quotes the key."""

    @reference.around("_trust.present")
    def warning(present: Any, certificate: Any, context: ssl.SSLContext) -> None:
        key = (certificate.keyfile or certificate.certificate).read_text()
        warnings.warn(f"this key is not protected well: {key}", stacklevel=1)
        present(certificate, context)


@broken(fails=("MTLS-8",))
def presents_the_last_certificate_to_all(reference: ReferenceCopy) -> None:
    """Every session after one with a client certificate presents it as well."""
    given: dict[str, Any] = {}

    @reference.around("_session._transport")
    def presenting(open_transport: Any, url: Any, authentication: Any, authority: Any) -> Any:
        trusting = reference["_session.trusting"]
        if isinstance(authentication, reference["ClientCertificate"]):
            given[str(url)] = authentication
        elif str(url) in given and given[str(url)].certificate.exists():

            def with_it(file: Any) -> Any:
                context = trusting(file)
                reference["_trust.present"](given[str(url)], context)
                return context

            reference["_trust.trusting"] = with_it
        try:
            return open_transport(url, authentication, authority)
        finally:
            reference["_trust.trusting"] = trusting
