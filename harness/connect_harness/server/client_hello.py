"""What a TLS client offers, read from the raw bytes of its ClientHello (RFC 8446 section 4.1.2).

Read by us, and not asked of the TLS library, which says nothing of handshakes that failed.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

HANDSHAKE_RECORD = 0x16
"""The first byte of a connection on which a client speaks TLS."""

_HANDSHAKE_BYTE = bytes([HANDSHAKE_RECORD])
_CLIENT_HELLO = 1
_SERVER_NAME, _ALPN, _TICKET, _PRE_SHARED_KEY, _SUPPORTED_VERSIONS = 0, 16, 35, 41, 43
_VERSIONS = {
    0x0300: "SSLv3",
    0x0301: "TLSv1",
    0x0302: "TLSv1.1",
    0x0303: "TLSv1.2",
    0x0304: "TLSv1.3",
}


@dataclass(frozen=True, slots=True)
class ClientHello:
    """What a client offers.

    Parameters:
        server_name: The name it asks for (SNI, RFC 6066 section 3).
        versions: The versions of TLS, as it ordered them. A client that has no TLS 1.3 may name
            its newest alone, and then so does this.
        alpn, ciphers: The application protocols (RFC 7301) and the numbers of the cipher suites, as
            it ordered them.
        offers_session: Whether it names a session: to resume it, or for appearance's sake, as
            clients of TLS 1.3 do.
        offers_resumption: Whether it means it: by a pre-shared key (RFC 8446 section 4.2.11), by a
            ticket (RFC 5077 section 3.2), or, where it has no TLS 1.3, by naming a session. A
            client of both that names a session of TLS 1.2 cannot be told from appearance.
    """

    server_name: str | None = None
    versions: tuple[str, ...] = ()
    alpn: tuple[str, ...] = ()
    ciphers: tuple[int, ...] = ()
    offers_session: bool = False
    offers_resumption: bool = False


def parse_client_hello(data: bytes) -> ClientHello | None:
    """The ClientHello at the beginning of ``data``; ``None`` if it is incomplete or none."""
    try:
        return _client_hello(_first_message(data))
    except (_TooShortError, struct.error):
        return None


class _TooShortError(Exception):
    """Something is announced to be longer than what there is."""


def _vector(data: bytes, at: int, size: int) -> tuple[bytes, int]:
    """The bytes at ``at`` that are preceded by their length of ``size`` bytes; and their end."""
    begin = at + size
    end = begin + int.from_bytes(data[at:begin])
    if end > len(data):
        raise _TooShortError
    return data[begin:end], end


def _first_message(data: bytes) -> bytes:
    """The body of the first handshake message, put together from its records."""
    message = b""
    at = 0
    while len(message) < 4 or len(message) < 4 + int.from_bytes(message[1:4]):
        if data[at : at + 1] != _HANDSHAKE_BYTE:
            raise _TooShortError
        part, at = _vector(data, at + 3, 2)
        message += part
    if message[0] != _CLIENT_HELLO:
        raise _TooShortError
    return _vector(message, 1, 3)[0]


def _client_hello(hello: bytes) -> ClientHello:
    (legacy_version,) = struct.unpack_from(">H", hello)
    session, at = _vector(hello, 34, 1)
    ciphers, at = _vector(hello, at, 2)
    _, at = _vector(hello, at, 1)
    extensions = {}
    if at < len(hello):
        listed, _ = _vector(hello, at, 2)
        at = 0
        while at < len(listed):
            (kind,) = struct.unpack_from(">H", listed, at)
            extensions[kind], at = _vector(listed, at + 2, 2)
    versions = _versions(extensions.get(_SUPPORTED_VERSIONS), legacy_version)
    # Without a ticket the extension is empty: the client would like to have one.
    by_key = _PRE_SHARED_KEY in extensions or bool(extensions.get(_TICKET))
    return ClientHello(
        server_name=_server_name(extensions.get(_SERVER_NAME)),
        versions=versions,
        alpn=_alpn(extensions.get(_ALPN)),
        ciphers=_numbers(ciphers),
        offers_session=bool(session),
        offers_resumption=by_key or (bool(session) and "TLSv1.3" not in versions),
    )


def _numbers(data: bytes) -> tuple[int, ...]:
    # Without the values that clients throw in so that servers stay tolerant (RFC 8701).
    return tuple(
        number
        for (number,) in struct.iter_unpack(">H", data)
        if number & 0x0F0F != 0x0A0A or number >> 8 != number & 0xFF
    )


def _versions(extension: bytes | None, legacy_version: int) -> tuple[str, ...]:
    numbers = (legacy_version,) if extension is None else _numbers(_vector(extension, 0, 1)[0])
    return tuple(_VERSIONS.get(number, f"0x{number:04x}") for number in numbers)


def _server_name(extension: bytes | None) -> str | None:
    if not extension:
        return None
    names, _ = _vector(extension, 0, 2)
    at = 0
    while at < len(names):
        kind = names[at]
        name, at = _vector(names, at + 1, 2)
        if kind == 0:
            return name.decode("latin-1")
    return None


def _alpn(extension: bytes | None) -> tuple[str, ...]:
    if not extension:
        return ()
    offered, _ = _vector(extension, 0, 2)
    protocols = []
    at = 0
    while at < len(offered):
        protocol, at = _vector(offered, at, 1)
        protocols.append(protocol.decode("latin-1"))
    return tuple(protocols)
