"""A target that hangs up early in its answer."""

from __future__ import annotations

from connect_harness.faults.registry import fault
from connect_harness.faults.versions_answer import in_the_versions_answer
from connect_harness.faults.wire import WireFault
from connect_harness.server.misbehaviour import Act


@fault("closed within the status line")
def closed_within_the_status_line() -> WireFault:
    """The answer to the request for the versions ends within its status line (RFC 9112 section 4),
    under TLS without notice.
    """
    return in_the_versions_answer(lambda answer: [answer.status_line[:10], Act.CLOSE])
