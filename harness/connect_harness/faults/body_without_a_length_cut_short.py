"""A body of unknown length that someone cut: the truncation attack."""

from __future__ import annotations

from connect_harness.faults.registry import fault
from connect_harness.faults.versions_answer import in_the_versions_answer
from connect_harness.faults.wire import WireFault
from connect_harness.server.misbehaviour import Act


@fault("body without a length cut short")
def body_without_a_length_cut_short() -> WireFault:
    """Half of the versions arrive, no length is announced, and the stream ends; under TLS without
    notice, which tells that it was cut (RFC 8446 section 6.1, RFC 9112 section 9.8).
    """
    return in_the_versions_answer(lambda answer: [answer.framed_by(b"") + answer.half, Act.CLOSE])
