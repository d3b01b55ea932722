"""What a run of mutmut left: each mutant with its outcome, by module."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "connect_contracts."
# How pytest ended on a mutant, as mutmut writes it down; what is not here is no outcome yet.
OUTCOMES = {
    0: "survived",
    1: "killed",
    3: "killed",
    5: "no test",
    33: "no test",
    36: "timeout",
    24: "timeout",
    -24: "timeout",
    152: "timeout",
    255: "timeout",
}
NOTICED = ("killed", "timeout")


@dataclass(frozen=True)
class Mutant:
    """One change.

    Parameters:
        module: The module that was changed, without the package's name.
        function: The function, with its class before a dot.
        number: Of the change in the function.
        outcome: ``killed``, ``timeout``, ``survived``, ``no test`` or ``unchecked``.
    """

    module: str
    function: str
    number: int
    outcome: str

    @property
    def noticed(self) -> bool:
        """Whether a test failed by it, or ended no more."""
        return self.outcome in NOTICED


Outcomes = list[Mutant]


def read_outcomes(folder: Path) -> Outcomes:
    """The mutants of the last run, read from the files beside the changed modules.

    Parameters:
        folder: Where mutmut keeps the changed package.
    """
    found = []
    for path in sorted(folder.rglob("*.meta")):
        for key, code in json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"].items():
            name, _, number = key.rpartition("__mutmut_")
            module, _, function = name.removeprefix(PACKAGE).rpartition(".")
            found.append(
                Mutant(module, _readable(function), int(number), OUTCOMES.get(code, "unchecked"))
            )
    return found


def _readable(mangled: str) -> str:
    # mutmut writes x_function, and xǁClassǁmethod.
    if "ǁ" in mangled:
        return ".".join(mangled.split("ǁ")[1:])
    return mangled.removeprefix("x_")


def show(outcomes: Outcomes) -> str:
    """The score of each module, and of all: how many of the mutants were noticed."""
    lines = [f"{'':28}{'mutants':>8}{'noticed':>8}{'survived':>9}{'no test':>8}{'score':>7}\n"]
    modules = dict.fromkeys(one.module for one in outcomes)
    rows = [(name, [one for one in outcomes if one.module == name]) for name in modules]
    for name, mutants in [*rows, ("all", outcomes)]:
        counts = Counter(one.outcome for one in mutants)
        noticed = sum(one.noticed for one in mutants)
        score = noticed / len(mutants) if mutants else 1.0
        lines.append(
            f"{name:28}{len(mutants):8}{noticed:8}{counts['survived']:9}{counts['no test']:8}"
            f"{score:7.1%}\n"
        )
    return "".join(lines)
