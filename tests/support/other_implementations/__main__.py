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
    everyone = {one.name: one for one in every_broken_other()}
    unknown = [name for name in names if name not in everyone]
    if unknown:
        sys.exit(f"There is no {unknown[0]}: there are {', '.join(everyone)}.")
    for one in everyone.values():
        if names and one.name not in names:
            continue
        rows = {}
        for profile in one.profiles:
            rows[one.name, profile] = met(one, profile, cases_for(one, profile))
            click.echo(f"{one.name} ({profile}): {len(rows[one.name, profile])} not passed")
        PINNED.pin(rows)


if __name__ == "__main__":
    main(sys.argv[1:])
