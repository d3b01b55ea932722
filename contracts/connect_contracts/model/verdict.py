"""The verdicts, their statuses, and how an observation and its twin become one.

This list is the only one: every table and text that shows it is made from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Literal


class Verdict(Enum):
    """What is said of a case: its word, its meaning, the run's status, and pytest's outcome."""

    PASSED = ("passed", "what must be seen was seen", 0, "passed")
    OBSERVED = ("observed", "recorded; nothing is demanded", 0, "passed")
    KNOWN = ("known", "an expected failure that failed as declared", 0, "xfailed")
    FLAKY = ("flaky", "an expected failure that is declared as flaky", 0, "xfailed")
    NOT_APPLICABLE = (
        "not applicable",
        "another profile, or a part that the declared release or the backend does not have",
        0,
        "skipped",
    )
    NOT_TESTABLE = (
        "not testable",
        "this machine lacks what it needs, or a documented part was not found",
        0,
        "skipped",
    )
    FAILED = (
        "failed",
        "the contract is broken; also an expected failure that passed, or failed in another way",
        1,
        "failed",
    )
    HANG = ("hang", "a step had not ended at its limit", 1, "failed")
    INCONCLUSIVE = (
        "inconclusive",
        "the twin did not hold, the case could not be set up, or evidence is missing",
        2,
        "failed",
    )
    HARNESS_ERROR = (
        "harness error",
        "the mistake is in the harness, the adapter or the plugin",
        2,
        "failed",
    )
    NOT_RUN = ("not run", "the run ended before it", 2, "failed")

    def __init__(
        self,
        word: str,
        meaning: str,
        status: Literal[0, 1, 2],
        outcome: Literal["passed", "xfailed", "skipped", "failed"],
    ) -> None:
        self.word = word
        self.meaning = meaning
        self.status = status
        self.outcome = outcome

    @classmethod
    def of(cls, word: str) -> Verdict:
        """The verdict with this word.

        Raises:
            ValueError: There is none.
        """
        for one in cls:
            if one.word == word:
                return one
        raise ValueError(f"there is no verdict {word!r}")

    @property
    def judged(self) -> bool:
        """Whether something was said about the implementation."""
        return self not in (
            Verdict.NOT_APPLICABLE,
            Verdict.NOT_TESTABLE,
            Verdict.NOT_RUN,
            Verdict.HARNESS_ERROR,
        )


def exit_status(verdicts: Iterable[Verdict], *, require_all: bool = False) -> int:
    """The status of a run with these verdicts: 1 beats 2 beats 0.

    Parameters:
        require_all: What could not be tested counts as 2.

    A run in which nothing got a verdict ends with 2.
    """
    given = list(verdicts)
    statuses = {one.status for one in given}
    if require_all and Verdict.NOT_TESTABLE in given:
        statuses.add(2)
    if not any(one.judged for one in given):
        statuses.add(2)
    return 1 if 1 in statuses else max(statuses)


def verdict_table() -> str:
    """The verdicts as a Markdown table; the README holds just this."""
    rows = ["| verdict | meaning | status of the run |", "|---|---|---|"]
    for one in Verdict:
        status = f"{one.status}"
        if one is Verdict.NOT_TESTABLE:
            status += "; 2 with `--require-all`"
        rows.append(f"| {one.word} | {one.meaning} | {status} |")
    return "\n".join(rows)
