"""The true versions document with something changed in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from connect_harness.exchange import Answer, Request
from connect_harness.faults.registry import Honest
from connect_harness.protocols.json_text import read_json, write_json
from connect_harness.protocols.versions import PATH


@dataclass(frozen=True)
class DocumentChanged:
    """Answers requests for the versions document with a changed one; refusals stay as they are.

    Parameters:
        change: The changed document, of the true one.
        times: How often it answers before it is spent; ``None`` for ever.
    """

    change: Callable[[dict[str, Any]], Any]
    times: int | None = None

    def matches(self, request: Request) -> bool:
        """Whether it answers ``request``."""
        return request.path.endswith(PATH)

    def answer(self, _request: Request, honest: Honest) -> Answer:
        """The true answer, changed."""
        answer = honest()
        if answer.status != 200:
            return answer
        return replace(answer, body=write_json(self.change(read_json(answer.body))))
