"""A target that gives up in the handshake, and says so."""

from __future__ import annotations

from connect_harness.faults.registry import fault
from connect_harness.faults.wire import WireFault, in_place_of_the_server_hello
from connect_harness.server.misbehaviour import Act

# A record of an alert (21) of TLS 1.2, two bytes long: fatal (2), internal_error (80).
_ALERT = bytes([21, 3, 3, 0, 2, 2, 80])


@fault("internal error in place of the server hello")
def internal_error_in_place_of_the_server_hello() -> WireFault:
    """The fatal alert ``internal_error`` answers the client hello (RFC 8446 section 6.2)."""
    return in_place_of_the_server_hello(_ALERT, Act.CLOSE)
