"""Laws of reading: it gives what was written, and a refused change changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from connect_contracts.model.actions import ACTIONS
from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Observation
from connect_contracts.model.scenario import Connect, Own, Scenario, TableSpec, Together, Use
from connect_contracts.oracle import decisions
from connect_contracts.search.laws.law import Breach, ExecutedStep, Law, breach, executed_steps
from connect_contracts.search.laws.tables import TableModel

READ = "reads-what-was-written"
READ_SENTENCE = (
    "Rows that were added are read as they were written, by the session that added them, by any "
    "other session, and by the owner; after a restart, the owner's alone."
)
UNCHANGED = "refused-change"
UNCHANGED_SENTENCE = "A change that is refused changes nothing."


class _Tables:
    """Every table of every target of a scenario, by the names of both.

    They follow from the results of the steps: a step that returned has done what it says.

    Parameters:
        refused_is_nothing: Whether a change that raised has done nothing, or it is not known what.
    """

    def __init__(self, scenario: Scenario, *, refused_is_nothing: bool) -> None:
        self._refused_is_nothing = refused_is_nothing
        self._tables = {
            (target.name, table.name): TableModel(table)
            for target in scenario.targets
            for table in target.tables
        }

    def mismatch(self, executed: ExecutedStep, target: str) -> str | None:
        """How what a step read differs from what was written, or ``None``."""
        step = executed.step
        if isinstance(step, Connect) or step.action not in ("head", "rows"):
            return None
        if executed.result.how != "returned" or (isinstance(step, Use) and (step.n or 0) < 0):
            return None
        table = self._tables.get((target, step.table))
        if table is None or (self._refused_is_nothing and not table.refused):
            return None
        expected = table.expected(step)
        return None if expected is None else expected.mismatch(executed.result)

    def apply(self, executed: ExecutedStep, target: str) -> None:
        step, raised = executed.step, executed.result.how != "returned"
        table = None if isinstance(step, Connect) else self._tables.get((target, step.table))
        match step:
            case Own("restart"):
                for (name, _), each in self._tables.items():
                    if name == target:
                        each.restart()
            case Own("create table"):
                spec = step.spec or TableSpec(step.table)
                self._tables.setdefault((target, spec.name), TableModel(spec))
            case Own("add") if table is not None:
                table.add(step.rows, by_owner=True)
            case Use("create table") if table is not None:
                table.rows = None
            case Use("add") if table is not None and not raised:
                table.add(step.rows, by_owner=False)
            case Use("add") if table is not None:
                if self._refused_is_nothing and len(step.rows) <= 1:
                    table.refused = True
                else:
                    table.rows = None

    def forget(self) -> None:
        for table in self._tables.values():
            table.rows = table.kept = None


def _check(law: str, sentence: str, observation: Observation, profile: Profile) -> Iterator[Breach]:
    scenario = observation.as_played
    tables = _Tables(scenario, refused_is_nothing=law == UNCHANGED)
    together = [at for at, step in enumerate(scenario.steps) if isinstance(step, Together)]
    for step in executed_steps(observation, profile):
        if together and step.index > together[0]:
            # What steps that were taken together left behind is the oracle's to say.
            return
        if step.target is None:
            continue
        # With a fault armed, what is read need not be what is there.
        troubled = step.world.targets[step.target].troubled
        seen = None if troubled else tables.mismatch(step, step.target)
        if seen is not None:
            clause = decisions(scenario, profile)[step.index].clause
            yield breach(observation, law, clause, step.index, expected=sentence, seen=seen)
        tables.apply(step, step.target)
        if troubled and law == UNCHANGED:
            tables.forget()


def _check_refused(observation: Observation, profile: Profile) -> Iterator[Breach]:
    for step in executed_steps(observation, profile):
        granted = _granted(step)
        if granted is not None:
            yield breach(
                observation,
                UNCHANGED,
                decisions(observation.as_played, profile)[step.index].clause,
                step.index,
                expected="a change that raises, of one row, was granted by no target",
                seen=f"the step {step.result.describe()}, and {granted} was granted",
            )
    yield from _check(UNCHANGED, UNCHANGED_SENTENCE, observation, profile)


def _granted(executed: ExecutedStep) -> str | None:
    """The request by which a refused change was made, or ``None``."""
    step = executed.step
    changing = isinstance(step, Use) and ACTIONS[step.action].changes
    if not changing or executed.result.how != "raised" or len(getattr(step, "rows", ())) > 1:
        return None
    # An answer that a fault spoils may be of a change that was made.
    if any(target.troubled for target in executed.world.targets.values()):
        return None
    for exchange in executed.view.exchanges:
        if exchange.change and (exchange.status or 500) < 400:
            return exchange.line
    return None


READS_WHAT_WAS_WRITTEN = Law(READ, READ_SENTENCE, partial(_check, READ, READ_SENTENCE), "writers")
REFUSED_CHANGE = Law(UNCHANGED, UNCHANGED_SENTENCE, _check_refused, "writers")
