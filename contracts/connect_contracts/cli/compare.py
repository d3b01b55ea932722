"""``connect-contract compare``: in what two implementations, or two records, differ."""

from __future__ import annotations

from pathlib import Path

import click

from connect_contracts.behaviour.groups import Comparison, compare
from connect_contracts.behaviour.observing import observe
from connect_contracts.behaviour.record import BehaviourRecord
from connect_contracts.behaviour.record_file import UnreadableRecord, read_record
from connect_contracts.behaviour.scenarios import Listed, Origin
from connect_contracts.clauses import Depth
from connect_contracts.cli.interruption import postponed
from connect_contracts.cli.json_option import check_json_file, written
from connect_contracts.cli.observe import progress_of, scenarios_of, subject_of
from connect_contracts.cli.subjects import tell_session
from connect_contracts.cli.trouble import CommandError
from connect_contracts.cli.unsteady import tell_unsteady
from connect_contracts.reports.comparison import comparison_json, comparison_text
from connect_contracts.reports.output import echo
from connect_contracts.settings import UnderTest

Side = UnderTest | BehaviourRecord


@click.command("compare")
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option("--profile", metavar="PROFILE", help="The documentation, of implementations.")
@click.option("--select", metavar="ID", multiple=True, help="Of the cases, only these; repeat it.")
@click.option("--depth", metavar="DEPTH", default="default", help="How deep the cases lie.")
@click.option(
    "--scenarios",
    "origin",
    type=click.Choice(["all", "cases", "ladder"]),
    help="Those of the cases and the ladder of generated ones, or one of the two; "
    "by default all, and with --select the cases.",
)
@click.option(
    "--settings",
    type=click.Choice(["ci", "dev", "nightly"]),
    help="How long two implementations are searched for more; not at all by default.",
)
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write it there too.")
def compare_command(
    first: str,
    second: str,
    profile: str | None,
    select: tuple[str, ...],
    depth: str,
    origin: Origin | None,
    settings: str | None,
    json_file: Path | None,
) -> int:
    """Tell in what A and B differ, each the file of a record or an implementation.

    Exit status 0 for no difference, 1 for any, 2 if nothing could be compared. What exceptions say
    is told, and counts as no difference.
    """
    check_json_file(json_file)
    sides = _side(first, profile), _side(second, profile)
    kept = [one for one in sides if isinstance(one, BehaviourRecord)]
    if settings is not None and kept:
        raise CommandError("--settings searches two implementations, and a record is none.")
    if kept:
        scenarios = [Listed(one.scenario, one.cases) for one in kept[0].scenarios]
    else:
        scenarios = scenarios_of(depth, select, origin)
    # A record tells which scenarios there are, and how deep its cases lie.
    deep = kept[0].depth if kept else Depth(depth)
    records = [_record(one, scenarios, deep) for one in sides]
    comparison = compare(records[0], records[1])
    if not comparison.common:
        raise CommandError("The two records have no scenario in common: observe both anew.")
    interrupted = False
    if not kept and comparison.exit_status != 2:
        try:
            comparison = _made_small(sides, comparison, settings)
        except KeyboardInterrupt:
            interrupted = True
    with postponed():
        saved = json_file is None or written(json_file, comparison_json(comparison))
        echo(comparison_text(comparison), end="")
        if interrupted:
            echo("interrupted: what differs is told as it was found, and nothing was searched for")
    return comparison.exit_status if saved and not interrupted else comparison.exit_status or 2


def _side(name: str, profile: str | None) -> Side:
    path = Path(name)
    if path.is_dir():
        raise CommandError(f"{name} is a folder: name the file of one behaviour record.")
    if not path.is_file() and path.suffix != ".json":
        return subject_of(name, profile)
    try:
        return read_record(path)
    except UnreadableRecord as error:
        raise CommandError(str(error)) from error


def _record(side: Side, scenarios: list[Listed], depth: Depth) -> BehaviourRecord:
    if isinstance(side, BehaviourRecord):
        return side
    echo(f"observing {side.implementation.name}")
    tell_session(side)
    return observe(side, scenarios, depth, progress_of(len(scenarios)))


def _made_small(
    sides: tuple[Side, Side], comparison: Comparison, settings: str | None
) -> Comparison:
    """The weightiest differences in scenarios of which nothing can be left; with ``settings`` after
    a search for more."""
    # What Hypothesis costs to import, only who searches pays.
    from connect_contracts.behaviour.searching import Search
    from connect_contracts.search.budget import search_settings

    first, second = sides
    assert isinstance(first, UnderTest)
    assert isinstance(second, UnderTest)
    known = {one.difference for group in comparison.groups for one in group.differences}
    chosen = search_settings(settings or "ci")
    if settings is not None:
        tell_unsteady()
    search = Search(first, second, chosen, known)
    found = [] if settings is None else list(search.pairs())
    weightiest = [one for one in comparison.with_pairs(found).groups if not one.wording_only]
    for group in weightiest[: chosen.most_differences]:
        pair = group.first, group.second
        found += [search.reduced(one.difference, pair) for one in group.differences[:1]]
    return comparison.with_pairs(found)
