"""``connect-contract selftest``: whether the verdicts of this installation can be trusted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from connect_contracts.clauses import Profile
from connect_contracts.cli.trouble import CommandError
from connect_contracts.reports.output import line, output
from connect_contracts.telling.json_file import write_whole
from connect_contracts.wire.seen import count

if TYPE_CHECKING:
    from connect_contracts.broken.proof import Difference, Proved

MOST_CASES = 12
"""Cases that are named of an implementation whose verdicts are not as they must be."""


@click.command("selftest")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--matrix", is_flag=True, help="Every case, not a few; takes minutes.")
@click.option("-n", "workers", type=click.IntRange(1), help="How many processes.")
@click.option("--pin", is_flag=True, help="With --matrix: pin what is found. For who develops it.")
@click.option("--table", is_flag=True, help="Judge nothing: show the kill matrix as it is pinned.")
@click.option(
    "--html", type=click.Path(path_type=Path), help="Judge nothing: write the kill matrix there."
)
def selftest(
    names: tuple[str, ...],
    matrix: bool,
    workers: int | None,
    pin: bool,
    table: bool,
    html: Path | None,
) -> int:
    """Judge implementations that are known to be broken: is each of them caught?

    Each fails the cases that it must, and passes a few that it must pass, on this machine and in
    this environment. NAMEs choose among them.
    """
    if find_spec("pandas") is None:
        raise CommandError(
            "The broken implementations show rows as pandas frames, as the references do: install "
            "pytest-connect-contract[reference]."
        )
    if pin and not matrix:
        raise CommandError("--pin writes down the whole matrix: give --matrix with it.")
    keys = _keys(names, every_profile=matrix)
    if table or html is not None:
        return _show_matrix(table, html, names)
    return _prove(keys, whole=matrix, workers=workers, pin=pin)


def _keys(names: Sequence[str], *, every_profile: bool) -> list[tuple[str, Profile]]:
    from connect_contracts.broken import every_broken_implementation

    everyone = every_broken_implementation()
    unknown = set(names) - {one.name for one in everyone}
    if unknown:
        raise CommandError(
            f"There is no broken implementation {sorted(unknown)[0]!r}: "
            "`connect-contract selftest --table` shows them all."
        )
    return [
        (one.name, profile)
        for one in everyone
        if not names or one.name in names
        for profile in (one.profiles if every_profile else one.profiles[:1])
    ]


def _prove(keys: list[tuple[str, Profile]], *, whole: bool, workers: int | None, pin: bool) -> int:
    from connect_contracts.broken.matrix import PINNED
    from connect_contracts.broken.proof import proofs

    console = output()
    told = count(len({name for name, _ in keys}), "broken implementation")
    line(console, f"{told}, {'every case' if whole else 'a few cases'} each", "bold")
    proved = []
    for number, one in enumerate(proofs(keys, whole=whole, workers=workers), 1):
        proved.append(one)
        if number % max(1, len(keys) // 4) == 0:
            line(console, f"{number} of {len(keys)}")
    if pin:
        PINNED.pin({(one.name, one.profile): one.row for one in proved})
        line(console, f"pinned: {count(len(proved), 'row')}")
        return 0
    return _tell(console, proved)


def _tell(console: Console, proved: Sequence[Proved]) -> int:
    differences = [each for one in proved for each in one.differences]
    escaped = sorted({one.name for one in proved if not one.caught})
    for told in _differing(differences):
        line(console, told, "red")
    if escaped:
        line(console, f"not caught: {', '.join(escaped)}", "bold red")
    untested = sorted({case for one in proved for case in one.untested})
    if untested:
        told = f"not testable on this machine, and left aside: {', '.join(untested)}"
        line(console, told, "yellow")
    cases = sum(one.cases - len(one.untested) for one in proved)
    verdicts = f"{count(cases, 'verdict')} on {count(len(proved), 'implementation')}"
    if differences or escaped:
        line(
            console,
            f"{verdicts}: {len(differences)} other than they must be. Verdicts of this "
            "installation cannot be trusted: the lines above say which; exit status 1",
            "bold red",
        )
        return 1
    if not cases:
        line(
            console,
            "no case can be tested on this machine, so that nothing is known of the verdicts of "
            "this installation; exit status 2",
            "bold red",
        )
        return 2
    line(
        console,
        f"{verdicts}: every one as it must be, and each broken implementation is caught. "
        "Verdicts of this installation can be trusted; exit status 0",
        "green",
    )
    return 0


def _differing(differences: Sequence[Difference]) -> Iterator[str]:
    """A line for each implementation, and for what was found and what is pinned."""
    cases: dict[tuple[str, str, str, str], list[str]] = {}
    for each in differences:
        alike = (each.name, each.profile, each.found, each.pinned)
        cases.setdefault(alike, []).append(each.case)
    for (name, profile, found, pinned), ids in cases.items():
        named = ", ".join(ids[:MOST_CASES])
        more = f" and {len(ids) - MOST_CASES} more" if len(ids) > MOST_CASES else ""
        are = "is" if len(ids) == 1 else "are"
        yield f"{name} ({profile}): {named}{more} {are} {found}, not {pinned}"


def _show_matrix(table: bool, html: Path | None, names: Sequence[str]) -> int:
    from connect_contracts.reports.kill_matrix import html_page, show_table

    if html is not None:
        try:
            write_whole(html, html_page().encode())
        except OSError as error:
            raise CommandError(f"{html} cannot be written: {error.strerror}.") from error
    if table:
        show_table(output(), names)
    return 0
