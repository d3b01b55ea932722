"""A run beside an earlier one, whose report is a file: what changed, and what is shown worse."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from connect_contracts.chapters.catalogue import UnknownId, catalogue
from connect_contracts.model.clause import Depth
from connect_contracts.model.evidence import Strength
from connect_contracts.model.verdict import Verdict
from connect_contracts.report.comparison import ChangedCase, Comparison, WeakerEvidence
from connect_contracts.report.json_file import read_report
from connect_contracts.report.model import CaseReport, RunReport, RunReports

OF_NO_USE = "The report to compare with is of no use"


class BadEarlierReport(Exception):
    """A report cannot be compared with; the text is one sentence that says why."""


@dataclass(frozen=True)
class Earlier:
    """The report of an earlier run, and the file that it is in.

    ``other``: a run of another implementation or profile will do.
    """

    path: Path
    report: RunReport | RunReports
    other: bool = False

    def run_of(self, implementation: str, profile: str) -> RunReport:
        """The run to compare with: that of this implementation and profile.

        If any will do, and it is not there, it is one of this profile, else the first.

        Raises:
            BadEarlierReport: There is none.
        """
        runs = self.report.runs
        of_profile = [run for run in runs if run.profile == profile]
        own = [run for run in of_profile if run.implementation == implementation]
        found = own or (of_profile or list(runs) if self.other else [])
        if found:
            return found[0]
        about = " and ".join(f"{run.implementation}, profile {run.profile}" for run in runs)
        raise BadEarlierReport(
            f"{OF_NO_USE}: {self.path} is about {about or 'nothing'}, and not about "
            f"{implementation}, profile {profile}: give another, or --compare-other."
        )


def read_earlier(path: Path, *, other: bool = False) -> Earlier:
    """The report of an earlier run; ``BadEarlierReport`` is raised if it cannot be read."""
    try:
        report = read_report(path)
        for run in report.runs:
            _strengths(run.cases)
            _judged(run.cases)
    except OSError as error:
        raise BadEarlierReport(f"{OF_NO_USE}: {path} cannot be read: {error.strerror}.") from error
    except (msgspec.MsgspecError, ValueError) as error:
        raise BadEarlierReport(f"{OF_NO_USE}: {path} is no report of a run: {error}.") from error
    return Earlier(path, report, other)


def compared(
    cases: Iterable[CaseReport],
    earlier: Earlier,
    implementation: str,
    profile: str,
    *,
    selected: Collection[str],
    searched: bool = False,
) -> Comparison:
    """What changed since the earlier run; of refusals of both, those that it showed better.

    Parameters:
        selected: The ids of the cases that this run chose.
        searched: Whether this run has laws.
    """
    before_that = earlier.run_of(implementation, profile)
    # What a search found differs by what it drew.
    of_now, of_before = _of_suite(cases), _of_suite(before_that.cases)
    strength, stronger = _strengths(of_now), _strengths(of_before)
    both = [case for case in strength if case in stronger]
    weaker = [
        WeakerEvidence(case, stronger[case].word, strength[case].word)
        for case in both
        if strength[case].weaker_than(stronger[case])
    ]
    now, before = _judged(of_now), _judged(of_before)
    changed = [
        (ChangedCase(case, before[case].word, now[case].word), before[case], now[case])
        for case in now
        if case in before
    ]
    new = [case for case in now if case not in before]
    # A case that this run did not come to is not gone.
    there = {case.id for case in of_now}
    gone = [case for case in before if case not in there]
    chosen_before = _selected(before_that)
    left_out = [case for case in gone if case in catalogue().cases and case not in selected]
    return Comparison(
        str(earlier.path),
        len(both),
        tuple(weaker),
        newly_failing=tuple(each for each, was, now in changed if now.status and not was.status),
        newly_passing=tuple(
            each for each, was, now in changed if was.status and now is Verdict.PASSED
        ),
        newly_known=tuple(
            each
            for each, was, now in changed
            if was is Verdict.PASSED and now in (Verdict.KNOWN, Verdict.FLAKY)
        ),
        new=tuple(case for case in new if case in chosen_before),
        gone=tuple(case for case in gone if case not in left_out),
        not_selected_before=tuple(case for case in new if case not in chosen_before),
        not_selected_now=tuple(left_out),
        laws=_LAWS[searched, before_that.search is not None],
    )


_LAWS: Mapping[tuple[bool, bool], Literal["", "this run", "the earlier run"]] = {
    (True, True): "",
    (True, False): "this run",
    (False, True): "the earlier run",
    (False, False): "",
}


def _selected(run: RunReport) -> frozenset[str]:
    """The ids of the cases that ``run`` chose; of those that came later, too."""
    if run.search is not None and run.search.alone:
        return frozenset()
    select = () if run.settings is None else run.settings.select
    try:
        return frozenset(case.id for case in catalogue().select(select, Depth(run.depth)))
    except (UnknownId, ValueError):
        # Another version of the suite named it: what it has is all that is known.
        return frozenset(case.id for case in run.cases)


def _of_suite(cases: Iterable[CaseReport]) -> list[CaseReport]:
    return [case for case in cases if case.law is None]


def _judged(cases: Iterable[CaseReport]) -> Mapping[str, Verdict]:
    """The verdict on each case that was run, by its id."""
    verdicts = {case.id: Verdict.of(case.verdict) for case in cases}
    return {case: verdict for case, verdict in verdicts.items() if verdict is not Verdict.NOT_RUN}


def _strengths(cases: Iterable[CaseReport]) -> dict[str, Strength]:
    """How each refusal was decided, by the id of its case."""
    return {case.id: Strength.of(case.strength) for case in cases if case.strength}
