"""A report on the terminal: which implementation, a table by chapter, what failed, a summary."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from connect_contracts.chapters.catalogue import Catalogue
from connect_contracts.checks.wire_checks.check_result import count
from connect_contracts.judging.settings import UnderTest
from connect_contracts.model.verdict import Verdict
from connect_contracts.report.case_report import WIDTH
from connect_contracts.report.cause_text import by_reason, cause_texts, named, not_served_lines
from connect_contracts.report.laws import law_counts, law_lines
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


MOST_IDS = 12
"""Cases that are named of those that are new, or gone."""

STYLES = {0: "green", 1: "bold red", 2: "yellow"}


def show_heading(console: Console, subject: UnderTest, rest: str) -> None:
    """The first lines of a run; ``rest``, how much is judged, ends the first one."""
    judged = f"{subject.implementation.name}, profile {subject.profile}"
    line(console, f"{judged} ({WHY[subject.because]}), {rest}", "bold")
    for remark in subject.remarks:
        line(console, remark)


def show_report(console: Console, report: RunReport, of: Catalogue, durations: int = 0) -> None:
    """Each cause once, tables, what was not judged, and why the status is what it is.

    ``durations`` is how many of the slowest cases are named.
    """
    cases, width = report.cases, min(console.width, WIDTH)
    for capsule in report.regressions:
        word = "fixed" if capsule.verdict == Verdict.PASSED.word else capsule.verdict
        style = STYLES[Verdict.of(capsule.verdict).status]
        line(console, f"capsule {capsule.id}: {word}", style)
    for cause, text in cause_texts(report.causes, report.judged, of.clauses, width):
        console.rule(style=STYLES[Verdict.of(cause.verdict).status])
        line(console, text)
    if report.clauses:
        console.print(_by_chapter(report.clauses, of))
    if report.summary.levels:
        console.print(_table("cases by level", list(report.summary.levels.items())))
    if report.summary.evidence:
        counts = ", ".join(f"{word} {times}" for word, times in report.summary.evidence.items())
        line(console, f"passed refusals by what decided them: {counts}")
    line(console, "")
    if durations:
        judged = [case for case in cases if case.verdict != Verdict.NOT_RUN.word]
        slowest = sorted(judged, key=lambda case: -case.seconds)[:durations]
        texts = [f"{case.id} {case.seconds:.2f} s" for case in slowest]
        line(console, f"slowest: {', '.join(texts)}")
    for word in (verdict.word for verdict in Verdict if verdict.shown == "in a line"):
        _show_grouped(console, word, [case for case in cases if case.verdict == word])
    for sentence in law_lines(report):
        line(console, sentence)
    for sentence in comparison_lines(report):
        line(console, sentence, "yellow")
    for sentence in newer_lines(report):
        line(console, sentence, "yellow")
    for sentence in not_served_lines(report.cases):
        line(console, sentence, "yellow")
    for note in report.notes:
        line(console, note, "yellow")
    if report.deeper:
        line(console, depth_line(report))
    failing = [each.id for each in report.regressions if Verdict.of(each.verdict).status]
    if failing:
        line(console, f"failing capsules: {', '.join(failing)}", "bold red")
    line(console, summary_line(report), STYLES[report.exit_status])


def summary_line(report: RunReport) -> str:
    """The verdicts of clauses and cases, counted, and the status."""
    clauses = ", ".join(f"{number} {word}" for word, number in report.summary.verdicts.items())
    cases = sum(report.summary.cases.values())
    whole = f"{count(len(report.clauses), 'clause')} ({count(cases, 'case')}): {clauses}; "
    search = report.search
    parts = [] if search is not None and search.alone else [whole]
    parts += [] if search is None else [f"{law_counts(search)}; "]
    lacks = parts_not_found(report.cases)
    parts += [f"not found: {', '.join(lacks)}; "] if lacks else []
    parts += [f"{reason}; " for reason in report.reasons]
    return f"{''.join(parts)}exit status {report.exit_status}"


def comparison_lines(report: RunReport) -> list[str]:
    """What changed since an earlier run, line by line; nothing without such a run."""
    found = report.comparison
    if found is None:
        return []
    failing = {case.id: case.verdict for case in report.cases if Verdict.of(case.verdict).status}
    new = sorted(found.new, key=lambda case: case not in failing)
    others = [case for case in found.not_selected_before if case in failing]
    counts = [
        f"{len(found.newly_failing)} newly failing, {len(found.newly_passing)} newly passing",
        *([f"{len(found.newly_known)} newly known"] if found.newly_known else []),
        f"{len(new)} new{_of_these(failing, new)}, {len(found.gone)} gone",
    ]
    if beyond := found.not_selected_before:
        counts.append(f"{len(beyond)} not selected before{_of_these(failing, beyond)}")
    counts += [f"{len(found.not_selected_now)} not selected now"] if found.not_selected_now else []
    lines = [f"compared with {found.earlier}: {', '.join(counts)}"]
    changes = {
        "failing": found.newly_failing,
        "passing": found.newly_passing,
        "known": found.newly_known,
    }
    for name, changed in changes.items():
        lines += [f"  newly {name}: {each.case}: {each.before}, now {each.now}" for each in changed]
    for name, cases in (("new", new), ("gone", found.gone), ("not selected before", others)):
        left = len(cases) - MOST_IDS
        more = f" and {count(left, 'more case')}" if left > 0 else ""
        ids = [f"{case} ({failing[case]})" if case in failing else case for case in cases]
        lines += [f"  {name}: {', '.join(ids[:MOST_IDS])}{more}"] if cases else []
    if found.laws:
        lines.append(f"  laws are in {found.laws} alone: cases are compared, and nothing else")
    whole = f"evidence of {count(found.refusals, 'refusal')} compared with {found.earlier}"
    if not found.weaker:
        return [*lines, f"{whole}: none is weaker"]
    weaker = [f"  {weak.case}: {weak.before} before, {weak.now} now" for weak in found.weaker]
    return [*lines, f"{whole}: {len(weaker)} weaker", *weaker]


def _of_these(failing: Collection[str], cases: Iterable[str]) -> str:
    number = sum(case in failing for case in cases)
    return f" ({number} failing)" if number else ""


def newer_lines(report: RunReport) -> list[str]:
    """The cases that only a clause fails that is newer than what is pinned, by verdict."""
    by_word: dict[str, list[CaseReport]] = {}
    for case in report.judged:
        if case.would_be is not None:
            by_word.setdefault(case.would_be, []).append(case)
    pinned = report.settings.since if report.settings else None
    newer = f"newer than {pinned}, and so no failure"
    return [f"{newer}: {named(cases)} would be {word}" for word, cases in by_word.items()]


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
    for reason, same in by_reason(cases).items():
        line(console, f"{verdict}: {named(same)}: {reason}")
