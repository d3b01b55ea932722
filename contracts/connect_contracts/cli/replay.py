"""``connect-contract replay``: capsules, on whatever implementation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from connect_contracts.cli.configuration import configured
from connect_contracts.cli.subjects import subjects, tell_session
from connect_contracts.cli.trouble import CommandError
from connect_contracts.reports.output import line, output
from connect_contracts.settings import UnderTest
from connect_contracts.surrounding.loopback import blocked

if TYPE_CHECKING:
    from connect_contracts.capsules.report import ReplayReport


@click.command("replay")
@click.argument("paths", metavar="FILE|FOLDER...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--connect", metavar="MODULE[:ATTRIBUTE]", help="The implementation of connect.")
@click.option("--script", is_flag=True, help="Write a script beside them that replays them.")
def replay_command(paths: tuple[Path, ...], connect: str | None, script: bool) -> int:
    """Replay capsules: is what they tell of fixed, or does it fail still, or otherwise?

    Each is held to the documentation that it names. Without --connect, on the implementation that
    pytest's configuration of the working folder names (connect_contract).
    """
    from connect_contracts.reports.search_report import show_replayed

    if not paths:
        raise CommandError("Which capsules? Name files, or folders with files.")
    found = configured() if connect is None else None
    connect = connect if found is None else found.connect
    if connect is None:
        raise CommandError("Which implementation of connect? --connect module[:attribute].")
    (subject,) = subjects(connect, None)
    if (why := blocked()) is not None:
        raise CommandError(f"Nothing can be replayed here: {why}.")
    tell_session(subject)
    console = output()
    replayed: list[ReplayReport] = []
    files = files_of(paths)
    if not files:
        raise CommandError(f"There is no capsule in {', '.join(str(one) for one in paths)}.")
    if script:
        write_scripts(files)
    try:
        replayed.extend(replayed_file(file, subject) for file in files)
    except KeyboardInterrupt:
        show_replayed(console, replayed, at_length=True)
        left = ", ".join(file.name for file in files[len(replayed) :])
        line(console, f"interrupted: not replayed: {left}", "yellow")
        return 1 if 1 in map(_status, replayed) else 2
    show_replayed(console, replayed, at_length=True)
    statuses = {_status(one) for one in replayed}
    return 1 if 1 in statuses else max(statuses)


def _status(replayed: ReplayReport) -> int:
    from connect_contracts.capsules.replay import Outcome

    return Outcome(replayed.outcome).status


def replayed_file(path: Path, subject: UnderTest) -> ReplayReport:
    """What became of the capsule in the file at ``path``."""
    from connect_contracts.capsules.replay import replay
    from connect_contracts.capsules.report import replay_report

    return replay_report(replay(path, subject), subject)


def files_of(paths: Sequence[Path]) -> list[Path]:
    """The files of the capsules in these files and folders.

    Raises:
        CommandError: One of the paths is neither.
    """
    from connect_contracts.capsules.reading import BadCapsule, capsule_files

    try:
        return capsule_files(paths)
    except BadCapsule as error:
        raise CommandError(str(error)) from error


def write_scripts(capsules: Iterable[Path]) -> list[str]:
    """Write the script that replays capsules into each folder in which one of these lies.

    Raises:
        CommandError: Something else has its name there, or it cannot be written.
    """
    from connect_contracts.capsules.script import NotOurs, write_script

    written = []
    for folder in dict.fromkeys(path.parent for path in capsules):
        try:
            written.append(str(write_script(folder)))
        except NotOurs as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            told = f"The script cannot be written to {folder}: {error.strerror}."
            raise CommandError(told) from error
    return written
