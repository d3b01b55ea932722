"""What is stored, held against what the steps before said."""

from __future__ import annotations

from typing import Any

import pytest

from connect_contracts.chapters.builder import add, connect, owner_rows, secure, table
from connect_contracts.checks.step_view import StepView
from connect_contracts.checks.wire_checks import StoredAsSaid
from connect_contracts.model.observation import Observation, Place, Result
from connect_contracts.model.scenario import Own, Scenario, Step, TableSpec, Together
from connect_harness.server.events import FaultFired
from wire_rows import text_of

OTHER = secure(name="other", tables=(table("Example", ("of another",)),))
TARGET = secure(tables=(table("Example", ("before",)), table("Another", ("elsewhere",))))

RETURNED, RAISED = "returned", "raised"
LOST, TWICE = "is not stored as often as it was added", "is stored once more than it was added"


def looked_at(
    *steps: tuple[Step, str], stored: list[Any], check: StoredAsSaid, look: Own, fault: bool
) -> str:
    results: list[Result] = []
    scenario = Scenario((TARGET, OTHER), (*(step for step, _ in steps), look))

    def note(place: Place, how: Any, **more: Any) -> None:
        number = 2 * len(results) + 1
        results.append(Result(place, "s", "w", how, began=number, ended=number + 1, **more))

    for index, (step, how) in enumerate(steps):
        if isinstance(step, Together):
            for branch, own in enumerate(step.branches):
                for at in range(len(own)):
                    note((index, branch, at), how)
        note((index,), how)
    note((len(steps),), RETURNED, value=stored)
    event = FaultFired(number=1, target="target", layer="raw", phase="answer", act=None)
    observation = Observation(scenario, tuple(results), (event,) if fault else ())
    return text_of(check.check(StepView(observation, (len(steps),))))


SESSION = (connect(), RETURNED)
ONE, TWO = add(("1",)), add(("2",))


@pytest.mark.parametrize(
    ("steps", "stored", "seen"),
    [
        ([], ["before"], "holds"),
        ([], [], f"the row ('before',) {LOST}"),
        ([], ["before", "x"], "the row ('x',) is stored by no add"),
        ([(ONE, RETURNED)], ["1", "before"], "holds"),
        ([(ONE, RETURNED)], ["before"], f"the row ('1',) {LOST}"),
        ([(ONE, RETURNED)], ["before", "1", "1"], f"the row ('1',) {TWICE}"),
        ([(ONE, RAISED)], ["before"], "holds"),
        ([(ONE, RAISED)], ["before", "1"], "holds"),
        ([(ONE, RAISED)], ["before", "1", "1"], f"the row ('1',) {TWICE}"),
        (
            [(ONE, RETURNED)],
            ["before", *"111"],
            "the row ('1',) is stored 2 times more than it was added",
        ),
        # What is added a second time is there a second time.
        ([(ONE, RETURNED), (ONE, RAISED)], ["before", "1", "1"], "holds"),
        ([(ONE, RETURNED), (ONE, RETURNED)], ["before", "1"], f"the row ('1',) {LOST}"),
        ([(add(("1",), ("2",)), RAISED)], ["before", "2"], "holds"),
        ([(Together(((ONE,), (TWO,))), RETURNED)], ["before", "1", "2"], "holds"),
        ([(Together(((ONE,), (TWO,))), RETURNED)], ["before", "1"], f"the row ('2',) {LOST}"),
        ([(Own("add", rows=(("3",),)), RETURNED)], ["before", "3"], "holds"),
        ([(Own("add", rows=(("3",),)), RETURNED)], ["before"], f"the row ('3',) {LOST}"),
        # Other tables, and other targets.
        ([(add(("1",), table="Another"), RETURNED)], ["before"], "holds"),
        ([(Own("add", "other", rows=(("3",),)), RETURNED)], ["before"], "holds"),
        ([(connect(target="other"), RETURNED), (ONE, RETURNED)], ["before"], "holds"),
    ],
)
def test_what_is_stored(steps: list[tuple[Step, str]], stored: list[str], seen: str) -> None:
    rows = [[value] for value in stored]
    told = looked_at(
        SESSION, *steps, stored=rows, check=StoredAsSaid(), look=owner_rows(), fault=False
    )
    assert told == seen


@pytest.mark.parametrize(
    ("check", "how", "fault", "seen"),
    [
        (StoredAsSaid(some=True), RETURNED, False, "holds"),
        (StoredAsSaid(some=True), RAISED, False, "no add returned"),
        (StoredAsSaid(after_fault=True), RETURNED, True, "holds"),
        (
            StoredAsSaid(after_fault=True),
            RETURNED,
            False,
            "missing: the armed fault was never met",
        ),
    ],
)
def test_what_else_is_demanded(check: StoredAsSaid, how: str, fault: bool, seen: str) -> None:
    stored = [["before"], ["1"]]
    steps = SESSION, (ONE, how)
    assert looked_at(*steps, stored=stored, check=check, look=owner_rows(), fault=fault) == seen


@pytest.mark.parametrize(
    ("made", "stored"),
    [
        ((Own("create table", spec=table("New", ("own",))), RETURNED), ["own", "1"]),
        ((Own("create table", spec=TableSpec("Other")), RETURNED), ["1"]),
    ],
)
def test_a_table_that_came_later(made: tuple[Step, str], stored: list[str]) -> None:
    steps = SESSION, made, (add(("1",), table="New"), RETURNED)
    rows = [[value] for value in stored]
    look = owner_rows("New")
    told = looked_at(*steps, stored=rows, check=StoredAsSaid(), look=look, fault=False)
    assert told == "holds"
