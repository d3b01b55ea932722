"""What is stored, held against what the steps that added it said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connect_contracts.checks.step_view import StepView
from connect_contracts.checks.wire_checks.check_result import (
    HOLDS,
    CheckResult,
    WireCheck,
    missing,
    violated,
)
from connect_contracts.model.scenario import Connect, Own, Row, TableSpec, Use, placed_steps
from connect_contracts.model.values import same

NO_ADD_RETURNED = "no add returned"


class StoredAsSaid(WireCheck, frozen=True):
    """The rows that the owner sees are those that the adds before it said.

    They are the target's own, those of each add that returned, once each, and of each add that
    raised some, once each, or none; no others. A row that an add repeats is there as often. In a
    table with keys, the rows of all adds must have keys of their own; the target was
    not restarted.

    Parameters:
        some: At least one add must have returned.
        after_fault: An armed fault must have been met before.
    """

    some: bool = False
    after_fault: bool = False

    def describe(self) -> str:
        told = "rows are stored once where the add returned, and once or not at all where it raised"
        return f"{told}, and some add returned" if self.some else told

    def check(self, view: StepView) -> CheckResult:
        stored = [tuple(row) for row in view.result.value or ()]
        added = _Added(view)
        for row in (*added.of_owner, *added.surely):
            if not added.take(row, stored):
                return violated(f"the row {row!r} is not stored as often as it was added")
        for row in added.perhaps:
            added.take(row, stored)
        if stored:
            times = added.times(stored[0], stored)
            more = f"{'once' if times == 1 else f'{times} times'} more than it was added"
            how = more if added.knows(stored[0]) else "by no add"
            return violated(f"the row {stored[0]!r} is stored {how}")
        if self.some and not added.surely:
            return violated(NO_ADD_RETURNED)
        if self.after_fault and not view.fault_met_so_far:
            return missing("the armed fault was never met")
        return HOLDS


class _Added:
    """What was added to the table of the owner's step: by its owner, surely, and perhaps."""

    def __init__(self, view: StepView) -> None:
        placed = dict(placed_steps(view.observation.scenario))
        looked = placed[view.place]
        assert isinstance(looked, Own)
        # What is not among them, a session made.
        table = next(
            (spec for name, spec in _tables(view) if name == (looked.target, looked.table)),
            TableSpec(looked.table),
        )
        self._types = [kind for _, kind in table.data_types]
        self.of_owner: list[Row] = list(table.rows)
        self.surely: list[Row] = []
        self.perhaps: list[Row] = []
        sessions: dict[str, str] = {}
        for result in sorted(view.observation.results, key=lambda result: result.began):
            if result.began >= view.result.began:
                break
            match placed[result.place]:
                case Connect() as step:
                    sessions[step.session] = step.call.target
                case Own(action="add", target=looked.target, table=looked.table, rows=rows):
                    self.of_owner += rows
                case Use(action="add", table=looked.table) as step:
                    if sessions.get(step.session) == looked.target:
                        added = self.surely if result.how == "returned" else self.perhaps
                        added += step.rows

    def take(self, row: Row, stored: list[Row]) -> bool:
        """Take ``row`` out of what is stored; whether it is there."""
        found = next((other for other in stored if self._same(row, other)), None)
        if found is not None:
            stored.remove(found)
        return found is not None

    def times(self, row: Row, stored: list[Row]) -> int:
        return sum(self._same(row, other) for other in stored)

    def knows(self, row: Row) -> bool:
        """Whether ``row`` was added at all."""
        every = (*self.of_owner, *self.surely, *self.perhaps)
        return any(self._same(each, row) for each in every)

    def _same(self, expected: Row, seen: Row) -> bool:
        pairs: Any = zip(expected, seen, self._types, strict=False)
        return len(expected) == len(seen) and all(same(*each) for each in pairs)


def _tables(view: StepView) -> Iterator[tuple[tuple[str, str], TableSpec]]:
    """The tables of the targets' owners, by the names of target and table."""
    scenario = view.observation.scenario
    for target in scenario.targets:
        yield from (((target.name, spec.name), spec) for spec in target.tables)
    for _, step in placed_steps(scenario):
        match step:
            case Own(action="create table", spec=TableSpec() as spec):
                yield (step.target, spec.name), spec
