"""Reports as JSON files: written whole or not at all, read, compared with an earlier one."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from connect_contracts.model.clause import Depth, Level
from connect_contracts.model.evidence import Strength
from connect_contracts.model.json_text import MEBIBYTE, read_regular, value_of
from connect_contracts.model.verdict import Verdict
from connect_contracts.report.causes import cause_reports
from connect_contracts.report.model import (
    SCHEMA,
    ClauseReport,
    Comparison,
    RunReport,
    RunReports,
    WeakerEvidence,
    summarise,
)

LARGEST = 64 * MEBIBYTE
"""The size in bytes up to which a report is read."""


def write_whole(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path``; a file that is there keeps its mode, and stays as it is until
    all is written. ``OSError`` is raised if it cannot be written.
    """
    try:
        mode: int | None = path.stat().st_mode
    except FileNotFoundError:
        mode = None
    if mode is not None and not stat.S_ISREG(mode):
        # A device or a pipe is written to: to put a file in its place would take it away.
        with open(path, "wb") as other:
            other.write(content)
        return
    place = Path(os.path.realpath(path))
    aside = place.with_name(f".{secrets.token_hex(8)}.new")
    try:
        # Made with this mode, a file has the one that the process gives to every file.
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb") as file:
            if mode is not None:
                aside.chmod(stat.S_IMODE(mode))
            file.write(content)
        os.replace(aside, place)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def read_report(path: Path) -> RunReport | RunReports:
    """The report in a file; raises ``OSError``, or ``msgspec.DecodeError`` if it is none."""
    try:
        whole = value_of(read_regular(path, LARGEST))
    except RecursionError as error:
        raise msgspec.DecodeError("it is nested too deeply") from error
    if isinstance(whole, dict) and "runs" in whole:
        return msgspec.convert(whole, RunReports)
    return msgspec.convert(whole, RunReport)


class BadReport(Exception):
    """A file is no report that can be shown; the text is one sentence that says why."""


def read_runs(path: Path) -> tuple[RunReport, ...]:
    """The runs of the report in a file, perhaps of an unknown hand.

    Causes and counts are made anew of its cases: a report of an earlier release has none, and what
    a file says of itself need not be so. ``BadReport`` is raised if it cannot be read.
    """
    try:
        report = read_report(path)
        for run in report.runs:
            _check_words(run)
    except OSError as error:
        raise BadReport(f"{path} cannot be read: {error.strerror}.") from error
    except (msgspec.MsgspecError, ValueError) as error:
        raise BadReport(
            f"{path} is no report of a run: {error}: give what `run --json` has written."
        ) from error
    return tuple(
        msgspec.structs.replace(
            run, causes=cause_reports(run.cases), summary=summarise(run.clauses)
        )
        for run in report.runs
    )


def _check_words(run: RunReport) -> None:
    """Raise ``ValueError`` for what no release writes, or what only a newer one does."""
    if run.schema > SCHEMA:
        raise ValueError(f"it is of the schema {run.schema}, and {SCHEMA} is the newest known")
    if run.exit_status not in (0, 1, 2):
        raise ValueError(f"there is no exit status {run.exit_status}")
    for clause in run.clauses:
        Verdict.of(clause.verdict)
        Level(clause.level)
    for case in (*run.cases, *run.regressions):
        Verdict.of(case.verdict)
        Level(case.level)
        Depth(case.depth)


OF_NO_USE = "The report to compare with is of no use"


class BadEarlierReport(Exception):
    """A report cannot be compared with; the text is one sentence that says why."""


@dataclass(frozen=True)
class Earlier:
    """The report of an earlier run, and the file that it is in."""

    path: Path
    report: RunReport | RunReports

    def run_of(self, implementation: str, profile: str) -> RunReport | None:
        """The run to compare with: of several that of this implementation, else of this profile.

        A report of one run is taken whatever it is about: what it judged may have another name now.
        """
        if isinstance(self.report, RunReport):
            return self.report
        runs = [run for run in self.report.runs if run.profile == profile]
        own = (run for run in runs if run.implementation == implementation)
        return next(own, runs[0] if runs else None)


def read_earlier(path: Path) -> Earlier:
    """The report of an earlier run; ``BadEarlierReport`` is raised if it cannot be read."""
    try:
        report = read_report(path)
        for run in report.runs if isinstance(report, RunReports) else (report,):
            _strengths(run.clauses)
    except OSError as error:
        raise BadEarlierReport(f"{OF_NO_USE}: {path} cannot be read: {error.strerror}.") from error
    except (msgspec.MsgspecError, ValueError) as error:
        raise BadEarlierReport(f"{OF_NO_USE}: {path} is no report of a run: {error}.") from error
    return Earlier(path, report)


def compared(
    clauses: Iterable[ClauseReport], earlier: Earlier, implementation: str, profile: str
) -> Comparison:
    """The refusals that both runs show, and those that the earlier one showed better."""
    run = earlier.run_of(implementation, profile)
    before = {} if run is None else _strengths(run.clauses)
    now = _strengths(clauses)
    both = [case for case in now if case in before]
    return Comparison(
        str(earlier.path),
        len(both),
        tuple(
            WeakerEvidence(case, before[case].word, now[case].word)
            for case in both
            if now[case].weaker_than(before[case])
        ),
    )


def _strengths(clauses: Iterable[ClauseReport]) -> dict[str, Strength]:
    """How each refusal was decided, by the id of its case."""
    cases = (case for clause in clauses for case in clause.cases)
    return {case.id: Strength.of(case.strength) for case in cases if case.strength}
