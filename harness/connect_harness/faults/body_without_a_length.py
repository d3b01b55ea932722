"""A body whose length nobody announces, which is legal."""

from __future__ import annotations

from connect_harness.faults.registry import fault
from connect_harness.faults.versions_answer import in_the_versions_answer
from connect_harness.faults.wire import WireFault
from connect_harness.server.misbehaviour import Act


@fault("body without a length")
def body_without_a_length() -> WireFault:
    """All of the versions arrive, no length is announced, and the end of the stream is their end
    (RFC 9112 section 6.3), as ``Connection: close`` says before; under TLS with ``close_notify``.
    """
    return in_the_versions_answer(
        lambda answer: [answer.framed_by(b"Connection: close") + answer.body, Act.NOTIFY_AND_CLOSE]
    )
