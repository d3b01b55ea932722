"""Runs side by side: the verdict of each clause in each, those that differ first."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from connect_contracts.report.model import ClauseReport, RunReport

NOT_THERE = "-"
"""In the place of the verdict of a clause that a run does not have."""


class MatrixRow(msgspec.Struct, frozen=True):
    """A clause, or a case, with its verdict in each run."""

    clause: str
    statement: str
    verdicts: tuple[str, ...]
    cases: tuple[MatrixRow, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether runs have different verdicts of it, or of one of its cases.

        A run at another depth has other cases: one that a run does not have makes no difference.
        """
        return len({*self.verdicts} - {NOT_THERE}) > 1 or any(case.differs for case in self.cases)


class Matrix(msgspec.Struct, frozen=True):
    """Clauses in rows, runs in columns."""

    columns: tuple[str, ...]
    rows: tuple[MatrixRow, ...]


def matrix(runs: Sequence[RunReport]) -> Matrix:
    """The clauses of all ``runs``; of their cases those whose verdicts differ."""
    clauses = [{clause.id: clause for clause in run.clauses} for run in runs]
    order = list(dict.fromkeys(name for each in clauses for name in each))
    rows = [_row(name, [each.get(name) for each in clauses]) for name in order]
    return Matrix(_columns(runs), tuple(sorted(rows, key=lambda row: not row.differs)))


def _row(name: str, found: Sequence[ClauseReport | None]) -> MatrixRow:
    cases = [{case.id: case for case in clause.cases} if clause else {} for clause in found]
    order = dict.fromkeys(case for each in cases for case in each)
    rows = []
    for case_id in order:
        verdicts = tuple(each[case_id].verdict if case_id in each else NOT_THERE for each in cases)
        described = next(each[case_id].description for each in cases if case_id in each)
        rows.append(MatrixRow(case_id, described, verdicts))
    statement = next((clause.statement for clause in found if clause is not None), "")
    verdicts = tuple(NOT_THERE if clause is None else clause.verdict for clause in found)
    return MatrixRow(name, statement, verdicts, tuple(row for row in rows if row.differs))


def _columns(runs: Sequence[RunReport]) -> tuple[str, ...]:
    """A name for each run: the implementation, and of the rest what tells the runs apart."""
    parts = [_parts(run) for run in runs]
    names: list[tuple[str, ...]] = [(each[0],) for each in parts]
    for place in range(1, len(parts[0])):
        longer = [(*name, each[place]) for name, each in zip(names, parts, strict=True)]
        names = longer if len(set(longer)) > len(set(names)) else names
    if len(set(names)) < len(names):
        names = [(*name, f"run {number}") for number, name in enumerate(names, 1)]
    return tuple(", ".join(filter(None, name)) for name in names)


def _parts(run: RunReport) -> tuple[str, ...]:
    machine = run.machine
    return (
        run.implementation,
        ", ".join(f"{client.name} {client.version}" for client in run.clients),
        f"profile {run.profile}",
        f"depth {run.depth}",
        f"Python {machine.python}" if machine else "",
        machine.tls if machine else "",
        machine.platform if machine else "",
        f"suite {run.version}",
        run.started,
    )
