"""The table of recipes: for a terminal, as Markdown, as JSON."""

from __future__ import annotations

import re

import msgspec
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from connect_contracts.report.escaping import escaped
from connect_contracts.report.output import line
from connect_contracts.report.tls_table.answers import VERIFIERS
from connect_contracts.report.tls_table.table import Row, Table

NOTHING = "-"
"""What stands where there is nothing to say: no certificate question, a case that was not run."""

WIDEST = 10_000
"""Columns of a console that is no terminal: a table in a file must not be cut."""

_SPECIAL = re.compile(r"(?P<code>``.+?``)|[\\`*_<|]")


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
        grid.add_row(*(Text(escaped(one)) for one in cells(row, table)))
    console.print(grid)
    for one in alert_lines(table):
        line(console, one)


def markdown(table: Table) -> str:
    """The table in GitHub's Markdown, the same for the same rows, and the alerts counted."""
    rows = [[_marked(one) for one in cells(row, table)] for row in table.rows]
    lines = [heads(table), ["---"] * len(heads(table)), *rows]
    told = "".join(f"\n{_marked(line)}\n" for line in alert_lines(table))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines) + told


def json_text(table: Table) -> str:
    """Rows, what implementations did, and the alerts counted, as JSON."""
    whole = {
        "recipes": [
            {**msgspec.to_builtins(row.recipe), "answers": msgspec.to_builtins(row.answers)}
            for row in table.rows
        ],
        "implementations": [
            {
                **msgspec.to_builtins(one),
                "alerts": msgspec.to_builtins(one.alerts(row.recipe for row in table.rows)),
            }
            for one in table.implementations
        ],
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2).decode()


def heads(table: Table) -> list[str]:
    """The names of the columns."""
    names = ["recipe", "case", "what it is", "rule", "expected", "depth", *VERIFIERS]
    return [*names, *(one.name for one in table.implementations)]


def cells(row: Row, table: Table) -> list[str]:
    """The cells of ``row``, in the order of ``heads``."""
    one = row.recipe
    expected = ", ".join(filter(None, (one.expected.value, " or ".join(one.alerts))))
    told = [row.answers[name].describe() if name in row.answers else NOTHING for name in VERIFIERS]
    for implementation in table.implementations:
        did = implementation.did.get(one.case)
        told.append(NOTHING if did is None else did.describe(one.alerts))
    rule = one.rule or NOTHING
    return [one.id, one.case, one.description, rule, expected, one.depth, *told]


def alert_lines(table: Table) -> list[str]:
    """For each implementation, how often the alert was the expected one."""
    recipes = [row.recipe for row in table.rows]
    return [f"{one.name}: {one.alerts(recipes).describe()}" for one in table.implementations]


def _marked(text: str) -> str:
    """``text`` in one line, as Markdown shows it as it is; code stays code."""
    return _SPECIAL.sub(_escaped, " ".join(text.split()))


def _escaped(found: re.Match[str]) -> str:
    code: str | None = found["code"]
    # Within code nothing but the mark between cells can be escaped.
    return f"\\{found[0]}" if code is None else code.replace("|", "\\|")
