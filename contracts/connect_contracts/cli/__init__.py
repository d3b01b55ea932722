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

    from connect_contracts.cli.command import run_command

    if arguments is None and sys.argv[1:2] in RUNNING and hasattr(os, "fork"):
        from connect_contracts.cli.supervised import supervised

        return supervised(lambda: run_command(None))
    return run_command(arguments)


__all__ = ["main"]
