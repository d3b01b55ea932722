"""Bytes that nobody encrypted, within an encrypted stream."""

from __future__ import annotations

from connect_harness.faults.registry import fault
from connect_harness.faults.wire import WireFault
from connect_harness.protocols.versions import PATH
from connect_harness.server.misbehaviour import Act, Phase

_PLAIN = b"These are plain bytes, neither a TLS record nor an HTTP answer.\r\n"


@fault("plain bytes within the stream")
def plain_bytes_within_the_stream() -> WireFault:
    """Plain text stands where the TLS records of the versions should be (RFC 8446 section 5.2);
    without TLS it is an answer that is no HTTP.
    """
    return WireFault(Phase.ANSWER, lambda _: (_PLAIN, Act.CLOSE), path=PATH)
