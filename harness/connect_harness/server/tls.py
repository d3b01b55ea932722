"""TLS of targets: their contexts, and the channel between the wire and the application."""

from __future__ import annotations

import os
import ssl
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypedDict, TypeVar

from connect_harness.server.client_hello import parse_client_hello
from connect_harness.server.wire import Tally

if TYPE_CHECKING:
    from connect_harness.certificates import PresentedChain


ClientCertificate = Literal["optional", "required"]
"""Whether a client may or must present a certificate. One that it presents is always verified."""


class ClientSettings(TypedDict, total=False):
    """What of ``server_context`` is about the certificates of clients."""

    client_certificate: ClientCertificate
    trusted_pem: bytes
    revocation_lists_pem: bytes


_VERIFY_MODES = {None: ssl.CERT_NONE, "optional": ssl.CERT_OPTIONAL, "required": ssl.CERT_REQUIRED}
_EVEN_THE_WEAK = "ALL:@SECLEVEL=0"


class ServerContext(ssl.SSLContext):
    """A context that ``again`` makes again, as new."""

    again: Callable[[], ssl.SSLContext]


def server_context(
    presented: PresentedChain,
    *,
    client_certificate: ClientCertificate | None = None,
    trusted_pem: bytes = b"",
    revocation_lists_pem: bytes = b"",
    minimum_version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2,
    maximum_version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3,
    ciphers: str | None = None,
    alpn: tuple[str, ...] = ("http/1.1",),
    server_name_unrecognised: bool = False,
    key_log: Path | None = None,
) -> ssl.SSLContext:
    """The context of a target, on which no session is ever resumed.

    Parameters:
        presented: The certificate chain that it presents, with its key.
        client_certificate: Whether clients may or must present one; ``None`` does not ask.
        trusted_pem: The authorities whose client certificates are taken.
        revocation_lists_pem: Their revocation lists. If there are any, a client certificate is
            refused that stands in its issuer's list, or whose issuer has none here.
        ciphers: As in ``HttpsConfig``; ``None`` for the default, or for all where
            ``minimum_version`` is older than TLS 1.2, which the default excludes.
        alpn, server_name_unrecognised, key_log: As in ``HttpsConfig``.

    Raises:
        ssl.SSLError: The library does not take the chain, the key, the authorities, the lists
            or the ciphers.
    """
    # Brings the cryptography in: only who speaks TLS pays for it.
    from connect_harness.certificates import load_into, load_revocation_lists

    def make() -> ServerContext:
        context = ServerContext(ssl.PROTOCOL_TLS_SERVER)
        context.again = make
        context.options |= ssl.OP_NO_TICKET
        context.num_tickets = 0
        # First, as a weak chain sets ciphers too: those asked for replace them.
        load_into(context, presented)
        if minimum_version < ssl.TLSVersion.TLSv1_2:
            _set_old_versions(context, minimum_version, maximum_version)
        else:
            context.minimum_version = minimum_version
            context.maximum_version = maximum_version
        if ciphers:
            context.set_ciphers(ciphers)
        if alpn:
            context.set_alpn_protocols(list(alpn))
        if server_name_unrecognised:
            context.sni_callback = _unrecognised
        context.verify_mode = _VERIFY_MODES[client_certificate]
        if trusted_pem:
            context.load_verify_locations(cadata=trusted_pem.decode("ascii"))
        if revocation_lists_pem:
            load_revocation_lists(context, revocation_lists_pem)
        if key_log is not None:
            context.keylog_filename = str(key_log)
        return context

    return make()


def private_file(path: Path) -> Path:
    """``path``, which is made for its owner alone if it is not there.

    Raises:
        OSError: It cannot be made, or is there and others than its owner may read or write it.
    """
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        if path.stat().st_mode & 0o077 and os.name == "posix":
            raise PermissionError(
                f"The key log {str(path)!r} holds secrets, and others than its owner may open it: "
                "name another file, or change its mode to 600."
            ) from None
    return path


def _set_old_versions(
    context: ssl.SSLContext, minimum: ssl.TLSVersion, maximum: ssl.TLSVersion
) -> None:
    with warnings.catch_warnings():
        # They are deprecated, and wanted here because clients must refuse them.
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = minimum
        context.maximum_version = maximum
    context.set_ciphers(_EVEN_THE_WEAK)


def _unrecognised(_tls: ssl.SSLObject, server_name: str | None, _: ssl.SSLContext) -> int | None:
    return None if server_name is None else ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME


def context_for(first: bytes, context: ssl.SSLContext) -> ssl.SSLContext:
    """The context for one connection: one in which its client finds no session to resume.

    ``ssl`` can switch off tickets, but not the cache of sessions that TLS 1.2 resumes by their
    number (RFC 5246 section 7.3). So a client that names one gets a context with an empty cache.
    """
    if not isinstance(context, ServerContext) or not context.session_stats()["number"]:
        return context
    hello = parse_client_hello(first)
    if hello is not None and not hello.offers_session:
        return context
    return context.again()


T = TypeVar("T")

_CHUNK = 64 * 1024


class Channel(ABC):
    """The bytes of the application, both ways, over those of the wire.

    Parameters:
        receive: Gives the next bytes of the wire, none at its end.
        send: Sends bytes.

    Attributes:
        truncated: Whether the client's stream ended without the notice that TLS demands.
    """

    def __init__(self, receive: Callable[[], bytes], send: Callable[[bytes], None]) -> None:
        self.received = Tally()
        self.sent = Tally()
        self.truncated = False
        self._receive = receive
        self._send = send

    @abstractmethod
    def read(self) -> bytes:
        """The next bytes; none at the end of the stream."""

    @abstractmethod
    def write(self, data: bytes) -> None:
        """Send all of ``data``."""

    @abstractmethod
    def notify(self) -> None:
        """Tell the client that the stream ends here."""


class PlainChannel(Channel):
    """The bytes of the wire are those of the application."""

    def read(self) -> bytes:
        data = self._receive()
        self.received.add(data)
        return data

    def write(self, data: bytes) -> None:
        self._send(data)
        self.sent.add(data)

    def notify(self) -> None:
        """See ``Channel``: TCP alone has no such notice."""


class TlsChannel(Channel):
    """TLS in memory: no byte reaches the client without passing through our hands."""

    def __init__(
        self, context: ssl.SSLContext, receive: Callable[[], bytes], send: Callable[[bytes], None]
    ) -> None:
        super().__init__(receive, send)
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self.tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)

    def handshake(self) -> None:
        """Take the target's part to its end; after ``ssl.SSLError``, ``unsent`` has the alert."""
        self._run(self.tls.do_handshake)

    def unsent(self) -> bytes:
        """Take the bytes that the TLS library wants to send: after a failure, its alert."""
        return self._outgoing.read()

    def read(self) -> bytes:
        """See ``Channel``; ``ssl.SSLError`` if a fatal alert came, or what is no TLS."""
        try:
            data = self._run(partial(self.tls.read, _CHUNK))
        except ssl.SSLZeroReturnError:
            return b""
        except ssl.SSLEOFError:
            self.truncated = True
            return b""
        self.received.add(data)
        return data

    def write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            taken = self._run(partial(self.tls.write, rest[:_CHUNK]))
            self.sent.add(rest[:taken])
            rest = rest[taken:]

    def notify(self) -> None:
        """See ``Channel``. After a failure there is only the alert left to say, if any."""
        # Raised because the client's own notice is not waited for, or the connection has failed.
        with suppress(ssl.SSLError):
            self.tls.unwrap()
        self._flush()

    def _run(self, operation: Callable[[], T]) -> T:
        while True:
            try:
                result = operation()
            except ssl.SSLWantReadError:
                self._flush()
                data = self._receive()
                if data:
                    self._incoming.write(data)
                else:
                    self._incoming.write_eof()
            else:
                self._flush()
                return result

    def _flush(self) -> None:
        data = self._outgoing.read()
        if data:
            self._send(data)
