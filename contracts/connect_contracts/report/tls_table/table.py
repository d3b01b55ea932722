"""The whole table: recipes, answers of verifiers, what implementations did; and its three forms."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from connect_contracts.chapters.catalogue import Catalogue
from connect_contracts.report.json_file import read_report
from connect_contracts.report.model import CaseReport, RunReport
from connect_contracts.report.output import escaped, line
from connect_contracts.report.tls_table.recipe import (
    VERIFIERS,
    Answer,
    Expected,
    Recipe,
    answers,
    cases_with_recipe,
    question,
    recipe,
)


class UnreadableReport(Exception):
    """A file is no report; the text is one sentence."""


class Did(msgspec.Struct, frozen=True):
    """What one implementation did with one recipe, and the alert, with who sent it.

    ``as_expected`` is ``None`` if no particular alert is expected, or if the recipe may be accepted
    and no alert was seen.
    """

    verdict: str
    outcome: str
    alert: str | None
    as_expected: bool | None

    def describe(self, expected: Sequence[str]) -> str:
        if not self.outcome:
            return self.verdict
        alert = f"alert {self.alert}" if self.alert else "no alert"
        if self.as_expected is None:
            return f"{self.outcome}; {alert}" if self.alert else self.outcome
        comparison = "as expected" if self.as_expected else f"and not {' or '.join(expected)}"
        return f"{self.outcome}; {alert}, {comparison}"


class Implementation(msgspec.Struct, frozen=True):
    """What one implementation did, by the id of the case; one that was not run is missing."""

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
    """Recipes that must be ``refused`` by a particular alert and were run; in how many it came."""

    refused: int
    as_expected: int
    different: tuple[str, ...]

    def describe(self) -> str:
        listed = f": {', '.join(self.different)}" if self.different else ""
        return (
            f"{self.refused} refused recipes, alert as expected in {self.as_expected}, "
            f"different in {len(self.different)}{listed}"
        )


def implementations(files: Sequence[Path], recipes: Iterable[Recipe]) -> list[Implementation]:
    """An entry for each run in these reports; ``UnreadableReport`` is raised for another file."""
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


NOTHING = "-"
"""What stands where there is nothing to say: no certificate question, a case that was not run."""

WIDEST = 10_000
"""Columns of a console that is no terminal: a table in a file must not be cut."""

_SPECIAL = re.compile(r"(?P<code>``.+?``)|[\\`*_<|]")


class Row(msgspec.Struct, frozen=True):
    """A recipe, and the answers of verifiers; none if it asks no certificate question."""

    recipe: Recipe
    answers: dict[str, Answer]


class Table(msgspec.Struct, frozen=True):
    """Rows, and what each implementation did."""

    rows: tuple[Row, ...]
    implementations: tuple[Implementation, ...]


def table(of: Catalogue, ids: Sequence[str] = (), *, reports: Sequence[Path] = ()) -> Table:
    """The table of the recipes in ``of``, or of these ids, with what these reports of runs say.

    Raises:
        UnknownRecipe: Nothing that has a recipe has one of the ids.
        UnreadableReport: A file is no report.
    """
    cases = cases_with_recipe(of, ids)
    recipes = [recipe(case) for case in cases]
    # Read first: a wrong file should not have to wait for the chains.
    compared = implementations(reports, recipes)
    asked = [question(case.scenario) for case in cases]
    rows = (
        Row(row, {} if asking is None else answers(asking))
        for row, asking in zip(recipes, asked, strict=True)
    )
    return Table(tuple(rows), tuple(compared))


def show_recipes(console: Console, table: Table) -> None:
    """The table, and the alerts counted. No terminal: the console should be ``WIDEST`` wide."""
    # Cells of several lines, as on a narrow terminal, need a line between them.
    grid = Grid(box=None, pad_edge=False, padding=(0, 2, int(console.is_terminal), 0))
    for name in heads(table):
        grid.add_column(Text(escaped(name)), overflow="fold")
    for row in table.rows:
        # Escaped before cells are measured: what is longer then would be cut.
        grid.add_row(*(Text(escaped(cell)) for cell in cells(row, table)))
    console.print(grid)
    for text in alert_lines(table):
        line(console, text)


def markdown(table: Table) -> str:
    """The table in GitHub's Markdown, the same for the same rows, and the alerts counted."""
    rows = [[_marked(cell) for cell in cells(row, table)] for row in table.rows]
    lines = [heads(table), ["---"] * len(heads(table)), *rows]
    alerts = "".join(f"\n{_marked(text)}\n" for text in alert_lines(table))
    return "".join(f"| {' | '.join(parts)} |\n" for parts in lines) + alerts


def json_text(table: Table) -> str:
    """Rows, what implementations did, and the alerts counted, as JSON."""
    whole = {
        "recipes": [
            {**msgspec.to_builtins(row.recipe), "answers": msgspec.to_builtins(row.answers)}
            for row in table.rows
        ],
        "implementations": [
            {
                **msgspec.to_builtins(implementation),
                "alerts": msgspec.to_builtins(
                    implementation.alerts(row.recipe for row in table.rows)
                ),
            }
            for implementation in table.implementations
        ],
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2).decode()


def heads(table: Table) -> list[str]:
    names = ["recipe", "case", "what it is", "rule", "expected", "depth", *VERIFIERS]
    return [*names, *(implementation.name for implementation in table.implementations)]


def cells(row: Row, table: Table) -> list[str]:
    recipe = row.recipe
    expected = ", ".join(filter(None, (recipe.expected.value, " or ".join(recipe.alerts))))
    said = [row.answers[name].describe() if name in row.answers else NOTHING for name in VERIFIERS]
    for implementation in table.implementations:
        did = implementation.did.get(recipe.case)
        said.append(NOTHING if did is None else did.describe(recipe.alerts))
    rule = recipe.rule or NOTHING
    return [recipe.id, recipe.case, recipe.description, rule, expected, recipe.depth, *said]


def alert_lines(table: Table) -> list[str]:
    """For each implementation, how often the alert was the expected one."""
    recipes = [row.recipe for row in table.rows]
    return [f"{did.name}: {did.alerts(recipes).describe()}" for did in table.implementations]


def _marked(text: str) -> str:
    """``text`` in one line, escaped so that Markdown shows it as it is; code stays code."""
    # Within code nothing but the mark between cells can be escaped.
    return _SPECIAL.sub(
        lambda found: found[0].replace("|", "\\|") if found["code"] else f"\\{found[0]}",
        " ".join(text.split()),
    )
