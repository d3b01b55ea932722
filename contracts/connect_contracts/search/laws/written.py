"""What was written, told from the results of a run: plain lists of rows, and nothing decided.

Unlike the oracle it does not ask who may do what: what a step says that it did is taken for done,
and whoever reads later must see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from connect_contracts.model.observation import Result
from connect_contracts.model.scenario import Own, Row, Scenario, TableSpec, Use
from connect_contracts.model.values import same
from connect_contracts.oracle.tables import HEAD
from connect_contracts.oracle.values import fit

IfRefused = Literal["unknown", "nothing"]
Rows = list[Row]


@dataclass
class Written:
    """The rows of one table, as far as they are known.

    Attributes:
        rows: What was added; ``None`` once that is not known any more.
        kept: What the owner alone added: what a restart leaves.
        refused: Whether an addition was refused since the beginning.
    """

    spec: TableSpec
    rows: Rows | None = field(default_factory=list)
    kept: Rows | None = field(default_factory=list)
    refused: bool = False

    def __post_init__(self) -> None:
        self.add(self.spec.rows, by_owner=True)

    @property
    def types(self) -> tuple[str, ...]:
        """The data types of the columns, in order."""
        return tuple(kind for _, kind in self.spec.data_types)

    def add(self, rows: Sequence[Row], *, by_owner: bool) -> None:
        """Rows came in."""
        self.rows = self._with(self.rows, rows)
        if by_owner:
            self.kept = self._with(self.kept, rows)

    def _with(self, held: Rows | None, rows: Sequence[Row]) -> Rows | None:
        if held is None or not all(self._plain(row) for row in rows):
            return None
        for row in rows:
            held = [*(one for one in held if not self._replaces(row, one)), row]
        return held

    def _plain(self, row: Row) -> bool:
        """Whether it reads back as it is written: no default steps in, no conversion is open."""
        return len(row) == len(self.types) and all(
            value is not None and fit(value, kind) == "right" and kind != "Object"
            for value, kind in zip(row, self.types, strict=True)
        )

    def _replaces(self, row: Row, other: Row) -> bool:
        names = [name for name, _ in self.spec.data_types]
        places = [names.index(key) for key in self.spec.keys]
        return bool(places) and all(
            same(row[place], other[place], self.types[place]) for place in places
        )

    def restart(self) -> None:
        """What connected sessions added is gone."""
        self.rows = self.kept

    def differs(self, step: Use | Own, result: Result) -> str | None:
        """How what a step read differs from what was written, or ``None``."""
        seen = self._read(step, result)
        if seen is None or self.rows is None:
            return None
        left = list(self.rows)
        for row in seen:
            match = next((one for one in left if self._same(one, row)), None)
            if match is None:
                return f"the row {tuple(row)!r} was read, which is none of {self.rows!r}"
            left.remove(match)
        asked = len(self.rows)
        if isinstance(step, Use):
            asked = min(asked, HEAD if step.n is None else step.n)
        return None if len(seen) == asked else f"{len(seen)} rows were read of {self.rows!r}"

    def _same(self, one: Row, row: Sequence[Any]) -> bool:
        return len(one) == len(row) and all(
            same(value, other, kind)
            for value, other, kind in zip(one, row, self.types, strict=True)
        )

    def _read(self, step: Use | Own, result: Result) -> list[Row] | None:
        """The rows that a step read, columns in the table's order; ``None`` if it read none."""
        if result.how != "returned":
            return None
        if isinstance(step, Own):
            return [tuple(row) for row in result.value or ()]
        frame = result.frame
        if frame is None or step.action != "head" or (step.n is not None and step.n < 0):
            return None
        names = [name for name, _ in self.spec.data_types]
        indexed = frame.index != (None,)
        shown = [*(frame.index if indexed else ()), *frame.columns]
        if sorted(str(one) for one in shown) != sorted(names):
            return None
        order = [shown.index(name) for name in names]
        rows = [
            (*(label if indexed else ()), *row)
            for label, row in zip(frame.labels, frame.rows, strict=True)
        ]
        return [tuple(row[place] for place in order) for row in rows]


class Tables:
    """Every table of every target of a scenario.

    Parameters:
        if_refused: What an addition that raised has done: ``nothing``, or that is not known.
    """

    def __init__(self, scenario: Scenario, if_refused: IfRefused) -> None:
        self._if_refused = if_refused
        self._tables = {
            (target.name, table.name): Written(table)
            for target in scenario.targets
            for table in target.tables
        }

    def get(self, target: str, table: str) -> Written | None:
        """What is known of a table; ``None`` if a session created it, or nobody did."""
        return self._tables.get((target, table))

    def apply(self, step: Use | Own, target: str, result: Result) -> None:
        """A step was taken on a target."""
        if isinstance(step, Own):
            self._take_own(step)
        elif step.action == "create table":
            self._forget(target, step.table)
        elif step.action == "add" and (table := self.get(target, step.table)) is not None:
            if result.how == "returned":
                table.add(step.rows, by_owner=False)
            elif self._if_refused == "unknown" or len(step.rows) > 1:
                table.rows = None
            else:
                table.refused = True

    def _take_own(self, step: Own) -> None:
        match step.action:
            case "add" if (table := self.get(step.target, step.table)) is not None:
                table.add(step.rows, by_owner=True)
            case "create table":
                spec = step.spec or TableSpec(step.table)
                self._tables.setdefault((step.target, spec.name), Written(spec))
            case "restart":
                for (name, _), table in self._tables.items():
                    if name == step.target:
                        table.restart()

    def forget(self) -> None:
        """Nothing is known of any table any more."""
        for table in self._tables.values():
            table.rows = table.kept = None

    def _forget(self, target: str, name: str) -> None:
        if (table := self.get(target, name)) is not None:
            table.rows = None
