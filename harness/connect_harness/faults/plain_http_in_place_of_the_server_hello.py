"""A port that speaks plain HTTP although the target's URL says HTTPS."""

from __future__ import annotations

from connect_harness.faults.registry import fault
from connect_harness.faults.wire import WireFault, in_place_of_the_server_hello
from connect_harness.server.http import plain_answer
from connect_harness.server.misbehaviour import Act


@fault("plain HTTP in place of the server hello")
def plain_http_in_place_of_the_server_hello() -> WireFault:
    """A 400 in plain text answers the client hello at once (RFC 9110 section 15.5.1)."""
    return in_place_of_the_server_hello(
        plain_answer(400, "This port speaks plain HTTP."), Act.CLOSE
    )
