"""On which ports and addresses a target listens."""

from __future__ import annotations

import errno
import socket

import pytest

from connect_harness.server import ports


def test_a_port_in_use_gets_one_sentence(start):
    taken = start().port

    with pytest.raises(OSError, match=f"^.*Port {taken} of localhost is in use already: .*[.]$"):
        start(port=taken)


def test_the_address_that_was_bound_decides(monkeypatch, start):
    """Where the system makes another address of the text than the text suggests."""
    elsewhere = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("0.0.0.0", 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: elsewhere)

    with pytest.raises(ValueError, match=r"not on 127\.0\.0\.1\.$"):
        start(host="127.0.0.1")


def test_no_free_port_is_given_twice_while_there_are_others(monkeypatch):
    """Clients that remember something by URL carry it from no run into another."""
    offered = iter((1, 1, 2, *[1] * 1000))
    monkeypatch.setattr(ports, "_bind", lambda *_: ports.Port(next(offered), ()))
    monkeypatch.setattr(ports, "_GIVEN", set())

    assert [ports.open_port("localhost").number for _ in range(3)] == [1, 2, 1]


@pytest.mark.parametrize("host", ["0.0.0.0", "127.evil.example"])
def test_other_hosts_are_refused(start, host):
    with pytest.raises(ValueError, match=f"not on {host}[.]$"):
        start(host=host)


@pytest.mark.parametrize(
    ("host", "served"),
    [
        ("127.0.0.2", ["127.0.0.2"]),
        ("127.1", ["127.1"]),
        ("::1", ["::1"]),
        ("localhost", ["127.0.0.1", "::1"]),
    ],
)
def test_any_loopback_address_will_do(start, client, host, served):
    if "::1" in served and not socket.has_dualstack_ipv6():
        pytest.skip("this machine has no IPv6")
    target = start(host=host)

    for address in served:
        with socket.create_connection((address, target.port)) as connection:
            connection.sendall(client.GET)
            assert client.answer(connection).endswith(b"GET /")


@pytest.mark.parametrize("errors", [[errno.EADDRINUSE] * 2, [errno.EADDRNOTAVAIL]])
def test_a_port_that_ipv6_refuses(monkeypatch, start, client, errors):
    """A port in use is not taken; without IPv6, IPv4 is served alone."""
    really = ports._listen
    refused = []

    def listen(family, address, number):
        if family == socket.AF_INET6 and len(refused) < len(errors):
            refused.append(number)
            raise OSError(errors[0], "refused")
        return really(family, address, number)

    monkeypatch.setattr(ports, "_listen", listen)
    monkeypatch.setattr(ports, "_GIVEN", set())

    target = start()
    assert (target.port in refused) == (errors[0] == errno.EADDRNOTAVAIL)
    assert len(refused) == len(errors)
    assert client.ask(target).endswith(b"GET /")
