"""Runs side by side: what is wrong in which, and the verdict of each clause, what differs first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

import msgspec

from connect_contracts.report.causes import CauseReport
from connect_contracts.report.model import ClauseReport, RunReport

NOT_THERE = "-"
"""In the place of the verdict of a clause that a run does not have."""
DIFFERS, CASES_DIFFER, SAME = GROUPS = (
    "What differs",
    "What differs in its cases alone",
    "What is the same in all",
)


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
        return self.group != SAME

    @property
    def group(self) -> str:
        """What of it differs."""
        if len({*self.verdicts} - {NOT_THERE}) > 1:
            return DIFFERS
        return CASES_DIFFER if any(case.differs for case in self.cases) else SAME


class CauseRow(msgspec.Struct, frozen=True):
    """What is wrong, the clauses that it breaks, and in how many cases of each run."""

    key: str
    seen: str
    clauses: tuple[str, ...]
    cases: tuple[int, ...]


class Matrix(msgspec.Struct, frozen=True):
    """Causes and clauses in rows, runs in columns."""

    columns: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    causes: tuple[CauseRow, ...] = ()

    @property
    def groups(self) -> list[tuple[str, list[MatrixRow]]]:
        """The rows by what of them differs."""
        return [(name, list(rows)) for name, rows in groupby(self.rows, lambda row: row.group)]


def matrix(runs: Sequence[RunReport]) -> Matrix:
    """The clauses of all ``runs``; of their cases those whose verdicts differ."""
    clauses = [{clause.id: clause for clause in run.clauses} for run in runs]
    order = list(dict.fromkeys(name for each in clauses for name in each))
    rows = [_row(name, [each.get(name) for each in clauses]) for name in order]
    rows.sort(key=lambda row: GROUPS.index(row.group))
    return Matrix(_columns(runs), tuple(rows), _causes(runs))


def _causes(runs: Sequence[RunReport]) -> tuple[CauseRow, ...]:
    """What is wrong in any of them, without what is known."""
    found = [{cause.key: cause for cause in run.causes if cause.known is None} for run in runs]
    return tuple(
        _cause(key, [each.get(key) for each in found])
        for key in dict.fromkeys(key for each in found for key in each)
    )


def _cause(key: str, found: Sequence[CauseReport | None]) -> CauseRow:
    there = [cause for cause in found if cause is not None]
    clauses = tuple(dict.fromkeys(name for cause in there for name in cause.clauses))
    cases = tuple(0 if cause is None else len(cause.cases) for cause in found)
    return CauseRow(key, there[0].seen, clauses, cases)


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
    # Those that another part tells apart may still be of two days.
    alike = Counter(run.implementation for run in runs)
    names = [
        (*name, run.started) if alike[run.implementation] > 1 else name
        for name, run in zip(names, runs, strict=True)
    ]
    same = Counter(names)
    names = [
        (*name, f"run {number}") if same[name] > 1 else name for number, name in enumerate(names, 1)
    ]
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
    )
