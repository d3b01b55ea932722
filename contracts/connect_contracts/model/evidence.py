"""Evidence: what decided a refusal. The list is closed, the strongest first."""

from __future__ import annotations

from enum import Enum

import msgspec


class Strength(Enum):
    """How strong evidence is: its words, and what they mean. The strongest comes first."""

    CLIENT_ALERT = ("client's alert", "the target saw the alert by which the client refused it")
    TARGET = (
        "target's refusal",
        "the target itself refused, by a status, an alert or an armed fault; or it saw that "
        "nothing was sent",
    )
    END_OF_STREAM = (
        "end of stream",
        "the target saw the end of the stream, and no byte of HTTP before it",
    )
    CLIENT_ERROR = (
        "client's error alone",
        "the implementation raised, and nothing on the target's side tells why; where a target "
        "must have seen it, the case is inconclusive",
    )

    def __init__(self, word: str, meaning: str) -> None:
        self.word = word
        self.meaning = meaning

    @classmethod
    def of(cls, word: str) -> Strength:
        """The strength with this word; ``ValueError`` is raised if there is none."""
        for strength in cls:
            if strength.word == word:
                return strength
        raise ValueError(f"there is no strength of evidence {word!r}")

    @property
    def rank(self) -> int:
        """0 for the strongest, more for each that is weaker."""
        return list(Strength).index(self)

    def weaker_than(self, other: Strength) -> bool:
        """Whether less is shown by this than by the other."""
        return self.rank > other.rank


class Evidence(msgspec.Struct, frozen=True):
    """What decided a refusal, and what was seen of it, for instance which alert."""

    strength: Strength
    text: str


CLIENT_ERROR_ALONE = Evidence(Strength.CLIENT_ERROR, "the implementation raised")


def strongest(found: list[Evidence]) -> Evidence | None:
    """The strongest of what the wire checks of one step found; of equals the first."""
    return min(found, key=lambda evidence: evidence.strength.rank, default=None)


def weakest(found: list[Evidence]) -> Evidence | None:
    """The weakest of what decided several refusals; of equals the last: no more is shown."""
    return max(reversed(found), key=lambda evidence: evidence.strength.rank, default=None)
