"""A chunked body that ends within a chunk."""

from __future__ import annotations

from connect_harness.faults.registry import fault
from connect_harness.faults.versions_answer import Message, in_the_versions_answer
from connect_harness.faults.wire import Parts, WireFault
from connect_harness.server.misbehaviour import Act


@fault("chunk cut short")
def chunk_cut_short() -> WireFault:
    """Half of a chunk with the versions arrives (RFC 9112 sections 7.1 and 8); under TLS the
    stream ends without notice.
    """
    return in_the_versions_answer(_cut)


def _cut(answer: Message) -> Parts:
    head = answer.framed_by(b"Transfer-Encoding: chunked")
    return [head + b"%x\r\n" % len(answer.body) + answer.half, Act.CLOSE]
