"""``connect-contract observe``: what an implementation does, kept as a behaviour record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from connect_contracts.behaviour.observing import observe
from connect_contracts.behaviour.record_file import write_record
from connect_contracts.behaviour.scenarios import Listed, Origin, listed_scenarios
from connect_contracts.catalogue import UnknownId
from connect_contracts.cli.subjects import subjects, tell_session
from connect_contracts.cli.trouble import CommandError
from connect_contracts.reports.output import echo
from connect_contracts.settings import BadSettings, UnderTest, depth_of

PLAIN_STEPS = 4
"""Into how many parts an observation is divided by plain lines."""


@click.command("observe")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--connect", metavar="MODULE[:ATTRIBUTE]", required=True, help="What is observed.")
@click.option("--profile", metavar="PROFILE", help="The documentation: 0.9.1 or 6.2.")
@click.option("--select", metavar="ID", multiple=True, help="Of the cases, only these; repeat it.")
@click.option("--depth", metavar="DEPTH", default="default", help="How deep the cases lie.")
@click.option(
    "--scenarios",
    "origin",
    type=click.Choice(["all", "cases", "ladder"]),
    help="Those of the cases and the ladder of generated ones, or one of the two; "
    "by default all, and with --select the cases.",
)
def observe_command(
    file: Path,
    connect: str,
    profile: str | None,
    select: tuple[str, ...],
    depth: str,
    origin: Origin | None,
) -> int:
    """Observe an implementation and write what it did to FILE, the behaviour record.

    Nothing is judged. `connect-contract compare` tells in what two records differ. Exit status 2
    where no scenario could be observed, or by a mistake of the harness not every one.
    """
    if file.is_dir() or not file.absolute().parent.is_dir():
        raise CommandError(f"{file} is a folder, or lies in one that is not there.")
    subject = subject_of(connect, profile)
    scenarios = scenarios_of(depth, select, origin)
    tell_session(subject)
    try:
        record = observe(subject, scenarios, depth_of(depth), progress_of(len(scenarios)))
    except KeyboardInterrupt:
        # Half a record would be taken for a whole one.
        echo(f"connect-contract: interrupted, so {file} was not written", err=True)
        return 2
    try:
        write_record(file, record)
    except OSError as error:
        raise CommandError(f"{file} cannot be written: {error.strerror}.") from error
    echo(f"{record.title}: {len(record.scenarios)} scenarios, in {file}")
    wrong = sum(one.harness_error for one in record.scenarios)
    if wrong:
        echo(f"{wrong} of them could not be observed, by a mistake of the harness")
    lacking = [one.not_testable for one in record.scenarios if one.not_testable is not None]
    if len(lacking) == len(record.scenarios):
        echo(f"no scenario could be observed: {lacking[0]}")
        return 2
    return 2 if wrong else 0


def subject_of(connect: str, profile: str | None) -> UnderTest:
    """The implementation that is named, checked, with its profile.

    Raises:
        CommandError: It cannot be used.
    """
    (subject,) = subjects(connect, profile)
    return subject


def scenarios_of(depth: str, select: tuple[str, ...], origin: Origin | None) -> list[Listed]:
    """The scenarios that are asked for.

    Raises:
        CommandError: There is no such depth, no such case, or no scenario.
    """
    try:
        chosen = listed_scenarios(depth_of(depth), select, origin or ("cases" if select else "all"))
    except (BadSettings, UnknownId) as error:
        raise CommandError(str(error)) from error
    if not chosen:
        raise CommandError(
            f"No case of {', '.join(select)} lies at the depth {depth}: ask for a greater --depth."
        )
    return chosen


def progress_of(total: int) -> Callable[[int], None]:
    """Tells at each of a few parts how many scenarios are done."""

    def progress(done: int) -> None:
        if done < total and done * PLAIN_STEPS % total < PLAIN_STEPS:
            echo(f"{done} of {total} scenarios")

    return progress
