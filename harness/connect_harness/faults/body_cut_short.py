"""A body that ends before its announced length, without notice."""

from __future__ import annotations

from connect_harness.faults.registry import fault
from connect_harness.faults.versions_answer import in_the_versions_answer
from connect_harness.faults.wire import WireFault
from connect_harness.server.misbehaviour import Act


@fault("body cut short")
def body_cut_short() -> WireFault:
    """Half of the versions arrive, less than is announced (RFC 9112 sections 6.3 and 8); under TLS
    the stream ends without notice.
    """
    return in_the_versions_answer(lambda answer: [answer.head + answer.half, Act.CLOSE])
