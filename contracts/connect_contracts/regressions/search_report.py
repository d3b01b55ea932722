"""A search as a run reports it: its failures as cases, what was searched, and the capsules."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from connect_contracts.judging.judgement import Judgement
from connect_contracts.judging.settings import Settings, UnderTest
from connect_contracts.judging.verify import Verified
from connect_contracts.model.verdict import Verdict
from connect_contracts.regressions.capsule import capsule_of
from connect_contracts.regressions.folder import pinned, write_capsule
from connect_contracts.regressions.replay import shows_again
from connect_contracts.regressions.report import first_undecided, replay_command, undecided_text
from connect_contracts.report.case_report import case_report
from connect_contracts.report.laws import LawReport, SearchSummary
from connect_contracts.report.model import CaseReport, counted, verdict_of_clause
from connect_contracts.search.budget import search_settings
from connect_contracts.search.failures import Failure, Failures, shrink_failures
from connect_contracts.search.laws.every_law import laws_named
from connect_contracts.search.search import PartDone, Undecided, distinct_failures, search
from connect_contracts.search.strategies.covering import pairs_met

NOT_SMALL = (
    "interrupted: the search has only what was found before. Scenarios may be larger than they "
    "need to be, and no capsules are written"
)
NOT_AGAIN = (
    "a failure that does not show where nothing ran before it, so that no capsule is written: "
    "the implementation remembers what an earlier scenario left"
)


@dataclass(frozen=True)
class SearchOptions:
    """What a search was asked for.

    Parameters:
        settings: The name of its settings.
        laws: Names of laws; all for none.
        folder: Where capsules are written, and read for what is known.
        workers: How many processes; 0 for this one.
        alone: Whether no case of the suite is judged beside it.
    """

    settings: str
    laws: tuple[str, ...] = ()
    folder: Path | None = None
    workers: int = 0
    alone: bool = False


@dataclass(frozen=True)
class Searched:
    """What a search found: the cases that break a law, each once."""

    summary: SearchSummary
    cases: tuple[CaseReport, ...]
    notes: tuple[str, ...]
    interrupted: bool


def searched(
    subject: UnderTest,
    options: SearchOptions,
    settings: Settings,
    *,
    progress: Callable[[PartDone], None] = lambda _done: None,
    ending: Callable[[], bool] = lambda: False,
) -> Searched:
    """Search, make what was found small, and write its capsules; an interrupt ends it early.

    Parameters:
        settings: Say which causes are known, and which version is pinned; what they excuse gets
            no capsule.
        ending: Whether the process was asked to end, so that nothing more is written.

    Raises:
        ImplementationEnded: A process ended before its part of the search was done.
    """
    budget, chosen = search_settings(options.settings), laws_named(options.laws)
    folder = options.folder
    parts: tuple[PartDone, ...] = ()
    made = Failures()
    cases: list[CaseReport] = []
    files: list[str] = []
    notes: list[str] = []
    interrupted = False
    try:
        known = () if folder is None or not folder.is_dir() else pinned(folder, subject.profile)
        parts = search(
            subject, chosen, budget, known=known, workers=options.workers, progress=progress
        )
        early = any(part.interrupted for part in parts)
        made = shrink_failures(
            *(distinct_failures(parts), subject, chosen, budget, known),
            excused=lambda seen: not _judged(seen, settings, subject).verdict.is_finding,
            interrupted=early,
        )
        for small in made.small:
            file = None
            judged = _judged(small.verified, settings, subject)
            wanted = judged.verdict.is_finding and not made.interrupted and not ending()
            if folder is not None and wanted:
                file, why = _capsule(folder, small, subject)
                notes += [] if why is None else [why]
                files += [] if file is None else [str(file)]
            cases.append(_case(small, settings, subject, options, file, cases))
    except KeyboardInterrupt:
        interrupted = True
        for small in made.small[len(cases) :]:
            cases.append(_case(small, settings, subject, options, None, cases))
    interrupted = interrupted or made.interrupted or any(part.interrupted for part in parts)
    verdicts = sum((Counter(part.verdicts) for part in parts), Counter[str]())
    undecided = first_undecided(parts, settings, subject)
    base = _of_scenarios(verdicts, undecided, interrupted=interrupted)
    examined = [drawn for part in parts for drawn in part.examined]
    coverage = pairs_met((drawn.values for drawn in examined if drawn.values), subject.profile)
    summary = SearchSummary(
        options.settings,
        tuple(_law(law.name, law.sentence, base, cases) for law in chosen),
        alone=options.alone,
        scenarios=len({msgspec.json.encode(drawn.scenario) for drawn in examined}),
        verdicts=counted(verdicts.elements()),
        pairs_met=coverage.met,
        pairs_possible=coverage.possible,
        known=made.known + sum(part.known for part in parts),
        capsules=tuple(files),
    )
    notes = [*([NOT_SMALL] if interrupted else []), *_notes(parts, base, undecided), *notes]
    return Searched(summary, tuple(cases), tuple(notes), interrupted)


def _judged(verified: Verified, settings: Settings, subject: UnderTest) -> Judgement:
    return settings.judge_found(verified.case.clause, verified.judgement, subject)


def _case(
    small: Failure,
    settings: Settings,
    subject: UnderTest,
    options: SearchOptions,
    file: Path | None,
    before: Sequence[CaseReport],
) -> CaseReport:
    verified = small.verified
    law = small.breach.signature.law
    again = replay_command(subject, file) or _search_command(subject, options, law)
    judgement = _judged(verified, settings, subject)
    report = case_report(verified, judgement, replay=again, seconds=0.0)
    return of_law(report, law, before)


def of_law(report: CaseReport, law: str, before: Sequence[CaseReport]) -> CaseReport:
    """``report`` as that of ``law``, with an id that none of those ``before`` it has."""
    same = sum(case.clause == report.clause and case.law == law for case in before)
    name = f"{report.id.removesuffix(']')} {same + 1}]" if same else report.id
    return msgspec.structs.replace(report, id=name, law=law)


def _search_command(subject: UnderTest, options: SearchOptions, law: str) -> str:
    """The command that finds a failure again; empty where each search draws other scenarios."""
    reference = subject.implementation.reference
    if reference is None or not search_settings(options.settings).derandomised:
        return ""
    words = ["connect-contract", "search", "--connect", reference, "--profile", subject.profile]
    return shlex.join([*words, "--settings", options.settings, "--law", law])


def _capsule(folder: Path, small: Failure, subject: UnderTest) -> tuple[Path | None, str | None]:
    """The file that was written, or why there is none."""
    capsule = capsule_of(small.examined, small.breach, subject)
    if not shows_again(capsule, subject):
        return None, f"{capsule.clause}: {NOT_AGAIN}"
    try:
        return write_capsule(folder, capsule), None
    except OSError as error:
        return None, f"The capsule cannot be written to {folder}: {error.strerror}."


def _of_scenarios(
    verdicts: Counter[str], undecided: Undecided | None, *, interrupted: bool
) -> Verdict:
    """What is said of a law that nothing breaks."""
    if interrupted:
        return Verdict.NOT_RUN
    given = {Verdict.of(word) for word in verdicts}
    if undecided is not None:
        return max((each for each in given if each.status == 2), key=lambda each: each.weight)
    return Verdict.PASSED if any(each.judged for each in given) else Verdict.INCONCLUSIVE


def _law(name: str, sentence: str, base: Verdict, cases: Sequence[CaseReport]) -> LawReport:
    own = [case for case in cases if case.law == name]
    verdict = verdict_of_clause([base, *(Verdict.of(case.verdict) for case in own)])
    return LawReport(name, sentence, verdict.word, tuple(case.id for case in own))


def _notes(parts: Sequence[PartDone], base: Verdict, undecided: Undecided | None) -> Iterator[str]:
    if any(part.cut_short for part in parts):
        yield "the search was cut short: too many calls had not ended at their limit"
    if undecided is not None:
        yield undecided_text(undecided)
    elif base is Verdict.INCONCLUSIVE:
        yield "no scenario was judged"
