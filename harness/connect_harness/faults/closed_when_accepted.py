"""A target that hangs up at once."""

from __future__ import annotations

from connect_harness.faults.registry import fault
from connect_harness.faults.wire import WireFault, when_accepted
from connect_harness.server.misbehaviour import Act


@fault("closed when accepted")
def closed_when_accepted() -> WireFault:
    """The stream ends as soon as a client has connected, and what it sends is not answered."""
    return when_accepted(Act.CLOSE)
