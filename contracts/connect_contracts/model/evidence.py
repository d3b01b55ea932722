"""By what a refusal was decided: a closed list, the strongest first."""

from __future__ import annotations

from enum import Enum

import msgspec


class Strength(Enum):
    """How strong evidence is: its words, and what they mean. The strongest comes first."""

    CLIENT_ALERT = (
        "client's alert",
        "the target saw the alert by which the client refused it",
    )
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
        """The strength with this word.

        Raises:
            ValueError: There is none.
        """
        for one in cls:
            if one.word == word:
                return one
        raise ValueError(f"there is no strength of evidence {word!r}")

    @property
    def rank(self) -> int:
        """0 for the strongest, more for each that is weaker."""
        return list(Strength).index(self)

    def weaker_than(self, other: Strength) -> bool:
        """Whether less is shown by this than by the other."""
        return self.rank > other.rank


class Evidence(msgspec.Struct, frozen=True):
    """What decided a refusal.

    Parameters:
        strength: How strong it is.
        text: What was seen, for instance which alert.
    """

    strength: Strength
    text: str


CLIENT_ERROR_ALONE = Evidence(Strength.CLIENT_ERROR, "the implementation raised")


def strongest(found: list[Evidence]) -> Evidence | None:
    """Of what several demands on one step found the strongest, the first of several."""
    return min(found, key=lambda one: one.strength.rank, default=None)


def weakest(found: list[Evidence]) -> Evidence | None:
    """Of what decided several refusals the weakest, the last of several: no more is shown."""
    return max(reversed(found), key=lambda one: one.strength.rank, default=None)


def strength_table() -> str:
    """The strengths as a Markdown table; the README holds just this."""
    rows = ["| decided by | which means |", "|---|---|"]
    rows += [f"| {one.word} | {one.meaning} |" for one in Strength]
    return "\n".join(rows)
