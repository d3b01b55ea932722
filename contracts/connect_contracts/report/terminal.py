"""A report on the terminal: which implementation, a table by chapter, what failed, a summary."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from connect_contracts.chapters.catalogue import Catalogue
from connect_contracts.checks.wire_checks.check_result import count
from connect_contracts.judging.settings import UnderTest
from connect_contracts.model.verdict import Verdict
from connect_contracts.report.case_report import failure_text
from connect_contracts.report.model import (
    CaseReport,
    ClauseReport,
    RunReport,
    counted,
    parts_not_found,
)
from connect_contracts.report.output import line

WHY = {
    "asked for": "asked for",
    "declared": "the implementation declares it",
    "returned": "the session that connect returned says so",
    "default": "the default, as the implementation declares none",
}

MOST_NAMED = 4
"""Cases of one clause that are named in a line; of more, the clause and their number."""

STYLES = {0: "green", 1: "bold red", 2: "yellow"}


def show_heading(console: Console, subject: UnderTest, rest: str) -> None:
    """The first lines of a run; ``rest``, how much is judged, ends the first one."""
    judged = f"{subject.implementation.name}, profile {subject.profile}"
    line(console, f"{judged} ({WHY[subject.because]}), {rest}", "bold")
    for remark in subject.remarks:
        line(console, remark)


def show_report(console: Console, report: RunReport, of: Catalogue) -> None:
    cases = [case for clause in report.clauses for case in clause.cases]
    for capsule in report.regressions:
        _show_capsule(console, capsule, of)
    for case in cases:
        verdict = Verdict.of(case.verdict)
        if verdict.shown == "at length":
            console.rule(style=STYLES[verdict.status])
            line(console, failure_text(of.clauses[case.broken or case.clause], case))
    console.print(_by_chapter(report.clauses, of))
    console.print(_table("cases by level", list(report.summary.levels.items())))
    if report.summary.evidence:
        # As a title it would be folded to the width of the table.
        line(console, "passed refusals by what decided them", "bold italic")
        console.print(_by_evidence(report))
    line(console, "")
    for word in (verdict.word for verdict in Verdict if verdict.shown == "in a line"):
        _show_grouped(console, word, [case for case in cases if case.verdict == word])
    for sentence in comparison_lines(report):
        line(console, sentence, "yellow")
    for note in report.notes:
        line(console, note, "yellow")
    if report.deeper:
        line(console, depth_line(report))
    line(console, summary_line(report), STYLES[report.exit_status])


def _show_capsule(console: Console, capsule: CaseReport, of: Catalogue) -> None:
    status = Verdict.of(capsule.verdict).status
    word = "fixed" if capsule.verdict == Verdict.PASSED.word else capsule.verdict
    why = f": {capsule.observed}" if status == 2 else ""
    line(console, f"capsule {capsule.id}: {word}{why}", STYLES[status])
    if status == 1:
        line(console, failure_text(of.clauses[capsule.clause], capsule))


def summary_line(report: RunReport) -> str:
    """The verdicts of clauses and cases, counted, and the status."""
    clauses = ", ".join(f"{number} {word}" for word, number in report.summary.verdicts.items())
    cases = sum(report.summary.cases.values())
    lacks = parts_not_found(case for clause in report.clauses for case in clause.cases)
    not_found = f"not found: {', '.join(lacks)}; " if lacks else ""
    return (
        f"{count(len(report.clauses), 'clause')} ({count(cases, 'case')}): {clauses}; {not_found}"
        f"exit status {report.exit_status}"
    )


def comparison_lines(report: RunReport) -> list[str]:
    """What an earlier run showed by stronger evidence, line by line; nothing without such a run."""
    found = report.comparison
    if found is None:
        return []
    whole = f"evidence of {count(found.refusals, 'refusal')} compared with {found.earlier}"
    if not found.weaker:
        return [f"{whole}: none is weaker"]
    weaker = [f"  {weak.case}: {weak.before} before, {weak.now} now" for weak in found.weaker]
    return [f"{whole}: {len(weaker)} weaker", *weaker]


def depth_line(report: RunReport) -> str:
    """How many cases of the selection were run, and what greater depths would add to them."""
    run = sum(report.summary.cases.values())
    whole = run + sum(report.deeper.values())
    (first, added), *others = report.deeper.items()
    more = "".join(f", {depth} {number}" for depth, number in others)
    return (
        f"depth {report.depth}: {run} of {count(whole, 'case')}; --depth {first} adds {added}{more}"
    )


def _by_chapter(clauses: Sequence[ClauseReport], of: Catalogue) -> Table:
    rows = []
    for chapter in of.chapters:
        verdicts = [clause.verdict for clause in clauses if clause.id in chapter.clauses]
        if verdicts:
            rows.append((f"{chapter.name}  {chapter.title}", counted(verdicts)))
    return _table("clauses by chapter", rows)


def _by_evidence(report: RunReport) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column("")
    table.add_column("", justify="right")
    for word, number in report.summary.evidence.items():
        table.add_row(word, str(number))
    return table


def _table(title: str, rows: Sequence[tuple[str, dict[str, int]]]) -> Table:
    words = counted(word for _, counts in rows for word in counts)
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    table.add_column("")
    for word in words:
        # Room for its header, over several lines if need be: the first column gives way.
        width = max(len(part) for part in word.split())
        style = STYLES[Verdict.of(word).status]
        table.add_column(word, justify="right", style=style, min_width=width)
    for name, counts in rows:
        table.add_row(Text(name), *(str(counts.get(word, "")) for word in words))
    return table


def _show_grouped(console: Console, verdict: str, cases: Iterable[CaseReport]) -> None:
    by_reason: dict[str, dict[str, list[str]]] = {}
    for case in cases:
        by_reason.setdefault(case.observed, {}).setdefault(case.clause, []).append(case.id)
    for reason, by_clause in by_reason.items():
        named = [
            f"{clause} ({len(ids)} cases)" if len(ids) > MOST_NAMED else ", ".join(ids)
            for clause, ids in by_clause.items()
        ]
        line(console, f"{verdict}: {', '.join(named)}: {reason}")
