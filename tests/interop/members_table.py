"""What users call of a connected session, on every public release of the client: a table.

    python tests/interop/members_table.py [--release NAME]... [--markdown FILE]

Runs ``members.py`` in the environment of each release that ``releases.py`` lists, or of those that
are named, listed or not; ``environments.py`` makes them. Prints releases x members, what each
release changed, for what fails the error and what the target saw last, and what a release asks for
that targets do not serve. With ``--markdown`` the
table is written to a file too, which is ``docs/releases.md`` in the repository. The status is 1 if
something fails.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import runpy
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

HERE = Path(__file__).parent
ENVIRONMENTS = SimpleNamespace(**runpy.run_path(str(HERE / "environments.py")))
PRINTING = SimpleNamespace(**runpy.run_path(str(HERE / "printing.py")))

Results = Mapping[str, Mapping[str, Any]]
"""What became of each member, by its name: what ``members.py`` prints."""

SIGNS = {"works": "yes", "not offered": "-"}


def results(release: str) -> Results:
    """Runs each member on one release, in its environment.

    Raises:
        MissingError: There is no such environment, or the script fails in it.
    """
    python = ENVIRONMENTS.named(release).interpreter
    if not python.exists():
        raise ENVIRONMENTS.MissingError(
            f"The public client {release} has no environment: create it by "
            f"`python tests/interop/environments.py --release {release}`."
        )
    done = subprocess.run(
        [python, HERE / "members.py"],
        capture_output=True,
        text=True,
        env=PRINTING.client_environment(os.environ),
        check=False,
    )
    printed = done.stdout.partition(f"{PRINTING.BEGIN}\n")[2].splitlines()
    if done.returncode:
        last = (done.stderr.splitlines() or [""])[-1]
        raise ENVIRONMENTS.MissingError(f"members.py fails on {release}: {last}")
    return read(printed)


def read(printed: Iterable[str]) -> Results:
    """The results of the lines that ``members.py`` printed."""
    return {found["member"]: found for found in map(json.loads, printed)}


def markdown(found: Mapping[str, Results]) -> str:
    """The table, what changed from each release to the next, and what fails."""
    members = list(dict.fromkeys(member for each in found.values() for member in each))
    rows = [[member, *(sign(each[member]) for each in found.values())] for member in members]
    lines = [
        "# Public releases of the client",
        "",
        "Written by `python tests/interop/members_table.py --markdown docs/releases.md`: the "
        "unmodified client of each release calls each member on a fake target that plays the same "
        "release, and the result is checked on both sides.",
        "",
        "`yes`: it does what is documented. `-`: this release has no such member. "
        "A number: it fails, see below.",
        "",
        _row(["member", *found]),
        _row(["---"] * (len(found) + 1)),
    ]
    failures = list(dict.fromkeys(_failures(found)))
    lines += [_row([_numbered(cell, failures) for cell in row]) for row in rows]
    lines += ["", "## What changed", ""]
    lines += list(_changes(found)) or ["Nothing."]
    lines += ["", "## What fails", ""]
    lines += [f"{number}. {text}" for number, text in enumerate(failures, 1)] or ["Nothing."]
    return "\n".join(lines) + "\n"


def sign(found: Mapping[str, Any]) -> str:
    """What stands in the table: ``yes``, ``-``, or the error."""
    result: str = found["result"]
    return SIGNS.get(result, result)


def _numbered(cell: str, failures: list[str]) -> str:
    return str(failures.index(cell) + 1) if cell in failures else cell


def _failures(found: Mapping[str, Results]) -> Iterator[str]:
    for each in found.values():
        for result in each.values():
            if result["result"] not in SIGNS:
                yield result["result"]


def _changes(found: Mapping[str, Results]) -> Iterator[str]:
    """What each release does otherwise than the one before it."""
    releases = list(found)
    for before, after in itertools.pairwise(releases):
        for member, result in found[after].items():
            was = found[before][member]["result"]
            if was != result["result"]:
                yield f"* {after}: {member}: {was} in {before}, {result['result']} now."


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def main() -> int:
    """Runs, prints, writes; returns the exit status."""
    parser = argparse.ArgumentParser(description="What users call, on every public release.")
    parser.add_argument("--release", action="append", help="only this release; may be repeated")
    parser.add_argument("--markdown", type=Path, help="write the table to this file")
    given = parser.parse_args()
    names = given.release or [release.name for release in ENVIRONMENTS.RELEASES]
    try:
        found = {name: results(name) for name in names}
    except ENVIRONMENTS.MissingError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    table = markdown(found)
    sys.stdout.write(table)
    for name, each in found.items():
        for member, result in each.items():
            if result["result"] not in SIGNS:
                sys.stdout.write(f"\n{name}, {member}: {result['result']}\n{result['seen']}\n")
            for operation in dict.fromkeys(result["not_served"]):
                sys.stdout.write(f"\n{name}, {member}: targets do not serve {operation}.\n")
    if given.markdown:
        given.markdown.parent.mkdir(exist_ok=True)
        given.markdown.write_text(table, encoding="utf-8")
    return 1 if any(_failures(found)) else 0


if __name__ == "__main__":
    sys.exit(main())
