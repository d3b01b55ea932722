"""``connect-contract replay``: capsules, on whatever implementation."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from connect_contracts.cli.configuration import configured
from connect_contracts.cli.subjects import subjects, tell_session
from connect_contracts.cli.trouble import CommandError
from connect_contracts.settings import UnderTest
from connect_contracts.surrounding.loopback import blocked

if TYPE_CHECKING:
    from connect_contracts.capsules.report import ReplayReport


@click.command("replay")
@click.argument("paths", metavar="FILE|FOLDER...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--connect", metavar="MODULE[:ATTRIBUTE]", help="The implementation of connect.")
@click.option("--script", is_flag=True, help="Write a script next to each capsule.")
def replay_command(paths: tuple[Path, ...], connect: str | None, script: bool) -> int:
    """Replay capsules: is what they tell of fixed, or does it fail still, or otherwise?

    Each is held to the documentation that it names. Without --connect, on the implementation that
    pytest's configuration of the working folder names (connect_contract).
    """
    from connect_contracts.reports.search_report import show_replayed

    sys.path.insert(0, str(Path.cwd()))
    if not paths:
        raise CommandError("Which capsules? Name files, or folders with files.")
    found = configured() if connect is None else None
    connect = connect if found is None else found.connect
    if connect is None:
        raise CommandError("Which implementation of connect? --connect module[:attribute].")
    (subject,) = subjects(connect, None)
    if (why := blocked()) is not None:
        raise CommandError(f"Nothing can be replayed here: {why}.")
    console = Console(file=sys.stdout)
    replayed = replayed_files(paths, subject)
    tell_session(subject)
    show_replayed(console, replayed, at_length=True)
    if not replayed:
        raise CommandError(f"There is no capsule in {', '.join(str(one) for one in paths)}.")
    if script:
        write_scripts(_files(paths), subject, console)
    statuses = {_status(one) for one in replayed}
    return 1 if 1 in statuses else max(statuses)


def _status(replayed: ReplayReport) -> int:
    from connect_contracts.capsules.replay import Outcome

    return Outcome(replayed.outcome).status


def replayed_files(paths: Sequence[Path], subject: UnderTest) -> list[ReplayReport]:
    """What became of each capsule in these files and folders.

    Raises:
        CommandError: One of the paths is neither.
    """
    from connect_contracts.capsules.replay import replay
    from connect_contracts.capsules.report import replay_report

    return [replay_report(replay(path, subject), subject) for path in _files(paths)]


def _files(paths: Sequence[Path]) -> list[Path]:
    from connect_contracts.capsules.reading import BadCapsule, capsule_files

    try:
        return capsule_files(paths)
    except BadCapsule as error:
        raise CommandError(str(error)) from error


def write_scripts(paths: Sequence[Path], subject: UnderTest, console: Console) -> list[str]:
    """Write a script next to each capsule; tells of those for which there can be none."""
    from connect_contracts.capsules.reading import BadCapsule, read_capsule
    from connect_contracts.capsules.script import NoScript, script
    from connect_contracts.telling.json_file import write_whole

    written = []
    for path in paths:
        try:
            text = script(read_capsule(path), subject)
        except BadCapsule:
            continue
        except NoScript as error:
            console.print(f"no script for {path.name}: {error}", soft_wrap=True, markup=False)
            continue
        file = path.with_suffix(".py")
        write_whole(file, text.encode())
        written.append(str(file))
    return written
