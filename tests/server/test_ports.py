"""On which ports and addresses a target listens."""

from __future__ import annotations

import errno
import socket

import pytest

from connect_harness.server import ports

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


def test_a_port_in_use_is_told_in_one_sentence(start):
    taken = start().port

    with pytest.raises(OSError, match=f"^.*Port {taken} of localhost is in use already: .*[.]$"):
        start(port=taken)


def test_other_hosts_are_refused(start):
    with pytest.raises(ValueError, match=r"not on 0\.0\.0\.0\.$"):
        start(host="0.0.0.0")


def test_a_name_is_refused_however_it_begins(start):
    with pytest.raises(ValueError, match=r"not on 127\.evil\.example\.$"):
        start(host="127.evil.example")


def test_the_address_that_was_bound_decides(monkeypatch, start):
    """Where the system makes another address of the text than the text suggests."""
    elsewhere = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("0.0.0.0", 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: elsewhere)

    with pytest.raises(ValueError, match=r"not on 127\.0\.0\.1\.$"):
        start(host="127.0.0.1")


@pytest.mark.parametrize("host", ["127.0.0.2", "127.1", "::1"])
def test_any_loopback_address_will_do(start, client, host):
    if host == "::1" and not socket.has_dualstack_ipv6():
        pytest.skip("this machine has no IPv6")
    target = start(host=host)

    with socket.create_connection((host, target.port)) as connection:
        connection.sendall(GET)
        assert client.answer(connection).endswith(b"GET /")


def test_both_loopback_families_are_served(start, client):
    target = start()

    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with socket.socket(family) as connection:
            try:
                connection.connect((address, target.port))
            except OSError:
                # A machine without IPv6.
                assert family == socket.AF_INET6
                continue
            connection.sendall(GET)
            assert client.answer(connection).endswith(b"GET /")


def test_a_port_that_one_family_lacks_is_not_taken(monkeypatch, start):
    """As if each first port were free in IPv4 alone."""
    really = ports._listen
    refused = []

    def listen(family, address, number):
        if family == socket.AF_INET6 and len(refused) < 2:
            refused.append(number)
            raise OSError(errno.EADDRINUSE, "in use")
        return really(family, address, number)

    monkeypatch.setattr(ports, "_listen", listen)

    assert start().port not in (0, *refused)
    assert len(refused) == 2


def test_without_ipv6_the_other_family_is_served(monkeypatch, start, client):
    really = ports._listen

    def listen(family, address, number):
        if family == socket.AF_INET6:
            raise OSError(errno.EADDRNOTAVAIL, "cannot assign requested address")
        return really(family, address, number)

    monkeypatch.setattr(ports, "_listen", listen)

    assert client.ask(start()).endswith(b"GET /")
