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
from connect_contracts.report.model import verdict_of_clause
from connect_contracts.report.output import line
from connect_contracts.selftest import Broken, every_broken_implementation
from connect_contracts.selftest.matrix import FAILING, OF_ITS_CLAUSE, PINNED, cases_for, verdict_of


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
        verdicts = _verdicts(broken)
        failed = [clause for clause, verdict in verdicts.items() if verdict in FAILING]
        passed = [clause for clause, verdict in verdicts.items() if verdict is None]
        undecided = [clause for clause in verdicts if clause not in (*failed, *passed)]
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
    kills = sum(word in OF_ITS_CLAUSE for row in PINNED.rows().values() for word in row.values())
    alone = ", ".join(f"{clause} ({profile})" for clause, profile in PINNED.undefended()) or "none"
    alive = ", ".join(f"{name} ({profile})" for name, profile in PINNED.survivors()) or "none"
    return (
        f"{count(len(judging), 'clause')} that give a verdict, "
        f"{count(len(every_broken_implementation()), 'broken implementation')}, "
        f"{count(kills, 'kill')} (case by implementation and profile); "
        f"clauses that no implementation fails: {alone}; survivors: {alive}"
    )


def _verdicts(broken: Broken) -> dict[str, Verdict | None]:
    """The heaviest verdict on each clause that it meets, in any profile; ``None``: passed.

    A case that is failed by another clause leaves its own undecided.
    """
    verdicts: dict[str, set[Verdict]] = {}
    for profile in broken.profiles:
        for case in cases_for(broken, profile):
            if case.level is not Level.OBSERVE:
                verdicts.setdefault(case.clause.id, set())
        for name, word in PINNED.row(broken, profile).items():
            if (clause := catalogue().cases[name].clause.id) in verdicts:
                own = word in OF_ITS_CLAUSE or verdict_of(word) not in FAILING
                verdicts[clause].add(verdict_of(word) if own else Verdict.INCONCLUSIVE)
    return {
        clause: verdict_of_clause(verdicts[clause]) if verdicts[clause] else None
        for clause in catalogue().clauses
        if clause in verdicts
    }


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
<p>F: a case of the clause fails. ?: undecided, or failed by another clause, mostly since its twin
does not succeed.
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
        verdicts = _verdicts(broken)
        head = f'<tr><th title="{escape(broken.description)}">{escape(broken.name)}</th>'
        cells = [
            _cell(verdicts[clause.id]) if clause.id in verdicts else '<td class="unmet"></td>'
            for clause in clauses
        ]
        rows.append("".join([head, *cells, "</tr>"]))
    return PAGE.substitute(summary=escape(summary()), clauses=heads, rows="\n".join(rows))


def _cell(verdict: Verdict | None) -> str:
    if verdict is None:
        return "<td></td>"
    if verdict in FAILING:
        return f'<td class="failed">{verdict.letter}</td>'
    return '<td class="undecided">?</td>'
