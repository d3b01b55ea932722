"""``connect-contract run``: judge an implementation, or both references."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.text import Text

from connect_contracts.capsules.reading import capsule_files
from connect_contracts.catalogue import catalogue
from connect_contracts.clauses import Depth
from connect_contracts.cli.configuration import configured
from connect_contracts.cli.interruption import asked_to_end, postponed
from connect_contracts.cli.json_option import check_json_file, written
from connect_contracts.cli.progress import Display
from connect_contracts.cli.shielded import Ended, run_shielded
from connect_contracts.cli.subjects import check_workers, subjects
from connect_contracts.cli.trouble import CommandError
from connect_contracts.reports.output import output
from connect_contracts.reports.terminal import show_heading, show_report
from connect_contracts.reports.weaker import BadEarlierReport, Earlier, compared, read_earlier
from connect_contracts.settings import BadSettings, UnderTest, depth_of
from connect_contracts.telling.json_file import report_json
from connect_contracts.telling.model import (
    CaseReport,
    ClauseReport,
    Comparison,
    RunReport,
    RunReports,
    clause_reports,
    summarise,
)
from connect_contracts.verdict import Verdict, exit_status

INTERRUPTED = "interrupted: what was not judged is counted as not run"


@dataclass(frozen=True)
class Options:
    """What the command was given, for every implementation that it judges.

    Parameters:
        named: Where the implementation is named, if not on the command line.
    """

    select: tuple[str, ...]
    depth: Depth
    expected_failures: Path | None
    regressions: Path | None
    workers: str | None
    require_all: bool
    earlier: Earlier | None = None
    require_evidence: bool = False
    named: str | None = None


@click.command("run")
@click.option("--connect", metavar="MODULE[:ATTRIBUTE]", help="The implementation of connect.")
@click.option("--profile", metavar="PROFILE", help="The documentation: 0.9.1 or 6.2.")
@click.option("--select", metavar="ID", multiple=True, help="Only this chapter, clause or case.")
@click.argument("more", metavar="[ID]...", nargs=-1)
@click.option("--depth", metavar="DEPTH", help=f"How much is judged: {', '.join(Depth)}.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write a report there.")
@click.option("-n", "workers", metavar="WORKERS", help="Run on that many workers, or on 'auto'.")
@click.option(
    "--expected-failures",
    type=click.Path(path_type=Path),
    help="The TOML file of what is known to fail.",
)
@click.option(
    "--regressions",
    type=click.Path(path_type=Path),
    help="The folder of capsules that are replayed first.",
)
@click.option("--require-all", is_flag=True, help="Status 2 for what is not testable.")
@click.option(
    "--compare-with",
    type=click.Path(path_type=Path),
    help="The JSON report of an earlier run: tell which refusals were shown better there.",
)
@click.option("--require-evidence", is_flag=True, help="Status 2 where evidence became weaker.")
def run_tests(
    connect: str | None,
    profile: str | None,
    select: tuple[str, ...],
    more: tuple[str, ...],
    depth: str | None,
    json_file: Path | None,
    workers: str | None,
    expected_failures: Path | None,
    regressions: Path | None,
    require_all: bool,
    compare_with: Path | None,
    require_evidence: bool,
) -> int:
    """Judge an implementation of connect.

    Without --connect it is the one that pytest's configuration of the working folder names
    (connect_contract), with its profile, depth, select, expected failures and regressions where no
    option says otherwise. Where none is named, both references are judged; elsewhere each is by
    --connect connect_contracts.reference.v0_9_1 or connect_contracts.reference.v6_2.

    Several ids may follow one --select.
    """
    if more and not select:
        raise CommandError(f"What is {more[0]!r} for? Ids are given by --select.")
    check_workers(workers)
    check_json_file(json_file)
    found = configured() if connect is None else None
    if found is not None:
        connect = found.connect
        profile = profile or found.profile
        depth = depth or found.depth
        select = select or found.select
        expected_failures = expected_failures or found.expected_failures
        regressions = regressions or found.regressions
    options = Options(
        (*select, *more),
        _depth(depth),
        expected_failures,
        regressions,
        workers,
        require_all,
        _earlier(compare_with, require_evidence),
        require_evidence,
        None if found is None else found.told(),
    )
    judged = subjects(
        connect,
        profile,
        select=options.select,
        expected_failures=options.expected_failures,
        regressions=options.regressions,
    )
    _check_depth(options)
    # Bound to the stream of now: while pytest runs, standard output is put aside.
    console = output()
    reports: list[RunReport] = []
    statuses = set()
    several = connect is None and profile is None
    for subject in judged:
        reports.append(_judge(subject, options, console))
        with postponed():
            if json_file is not None:
                whole = report_json(RunReports(tuple(reports)) if several else reports[0])
                statuses |= set() if written(json_file, whole) else {2}
            show_report(console, reports[-1], catalogue())
        if asked_to_end() or INTERRUPTED in reports[-1].notes:
            break
    statuses |= {report.exit_status for report in reports}
    if len(reports) < len(judged):
        statuses.add(2)
    return 1 if 1 in statuses else max(statuses)


def _depth(name: str | None) -> Depth:
    try:
        return Depth.DEFAULT if name is None else depth_of(name)
    except BadSettings as error:
        raise CommandError(str(error)) from error


def _check_depth(options: Options) -> None:
    if not catalogue().select(options.select, options.depth):
        deeper = " or ".join(_deeper(options))
        raise CommandError(
            f"No case of {', '.join(options.select)} is judged at the depth {options.depth}: "
            f"ask for --depth {deeper}."
        )


def _earlier(path: Path | None, required: bool) -> Earlier | None:
    if path is None and required:
        raise CommandError("--require-evidence needs an earlier report: give --compare-with.")
    try:
        return None if path is None else read_earlier(path)
    except BadEarlierReport as error:
        raise CommandError(f"The report to compare with is of no use: {error}") from error


def _judge(subject: UnderTest, options: Options, console: Console) -> RunReport:
    cases = catalogue().select(options.select, options.depth)
    named = "" if options.named is None else f"; {options.named}"
    show_heading(console, subject, f"depth {options.depth}{named}")
    capsules = [] if options.regressions is None else capsule_files([options.regressions])
    if options.regressions is not None and not capsules:
        console.print(Text(f"there is no capsule in {options.regressions}"), soft_wrap=True)
    with Display(console, len(cases) + len(capsules)) as display:
        ended = run_shielded(_plugin_options(subject, options), display, workers=options.workers)
    names = {path.name for path in capsules}
    replayed = [case for case in ended.cases if case.id in names]
    reported = {case.id: case for case in ended.cases if case.id not in names}
    missing = [
        CaseReport(
            id=case.id,
            clause=case.clause.id,
            level=case.level,
            description=case.description,
            verdict=Verdict.NOT_RUN.word,
            observed="the run ended before it",
            depth=case.depth,
            recipe=case.recipe,
        )
        for case in cases
        if case.id not in reported
    ]
    judged = [*reported.values(), *missing]
    return _report(subject, options, judged, replayed, _notes(ended))


def _plugin_options(subject: UnderTest, options: Options) -> list[str]:
    arguments = ["--connect-contract", subject.implementation.reference or ""]
    identity = msgspec.json.encode(subject.implementation.identity).decode()
    arguments += ["--connect-contract-identity", identity]
    arguments += ["--connect-contract-depth", options.depth]
    if subject.because == "asked for":
        arguments += ["--connect-contract-profile", subject.profile]
    for one in options.select:
        arguments += ["--connect-contract-select", one]
    if options.regressions is not None:
        arguments += ["--connect-contract-regressions", str(options.regressions)]
    if options.expected_failures is not None:
        arguments += ["--connect-contract-expected-failures", str(options.expected_failures)]
    return arguments


def _notes(ended: Ended) -> tuple[str, ...]:
    trouble = (f"pytest had trouble: {one}" for one in ended.trouble)
    return (*((INTERRUPTED,) if ended.interrupted else ()), *trouble)


def _report(
    subject: UnderTest,
    options: Options,
    cases: Sequence[CaseReport],
    replayed: Sequence[CaseReport],
    notes: tuple[str, ...],
) -> RunReport:
    clauses = clause_reports(cases, catalogue())
    verdicts = [Verdict.of(case.verdict) for case in (*cases, *replayed)]
    status = exit_status(verdicts, require_all=options.require_all)
    comparison = _compared(subject, options, clauses)
    undecided = bool(notes) or _lacks_evidence(comparison, options)
    return RunReport(
        implementation=subject.implementation.name,
        profile=subject.profile,
        because=subject.because,
        depth=options.depth,
        version=version("pytest-connect-contract"),
        exit_status=2 if undecided and status == 0 else status,
        summary=summarise(clauses),
        clauses=clauses,
        notes=notes,
        deeper=_deeper(options),
        regressions=tuple(replayed),
        comparison=comparison,
        remarks=subject.remarks,
    )


def _compared(
    subject: UnderTest, options: Options, clauses: tuple[ClauseReport, ...]
) -> Comparison | None:
    if options.earlier is None:
        return None
    return compared(clauses, options.earlier, subject.implementation.name, subject.profile)


def _lacks_evidence(comparison: Comparison | None, options: Options) -> bool:
    """Whether evidence is demanded, and weaker than it was; nothing to compare with is no proof."""
    if comparison is None or not options.require_evidence:
        return False
    return bool(comparison.weaker) or not comparison.refusals


def _deeper(options: Options) -> dict[str, int]:
    """How many cases of the selection each greater depth would add to the one before it."""
    chosen = {case.id for case in catalogue().select(options.select, options.depth)}
    left = [one for one in catalogue().select(options.select) if one.id not in chosen]
    counts = {depth.value: sum(case.depth is depth for case in left) for depth in Depth}
    return {depth: number for depth, number in counts.items() if number}
