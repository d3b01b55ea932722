"""Secrets found again in texts and bytes, by value and in every form that they may take there."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus, unquote_to_bytes

from connect_contracts.observation import Secret

SHORTEST = 8
"""A shorter secret cannot be known again: it stands in other words by chance."""

_LINE_END = re.compile(rb"[ \t]*\r?\n[ \t]*")


class Detector:
    """Looks for secrets.

    Parameters:
        secrets: What is looked for; those shorter than ``SHORTEST`` are left aside.
    """

    def __init__(self, secrets: Iterable[Secret]) -> None:
        known = [one for one in dict.fromkeys(secrets) if len(one.value) >= SHORTEST]
        self._exact = [(one, tuple(dict.fromkeys(_forms(one)))) for one in known]
        # In hexadecimal, letters are of either case.
        self._hexadecimal = [(one, tuple(dict.fromkeys(_hexadecimal(one)))) for one in known]

    def __bool__(self) -> bool:
        return bool(self._exact)

    def find(self, text: str | bytes) -> list[Secret]:
        """The secrets that stand in ``text``, in whatever form, in the order in which they came.

        Text that was decoded with ``surrogateescape`` is looked through as the bytes that it was.
        """
        data = text if isinstance(text, bytes) else _encoded(text)
        ways = list(dict.fromkeys(_ways_to_read(data)))
        lower = [one.lower() for one in ways]
        found = [
            one for one, forms in self._exact if any(form in way for way in ways for form in forms)
        ]
        found += [
            one
            for one, forms in self._hexadecimal
            if one not in found and any(form in way for way in lower for form in forms)
        ]
        return found


def _encoded(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        # A lone surrogate that stands for no byte.
        return text.encode("utf-8", "replace")


def _ways_to_read(data: bytes) -> Iterator[bytes]:
    yield data
    if b"\n" in data:
        # Long lines of base64 are folded (RFC 2045 6.8), and so is what a terminal shows.
        yield _LINE_END.sub(b"", data)
    if b"%" in data:
        # Any character may be percent-encoded, needed or not (RFC 3986 2.1).
        yield unquote_to_bytes(data)
        yield unquote_to_bytes(data.replace(b"+", b" "))


def _forms(secret: Secret) -> Iterator[bytes]:
    value = secret.value
    if secret.kind == "a private key":
        # A line of base64: what escapes text leaves it as it is.
        yield value.encode("ascii")
        return
    for text in _escaped(value):
        yield text.encode("utf-8", "surrogatepass")
    for data in _encodings(value):
        yield data
        yield repr(data)[2:-1].encode("ascii")
        for aligned in _base64(data):
            yield aligned
            yield aligned.translate(bytes.maketrans(b"+/", b"-_"))


def _escaped(value: str) -> Iterator[str]:
    yield repr(value)[1:-1]
    yield ascii(value)[1:-1]
    yield json.dumps(value)[1:-1]
    yield json.dumps(value, ensure_ascii=False)[1:-1]
    yield html.escape(value)
    yield quote(value)
    yield quote(value, safe="")
    yield quote_plus(value)
    yield value.replace("\\", "\\\\").replace('"', '\\"')
    yield value.replace("\\", "\\\\").replace("'", "\\'")


def _encodings(value: str) -> Iterator[bytes]:
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "latin-1"):
        try:
            yield value.encode(encoding)
        except UnicodeEncodeError:
            continue


def _base64(data: bytes) -> Iterator[bytes]:
    """What base64 makes of ``data`` wherever it stands in longer data: in three alignments.

    Three bytes become four characters; those that hold a part of a neighbour are left out.
    """
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + data)
        first, end = -(-before * 8 // 6), (before + len(data)) * 8 // 6
        yield encoded[first:end]


def _hexadecimal(secret: Secret) -> Iterator[bytes]:
    if secret.kind == "a private key":
        return
    for data in _encodings(secret.value):
        yield data.hex().encode("ascii")
        yield data.hex(" ").encode("ascii")
        yield data.hex(":").encode("ascii")
