"""What ends the command before it did what it was asked for."""

from __future__ import annotations

import click


class CommandError(Exception):
    """One sentence for standard error; the command ends with the status 2."""


def tell_unsteady() -> None:
    """Say what is lost where the release of Hypothesis that is installed lacks something."""
    from connect_contracts.search.budget import unsteady

    if (lost := unsteady()) is not None:
        click.echo(f"connect-contract: {lost}", err=True)
