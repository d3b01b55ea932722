"""``connect-contract search``: scenarios that nobody wrote by hand, on an implementation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec
from rich.console import Console

from connect_contracts.cli.configuration import configured
from connect_contracts.cli.interruption import asked_to_end, postponed
from connect_contracts.cli.json_option import check_json_file, written
from connect_contracts.cli.progress import parts_progress
from connect_contracts.cli.replay import files_of, replayed_file, write_scripts
from connect_contracts.cli.subjects import check_workers, subjects
from connect_contracts.cli.trouble import CommandError
from connect_contracts.cli.unsteady import tell_unsteady
from connect_contracts.reports.output import line, output
from connect_contracts.settings import UnderTest
from connect_contracts.surrounding.loopback import blocked

if TYPE_CHECKING:
    from connect_contracts.capsules.report import ReplayReport
    from connect_contracts.reports.search_report import SearchReport
    from connect_contracts.search.search import PartDone
    from connect_contracts.search.small import Small
    from connect_contracts.telling.model import CaseReport

NOT_AGAIN = (
    "a failure that does not show where nothing ran before it, so that no capsule is written: "
    "the implementation remembers what an earlier scenario left"
)


@dataclass(frozen=True)
class Options:
    """What the command was given, for every implementation that it judges.

    Parameters:
        named: Where the implementation is named, if not on the command line.
    """

    settings: str
    laws: tuple[str, ...]
    regressions: Path | None
    workers: str | None
    script: bool
    named: str | None = None


@click.command("search")
@click.option("--connect", metavar="MODULE[:ATTRIBUTE]", help="The implementation of connect.")
@click.option("--profile", metavar="PROFILE", help="The documentation: 0.9.1 or 6.2.")
@click.option("--settings", default="ci", metavar="SETTINGS", help="ci, dev or nightly.")
@click.option("--law", "laws", metavar="NAME", multiple=True, help="Only this law.")
@click.option(
    "--regressions",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of capsules: replayed first, and what is found is written there.",
)
@click.option("-n", "workers", metavar="WORKERS", help="Search in that many processes, or 'auto'.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write a report there.")
@click.option("--script", is_flag=True, help="Write a script beside them that replays them.")
def search_command(
    connect: str | None,
    profile: str | None,
    settings: str,
    laws: tuple[str, ...],
    regressions: Path | None,
    workers: str | None,
    json_file: Path | None,
    script: bool,
) -> int:
    """Search for scenarios in which an implementation breaks a law.

    Without --connect, on the one that pytest's configuration of the working folder names
    (connect_contract), with its profile; else on both references.
    """
    from connect_contracts.reports.search_report import SearchReports, show_search

    check_workers(workers)
    check_json_file(json_file)
    _check(settings, laws)
    if script and regressions is None:
        raise CommandError("--script writes next to capsules: name their folder by --regressions.")
    if script and regressions is not None:
        _check_place_of_script(regressions)
    if (why := blocked()) is not None:
        raise CommandError(f"Nothing can be searched here: {why}.")
    tell_unsteady()
    found = configured() if connect is None else None
    if found is not None:
        connect, profile = found.connect, profile or found.profile
    named = None if found is None else found.told()
    options = Options(settings, laws, regressions, workers, script, named)
    console = output()
    judged = subjects(connect, profile)
    reports: list[SearchReport] = []
    statuses = set()
    for subject in judged:
        reports.append(_searched(subject, options, console))
        with postponed():
            if json_file is not None:
                several = connect is None and profile is None
                data = SearchReports(tuple(reports)) if several else reports[0]
                whole = msgspec.json.format(msgspec.json.encode(data), indent=2) + b"\n"
                statuses |= set() if written(json_file, whole) else {2}
            show_search(console, reports[-1])
        if asked_to_end():
            break
    statuses |= {report.exit_status for report in reports}
    if len(reports) < len(judged):
        statuses.add(2)
    return 1 if 1 in statuses else max(statuses)


def _check_place_of_script(folder: Path) -> None:
    from connect_contracts.capsules.script import NotOurs, check_place

    try:
        check_place(folder)
    except NotOurs as error:
        raise CommandError(str(error)) from error


def _check(settings: str, laws: Sequence[str]) -> None:
    from connect_contracts.properties.every_law import UnknownLaw, laws_named
    from connect_contracts.search.budget import UnknownBudget, search_settings

    try:
        search_settings(settings)
        laws_named(laws)
    except (UnknownBudget, UnknownLaw) as error:
        raise CommandError(str(error)) from error


def _searched(subject: UnderTest, options: Options, console: Console) -> SearchReport:
    from connect_contracts.capsules.folder import pinned
    from connect_contracts.capsules.report import breach_report
    from connect_contracts.properties.every_law import laws_named
    from connect_contracts.reports.search_report import (
        search_report,
        show_replayed,
    )
    from connect_contracts.reports.terminal import show_heading
    from connect_contracts.search.budget import search_settings
    from connect_contracts.search.search import ImplementationEnded, search
    from connect_contracts.search.small import SmallFailures, distinct_failures, small_failures

    settings, chosen = search_settings(options.settings), laws_named(options.laws)
    named = "" if options.named is None else f"; {options.named}"
    show_heading(console, subject, f"search settings {options.settings}{named}")
    folder = options.regressions
    there = folder is not None and folder.is_dir()
    replayed: list[ReplayReport] = []
    parts: tuple[PartDone, ...] = ()
    made = SmallFailures(())
    found: dict[Small, CaseReport] = {}
    files: list[str] = []
    interrupted = False
    try:
        capsules = files_of([folder]) if folder is not None and there else []
        # One after the other: what came before an interrupt is told.
        replayed.extend(replayed_file(file, subject) for file in capsules)
        show_replayed(console, replayed, at_length=True)
        known = pinned(folder, subject.profile) if folder is not None and there else ()
        parts = search(
            subject,
            chosen,
            settings,
            known=known,
            workers=_processes(options.workers),
            progress=parts_progress(console, settings.parts),
        )
        made = small_failures(
            distinct_failures(parts),
            subject,
            chosen,
            settings,
            known,
            interrupted=any(part.interrupted for part in parts),
        )
        if folder is not None and not made.interrupted and not asked_to_end():
            for small in made.small:
                path = _capsule(folder, small, subject, console)
                found[small] = breach_report(small.verified, subject, path)
                files += [] if path is None else [str(path)]
        if options.script:
            files += write_scripts([Path(one) for one in files])
    except ImplementationEnded as error:
        raise CommandError(str(error)) from error
    except KeyboardInterrupt:
        interrupted = True
    for small in made.small:
        if small not in found:
            found[small] = breach_report(small.verified, subject, None)
    return search_report(
        subject,
        options.settings,
        parts,
        list(found.values()),
        files,
        replayed,
        known=made.known,
        interrupted=interrupted or made.interrupted,
    )


def _capsule(folder: Path, small: Small, subject: UnderTest, console: Console) -> Path | None:
    """The file of the capsule that was written, if there can be one."""
    from connect_contracts.capsules.again import shows_again
    from connect_contracts.capsules.capsule import capsule_of
    from connect_contracts.capsules.folder import write_capsule

    capsule = capsule_of(small.examined, small.breach, subject)
    if not shows_again(capsule, subject):
        line(console, f"{capsule.clause}: {NOT_AGAIN}", "yellow")
        return None
    try:
        return write_capsule(folder, capsule)
    except OSError as error:
        told = f"The capsule cannot be written to {folder}: {error.strerror}."
        line(console, told, "yellow")
        return None


def _processes(workers: str | None) -> int:
    import os

    if workers == "auto":
        return os.cpu_count() or 1
    return 0 if workers is None else int(workers)
