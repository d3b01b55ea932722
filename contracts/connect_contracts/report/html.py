"""A report as one HTML file, which asks for nothing else: no request leaves a browser."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path

import jinja2
from markupsafe import Markup

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.chapters.page import Page, page
from connect_contracts.model.clause import Level
from connect_contracts.model.verdict import Verdict
from connect_contracts.report.causes import CauseReport, where_of
from connect_contracts.report.matrix import CASES_DIFFER, matrix
from connect_contracts.report.model import (
    CaseReport,
    ClauseReport,
    RunReport,
    RunReports,
    counted,
)
from connect_contracts.report.output import escaped
from connect_contracts.report.overview import extent, made_of, not_passed, notes_of, verdict_of_run

FOLDER = Path(__file__).with_name("page")
SLOWEST = 10
"""Cases that are named as the slowest."""


def html(report: RunReport | RunReports) -> bytes:
    """The page of the runs: side by side first where there are several."""
    runs = [RunPage(number, run) for number, run in enumerate(report.runs)]
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style, script = (
        (FOLDER / f"page.{kind}").read_text(encoding="utf-8") for kind in ("css", "js")
    )
    text = environment.get_template("page.html.jinja").render(
        runs=runs,
        matrix=matrix(report.runs) if len(runs) > 1 else None,
        cases_differ=CASES_DIFFER,
        style=Markup(style),
        script=Markup(script),
        policy=_policy(style, script),
        verdicts=counted(case.verdict for run in report.runs for case in run.cases),
        levels=[level.value for level in Level],
        status=max((run.exit_status for run in report.runs), key=(0, 2, 1).index, default=0),
    )
    return text.encode("utf-8", "backslashreplace")


def _visible(value: object) -> object:
    """Characters that a reader cannot see, or that change what stands beside them, written out."""
    return escaped(value) if type(value) is str else value


def _policy(style: str, script: str) -> str:
    """What a browser may load for the page: nothing, besides what stands in it."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@dataclass(frozen=True)
class RunPage:
    """A run as the template has it; ``number`` tells its anchors from those of others."""

    number: int
    report: RunReport

    @cached_property
    def cases(self) -> dict[str, CaseReport]:
        return {case.id: case for case in self.report.judged}

    @cached_property
    def anchors(self) -> dict[str, str]:
        """An id of the page for each case and capsule: what a file says is none."""
        return {name: f"run-{self.number}-case-{place}" for place, name in enumerate(self.cases)}

    @property
    def verdict(self) -> str:
        return verdict_of_run(self.report)

    @property
    def made_of(self) -> list[str]:
        return made_of(self.report)

    @property
    def notes(self) -> list[str]:
        return notes_of(self.report)

    @property
    def not_passed(self) -> list[tuple[Verdict, str, list[CaseReport]]]:
        return list(not_passed(self.report))

    @property
    def slowest(self) -> list[CaseReport]:
        return sorted(self.cases.values(), key=lambda case: -case.seconds)[:SLOWEST]

    @property
    def chapters(self) -> list[tuple[str, str, list[ClauseReport]]]:
        """Name and title of each chapter, and its clauses."""
        titles = {chapter.name: chapter.title for chapter in catalogue().chapters}
        by_chapter = groupby(self.report.clauses, lambda clause: clause.id.rpartition("-")[0])
        return [(name, titles.get(name, ""), list(clauses)) for name, clauses in by_chapter]

    @property
    def page(self) -> Page | None:
        """The documented page, for a run of cases."""
        return page() if self.report.summary.cases else None

    @cached_property
    def verdicts(self) -> dict[str, str]:
        """The verdict of each clause that the run has."""
        return {clause.id: clause.verdict for clause in self.report.clauses}

    def of_cause(self, cause: CauseReport) -> list[CaseReport]:
        return [self.cases[name] for name in cause.cases if name in self.cases]

    def extent(self, cases: list[CaseReport]) -> str:
        return extent(cases)

    def statement(self, clause: str) -> str:
        """The sentence of a clause; of one that the run has no case of, that of the catalogue."""
        own = {each.id: each.statement for each in self.report.clauses}
        known = catalogue().clauses.get(clause)
        return own.get(clause) or (known.statement if known else "")

    def source(self, cause: CauseReport) -> Sequence[tuple[str, str]]:
        """The client's own lines, innermost last, as the plainest case has them."""
        where = where_of(cause, self.cases.get(cause.plainest))
        return [(str(line), line.source) for line in where]

    def whole(self, case: CaseReport) -> bool:
        """Whether all is shown of the case, and not a line alone."""
        return Verdict.of(case.verdict).outcome not in ("passed", "skipped")
