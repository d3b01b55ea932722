"""Secrets found again in texts and bytes, by value and in every form that they may take there."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote, quote_plus, unquote_to_bytes

from connect_contracts.observation import Secret

SHORTEST = 8
"""A shorter secret cannot be known again: it stands in other words by chance."""

_URL_SAFE = bytes.maketrans(b"+/", b"-_")


class Detector:
    """Looks for secrets.

    Parameters:
        secrets: What is looked for; those shorter than ``SHORTEST`` are left aside.
    """

    def __init__(self, secrets: Iterable[Secret]) -> None:
        known = [one for one in dict.fromkeys(secrets) if len(one.value) >= SHORTEST]
        self._known = [(one, _exact(one), _hexadecimal(one)) for one in known]

    def __bool__(self) -> bool:
        return bool(self._known)

    def only(self, which: Callable[[Secret], bool]) -> Detector:
        """One that looks for those of the secrets for which ``which`` says so."""
        fewer = Detector(())
        fewer._known = [one for one in self._known if which(one[0])]
        return fewer

    def find(self, text: str | bytes) -> list[Secret]:
        """The secrets that stand in ``text``, in whatever form, in the order in which they came.

        Text that was decoded with ``surrogateescape`` is looked through as the bytes that it was.
        """
        if not self._known:
            return []
        ways = _ways_to_read(text if isinstance(text, bytes) else _encoded(text))
        # In hexadecimal, letters are of either case.
        lower = [one.lower() for one in ways]
        return [
            secret
            for secret, exact, hexadecimal in self._known
            if _any_in(exact, ways) or _any_in(hexadecimal, lower)
        ]


def _any_in(forms: Iterable[bytes], ways: Iterable[bytes]) -> bool:
    return any(form in way for way in ways for form in forms)


def _encoded(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        # A lone surrogate that stands for no byte.
        return text.encode("utf-8", "replace")


def _ways_to_read(data: bytes) -> list[bytes]:
    ways = [data]
    if b"\n" in data:
        # Long lines of base64 are folded (RFC 2045 6.8), and so is what a terminal shows.
        ways.append(data.translate(None, b" \t\r\n"))
    if b"\0" in data:
        # Whatever is ASCII has a zero beside each character in UTF-16.
        ways.append(data.replace(b"\0", b""))
    if b"%" in data:
        # Any character may be percent-encoded, needed or not (RFC 3986 2.1).
        ways += [unquote_to_bytes(data), unquote_to_bytes(data.replace(b"+", b" "))]
    return ways


def _exact(secret: Secret) -> tuple[bytes, ...]:
    """The forms of a secret in which every letter counts."""
    if secret.kind == "a private key":
        # A line of base64: what escapes text leaves it as it is.
        return (secret.value.encode("ascii"),)
    found = [text.encode("utf-8", "surrogatepass") for text in _escaped(secret.value)]
    for data in _encodings(secret.value):
        found += [data, repr(data)[2:-1].encode("ascii")]
        for aligned in aligned_base64(data):
            found += [aligned, aligned.translate(_URL_SAFE)]
    return tuple(dict.fromkeys(found))


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


def aligned_base64(data: bytes) -> Iterator[bytes]:
    """What base64 makes of ``data`` wherever it stands in longer data: in three alignments.

    Three bytes become four characters; those that hold a part of a neighbour are left out.
    """
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + data)
        first, end = -(-before * 8 // 6), (before + len(data)) * 8 // 6
        yield encoded[first:end]


def _hexadecimal(secret: Secret) -> tuple[bytes, ...]:
    if secret.kind == "a private key":
        return ()
    found = dict.fromkeys(_encodings(secret.value))
    return tuple(data.hex(*by).encode("ascii") for data in found for by in ((), (" ",), (":",)))
