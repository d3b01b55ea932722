"""What a TLS client offers, read from the raw bytes of its ClientHello (RFC 8446 section 4.1.2).

Read by us, and not asked of the TLS library, which says nothing of handshakes that failed.
"""

from __future__ import annotations

from dataclasses import dataclass

HANDSHAKE_RECORD = 0x16
"""The first byte of a connection on which a client speaks TLS."""

_CLIENT_HELLO = 1
_SERVER_NAME, _ALPN, _SUPPORTED_VERSIONS = 0, 16, 43
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
        alpn: The application protocols (RFC 7301), as it ordered them.
        ciphers: The numbers of the cipher suites, as it ordered them.
        offers_session: Whether it names a session: to resume it, or for appearance's sake, as
            clients of TLS 1.3 do.
    """

    server_name: str | None = None
    versions: tuple[str, ...] = ()
    alpn: tuple[str, ...] = ()
    ciphers: tuple[int, ...] = ()
    offers_session: bool = False


def parse_client_hello(data: bytes) -> ClientHello | None:
    """The ClientHello at the beginning of ``data``; ``None`` if it is incomplete or none.

    Parameters:
        data: The first raw bytes of a connection; what follows the ClientHello does not matter.
    """
    try:
        return _client_hello(_first_message(data))
    except EOFError:
        return None


class _Reader:
    """Takes numbers and length-prefixed vectors from the front of ``data``."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def __bool__(self) -> bool:
        return self._at < len(self._data)

    def take(self, size: int) -> bytes:
        """The next ``size`` bytes; raises ``EOFError`` if there are fewer."""
        taken = self._data[self._at : self._at + size]
        if len(taken) < size:
            raise EOFError
        self._at += size
        return taken

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size))

    def vector(self, size: int) -> _Reader:
        """What follows a length of ``size`` bytes."""
        return _Reader(self.take(self.number(size)))

    def rest(self) -> bytes:
        return self.take(len(self._data) - self._at)


def _first_message(data: bytes) -> _Reader:
    """The body of the first handshake message, put together from its records."""
    records = _Reader(data)
    message = bytearray()
    while len(message) < 4 or len(message) < 4 + int.from_bytes(message[1:4]):
        if records.number(1) != HANDSHAKE_RECORD:
            raise EOFError
        records.take(2)
        message += records.vector(2).rest()
    if message[0] != _CLIENT_HELLO:
        raise EOFError
    return _Reader(bytes(message[4:]))


def _client_hello(hello: _Reader) -> ClientHello:
    legacy_version = hello.number(2)
    hello.take(32)
    session = hello.vector(1).rest()
    ciphers = _numbers(hello.vector(2))
    hello.vector(1)
    extensions: dict[int, bytes] = {}
    body = hello.vector(2) if hello else hello
    while body:
        kind = body.number(2)
        extensions[kind] = body.vector(2).rest()
    return ClientHello(
        server_name=_server_name(extensions.get(_SERVER_NAME)),
        versions=_versions(extensions.get(_SUPPORTED_VERSIONS), legacy_version),
        alpn=_alpn(extensions.get(_ALPN)),
        ciphers=ciphers,
        offers_session=bool(session),
    )


def _numbers(vector: _Reader) -> tuple[int, ...]:
    numbers = []
    while vector:
        number = vector.number(2)
        # Values that clients throw in so that servers stay tolerant (RFC 8701).
        if number & 0x0F0F != 0x0A0A or number >> 8 != number & 0xFF:
            numbers.append(number)
    return tuple(numbers)


def _versions(extension: bytes | None, legacy_version: int) -> tuple[str, ...]:
    numbers = (legacy_version,) if extension is None else _numbers(_Reader(extension).vector(1))
    return tuple(_VERSIONS.get(number, f"0x{number:04x}") for number in numbers)


def _server_name(extension: bytes | None) -> str | None:
    if not extension:
        return None
    names = _Reader(extension).vector(2)
    while names:
        kind = names.number(1)
        name = names.vector(2).rest()
        if kind == 0:
            return name.decode("latin-1")
    return None


def _alpn(extension: bytes | None) -> tuple[str, ...]:
    protocols = []
    offered = _Reader(extension).vector(2) if extension else _Reader(b"")
    while offered:
        protocols.append(offered.vector(1).rest().decode("latin-1"))
    return tuple(protocols)
