"""What is read from a ClientHello, whole, in pieces and damaged."""

from __future__ import annotations

import ssl

import pytest

from connect_harness.server.client_hello import ClientHello, parse_client_hello


@pytest.fixture
def context():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.set_alpn_protocols(["h2", "http/1.1"])
    return context


def test_what_a_client_offers(client, context):
    hello = parse_client_hello(client.hello(context))

    assert (hello.server_name, hello.alpn) == ("localhost", ("h2", "http/1.1"))
    assert hello.versions == ("TLSv1.3", "TLSv1.2")
    assert 0x1301 in hello.ciphers
    assert (hello.offers_session, hello.offers_resumption) == (True, False)

    context.maximum_version = ssl.TLSVersion.TLSv1_2
    hello = parse_client_hello(client.hello(context, None))

    assert (hello.server_name, hello.versions) == (None, ("TLSv1.2",))
    assert (hello.offers_session, hello.offers_resumption) == (False, False)


def test_values_thrown_in_for_tolerance_are_left_out():
    hello = (
        b"\x03\x03" + bytes(32) + b"\x00"
        b"\x00\x04\x1a\x1a\x13\x01" + b"\x01\x00"
        b"\x00\x0b" + b"\x00\x2b\x00\x07\x06\x2a\x2a\x03\x04\x03\x03"
    )
    message = b"\x01" + len(hello).to_bytes(3) + hello
    parsed = parse_client_hello(b"\x16\x03\x01" + len(message).to_bytes(2) + message)

    assert parsed.ciphers == (0x1301,)
    assert parsed.versions == ("TLSv1.3", "TLSv1.2")


def test_a_hello_in_several_records_with_bytes_after_it(client, context):
    whole = client.hello(context)
    body = whole[5:]
    split = b"".join(
        b"\x16\x03\x01" + len(part).to_bytes(2) + part
        for part in (body[:3], body[3:100], body[100:])
    )

    assert parse_client_hello(split + b"anything") == parse_client_hello(whole)


def test_what_is_no_whole_hello_never_raises(client, context):
    whole = client.hello(context)

    assert {parse_client_hello(whole[:size]) for size in range(len(whole))} == {None}
    assert parse_client_hello(b"GET / HTTP/1.1\r\n\r\n") is None
    assert parse_client_hello(b"\x16\x03\x01\x00\x04\x02\x00\x00\x00") is None
    for place in range(len(whole)):
        damaged = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
        assert isinstance(parse_client_hello(damaged), ClientHello | None)
