"""What a verifier says of a chain."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Verified:
    """What a verifier says of a chain.

    Parameters:
        accepted: Whether it believes it.
        reason: Why not, in its own words; empty if it does.
        verify_code: OpenSSL's code for the reason, if it has one.
        alert: The alert that was sent, by its name in RFC 8446 6; ``None`` if there was none.
    """

    accepted: bool
    reason: str = ""
    verify_code: int | None = None
    alert: str | None = None
