"""The verdicts with all their properties, and the status of a run.

This list is the only one: every other table of verdicts reads it.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, StrEnum
from typing import Literal


class Verdict(Enum):
    """What is said of a case.

    Each row: its word, its meaning, the status of a run with it, pytest's outcome and letter, and
    its weight. The heaviest verdict of a clause's cases is the clause's: it is passed only if
    nothing in it is wrong, undecided or untested.
    """

    PASSED = ("passed", "what must be seen was seen", 0, "passed", ".", 30)
    OBSERVED = ("observed", "recorded; nothing is demanded", 0, "passed", "o", 20)
    KNOWN = ("known", "an expected failure that failed as declared", 0, "xfailed", "x", 50)
    FLAKY = ("flaky", "an expected failure that is declared as flaky", 0, "xfailed", "x", 60)
    NOT_APPLICABLE = (
        "not applicable",
        "another profile, or a part that is declared as not offered, or that the release or the "
        "backend does not have",
        0,
        "skipped",
        "-",
        10,
    )
    NOT_TESTABLE = (
        "not testable",
        "this machine lacks what it needs, or a documented part was not found",
        0,
        "skipped",
        "?",
        40,
    )
    FAILED = (
        "failed",
        "the contract is broken; also an expected failure that passed, or failed in another way",
        1,
        "failed",
        "F",
        110,
    )
    HANG = ("hang", "a step had not ended at its limit", 1, "failed", "H", 100)
    INCONCLUSIVE = (
        "inconclusive",
        "evidence is missing, such as who refused the twin or the set-up",
        2,
        "failed",
        "I",
        80,
    )
    HARNESS_ERROR = (
        "harness error",
        "the mistake is in the harness, the adapter or the plugin",
        2,
        "failed",
        "E",
        90,
    )
    NOT_RUN = ("not run", "the run ended before it", 2, "failed", "N", 70)

    def __init__(
        self,
        word: str,
        meaning: str,
        status: Literal[0, 1, 2],
        outcome: Literal["passed", "xfailed", "skipped", "failed"],
        letter: str,
        weight: int,
    ) -> None:
        self.word = word
        self.meaning = meaning
        self.status = status
        self.outcome = outcome
        self.letter = letter
        self.weight = weight

    @classmethod
    def of(cls, word: str) -> Verdict:
        """The verdict with this word; ``ValueError`` is raised if there is none."""
        for verdict in cls:
            if verdict.word == word:
                return verdict
        raise ValueError(f"there is no verdict {word!r}")

    @property
    def judged(self) -> bool:
        """Whether it says something about the implementation."""
        return self.outcome != "skipped" and self not in (Verdict.NOT_RUN, Verdict.HARNESS_ERROR)

    @property
    def is_finding(self) -> bool:
        """Whether it says that something is wrong with the implementation, or not decided of it."""
        return self.judged and self.outcome == "failed"

    @property
    def shown(self) -> Literal["in a line", "at length"] | None:
        """How the summary of a run tells such a case; what passed is only counted."""
        if self.outcome == "passed":
            return None
        return "at length" if self.outcome == "failed" and self is not self.NOT_RUN else "in a line"


class Undecided(StrEnum):
    """Why a case is inconclusive."""

    TWIN = "the twin, the same without its defect, did not hold"
    SET_UP = "the case could not be set up"
    EVIDENCE = "evidence is missing"


def exit_status(verdicts: Iterable[Verdict], *, require_all: bool = False) -> int:
    """The status of a run with these verdicts: 1 beats 2 beats 0.

    A run in which nothing was judged ends with 2. So does one in which something could not be
    tested, with ``require_all``.
    """
    given = list(verdicts)
    statuses = {verdict.status for verdict in given}
    if require_all and Verdict.NOT_TESTABLE in given:
        statuses.add(2)
    if not any(verdict.judged for verdict in given):
        statuses.add(2)
    return 1 if 1 in statuses else max(statuses)
