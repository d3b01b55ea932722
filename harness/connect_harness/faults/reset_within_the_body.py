"""A target whose system resets the connection within its answer."""

from __future__ import annotations

from connect_harness.faults.registry import fault
from connect_harness.faults.versions_answer import in_the_versions_answer
from connect_harness.faults.wire import WireFault
from connect_harness.server.misbehaviour import Act


@fault("reset within the body")
def reset_within_the_body() -> WireFault:
    """The connection is reset after half of the versions."""
    return in_the_versions_answer(lambda answer: [answer.head + answer.half, Act.RESET])
