"""A handshake of ``ssl`` in memory: both sides, no socket."""

from __future__ import annotations

import ssl
from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """How a handshake ended on each side; neither has an error if it succeeded."""

    client: ssl.SSLError | None
    server: ssl.SSLError | None

    @property
    def accepted(self) -> bool:
        """Whether both sides went through with it."""
        return self.client is None and self.server is None


class _Side:
    """One side: shakes hands, then reads, as under TLS 1.3 a refusal can arrive that late."""

    def __init__(self, context: ssl.SSLContext, host: str | None) -> None:
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(
            self.incoming, self.outgoing, server_side=host is None, server_hostname=host
        )
        self.ready = False
        self.error: ssl.SSLError | None = None

    def go_on(self) -> bytes:
        """As far as what has arrived allows; gives what it has to say."""
        try:
            if self.error is None and not self.ready:
                self.tls.do_handshake()
                self.ready = True
            if self.error is None:
                self.tls.read(1)
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError as error:
            self.error = error
        return self.outgoing.read()


def shake_hands(client: ssl.SSLContext, server: ssl.SSLContext, host: str) -> Outcome:
    """Let both sides go on until neither has anything left to say.

    Parameters:
        client: The context of the side that begins.
        server: The context of the other side.
        host: The host that the client asked for.

    Raises:
        RuntimeError: One side neither succeeded nor failed, so something is wrong here.
    """
    sides = here, there = _Side(client, host), _Side(server, None)
    silent = 0
    while silent < 2:
        said = here.go_on()
        there.incoming.write(said)
        silent = 0 if said else silent + 1
        here, there = there, here
    if not all(side.ready or side.error for side in sides):
        raise RuntimeError("a handshake in memory stopped half-way")
    return Outcome(sides[0].error, sides[1].error)
