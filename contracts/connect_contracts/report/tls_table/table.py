"""The whole table: every recipe, what verifiers say of it, and what implementations did."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from connect_contracts.chapters.catalogue import Catalogue
from connect_contracts.report.tls_table.answers import Answer, answers
from connect_contracts.report.tls_table.implementations import Implementation, implementations
from connect_contracts.report.tls_table.question import question
from connect_contracts.report.tls_table.recipe import Recipe, cases_with_recipe, recipe


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


def table(
    of: Catalogue,
    ids: Sequence[str] = (),
    *,
    reports: Sequence[Path] = (),
) -> Table:
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
        Row(one, {} if what is None else answers(what))
        for one, what in zip(recipes, asked, strict=True)
    )
    return Table(tuple(rows), tuple(compared))
