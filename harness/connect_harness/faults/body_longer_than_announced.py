"""A body that goes on after its announced end."""

from __future__ import annotations

from connect_harness.faults.registry import fault
from connect_harness.faults.versions_answer import Message, in_the_versions_answer
from connect_harness.faults.wire import Parts, WireFault
from connect_harness.server.misbehaviour import Act


@fault("body longer than announced")
def body_longer_than_announced() -> WireFault:
    """All of the versions arrive, and half of their length is announced (RFC 9112 section 6.3); the
    stream ends after them.
    """
    return in_the_versions_answer(_too_long)


def _too_long(answer: Message) -> Parts:
    head = answer.framed_by(b"Content-Length: %d" % len(answer.half))
    return [head + answer.body, Act.NOTIFY_AND_CLOSE]
