"""Faults of the handshake: a connection breaks before any HTTP is spoken."""

from __future__ import annotations

from connect_harness.faults.registry import fault
from connect_harness.faults.wire import WireFault, in_place_of_the_server_hello, when_accepted
from connect_harness.server.http import plain_answer
from connect_harness.server.misbehaviour import Act


@fault("closed when accepted")
def closed_when_accepted() -> WireFault:
    """The stream ends as soon as a client has connected, and what it sends is not answered."""
    return when_accepted(Act.CLOSE)


_BANNER = b"SSH-2.0-OpenSSH_9.6\r\n"


@fault("banner before the client hello")
def banner_before_the_client_hello() -> WireFault:
    """A line as a server of SSH sends it comes first (RFC 4253 section 4.2), and the stream ends
    after it, so that no client has to wait.
    """
    return when_accepted(_BANNER, Act.CLOSE)


@fault("stalled after the client hello")
def stalled_after_the_client_hello() -> WireFault:
    """Nothing comes after the client hello, until the client leaves or the target stops."""
    return in_place_of_the_server_hello(Act.STALL)


@fault("closed after the client hello")
def closed_after_the_client_hello() -> WireFault:
    """The stream ends when the client hello has been read."""
    return in_place_of_the_server_hello(Act.CLOSE)


@fault("reset after the client hello")
def reset_after_the_client_hello() -> WireFault:
    """The connection is reset when the client hello has been read."""
    return in_place_of_the_server_hello(Act.RESET)


# Always the same, so that what a client makes of it is too; none begins as a record does.
_GARBAGE = bytes((number * 37 + 129) % 256 for number in range(64))


@fault("garbage in place of the server hello")
def garbage_in_place_of_the_server_hello() -> WireFault:
    """Bytes that are no TLS record (RFC 8446 section 5.1) answer the client hello."""
    return in_place_of_the_server_hello(_GARBAGE, Act.CLOSE)


@fault("plain HTTP in place of the server hello")
def plain_http_in_place_of_the_server_hello() -> WireFault:
    """A 400 in plain text answers the client hello at once (RFC 9110 section 15.5.1)."""
    return in_place_of_the_server_hello(
        plain_answer(400, "This port speaks plain HTTP."), Act.CLOSE
    )


# A record of an alert (21) of TLS 1.2, two bytes long: fatal (2), internal_error (80).
_ALERT = bytes([21, 3, 3, 0, 2, 2, 80])


@fault("internal error in place of the server hello")
def internal_error_in_place_of_the_server_hello() -> WireFault:
    """The fatal alert ``internal_error`` answers the client hello (RFC 8446 section 6.2)."""
    return in_place_of_the_server_hello(_ALERT, Act.CLOSE)
