"""The command ``connect-contract``."""

from __future__ import annotations

from collections.abc import Sequence

RUNNING = (["run"], ["search"], ["replay"], ["observe"], ["compare"])
"""The commands that call an implementation."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status.

    Parameters:
        arguments: By default those of the process.
    """
    import os
    import sys

    if arguments is None and sys.argv[1:2] in RUNNING and hasattr(os, "fork"):
        from connect_contracts.cli.supervised import supervised

        return supervised(lambda: _status(None))
    return _status(arguments)


def _status(arguments: Sequence[str] | None) -> int:
    """The status of the command; 2 for a mistake of its own, which must not look like a verdict."""
    import traceback

    from connect_contracts.cli.interruption import interruptible
    from connect_contracts.cli.trouble import OURS
    from connect_contracts.docstrings import missing_docstrings
    from connect_contracts.reports.output import echo, guarded

    status = 2
    with guarded() as lost, interruptible():
        try:
            if (why := missing_docstrings()) is not None:
                echo(f"connect-contract: {why}", err=True)
            else:
                from connect_contracts.cli.command import run_command

                status = run_command(arguments)
        except KeyboardInterrupt:
            echo("connect-contract: interrupted", err=True)
        except Exception:
            echo(f"{traceback.format_exc()}{OURS}", err=True)
    for why in lost:
        echo(f"connect-contract: what was printed is lost: {why}.", err=True)
    return status if status == 1 or not lost else 2


__all__ = ["main"]
