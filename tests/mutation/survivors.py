"""The mutants that no test need notice, with reasons, held against those that survived."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from outcomes import Mutant, Outcomes

WORDS = "words"
"""The change of a mutant that differs in the words of a literal alone."""

ANYTHING = "*"
"""Any change: no test need speak of the function."""


class BadSurvivors(Exception):
    """The file of survivors cannot be used; the text says why."""


@dataclass(frozen=True)
class Survivor:
    """A mutant that no test need notice, or some that are alike.

    Parameters:
        module: Its module without the package's name; ``*`` stands for anything.
        function: Its function, with its class before a dot; ``*`` likewise.
        change: The changed lines as they are then, joined by `` / ``; or ``words``, for every
            change in the words of a literal alone; or ``*``, for every change.
        reason: Why no test need notice.
    """

    module: str
    function: str
    change: str
    reason: str

    def explains(self, mutant: Mutant) -> bool:
        """Whether ``mutant`` is one of these."""
        return (
            fnmatchcase(mutant.module, self.module)
            and fnmatchcase(mutant.function, self.function)
            and (
                self.change in (ANYTHING, mutant.change)
                or (self.change == WORDS and mutant.words_alone)
            )
        )

    def describe(self) -> str:
        return f"{self.module} {self.function}: {self.change}"


def read_survivors(path: Path) -> list[Survivor]:
    """The survivors in the file at ``path``.

    Raises:
        BadSurvivors: An entry has other keys than it must, or says nothing in one.
    """
    found = []
    for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("survivor", []):
        if sorted(entry) != ["change", "function", "module", "reason"]:
            raise BadSurvivors(f"an entry has the keys {', '.join(sorted(entry))}")
        one = Survivor(**entry)
        if not all(isinstance(text, str) and text.strip() for text in entry.values()):
            raise BadSurvivors(f"an entry lacks a text: {one.describe()}")
        found.append(one)
    return found


def unexplained(outcomes: Outcomes, survivors: list[Survivor]) -> list[str]:
    """Every survivor without a reason, and every reason without a survivor, as a sentence.

    What was not checked in the run is left aside, and so are reasons that might explain it.
    """
    left = [one for one in outcomes if one.outcome in ("survived", "no test")]
    unchecked = [one for one in outcomes if one.outcome == "unchecked"]
    wrong = [
        f"no reason: {one.describe()}"
        for one in left
        if not any(each.explains(one) for each in survivors)
    ]
    wrong += [
        f"no such survivor: {each.describe()}"
        for each in survivors
        if not any(each.explains(one) for one in [*left, *unchecked])
    ]
    return wrong
