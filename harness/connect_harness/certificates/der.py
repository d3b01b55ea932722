"""The DER form of a certificate, taken apart and put together again: for what no library writes.

The structure is that of RFC 5280 4.1; the encoding is X.690 section 8 and 10.
"""

from __future__ import annotations

from collections.abc import Iterator

INTEGER, BIT_STRING, NULL, OBJECT_IDENTIFIER, SEQUENCE = 0x02, 0x03, 0x05, 0x06, 0x30
VERSION, EXTENSIONS = 0xA0, 0xA3
"""The tags of these two elements within the to-be-signed part."""

Element = tuple[int, bytes]
"""The tag of an element, and its content."""


def element(tag: int, content: bytes) -> bytes:
    """One element: tag, length, content."""
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    size = (length.bit_length() + 7) // 8
    return bytes((tag, 0x80 | size)) + length.to_bytes(size, "big") + content


def sequence(elements: list[Element]) -> bytes:
    return element(SEQUENCE, b"".join(element(tag, content) for tag, content in elements))


def elements(encoded: bytes) -> list[Element]:
    """The elements of one SEQUENCE; those within them stay encoded."""
    ((_, content),) = _split(encoded)
    return list(_split(content))


def _split(encoded: bytes) -> Iterator[Element]:
    place = 0
    while place < len(encoded):
        tag, length, place = encoded[place], encoded[place + 1], place + 2
        if length & 0x80:
            size = length & 0x7F
            length = int.from_bytes(encoded[place : place + size], "big")
            place += size
        yield tag, encoded[place : place + length]
        place += length


def integer(value: int) -> Element:
    """An INTEGER in two's complement, in as few bytes as it takes."""
    magnitude = value if value >= 0 else ~value
    return INTEGER, value.to_bytes(magnitude.bit_length() // 8 + 1, "big", signed=True)


def object_identifier(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER, encoded whole."""
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    content = bytearray()
    for arc in (first * 40 + second, *rest):
        sevens = [arc & 0x7F]
        while arc := arc >> 7:
            sevens.append(0x80 | arc & 0x7F)
        content.extend(reversed(sevens))
    return element(OBJECT_IDENTIFIER, bytes(content))
