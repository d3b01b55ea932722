"""Faults of the handshake: a connection breaks before any HTTP is spoken."""

from __future__ import annotations

from connect_harness.exchange import plain_answer
from connect_harness.faults.registry import Effect, WireFault, fault
from connect_harness.misbehaviour import Act, Phase


def _when_accepted(*parts: bytes | Act) -> WireFault:
    """Sends ``parts`` before a client has said anything."""
    return WireFault(Phase.ACCEPTED, lambda _: parts)


def _in_place_of_the_server_hello(*parts: bytes | Act) -> WireFault:
    """Sends ``parts`` when the client hello has been read; needs HTTPS."""
    return WireFault(Phase.HANDSHAKE, lambda _: parts)


@fault("closed when accepted", Effect.STOPS)
def closed_when_accepted() -> WireFault:
    """The stream ends as soon as a client has connected, and what it sends is not answered."""
    return _when_accepted(Act.CLOSE)


_BANNER = b"SSH-2.0-OpenSSH_9.6\r\n"


@fault("banner before the client hello", Effect.STOPS)
def banner_before_the_client_hello() -> WireFault:
    """A line as a server of SSH sends it comes first (RFC 4253 section 4.2), and the stream ends
    after it, so that no client has to wait.
    """
    return _when_accepted(_BANNER, Act.CLOSE)


@fault("stalled after the client hello", Effect.STALLS)
def stalled_after_the_client_hello() -> WireFault:
    """Nothing comes after the client hello, until the client leaves or the target stops."""
    return _in_place_of_the_server_hello(Act.STALL)


@fault("closed after the client hello", Effect.STOPS)
def closed_after_the_client_hello() -> WireFault:
    """The stream ends when the client hello has been read."""
    return _in_place_of_the_server_hello(Act.CLOSE)


@fault("reset after the client hello", Effect.STOPS)
def reset_after_the_client_hello() -> WireFault:
    """The connection is reset when the client hello has been read."""
    return _in_place_of_the_server_hello(Act.RESET)


# Always the same, so that what a client makes of it is too; none begins as a record does.
_GARBAGE = bytes((number * 37 + 129) % 256 for number in range(64))


@fault("garbage in place of the server hello", Effect.STOPS)
def garbage_in_place_of_the_server_hello() -> WireFault:
    """Bytes that are no TLS record (RFC 8446 section 5.1) answer the client hello."""
    return _in_place_of_the_server_hello(_GARBAGE, Act.CLOSE)


@fault("plain HTTP in place of the server hello", Effect.OPEN)
def plain_http_in_place_of_the_server_hello() -> WireFault:
    """A 400 in plain text answers the client hello at once (RFC 9110 section 15.5.1)."""
    refusal = plain_answer(400, "This port speaks plain HTTP.")
    return _in_place_of_the_server_hello(refusal, Act.CLOSE)


# A record of an alert (21) of TLS 1.2, two bytes long: fatal (2), internal_error (80).
_ALERT = bytes([21, 3, 3, 0, 2, 2, 80])


@fault("internal error in place of the server hello", Effect.STOPS)
def internal_error_in_place_of_the_server_hello() -> WireFault:
    """The fatal alert ``internal_error`` answers the client hello (RFC 8446 section 6.2)."""
    return _in_place_of_the_server_hello(_ALERT, Act.CLOSE)
