"""Secrets, and how they are taken out of texts: by value, in every form in which they may stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

REDACTED: Final = "**REDACTED**"
"""What stands in the place of a secret. A password reads back as it too, as documented."""

SecretKind = Literal[
    "a password",
    "a client's secret",
    "a token",
    "a key's password",
    "a private key",
    "the number of a private key",
]
NUMBER: Final = "the number of a private key"
"""The kind of the secret by which a key is known again in whatever form it is written."""


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A secret that was handed out.

    Parameters:
        value: The secret itself; of a private key, one line of its PEM form, and of its number the
            base64 of its bytes.
        target: The name of the target that it is for; ``None`` for a secret that is sent nowhere.
        in_clear: Whether the URL that it was given with speaks plain HTTP.
    """

    value: str
    kind: SecretKind
    target: str | None = None
    in_clear: bool = False

    def __repr__(self) -> str:
        # This is shown wherever an observation is shown.
        return f"Secret({self.kind}, for {self.target})"
