"""The command ``connect-contract``."""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status.

    Parameters:
        arguments: By default those of the process.
    """
    from connect_contracts.cli.command import run_command

    return run_command(arguments)


__all__ = ["main"]
