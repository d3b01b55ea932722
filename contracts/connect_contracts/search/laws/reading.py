"""Reading gives what was written, whoever reads it; a refused change is none."""

from __future__ import annotations

from collections.abc import Iterator

from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Observation
from connect_contracts.model.scenario import Own, Scenario, Together, Use
from connect_contracts.oracle import decisions
from connect_contracts.oracle.world import HARMLESS_FAULTS
from connect_contracts.search.laws.drawn import writers
from connect_contracts.search.laws.law import Breach, Law, breach
from connect_contracts.search.laws.walk import Taken, taken
from connect_contracts.search.laws.written import IfRefused, Tables

READ = "reads-what-was-written"
READ_SENTENCE = (
    "Rows that were added are read as they were written, by the session that added them, by any "
    "other session, and by the owner; after a restart, the owner's alone."
)
UNCHANGED = "refused-change"
UNCHANGED_SENTENCE = "A change that is refused changes nothing."


def look_at_reading(
    scenario: Scenario, observation: Observation, profile: Profile
) -> Iterator[Breach]:
    """The steps that read something else than was written."""
    yield from _look(scenario, observation, profile, READ, READ_SENTENCE, "unknown")


def look_at_refused(
    scenario: Scenario, observation: Observation, profile: Profile
) -> Iterator[Breach]:
    """The steps by which a refused change is seen to have changed something."""
    for one in taken(scenario, observation, profile):
        found = _granted(one)
        if found is not None:
            clause = decisions(scenario, profile)[one.index].clause
            yield breach(
                observation,
                UNCHANGED,
                clause,
                one.index,
                expected="a change that raises, of one row, was granted by no target",
                seen=f"the step {one.result.describe()}, and {found} was granted",
            )
    yield from _look(scenario, observation, profile, UNCHANGED, UNCHANGED_SENTENCE, "nothing")


def _granted(one: Taken) -> str | None:
    """The request by which a refused change was made, or ``None``."""
    step = one.step
    changing = isinstance(step, Use) and step.action in ("add", "create table")
    if not changing or one.result.how != "raised" or len(getattr(step, "rows", ())) > 1:
        return None
    # An answer that a fault spoils may be of a change that was made.
    if any(target.troubled for target in one.world.targets.values()):
        return None
    granted = [each for each in one.view.exchanges if each.change and (each.status or 500) < 400]
    return granted[0].line if granted else None


def _look(
    scenario: Scenario,
    observation: Observation,
    profile: Profile,
    law: str,
    sentence: str,
    if_refused: IfRefused,
) -> Iterator[Breach]:
    tables = Tables(scenario, if_refused)
    together = next(
        (at for at, step in enumerate(scenario.steps) if isinstance(step, Together)), None
    )
    for one in taken(scenario, observation, profile):
        if together is not None and one.index > together:
            # What steps that were taken together left behind is the oracle's to say.
            return
        target = _target_of(one)
        if target is None or not isinstance(one.step, Use | Own):
            continue
        table = tables.get(target, one.step.table)
        reads = isinstance(one.step, Use) or one.step.action == "rows"
        judged = law == READ or (table is not None and table.refused)
        if table is not None and reads and judged and not _troubled(one, target):
            differs = table.differs(one.step, one.result)
            if differs is not None:
                clause = decisions(scenario, profile)[one.index].clause
                yield breach(observation, law, clause, one.index, expected=sentence, seen=differs)
        tables.apply(one.step, target, one.result)
        if _troubled(one, target) and if_refused == "nothing":
            tables.forget()


def _target_of(one: Taken) -> str | None:
    if isinstance(one.step, Own):
        return one.step.target
    return one.connect.call.target if one.connect is not None else None


def _troubled(one: Taken, target: str) -> bool:
    """Whether a fault is armed by which what is read need not be what is there."""
    return any(each not in HARMLESS_FAULTS for each in one.world.targets[target].faults)


READS_WHAT_WAS_WRITTEN = Law(READ, READ_SENTENCE, look_at_reading, writers)
REFUSED_CHANGE = Law(UNCHANGED, UNCHANGED_SENTENCE, look_at_refused, writers)
