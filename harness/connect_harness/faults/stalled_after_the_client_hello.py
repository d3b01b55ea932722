"""A target that falls silent in the handshake."""

from __future__ import annotations

from connect_harness.faults.registry import fault
from connect_harness.faults.wire import WireFault, in_place_of_the_server_hello
from connect_harness.server.misbehaviour import Act


@fault("stalled after the client hello")
def stalled_after_the_client_hello() -> WireFault:
    """Nothing comes after the client hello, until the client leaves or the target stops."""
    return in_place_of_the_server_hello(Act.STALL)
