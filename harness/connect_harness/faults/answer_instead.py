"""An answer of one's choice to certain requests, which never reach the application."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from connect_harness.exchange import Answer, Request
from connect_harness.faults.registry import Honest
from connect_harness.protocols.errors import error_answer


@dataclass(frozen=True)
class AnswerInstead:
    """Answers in the application's place.

    Parameters:
        where: The requests that it answers: those whose path ends so, or for which it is true.
        status: The status code.
        body: The body; ``None`` for the documented JSON body of errors.
        content_type: The media type of a body that is given.
        headers: Further headers.
        times: How often it answers before it is spent; ``None`` for ever.
    """

    where: str | Callable[[Request], bool]
    status: int = 200
    body: bytes | None = None
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    times: int | None = None

    def matches(self, request: Request) -> bool:
        """Whether it answers ``request``."""
        if isinstance(self.where, str):
            return request.path.endswith(self.where)
        return self.where(request)

    def answer(self, request: Request, _honest: Honest) -> Answer:
        """The answer of its choice."""
        if self.body is None:
            return error_answer(self.status, request.path, headers=self.headers)
        return Answer(self.status, self.body, self.content_type, self.headers)
