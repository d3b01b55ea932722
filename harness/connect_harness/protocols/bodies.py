"""Bodies of requests and answers: JSON, strict where it comes in, and the body of every error.

The standard library alone reads ``NaN``, turns a number that is too large into infinity, and
guesses encodings; values of the documented data types must not come to be that way. The body of an
error is what clients were seen to understand: ``error``, ``path`` and ``status``.
"""

from __future__ import annotations

import json
import math
from http import HTTPStatus
from typing import Any

from connect_harness.exchange import Answer


class Refusal(Exception):
    """A request that is refused: not an error of ours, but an answer; see ``error_answer``.

    Parameters:
        not_served: Whether it is refused for what it asks for, which a real target may serve.
    """

    def __init__(
        self,
        status: int,
        reason: str = "",
        headers: tuple[tuple[str, str], ...] = (),
        *,
        not_served: bool = False,
    ) -> None:
        super().__init__(reason)
        self.not_served = not_served
        self.status = status
        self.reason = reason
        self.headers = headers

    def answer(self, path: str) -> Answer:
        return error_answer(self.status, path, self.reason, self.headers)


def bad_request(reason: str) -> Refusal:
    """The refusal of a request that makes no sense."""
    return Refusal(HTTPStatus.BAD_REQUEST, reason)


def not_served(reason: str) -> Refusal:
    """The refusal of a request that makes sense, and that this session does not serve."""
    return Refusal(HTTPStatus.BAD_REQUEST, reason, not_served=True)


def not_found(reason: str = "") -> Refusal:
    """The refusal of a request for what is not there."""
    return Refusal(HTTPStatus.NOT_FOUND, reason)


def error_answer(
    status: int, path: str, reason: str = "", headers: tuple[tuple[str, str], ...] = ()
) -> Answer:
    """An answer with an error status and the documented body.

    Parameters:
        reason: One sentence that says more than the status does.
    """
    phrase = HTTPStatus(status).phrase
    error = f"{phrase}: {reason}" if reason else phrase
    body = write_json({"error": error, "path": path, "status": status})
    return Answer(status, body, headers=headers)


def read_json(body: bytes) -> Any:
    """The value of a JSON text in UTF-8 (RFC 8259); integers keep every digit.

    Raises:
        Refusal: It is none, or has a number that no float holds (400).
    """
    try:
        value = json.loads(body.decode(), parse_float=_finite, parse_constant=_refuse_constant)
        # Half of a surrogate pair can be escaped into JSON, but is no text that can be sent.
        json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise bad_request("The body is nested too deeply.") from None
    except ValueError as error:
        raise bad_request(f"The body is no JSON: {error}.") from None
    return value


def write_json(value: object) -> bytes:
    """The JSON text of ``value``; NaN and infinities, which JSON has not, become their names."""
    return json.dumps(_without_odd_floats(value), ensure_ascii=False, allow_nan=False).encode()


def _without_odd_floats(value: object) -> object:
    match value:
        case float() if math.isnan(value):
            return "NaN"
        case float() if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        case list() | tuple():
            return [_without_odd_floats(item) for item in value]
        case dict():
            return {key: _without_odd_floats(item) for key, item in value.items()}
        case _:
            return value


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text[:40]} is too large a number")
    return number


def _refuse_constant(text: str) -> float:
    raise ValueError(f"{text} is no literal of JSON")
