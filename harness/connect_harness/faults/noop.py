"""The fault that does nothing, so that "no fault" is no special case."""

from __future__ import annotations

from connect_harness.exchange import Answer, Request
from connect_harness.faults.registry import Fault, Honest, fault


class Noop:
    """Answers no request."""

    times: int | None = None

    def matches(self, _request: Request) -> bool:
        """Never."""
        return False

    def answer(self, _request: Request, honest: Honest) -> Answer:
        """The true answer."""
        return honest()


@fault("noop")
def noop() -> Fault:
    """Nothing is wrong: every request gets its true answer, and the fault never fires."""
    return Noop()
