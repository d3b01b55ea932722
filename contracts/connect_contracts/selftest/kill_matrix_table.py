"""The kill matrix, for people: as a table on the terminal, and as a page."""

from __future__ import annotations

from collections.abc import Sequence
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

FAILING = (MARKS[Verdict.FAILED], MARKS[Verdict.HANG])


def show_table(console: Console, names: Sequence[str] = ()) -> None:
    """Each broken implementation with the clauses that it fails and those left undecided.

    Parameters:
        names: The rows; with the clauses that are passed, by name. None of them: every row.
    """
    table = Table(box=None, pad_edge=False, header_style="bold")
    for header in ("broken implementation", "profiles", "fails", "undecided", "passes"):
        table.add_column(header, overflow="fold")
    for broken in every_broken_implementation():
        if names and broken.name not in names:
            continue
        marks = _marks(broken)
        failed = [clause for clause, mark in marks.items() if mark in FAILING]
        passed = [clause for clause, mark in marks.items() if not mark]
        undecided = [clause for clause, mark in marks.items() if mark and mark not in FAILING]
        table.add_row(
            Text(broken.name),
            " ".join(broken.profiles),
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
        f"clauses that no implementation fails: {alone}; survivors: {alive}"
    )


def _marks(broken: Broken) -> dict[str, str]:
    """For each clause that it meets what it does not pass of it in any profile; empty: nothing."""
    verdicts: dict[str, set[Verdict]] = {}
    for profile in broken.profiles:
        for case in cases_for(broken, profile):
            if case.level is not Level.OBSERVE:
                verdicts.setdefault(case.clause.id, set())
        for name, verdict in PINNED.row(broken, profile).items():
            if (clause := catalogue().cases[name].clause.id) in verdicts:
                verdicts[clause].add(verdict)
    return {clause: _mark(verdicts[clause]) for clause in catalogue().clauses if clause in verdicts}


def _mark(verdicts: set[Verdict]) -> str:
    marks = [mark for verdict, mark in MARKS.items() if verdict in verdicts]
    return next(iter([*marks, *(verdict.word for verdict in verdicts)]), "")


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
    clauses = [
        clause for clause in catalogue().clauses.values() if clause.level is not Level.OBSERVE
    ]
    heads = "".join(
        f'<th title="{escape(clause.statement)}">{clause.id}</th>' for clause in clauses
    )
    rows = []
    for broken in every_broken_implementation():
        marks = _marks(broken)
        head = f'<tr><th title="{escape(broken.description)}">{escape(broken.name)}</th>'
        cells = [_cell(marks.get(clause.id)) for clause in clauses]
        rows.append("".join([head, *cells, "</tr>"]))
    return PAGE.substitute(summary=escape(summary()), clauses=heads, rows="\n".join(rows))


def _cell(mark: str | None) -> str:
    if mark == "":
        return "<td></td>"
    kind = "unmet" if mark is None else "failed" if mark in FAILING else "undecided"
    return f'<td class="{kind}">{escape(mark or "")}</td>'
