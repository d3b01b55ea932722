"""Real handshakes of the standard library in memory: both sides, no socket."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from connect_harness.certificates import Authority, IssuedChain, load_into


@dataclass(frozen=True)
class Outcome:
    """How a handshake ended on each side; neither has an error if it succeeded."""

    client: ssl.SSLError | None
    server: ssl.SSLError | None

    @property
    def accepted(self) -> bool:
        return self.client is None and self.server is None


class Side:
    """One side: shakes hands, then reads, as under TLS 1.3 a refusal can arrive that late."""

    def __init__(self, context: ssl.SSLContext, host: str | None) -> None:
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(
            self.incoming, self.outgoing, server_side=host is None, server_hostname=host
        )
        self.ready = False
        self.error: ssl.SSLError | None = None

    def go_on(self) -> None:
        if self.error is not None:
            return
        try:
            if not self.ready:
                self.tls.do_handshake()
                self.ready = True
            self.tls.read(1)
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError as error:
            self.error = error


def shake_hands(client: ssl.SSLContext, server: ssl.SSLContext, host: str) -> Outcome:
    """Both sides go on until neither has anything left to say."""
    sides = Side(client, host), Side(server, None)
    moved = True
    while moved:
        moved = False
        for here, there in (sides, sides[::-1]):
            here.go_on()
            data = here.outgoing.read()
            there.incoming.write(data)
            moved = moved or bool(data)
    assert all(side.ready or side.error for side in sides)
    return Outcome(sides[0].error, sides[1].error)


Handshake = Callable[..., Outcome]


@pytest.fixture(params=["TLSv1_2", "TLSv1_3"])
def handshake(request: pytest.FixtureRequest) -> Handshake:
    """A handshake between stock contexts, in each version of TLS.

    ``trusted`` are the authorities of the client, and ``client_chain`` what it presents to a
    server that insists on a certificate of ``client_trusted``.
    """
    version = ssl.TLSVersion[request.param]

    def run(
        issued: IssuedChain,
        *,
        trusted: tuple[Authority, ...] | None = None,
        host: str = "localhost",
        client_chain: IssuedChain | None = None,
        client_trusted: Authority | None = None,
        strict: bool = False,
    ) -> Outcome:
        authorities = (issued.authority,) if trusted is None else trusted
        client = ssl.create_default_context(
            cadata="".join(one.certificate_pem.decode() for one in authorities)
        )
        server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        load_into(server, issued)
        if client_chain is not None:
            load_into(client, client_chain)
            server.verify_mode = ssl.CERT_REQUIRED
            believed = client_trusted or client_chain.authority
            server.load_verify_locations(cadata=believed.certificate_pem.decode())
        for context in (client, server):
            context.minimum_version = context.maximum_version = version
            if strict:
                context.verify_flags |= ssl.VERIFY_X509_STRICT
        return shake_hands(client, server, host)

    return run
