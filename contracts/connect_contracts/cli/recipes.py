"""``connect-contract recipes``: every TLS case, what verifiers say of it, what others did."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from connect_contracts.catalogue import catalogue
from connect_contracts.cli.trouble import CommandError
from connect_contracts.reports.output import echo, output

if TYPE_CHECKING:
    from connect_contracts.recipes.table import Table

Format = Literal["table", "markdown", "json"]


@click.command("recipes")
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option(
    "--report",
    "reports",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A report of `run --json`: what that implementation did. May be repeated.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "markdown", "json"]),
    default="table",
    show_default=True,
    help="How the table is written.",
)
def recipes_command(ids: tuple[str, ...], reports: tuple[Path, ...], form: Format) -> None:
    """Show every recipe, or those of a topic such as time, a clause, a case.

    Of each: what it is, what its rule demands, and what OpenSSL with the lenient and the strict
    TLS defaults and the verifier of cryptography say to its certificates.
    """
    # What the cryptography costs to import, only this command pays.
    from connect_contracts.recipes.compared import UnreadableReport
    from connect_contracts.recipes.recipe import UnknownRecipe
    from connect_contracts.recipes.table import table
    from connect_contracts.reports.recipes_table import json_text, markdown

    try:
        made = table(catalogue(), ids, reports=reports)
    except UnknownRecipe as error:
        raise CommandError(_not_an_id(ids) or str(error)) from error
    except UnreadableReport as error:
        raise CommandError(str(error)) from error
    match form:
        case "table":
            _show(made)
        case "markdown":
            echo(markdown(made), end="")
        case "json":
            echo(json_text(made))


def _show(made: Table) -> None:
    from connect_contracts.reports.recipes_table import WIDEST, show_recipes

    terminal = sys.stdout is not None and sys.stdout.isatty()
    show_recipes(output(None if terminal else WIDEST), made)


def _not_an_id(ids: tuple[str, ...]) -> str | None:
    file = next((one for one in ids if Path(one).is_file()), None)
    return None if file is None else f"{file} is a file: write --report before each report."
