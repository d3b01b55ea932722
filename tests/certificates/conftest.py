"""Handshakes of the standard library in memory, between contexts as this Python makes them."""

from __future__ import annotations

import ssl
from collections.abc import Callable

import pytest

from connect_harness.certificates import Authority, IssuedChain, load_into
from connect_harness.certificates.verifiers import Outcome, shake_hands

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
