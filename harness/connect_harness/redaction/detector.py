"""Secrets found again in texts and bytes, by value and in every form that they may take there."""

from __future__ import annotations

import base64
import html
import json
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from urllib.parse import quote, quote_plus, unquote_to_bytes

from connect_harness.redaction import NUMBER, Secret

SHORTEST = 8
"""A shorter secret cannot be known again: it stands in other words by chance."""

_SURROGATES = "surrogatepass"
"""A text may hold half of a pair, which has no form in UTF-8."""

_URL_SAFE = bytes.maketrans(b"+/", b"-_")


class Detector:
    """Looks for secrets; those shorter than ``SHORTEST`` are left aside."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        known = [secret for secret in dict.fromkeys(secrets) if len(secret.value) >= SHORTEST]
        self._known = [(secret, *_forms(secret)) for secret in known]

    def __bool__(self) -> bool:
        return bool(self._known)

    def only(self, which: Callable[[Secret], bool]) -> Detector:
        """A detector of the secrets for which ``which`` is true."""
        fewer = Detector(())
        fewer._known = [known for known in self._known if which(known[0])]
        return fewer

    def find(self, text: str | bytes) -> list[Secret]:
        """The secrets that stand in ``text``, in whatever form, in the order in which they came.

        Text that was decoded with ``surrogateescape`` is looked through as the bytes that it was.
        """
        given = [text] if isinstance(text, bytes) else _encoded(text)
        # No way to read it is longer: most values of headers are too short for any form.
        longest = max(map(len, given))
        if longest < min((least for *_, least in self._known), default=longest + 1):
            return []
        ways = [way for data in given for way in _ways_to_read(data)]
        # In hexadecimal, letters are of either case.
        lower = [way.lower() for way in ways]
        return [
            secret
            for secret, exact, hexadecimal, _ in self._known
            if _any_in(exact, ways) or _any_in(hexadecimal, lower)
        ]

    def where(self, text: str) -> tuple[int, int] | None:
        """Begin and end of the shortest part of ``text`` that shows a secret, or ``None``."""
        if not self.find(text):
            return None
        end = bisect_left(range(len(text)), True, key=lambda to: bool(self.find(text[:to])))
        begin = bisect_left(range(end), True, key=lambda at: not self.find(text[at:end])) - 1
        return begin, end


def _any_in(forms: Iterable[bytes], ways: Iterable[bytes]) -> bool:
    return any(form in way for way in ways for form in forms)


_NO_BYTE = re.compile("[\ud800-\udc7f\udd00-\udfff]")


def _encoded(text: str) -> list[bytes]:
    try:
        return [text.encode()]
    except UnicodeEncodeError:
        # A lone surrogate stands for a byte, or is one that was given as such.
        bytes_it_was = _NO_BYTE.sub("?", text).encode("utf-8", "surrogateescape")
        return [text.encode("utf-8", _SURROGATES), bytes_it_was]


_ESCAPES = re.compile(rb"\\(?:u00([0-9a-fA-F]{2})|x([0-9a-fA-F]{2})|([0-3][0-7]{2})|([nrt'\"\\]))")
_SHORT = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}
_NUMBERS = re.compile(rb"\d{1,3}(?:, ?\d{1,3}){7,}")
"""What Python and JSON make of a sequence of bytes."""


def _unescaped(data: bytes) -> bytes:
    """``data`` with characters in place of their escapes: JSON's, Python's, and octal ones."""

    def character(found: re.Match[bytes]) -> bytes:
        unicode, hexadecimal, octal, short = found.groups()
        if short:
            return _SHORT.get(short, short)
        return bytes([int(octal, 8) if octal else int(unicode or hexadecimal, 16)])

    return _ESCAPES.sub(character, data)


_REFERENCES = re.compile(rb"&#(?:(\d{1,7})|[xX]([0-9a-fA-F]{1,6}));?")


def _referred(found: re.Match[bytes]) -> bytes:
    decimal, hexadecimal = found.groups()
    number = int(decimal) if decimal else int(hexadecimal, 16)
    # HTML has another character in the place of a lone surrogate.
    lone = 0xD800 <= number < 0xE000
    text = chr(number) if lone else html.unescape(found[0].decode("ascii"))
    return text.encode("utf-8", _SURROGATES)


def _ways_to_read(data: bytes) -> list[bytes]:
    ways = [data]
    if b"\\" in data:
        unescaped = _unescaped(data)
        ways += [unescaped, unescaped.translate(None, b" \t\r\n")]
    for numbers in _NUMBERS.findall(data):
        given = [int(number) for number in numbers.split(b",")]
        ways.append(bytes(number for number in given if number < 256))
    if b"\n" in data:
        # Long lines of base64 are folded (RFC 2045 6.8), and so is what a terminal shows.
        ways.append(data.translate(None, b" \t\r\n"))
    if b"\0" in data:
        # Whatever is ASCII has a zero beside each character in UTF-16.
        ways.append(data.replace(b"\0", b""))
    if b"&#" in data:
        # Any character may be a reference, needed or not (HTML 13.1.4).
        ways.append(_REFERENCES.sub(_referred, data))
    if b"%" in data:
        # Any character may be percent-encoded, needed or not (RFC 3986 2.1).
        ways += [unquote_to_bytes(data), unquote_to_bytes(data.replace(b"+", b" "))]
    return ways


@lru_cache(maxsize=256)
def _forms(secret: Secret) -> tuple[tuple[bytes, ...], tuple[bytes, ...], int]:
    # Leaks are looked for first, and then the same secrets are taken out of the report.
    exact, hexadecimal = _exact(secret), _hexadecimal(secret)
    return exact, hexadecimal, min(map(len, (*exact, *hexadecimal)))


def _exact(secret: Secret) -> tuple[bytes, ...]:
    """The forms of a secret in which every letter counts."""
    if secret.kind == "a private key":
        # A line of base64: what escapes text leaves it as it is.
        return (secret.value.encode("ascii"),)
    found = []
    if secret.kind != NUMBER:
        found += [text.encode("utf-8", _SURROGATES) for text in written_forms(secret.value)]
    for data in dict.fromkeys(_bytes_of(secret)):
        found += [data, repr(data)[2:-1].encode("ascii")]
        for aligned in aligned_base64(data):
            found += [aligned, aligned.translate(_URL_SAFE)]
        found += [*_aligned_base32(data), *_aligned_base85(data)]
    return tuple(dict.fromkeys(found))


def written_forms(value: str) -> Iterator[str]:
    """A text as it stands elsewhere, but for what :func:`_ways_to_read` takes back."""
    yield value
    # UTF-8 that was read as latin-1.
    yield value.encode("utf-8", _SURROGATES).decode("latin-1")
    yield repr(value)[1:-1]
    yield ascii(value)[1:-1]
    yield json.dumps(value)[1:-1]
    yield html.escape(value)
    yield quote(value, errors=_SURROGATES)
    yield quote(value, safe="", errors=_SURROGATES)
    yield quote_plus(value, errors=_SURROGATES)


def _bytes_of(secret: Secret) -> Iterator[bytes]:
    """A secret as bytes: a text in each encoding that may be meant."""
    if secret.kind == NUMBER:
        yield base64.b64decode(secret.value)
        return
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "latin-1"):
        for errors in (_SURROGATES, "surrogateescape"):
            try:
                yield secret.value.encode(encoding, errors)
            except UnicodeEncodeError:
                continue


def aligned_base64(data: bytes) -> Iterator[bytes]:
    """What base64 makes of ``data`` wherever it stands in longer data: in three alignments.

    Three bytes become four characters; those that hold a part of a neighbour are left out.
    """
    return _aligned(data, base64.b64encode, group=3, bits=6)


def _aligned_base32(data: bytes) -> Iterator[bytes]:
    """The same of base32, where five bytes become eight characters."""
    return _aligned(data, base64.b32encode, group=5, bits=5)


def _aligned(
    data: bytes, encode: Callable[[bytes], bytes], *, group: int, bits: int
) -> Iterator[bytes]:
    for before in range(group):
        encoded = encode(bytes(before) + data)
        first, end = -(-before * 8 // bits), (before + len(data)) * 8 // bits
        yield encoded[first:end]


def _aligned_base85(data: bytes) -> Iterator[bytes]:
    """What base85 makes of the whole groups of four bytes in ``data``, wherever it stands."""
    for before in range(4):
        groups = data[before : before + (len(data) - before) // 4 * 4]
        if len(groups) >= SHORTEST:
            yield base64.b85encode(groups)
            yield base64.a85encode(groups)


def _hexadecimal(secret: Secret) -> tuple[bytes, ...]:
    if secret.kind == "a private key":
        return ()
    found = dict.fromkeys(_bytes_of(secret))
    return tuple(data.hex(*by).encode("ascii") for data in found for by in ((), (" ",), (":",)))
