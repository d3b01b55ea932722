"""A target that falls silent instead of answering."""

from __future__ import annotations

from connect_harness.faults.registry import fault
from connect_harness.faults.versions_answer import in_the_versions_answer
from connect_harness.faults.wire import WireFault
from connect_harness.server.misbehaviour import Act


@fault("stalled before the answer")
def stalled_before_the_answer() -> WireFault:
    """Nothing answers the request for the versions, until the client leaves or the target stops."""
    return in_the_versions_answer(lambda _: [Act.STALL])
