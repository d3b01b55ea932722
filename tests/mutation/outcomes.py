"""What a run of mutmut left: each mutant with its outcome, by module."""

from __future__ import annotations

import ast
import json
from collections import Counter
from dataclasses import dataclass
from difflib import ndiff
from pathlib import Path

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
        change: The lines that are other than before, as they are then, joined by `` / ``.
        words_alone: Nothing but the words of a literal is other than before.
    """

    module: str
    function: str
    number: int
    outcome: str
    change: str = ""
    words_alone: bool = False

    @property
    def noticed(self) -> bool:
        """Whether a test failed by it, or ended no more."""
        return self.outcome in NOTICED

    def describe(self) -> str:
        return f"{self.module} {self.function} ({self.number}): {self.change}"


Outcomes = list[Mutant]


def read_outcomes(folder: Path) -> Outcomes:
    """The mutants of the last run, read from the files beside the changed modules.

    Parameters:
        folder: Where mutmut keeps the changed package.
    """
    found = []
    for path in sorted(folder.rglob("*.meta")):
        codes = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        functions = _functions(path.with_suffix(""))
        for key, code in codes.items():
            mangled, _, number = key.rpartition("__mutmut_")
            module, _, function = mangled.partition(".")[2].rpartition(".")
            before = functions[f"{function}__mutmut_orig"]
            after = functions[f"{function}__mutmut_{number}"]
            found.append(
                Mutant(
                    module,
                    _readable(function),
                    int(number),
                    OUTCOMES.get(code, "unchecked"),
                    _change(before, after),
                    _without_words(before) == _without_words(after),
                )
            )
    return found


def _functions(path: Path) -> dict[str, ast.FunctionDef]:
    """Every function of a changed module, before and after each change, by mutmut's name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {one.name: one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}


def _source(function: ast.FunctionDef) -> str:
    # Unparsed, so that neither layout nor comments count; defaults may be changed as well.
    return "\n".join(
        [
            f"def _({ast.unparse(function.args)}):",
            *(f"    {line}" for one in function.body for line in ast.unparse(one).splitlines()),
        ]
    )


def _change(before: ast.FunctionDef, after: ast.FunctionDef) -> str:
    old, new = (_source(one).splitlines() for one in (before, after))
    added = [one[2:].strip() for one in ndiff(old, new) if one.startswith("+ ")]
    return " / ".join(added) or "lines left out"


def _without_words(function: ast.FunctionDef) -> str:
    """The function as text, every word of a literal left out."""
    told = ast.parse(_source(function))
    for one in ast.walk(told):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            one.value = ""
    return ast.dump(told)


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
