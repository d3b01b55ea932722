"""JSON as it travels: strict where it comes in, never with a literal that JSON has not.

The standard library alone reads ``NaN``, turns a number that is too large into infinity, and
guesses encodings; values of the documented data types must not come to be that way.
"""

from __future__ import annotations

import json
import math
from typing import Any


class NotJson(ValueError):
    """A body that is no JSON text in UTF-8 (RFC 8259); the text is one sentence."""


def read_json(body: bytes) -> Any:
    """The value of a JSON text; integers keep every digit.

    Raises:
        NotJson: It is none, or has a number that no float holds.
    """
    try:
        value = json.loads(body.decode(), parse_float=_finite, parse_constant=_refuse_constant)
        # Half of a surrogate pair can be escaped into JSON, but is no text that can be sent.
        json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise NotJson("The body is nested too deeply.") from None
    except ValueError as error:
        raise NotJson(f"The body is no JSON: {error}.") from None
    return value


def write_json(value: object) -> bytes:
    """The JSON text of ``value``; a float without a number becomes the text of its name."""
    return json.dumps(_plain(value), ensure_ascii=False, allow_nan=False).encode()


def _plain(value: object) -> object:
    match value:
        case float() if math.isnan(value):
            return "NaN"
        case float() if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        case list() | tuple():
            return [_plain(each) for each in value]
        case dict():
            return {key: _plain(each) for key, each in value.items()}
        case _:
            return value


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text[:40]} is too large a number")
    return number


def _refuse_constant(text: str) -> float:
    raise ValueError(f"{text} is no literal of JSON")
