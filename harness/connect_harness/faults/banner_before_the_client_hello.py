"""A port on which another service lives, one whose servers talk first."""

from __future__ import annotations

from connect_harness.faults.registry import fault
from connect_harness.faults.wire import WireFault, when_accepted
from connect_harness.server.misbehaviour import Act

_BANNER = b"SSH-2.0-OpenSSH_9.6\r\n"


@fault("banner before the client hello")
def banner_before_the_client_hello() -> WireFault:
    """A line as a server of SSH sends it comes first (RFC 4253 section 4.2), and the stream ends
    after it, so that no client has to wait.
    """
    return when_accepted(_BANNER, Act.CLOSE)
