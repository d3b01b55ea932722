"""Refusals, and the JSON body that every error answer has.

The body is what clients were seen to understand: ``error``, ``path`` and ``status``.
"""

from __future__ import annotations

from http import HTTPStatus

from connect_harness.exchange import Answer
from connect_harness.protocols.json_text import write_json


class Refusal(Exception):
    """A request that is refused: not an error of ours, but an answer.

    Parameters:
        status: The status code.
        reason: One sentence for whoever wrote the request.
        headers: Further headers of the answer.
    """

    def __init__(
        self, status: int, reason: str = "", headers: tuple[tuple[str, str], ...] = ()
    ) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.headers = headers

    def answer(self, path: str) -> Answer:
        """The answer to the request for ``path``."""
        return error_answer(self.status, path, self.reason, self.headers)


def error_answer(
    status: int, path: str, reason: str = "", headers: tuple[tuple[str, str], ...] = ()
) -> Answer:
    """An answer with an error status and the documented body.

    Parameters:
        status: The status code.
        path: The path of the request, as it was sent.
        reason: One sentence that says more than the status does.
        headers: Further headers.
    """
    phrase = HTTPStatus(status).phrase
    error = f"{phrase}: {reason}" if reason else phrase
    body = write_json({"error": error, "path": path, "status": status})
    return Answer(status, body, headers=headers)


def bad_request(reason: str) -> Refusal:
    """The refusal of a request that makes no sense."""
    return Refusal(HTTPStatus.BAD_REQUEST, reason)


def not_found(reason: str = "") -> Refusal:
    """The refusal of a request for what is not there."""
    return Refusal(HTTPStatus.NOT_FOUND, reason)
