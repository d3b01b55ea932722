"""The whole table: recipes, answers of verifiers, what implementations did; and its three forms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from connect_contracts.chapters.catalogue import Catalogue
from connect_contracts.report.escaping import escaped
from connect_contracts.report.output import line
from connect_contracts.report.tls_table.answers import VERIFIERS, Answer, answers, question
from connect_contracts.report.tls_table.implementations import Implementation, implementations
from connect_contracts.report.tls_table.recipe import Recipe, cases_with_recipe, recipe

NOTHING = "-"
"""What stands where there is nothing to say: no certificate question, a case that was not run."""

WIDEST = 10_000
"""Columns of a console that is no terminal: a table in a file must not be cut."""

_SPECIAL = re.compile(r"(?P<code>``.+?``)|[\\`*_<|]")


class Row(msgspec.Struct, frozen=True):
    """A recipe, and what verifiers say of it.

    Parameters:
        answers: By the name of the verifier; empty for a recipe that asks no certificate question.
    """

    recipe: Recipe
    answers: dict[str, Answer]


class Table(msgspec.Struct, frozen=True):
    """Rows, and what each implementation did."""

    rows: tuple[Row, ...]
    implementations: tuple[Implementation, ...]


def table(of: Catalogue, ids: Sequence[str] = (), *, reports: Sequence[Path] = ()) -> Table:
    """The table of the recipes in ``of``.

    Parameters:
        ids: Recipes, topics, chapters, clauses, cases; all recipes for none.
        reports: Files written by ``connect-contract run --json``.

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
    """The table, and the alerts counted.

    A console that is no terminal should have the width ``WIDEST``.
    """
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
    """The names of the columns."""
    names = ["recipe", "case", "what it is", "rule", "expected", "depth", *VERIFIERS]
    return [*names, *(implementation.name for implementation in table.implementations)]


def cells(row: Row, table: Table) -> list[str]:
    """The cells of ``row``, in the order of ``heads``."""
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
