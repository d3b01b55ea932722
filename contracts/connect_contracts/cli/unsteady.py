"""What a search loses with the release of Hypothesis that is installed."""

from __future__ import annotations

from connect_contracts.reports.output import echo


def tell_unsteady() -> None:
    """Say on standard error that draws may differ from machine to machine, where they may."""
    from connect_contracts.search.budget import unsteady

    if (lost := unsteady()) is not None:
        echo(f"connect-contract: {lost}", err=True)
