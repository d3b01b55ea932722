"""A target that answers a client hello with bytes that mean nothing."""

from __future__ import annotations

from connect_harness.faults.registry import fault
from connect_harness.faults.wire import WireFault, in_place_of_the_server_hello
from connect_harness.server.misbehaviour import Act

# Always the same, so that what a client makes of it is too; none begins as a record does.
_GARBAGE = bytes((number * 37 + 129) % 256 for number in range(64))


@fault("garbage in place of the server hello")
def garbage_in_place_of_the_server_hello() -> WireFault:
    """Bytes that are no TLS record (RFC 8446 section 5.1) answer the client hello."""
    return in_place_of_the_server_hello(_GARBAGE, Act.CLOSE)
