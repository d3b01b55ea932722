"""What implementations did with the recipes, read from the reports of their runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from connect_contracts.report.json_file import read_report
from connect_contracts.report.model import CaseReport, RunReport
from connect_contracts.report.tls_table.recipe import Expected, Recipe


class UnreadableReport(Exception):
    """A file is no report; the text is one sentence."""


class Did(msgspec.Struct, frozen=True):
    """What one implementation did with one recipe.

    Parameters:
        verdict: The verdict on its case.
        outcome: How the judged step ended, in words.
        alert: The alert that was seen, and who sent it.
        as_expected: Whether that is an expected alert; ``None`` if no particular one is expected,
            or if the recipe may be accepted and no alert was seen.
    """

    verdict: str
    outcome: str
    alert: str | None
    as_expected: bool | None

    def describe(self, expected: Sequence[str]) -> str:
        """The same in a few words.

        Parameters:
            expected: The alerts of which one is expected.
        """
        if not self.outcome:
            return self.verdict
        alert = f"alert {self.alert}" if self.alert else "no alert"
        if self.as_expected is None:
            return f"{self.outcome}; {alert}" if self.alert else self.outcome
        comparison = "as expected" if self.as_expected else f"and not {' or '.join(expected)}"
        return f"{self.outcome}; {alert}, {comparison}"


class Implementation(msgspec.Struct, frozen=True):
    """What one implementation did.

    Parameters:
        name: Its name and its profile, and its file where they do not tell it from others.
        depth: How deep its run went.
        did: By the id of the case; a case that was not run is missing.
    """

    name: str
    depth: str
    did: dict[str, Did]

    def alerts(self, recipes: Iterable[Recipe]) -> Alerts:
        """Its alerts, counted over the recipes that must be refused by a particular one."""
        counted = [
            (recipe, did)
            for recipe in recipes
            if recipe.expected is Expected.REFUSED
            and (did := self.did.get(recipe.case))
            and did.as_expected is not None
        ]
        return Alerts(
            refused=len(counted),
            as_expected=sum(did.as_expected is True for _, did in counted),
            different=tuple(
                f"{recipe.id} ({did.alert or 'no alert'}, not {' or '.join(recipe.alerts)})"
                for recipe, did in counted
                if not did.as_expected
            ),
        )


class Alerts(msgspec.Struct, frozen=True):
    """How often a refusal came with the alert that is expected.

    Parameters:
        refused: Recipes that must be refused by a particular alert, and were run.
        as_expected: Those in which it was seen.
        different: Those in which it was not, with what was.
    """

    refused: int
    as_expected: int
    different: tuple[str, ...]

    def describe(self) -> str:
        """The same in one line."""
        listed = f": {', '.join(self.different)}" if self.different else ""
        return (
            f"{self.refused} refused recipes, alert as expected in {self.as_expected}, "
            f"different in {len(self.different)}{listed}"
        )


def implementations(files: Sequence[Path], recipes: Iterable[Recipe]) -> list[Implementation]:
    """What the reports in ``files`` say of ``recipes``, an entry for each run.

    Raises:
        UnreadableReport: One cannot be read.
    """
    runs = [(path, run) for path in files for run in _runs(path)]
    names = Counter(_name(run) for _, run in runs)
    by_case = {recipe.case: recipe for recipe in recipes}
    return [
        Implementation(
            _name(run) if names[_name(run)] == 1 else f"{_name(run)}, {path.name}",
            run.depth,
            {
                case.id: _did(case, by_case[case.id])
                for clause in run.clauses
                for case in clause.cases
                if case.id in by_case
            },
        )
        for path, run in runs
    ]


def _runs(path: Path) -> tuple[RunReport, ...]:
    try:
        report = read_report(path)
    except OSError as error:
        raise UnreadableReport(f"{path} cannot be read: {error.strerror}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableReport(
            f"{path} is no report of `connect-contract run`: {error}."
        ) from error
    return (report,) if isinstance(report, RunReport) else report.runs


def _name(run: RunReport) -> str:
    return f"{run.implementation} ({run.profile})"


def _did(case: CaseReport, recipe: Recipe) -> Did:
    must = recipe.expected is Expected.REFUSED
    due = bool(recipe.alerts and case.outcome) and (must or case.alert is not None)
    same = case.alert in recipe.alerts if due else None
    return Did(case.verdict, case.outcome, case.alert, same)
