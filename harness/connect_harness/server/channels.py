"""What lies between the wire and the application: nothing, or TLS."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Protocol, TypeVar

from connect_harness.server.wire import Tally

T = TypeVar("T")

_CHUNK = 64 * 1024


class Channel(Protocol):
    """The bytes of the application, both ways.

    Attributes:
        received: What came from the client.
        sent: What went to the client.
        truncated: Whether the client's stream ended without the notice that TLS demands.
    """

    received: Tally
    sent: Tally
    truncated: bool

    def read(self) -> bytes:
        """The next bytes; none at the end of the stream."""

    def write(self, data: bytes) -> None:
        """Send all of ``data``."""

    def notify(self) -> None:
        """Tell the client that the stream ends here."""


class PlainChannel:
    """The bytes of the wire are those of the application.

    Parameters:
        receive: Gives the next bytes of the wire, none at its end.
        send: Sends bytes.
    """

    def __init__(self, receive: Callable[[], bytes], send: Callable[[bytes], None]) -> None:
        self.received = Tally()
        self.sent = Tally()
        self.truncated = False
        self._receive = receive
        self._send = send

    def read(self) -> bytes:
        """See ``Channel``."""
        data = self._receive()
        self.received.add(data)
        return data

    def write(self, data: bytes) -> None:
        """See ``Channel``."""
        self._send(data)
        self.sent.add(data)

    def notify(self) -> None:
        """See ``Channel``: TCP alone has no such notice."""


class TlsChannel:
    """TLS, run over memory: no byte reaches the client without passing through our hands.

    Parameters:
        context: The context of the target.
        receive: Gives the next bytes of the wire, none at its end.
        send: Sends bytes.
    """

    def __init__(
        self,
        context: ssl.SSLContext,
        receive: Callable[[], bytes],
        send: Callable[[bytes], None],
    ) -> None:
        self.received = Tally()
        self.sent = Tally()
        self.truncated = False
        self._receive = receive
        self._send = send
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self.tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)

    def handshake(self) -> None:
        """Take the target's part in the handshake to its end.

        Raises:
            ssl.SSLError: It failed. What the client is to be told waits in ``unsent``.
        """
        self._run(self.tls.do_handshake)

    def unsent(self) -> bytes:
        """Take the bytes that the TLS library wants to send: after a failure, its alert."""
        return self._outgoing.read()

    def read(self) -> bytes:
        """See ``Channel``.

        Raises:
            ssl.SSLError: A fatal alert came, or something that is no TLS.
        """
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
        """See ``Channel``."""
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
