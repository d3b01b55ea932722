"""``--json FILE``: looked at before anything runs, and written before anything is told."""

from __future__ import annotations

from pathlib import Path

from connect_contracts.cli.trouble import CommandError
from connect_contracts.reports.output import echo
from connect_contracts.telling.json_file import write_whole


def check_json_file(path: Path | None) -> None:
    """Look whether a report can be written to ``path``.

    Raises:
        CommandError: It is a folder, or lies in one that is not there.
    """
    if path is not None and (path.is_dir() or not path.absolute().parent.is_dir()):
        raise CommandError(f"--json {path}: that is a folder, or lies in one that is not there.")


def written(path: Path, content: bytes) -> bool:
    """Whether ``content`` could be written; why not is told on standard error.

    What was judged is told all the same, so this raises nothing.
    """
    try:
        write_whole(path, content)
    except OSError as error:
        echo(
            f"connect-contract: The report cannot be written to {path}: {error.strerror}.", err=True
        )
        return False
    return True
