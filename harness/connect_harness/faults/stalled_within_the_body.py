"""A target that falls silent within its answer."""

from __future__ import annotations

from connect_harness.faults.registry import fault
from connect_harness.faults.versions_answer import in_the_versions_answer
from connect_harness.faults.wire import WireFault
from connect_harness.server.misbehaviour import Act


@fault("stalled within the body")
def stalled_within_the_body() -> WireFault:
    """Nothing comes after half of the versions, until the client leaves or the target stops."""
    return in_the_versions_answer(lambda answer: [answer.head + answer.half, Act.STALL])
