"""The kill matrix, for people: as a table on the terminal, and as a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from string import Template

from rich.console import Console
from rich.table import Table
from rich.text import Text

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.checks.wire_checks.check_result import count
from connect_contracts.model.clause import Level
from connect_contracts.model.verdict import Verdict
from connect_contracts.report.output import line
from connect_contracts.selftest import Broken, every_broken_implementation
from connect_contracts.selftest.matrix import PINNED, cases_for

MARKS = {Verdict.FAILED: "F", Verdict.HANG: "H", Verdict.INCONCLUSIVE: "?"}
"""What stands in a cell for what a broken implementation does not pass of a clause."""


def show_table(console: Console, names: Sequence[str] = ()) -> None:
    """Each broken implementation with the clauses that it fails and those left undecided.

    Parameters:
        names: The rows; with the clauses that are passed, by name. None of them: every row.
    """
    table = Table(box=None, pad_edge=False, header_style="bold")
    for header in ("broken implementation", "profiles", "fails", "undecided", "passes"):
        table.add_column(header, overflow="fold")
    for one in every_broken_implementation():
        if names and one.name not in names:
            continue
        failed, undecided, passed = _clauses(one)
        table.add_row(
            Text(one.name),
            " ".join(one.profiles),
            Text(" ".join(failed)),
            Text(" ".join(undecided)),
            Text(" ".join(passed) if names else count(len(passed), "clause")),
        )
    console.print(table)
    line(console, summary())


def summary() -> str:
    """The numbers of the matrix in a sentence."""
    judging = {
        case.clause.id for case in catalogue().cases.values() if case.level is not Level.OBSERVE
    }
    kills = sum(
        verdict in (Verdict.FAILED, Verdict.HANG)
        for row in PINNED.rows().values()
        for verdict in row.values()
    )
    alone = ", ".join(f"{clause} ({profile})" for clause, profile in PINNED.undefended()) or "none"
    alive = ", ".join(f"{name} ({profile})" for name, profile in PINNED.survivors()) or "none"
    return (
        f"{count(len(judging), 'clause')} that give a verdict, "
        f"{count(len(every_broken_implementation()), 'broken implementation')}, "
        f"{count(kills, 'kill')} (case by implementation and profile); "
        f"clauses that nobody fails: {alone}; survivors: {alive}"
    )


def _clauses(one: Broken) -> tuple[list[str], list[str], list[str]]:
    """The clauses that it fails in any profile, those left undecided, those that it passes."""
    marks = {clause: _mark(one, clause) for clause in _met(one)}
    return (
        [clause for clause, mark in marks.items() if mark in ("F", "H")],
        [clause for clause, mark in marks.items() if mark not in ("F", "H", "")],
        [clause for clause, mark in marks.items() if mark == ""],
    )


def _met(one: Broken) -> list[str]:
    met = {
        case.clause.id
        for profile in one.profiles
        for case in cases_for(one, profile)
        if case.level is not Level.OBSERVE
    }
    return [clause for clause in catalogue().clauses if clause in met]


def _mark(one: Broken, clause: str) -> str:
    verdicts = {
        verdict
        for profile in one.profiles
        for case, verdict in PINNED.row(one, profile).items()
        if catalogue().cases[case].clause.id == clause
    }
    for verdict, mark in MARKS.items():
        if verdict in verdicts:
            return mark
    return "" if not verdicts else next(iter(verdicts)).word


PAGE = Template("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Kill matrix</title>
<style>
body { font: 14px/1.4 system-ui, sans-serif; margin: 2em; }
table { border-collapse: collapse; font-size: 11px; }
th, td { border: 1px solid #ddd; padding: 1px 3px; text-align: center; }
thead th { writing-mode: vertical-rl; position: sticky; top: 0; background: #fff; }
tbody th { text-align: left; font-weight: normal; position: sticky; left: 0; background: #fff; }
.failed { background: #e5554f; color: #fff; }
.undecided { background: #f4d35e; }
.unmet { background: #f4f4f4; }
</style>
</head>
<body>
<h1>Kill matrix</h1>
<p>$summary.</p>
<p>F: a case of the clause fails. ?: undecided, mostly since its twin does not succeed.
Empty: passed. Grey: not met.</p>
<table>
<thead><tr><th></th>$clauses</tr></thead>
<tbody>
$rows
</tbody>
</table>
</body>
</html>
""")


def html_page() -> str:
    """The whole matrix, broken implementations by clauses, as a page of HTML."""
    clauses = [one.id for one in catalogue().clauses.values() if one.level is not Level.OBSERVE]
    heads = "".join(
        f'<th title="{escape(catalogue().clauses[one].statement)}">{one}</th>' for one in clauses
    )
    rows = "\n".join(
        "".join([_row_head(one), *_cells(one, clauses)]) for one in every_broken_implementation()
    )
    return PAGE.substitute(summary=escape(summary()), clauses=heads, rows=rows)


def _row_head(one: Broken) -> str:
    return f'<tr><th title="{escape(one.description)}">{escape(one.name)}</th>'


def _cells(one: Broken, clauses: list[str]) -> Iterator[str]:
    met = set(_met(one))
    for clause in clauses:
        mark = _mark(one, clause)
        kind = (
            "unmet"
            if clause not in met
            else "failed"
            if mark in ("F", "H")
            else "undecided"
            if mark
            else ""
        )
        yield f'<td class="{kind}">{escape(mark)}</td>' if kind else "<td></td>"
    yield "</tr>"
