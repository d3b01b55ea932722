"""What looking for a demand gives, and two small ways to say it."""

from __future__ import annotations

from collections.abc import Sized

import msgspec


class Seen(msgspec.Struct, frozen=True):
    """What looking for a demand gave: at most one of these."""

    violation: str | None = None
    missing: str | None = None
    evidence: str | None = None


HOLDS = Seen()


def some(looked_at: Sized) -> Seen:
    """A demand on every request holds, if there was one at all."""
    return HOLDS if len(looked_at) else Seen(missing="no request reached the target")


def count(number: int, noun: str) -> str:
    """A number with its noun, in the right form."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
