"""A report as Markdown, for the summary of a job: what is wrong comes first.

Texts of a client stand in code, where nothing is markup, or are escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.checks.wire_checks.check_result import count
from connect_contracts.report.case_report import failure_text, readable, shortened
from connect_contracts.report.cause_text import named
from connect_contracts.report.causes import CauseReport, where_of
from connect_contracts.report.matrix import CASES_DIFFER, DIFFERS, SAME, matrix
from connect_contracts.report.model import CaseReport, RunReport, RunReports
from connect_contracts.report.overview import extent, made_of, not_passed, notes_of, verdict_of_run
from connect_contracts.report.terminal import summary_line
from connect_harness.transcript import one_line, printable

MOST_CAUSES = 50
"""Causes that are told; GitHub takes a summary of at most 1 MiB."""
MOST_CLAUSES = 4
"""Clauses of a cause that are named in its heading."""
LONGEST_CASE = 6000
LONGEST_REASON = 500
LONGEST_SEEN = 200
"""Characters of the text of a case, of why cases were not judged, and of a cause in a table."""


def markdown(report: RunReport | RunReports) -> bytes:
    """The report of the runs, side by side first where there are several."""
    blocks = list(_matrix(report.runs)) if len(report.runs) > 1 else []
    for run in report.runs:
        blocks += _run(run)
    return ("\n\n".join(blocks) + "\n").encode()


def plain(text: str) -> str:
    """``text`` for a line of Markdown, in which nothing is markup, a link or a mention."""
    return _MARKUP.sub(lambda found: f"&#{ord(found[0])};", one_line(text).strip())


_MARKUP = re.compile(
    # What begins an inline, an entity, a formula, a mention or a cell; a colon of a URL or of an
    # emoji; the dot of www; what begins a block at the start of a line.
    r"[\\`*_\[\]<>&|~@#!$]|:(?=\S)|(?<=www)\.|^[-+=\d]",
    re.IGNORECASE,
)


def code(text: str) -> str:
    """``text`` as code within a line, but not of a table, in which ``|`` would end its cell."""
    shown = one_line(text).strip() or " "
    fence = "`" * (_longest_run(shown) + 1)
    space = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{space}{shown}{space}{fence}"


def code_block(text: str) -> str:
    """``text`` as a block of code."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}text\n{printable(text)}\n{fence}"


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def _run(run: RunReport) -> Iterator[str]:
    yield f"## connect-contract: {plain(run.implementation)}"
    yield plain(", ".join(made_of(run)))
    sign = {0: "✅", 1: "❌"}.get(run.exit_status, "⚠️")
    yield f"{sign} **{verdict_of_run(run)}** {plain(summary_line(run))}"
    by_id = {case.id: case for case in run.judged}
    told: set[str] = set()
    for number, cause in enumerate(run.causes[:MOST_CAUSES], 1):
        yield from _cause(number, cause, by_id, at_length=cause.plainest not in told)
        told.add(cause.plainest)
    if (left := len(run.causes) - MOST_CAUSES) > 0:
        yield f"{count(left, 'more cause')}: the other reports have them."
    if run.search is not None:
        yield "### Laws"
        yield "\n".join(
            f"- {code(law.name)}: {' '.join((law.verdict, *map(code, law.failures)))}"
            for law in run.search.laws
        )
    yield "### Verdicts"
    yield _counts(run)
    for verdict, alike in groupby(not_passed(run), lambda found: found[0]):
        yield f"### {verdict.word.capitalize()}"
        yield "\n".join(
            f"- {plain(named(cases))}: {code(shortened(reason, LONGEST_REASON))}"
            for _, reason, cases in alike
        )
    if notes := notes_of(run):
        yield "\n".join(f"- {plain(shortened(readable(note)))}" for note in notes)


def _cause(
    number: int, cause: CauseReport, by_id: Mapping[str, CaseReport], *, at_length: bool
) -> Iterator[str]:
    cases = [by_id[name] for name in cause.cases if name in by_id]
    yield f"### {number}. {_first(cause.clauses)} ({extent(cases)})"
    texts = {"key": cause.key, "demanded": cause.demanded, "seen": cause.seen}
    texts |= {} if cause.known is None else {"known": cause.known}
    lines = [f"- **{name}** {code(readable(text))}" for name, text in texts.items()]
    clause = catalogue().clauses.get(cause.clauses[0])
    if clause is not None:
        lines.append(f"- **clause** {plain(f'{clause.id} ({clause.level}): {clause.statement}')}")
    plainest = by_id.get(cause.plainest)
    if plainest is not None:
        lines += [
            f"- **where** {code(str(line))}: {code(line.source)}"
            for line in where_of(cause, plainest)
        ]
        lines.append(f"- **plainest case** {code(plainest.id)}: {plain(plainest.description)}")
        if plainest.replay:
            lines.append(f"- **replay** {code(plainest.replay)}")
    if len(cases) > 1:
        lines.append(f"- **also** {plain(named(cases[1:]))}")
    yield "\n".join(lines)
    if plainest is not None and at_length:
        clause = catalogue().clauses.get(plainest.broken or plainest.clause)
        text = shortened(failure_text(clause, plainest), LONGEST_CASE)
        yield f"<details><summary>{plain(plainest.id)} at length</summary>"
        yield code_block(text)
        yield "</details>"


def _first(clauses: Sequence[str]) -> str:
    more = " and more" if len(clauses) > MOST_CLAUSES else ""
    return f"{plain(', '.join(clauses[:MOST_CLAUSES]))}{more}"


def _counts(run: RunReport) -> str:
    words = list(run.summary.cases)
    rows = [("cases", run.summary.cases), *run.summary.levels.items()]
    return _table(
        ["", *words],
        [[name, *(str(counts.get(word, "")) for word in words)] for name, counts in rows],
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    rule = ["---"] * len(head)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))


def _matrix(runs: Sequence[RunReport]) -> Iterator[str]:
    whole = matrix(runs)
    yield "## connect-contract: side by side"
    groups = {name: [plain(row.clause) for row in rows] for name, rows in whole.groups}
    rows = [["exit status", *(str(run.exit_status) for run in runs)]]
    for cause in whole.causes[:MOST_CAUSES]:
        what = f"{_first(cause.clauses)}: {plain(shortened(cause.seen, LONGEST_SEEN))}"
        rows.append([what, *(count(cases, "case") if cases else "-" for cases in cause.cases)])
    rows += [[plain(row.clause), *row.verdicts] for row in whole.rows if row.group == DIFFERS]
    yield _table(["", *map(plain, whole.columns)], rows)
    if CASES_DIFFER in groups:
        yield f"{CASES_DIFFER}: {', '.join(groups[CASES_DIFFER])}."
    yield f"{count(len(groups.get(SAME, ())), 'clause')}: the same in all."
