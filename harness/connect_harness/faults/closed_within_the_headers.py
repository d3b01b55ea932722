"""A target that hangs up within the headers of its answer."""

from __future__ import annotations

from connect_harness.faults.registry import fault
from connect_harness.faults.versions_answer import in_the_versions_answer
from connect_harness.faults.wire import WireFault
from connect_harness.server.misbehaviour import Act

# The line end of the last header, the one that ends them all, and the last character.
_MISSING = len(b"x\r\n\r\n")


@fault("closed within the headers")
def closed_within_the_headers() -> WireFault:
    """The answer to the request for the versions ends within its last header (RFC 9112 section 8),
    under TLS without notice.
    """
    return in_the_versions_answer(lambda answer: [answer.head[:-_MISSING], Act.CLOSE])
