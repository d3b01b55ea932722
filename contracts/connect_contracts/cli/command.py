"""The command's entry: its parts, and how it tells what is wrong."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.metadata import version

import click

from connect_contracts.cli.compare import compare_command
from connect_contracts.cli.listing import explain_command, list_command
from connect_contracts.cli.observe import observe_command
from connect_contracts.cli.recipes import recipes_command
from connect_contracts.cli.replay import replay_command
from connect_contracts.cli.run import run_tests
from connect_contracts.cli.search import search_command
from connect_contracts.cli.selftest import selftest
from connect_contracts.cli.serve import serve
from connect_contracts.cli.trouble import CommandError
from connect_contracts.reports.output import echo

NAME = "connect-contract"


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="0: the contract holds. "
    "1: it is broken. 2: it could not be judged, or the command was given something wrong.",
)
@click.version_option(version("pytest-connect-contract"), prog_name=NAME)
def group() -> None:
    """Hold an implementation of connect to its documented behaviour."""


for command in (
    *(run_tests, search_command, replay_command, observe_command, compare_command),
    *(list_command, explain_command, recipes_command, selftest, serve),
):
    group.add_command(command)


def run_command(arguments: Sequence[str] | None) -> int:
    """Run the command; what is wrong with it is told in one sentence on standard error.

    Returns:
        The exit status.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        # Without a command its help is shown, whichever release of click there is.
        status = group.main(args=given or ["--help"], prog_name=NAME, standalone_mode=False)
    except click.UsageError as error:
        return _wrong(error.format_message())
    except (click.ClickException, CommandError) as error:
        return _wrong(str(error))
    except click.Abort:
        return _wrong("interrupted")
    if not given:
        return 2
    return status if isinstance(status, int) else 0


def _wrong(sentence: str) -> int:
    echo(f"{NAME}: {sentence}", err=True)
    return 2
