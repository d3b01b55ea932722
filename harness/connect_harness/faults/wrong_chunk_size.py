"""A chunked body with a chunk size that is no number."""

from __future__ import annotations

from connect_harness.faults.registry import fault
from connect_harness.faults.versions_answer import Message, in_the_versions_answer
from connect_harness.faults.wire import Parts, WireFault
from connect_harness.server.misbehaviour import Act


@fault("wrong chunk size")
def wrong_chunk_size() -> WireFault:
    """The versions arrive in a chunk, and where its size should be stands a word (RFC 9112 section
    7.1).
    """
    return in_the_versions_answer(_chunked)


def _chunked(answer: Message) -> Parts:
    head = answer.framed_by(b"Transfer-Encoding: chunked")
    return [head + b"many\r\n" + answer.body + b"\r\n0\r\n\r\n", Act.NOTIFY_AND_CLOSE]
