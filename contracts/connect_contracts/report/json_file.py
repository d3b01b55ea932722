"""Reports as JSON files: written whole or not at all, and read."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

import msgspec

from connect_contracts.model.clause import Depth, Level
from connect_contracts.model.json_text import MEBIBYTE, read_regular, value_of
from connect_contracts.model.verdict import Verdict
from connect_contracts.report.causes import cause_reports
from connect_contracts.report.model import (
    SCHEMA,
    RunReport,
    RunReports,
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
            run, causes=cause_reports(run.judged), summary=summarise(run.clauses)
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
