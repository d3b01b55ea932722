"""Pins what the broken implementations of this package do not pass: all of them, or those named.

In ``tests/support``: ``python -m other_implementations [NAME ...]``.
"""

from __future__ import annotations

import sys

import click

from connect_contracts.selftest.matrix import cases_for, met

from .registry import PINNED, every_broken_other


def main(names: list[str]) -> None:
    """Meet every case with each, and write what it does not pass."""
    everyone = {broken.name: broken for broken in every_broken_other()}
    unknown = [name for name in names if name not in everyone]
    if unknown:
        sys.exit(f"There is no {unknown[0]}: there are {', '.join(everyone)}.")
    for broken in [everyone[name] for name in names or everyone]:
        for profile in broken.profiles:
            row = met(broken, profile, cases_for(broken, profile))
            PINNED.pin({(broken.name, profile): row})
            click.echo(f"{broken.name} ({profile}): {len(row)} not passed")


if __name__ == "__main__":
    main(sys.argv[1:])
