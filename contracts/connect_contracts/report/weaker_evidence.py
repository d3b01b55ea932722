"""Two runs beside each other: where refusals are shown by weaker evidence than before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from connect_contracts.model.evidence import Strength
from connect_contracts.report.json_file import read_report
from connect_contracts.report.model import (
    CaseReport,
    ClauseReport,
    Comparison,
    RunReport,
    RunReports,
    WeakerEvidence,
)


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
        for one in self.report.runs:
            if (one.implementation, one.profile) == (implementation, profile):
                return one
        return next((one for one in self.report.runs if one.profile == profile), None)


def read_earlier(path: Path) -> Earlier:
    """The report in the file at ``path``, to be compared with.

    Raises:
        BadEarlierReport: It cannot be read, or is no report.
    """
    try:
        report = read_report(path)
        for run in report.runs if isinstance(report, RunReports) else (report,):
            _strengths(run.clauses)
    except OSError as error:
        raise BadEarlierReport(f"{path} cannot be read: {error.strerror}.") from error
    except (msgspec.MsgspecError, ValueError) as error:
        raise BadEarlierReport(f"{path} is no report of a run: {error}.") from error
    return Earlier(path, report)


def compared(
    clauses: Iterable[ClauseReport], earlier: Earlier, implementation: str, profile: str
) -> Comparison:
    """The refusals that both runs show, and those that the earlier one showed better.

    What only one of them shows cannot be compared: that is told by the verdicts.
    """
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
    return {case.id: Strength.of(case.strength) for case in _cases(clauses) if case.strength}


def _cases(clauses: Iterable[ClauseReport]) -> list[CaseReport]:
    return [case for clause in clauses for case in clause.cases]
