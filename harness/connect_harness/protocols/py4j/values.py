"""What a value looks like on the wire: one letter for its type, then its text."""

from __future__ import annotations

import base64
import binascii
import math
import re
from decimal import Decimal, InvalidOperation

from connect_harness.protocols.py4j.containers import Array, Collection, Iterator, Set
from connect_harness.protocols.py4j.objects import VOID, FatalError, Registry

_INT = range(-(2**31), 2**31)
_ESCAPED = {"\\": "\\\\", "\r": "\\r", "\n": "\\n"}
_UNESCAPED = {"\\\\": "\\", "\\r": "\r", "\\n": "\n"}
_REFERENCES: tuple[tuple[type, str], ...] = (
    (Array, "t"),
    (dict, "a"),
    (Collection, "r"),
    (list, "l"),
    (Set, "h"),
    (Iterator, "g"),
)


def escape(text: str) -> str:
    """``text`` on one line: Py4J ends every part of a command with a line feed."""
    return re.sub(r"[\\\r\n]", lambda found: _ESCAPED[found[0]], text)


def unescape(text: str) -> str:
    """The text that :func:`escape` made ``text`` of."""
    return re.sub(r"\\[\\rn]", lambda found: _UNESCAPED[found[0]], text)


def encode(value: object, registry: Registry) -> str:
    """The wire form of ``value``; an object is registered and goes out by its id."""
    match value:
        case None:
            return "n"
        case bool():
            return f"b{str(value).lower()}"
        case int():
            return f"i{value}" if value in _INT else f"L{value}"
        case Decimal():
            return f"D{value}"
        case float():
            return f"d{_float_text(value)}"
        case str():
            return f"s{escape(value)}"
        case bytes():
            return f"j{base64.b64encode(value).decode('ascii')}"
        case _ if value is VOID:
            return "v"
        case _:
            letter = next((letter for kind, letter in _REFERENCES if isinstance(value, kind)), "r")
            return letter + registry.register(value)


def decode(part: str, registry: Registry) -> object:
    """The value of one argument of a command, which is a line without its line feed.

    Raises:
        FatalError: It is no value of the protocol.
        CallError: It refers to an object that is gone.
    """
    letter, text = part[:1], part[1:]
    try:
        match letter:
            case "n":
                return None
            case "b":
                return text.lower() == "true"
            case "i" | "L":
                return int(text)
            case "d":
                return float(text)
            case "D":
                return Decimal(text)
            case "s":
                return unescape(text)
            case "j":
                return base64.b64decode(text, validate=True)
            case "r":
                return registry.find(text)
    except (ValueError, InvalidOperation, binascii.Error) as error:
        raise FatalError(f"An argument is no value of the protocol: {part!r}") from error
    raise FatalError(f"An argument of type {letter!r} is not served by this target session")


def _float_text(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return repr(value)
