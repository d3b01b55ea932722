"""``connect-contract list`` and ``connect-contract explain``: what is demanded, and why."""

from __future__ import annotations

import click

from connect_contracts.case import Case
from connect_contracts.catalogue import UnknownId, catalogue
from connect_contracts.clauses import Clause, Depth
from connect_contracts.cli.trouble import CommandError
from connect_contracts.reports.output import echo
from connect_contracts.telling.scenario_line import scenario_line


@click.command("list")
def list_command() -> None:
    """List every clause and case, chapter by chapter."""
    every = catalogue()
    for chapter in every.chapters:
        echo(f"\n{chapter.name}: {chapter.title}\n")
        for clause in chapter.clauses.values():
            echo(f"{_heading(clause)}.")
            for case in every.of(clause):
                deep = "" if case.depth is Depth.CORE else f" (depth {case.depth})"
                echo(f"    {case.id}{deep}")


@click.command("explain")
@click.argument("name", metavar="ID")
def explain_command(name: str) -> None:
    """Explain a clause, such as CA-2, or a case, such as 'CA-2[without-the-file]'."""
    every = catalogue()
    try:
        cases = every.select([name])
    except UnknownId as error:
        if name not in every.clauses:
            raise CommandError(str(error)) from error
        cases = []
    clauses = [every.clauses[name]] if name in every.clauses else _of(cases)
    for clause in clauses:
        _show_clause(clause)
        for case in cases:
            if case.clause.id == clause.id:
                _show_case(case)


def _of(cases: list[Case]) -> list[Clause]:
    return list({case.clause.id: case.clause for case in cases}.values())


def _show_clause(clause: Clause) -> None:
    source = "" if clause.source == "-" else f"\n  source: {clause.source}"
    echo(f"{_heading(clause)}.{source}")


def _show_case(case: Case) -> None:
    level = "" if case.level == case.clause.level else f" ({case.level})"
    profiles = " and ".join(case.profiles)
    own = "" if case.profiles == case.clause.profiles else f" (profile {profiles})"
    echo(f"\n{case.id}{level}{own}\n  {case.description}")
    recipe = "" if case.recipe is None else f"; recipe: {case.recipe}"
    echo(f"  depth: {case.depth}{recipe}")
    if case.rule:
        echo(f"  rule: {case.rule}")
    echo(f"  {scenario_line(case.scenario)}")
    for expectation in case.expectations:
        echo(f"  expected of step {expectation.step + 1}: {expectation.told()}")
    if not case.expectations:
        echo("  expected: nothing; what happens is recorded")
    if case.twin is not None:
        echo(f"  its twin, which must succeed: {scenario_line(case.twin)}")


def _heading(clause: Clause) -> str:
    profiles = " and ".join(clause.profiles)
    return f"{clause.id} ({clause.level}; profile {profiles}): {clause.statement}"
