"""A target that hangs up in the handshake."""

from __future__ import annotations

from connect_harness.faults.registry import fault
from connect_harness.faults.wire import WireFault, in_place_of_the_server_hello
from connect_harness.server.misbehaviour import Act


@fault("closed after the client hello")
def closed_after_the_client_hello() -> WireFault:
    """The stream ends when the client hello has been read."""
    return in_place_of_the_server_hello(Act.CLOSE)
