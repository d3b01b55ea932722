"""A target that hangs up instead of answering."""

from __future__ import annotations

from connect_harness.faults.registry import fault
from connect_harness.faults.versions_answer import in_the_versions_answer
from connect_harness.faults.wire import WireFault
from connect_harness.server.misbehaviour import Act


@fault("closed before the answer")
def closed_before_the_answer() -> WireFault:
    """No byte answers the request for the versions: the stream ends, under TLS without notice."""
    return in_the_versions_answer(lambda _: [Act.CLOSE])
