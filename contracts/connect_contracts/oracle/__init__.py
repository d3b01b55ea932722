"""The oracle: from a scenario and a documentation profile to what must be seen.

It is the second statement of the contract, made apart from the hand-written cases. It serves the
scenarios that the search draws. It walks the steps with a model of the targets and the sessions
(``world``), and decides about each step: what is allowed, and which clause says so. Where the
documentation leaves the outcome open, it names every outcome that is allowed, or is silent.

Nothing here does any input or output, looks at a clock, or draws a random number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator

from connect_contracts.checks.expectation import Expectation, Raises, Returns
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Connect, Own, Row, Scenario, Step, Together, Use
from connect_contracts.oracle.connecting import connect
from connect_contracts.oracle.decision import (
    SILENT,
    Decision,
    must_raise,
    must_return,
    only,
    or_raises,
)
from connect_contracts.oracle.known import check_known
from connect_contracts.oracle.owner_steps import own
from connect_contracts.oracle.session_steps import use
from connect_contracts.oracle.tables import TableModel
from connect_contracts.oracle.world import World

__all__ = ["Decision", "apply", "decisions", "oracle"]


def oracle(scenario: Scenario, profile: Profile) -> tuple[Expectation, ...]:
    """What must be seen of ``scenario`` in ``profile``: an expectation for each decided step.

    The documentation says nothing about a step without an expectation.

    Raises:
        UnknownToOracle: The oracle does not know a defect or a fault of the scenario.
    """
    return tuple(
        Expectation(index, decision.alternatives)
        for index, decision in enumerate(decisions(scenario, profile))
        if decision.alternatives
    )


def decisions(scenario: Scenario, profile: Profile) -> list[Decision]:
    """The decision about each step of ``scenario``, with its clause; raises as ``oracle`` does."""
    check_known(scenario)
    world = World(scenario, profile)
    return [apply(world, step) for step in scenario.steps]


def apply(world: World, step: Step) -> Decision:
    """The decision about the next step; the world is changed as the step changes it."""
    match step:
        case Connect():
            held = step.call.target in world.take_holding()
            return connect(world, step, interrupted=step.interrupted and held)
        case Use():
            world.take_holding()
            return use(world, step)
        case Own():
            return own(world, step)
        case Together():
            return _together(world, step)


# Steps that run at once: what must hold in whatever order they happen.


def _together(world: World, step: Together) -> Decision:
    """Whether the whole returns, which it does if each of its steps does.

    The branches are walked one after the other. What they add is the same in any order, unless two
    of them write the same key. Where one branch may undo what another needs, nothing is said.
    """
    clashing = [
        table
        for target in world.targets.values()
        for table in target.tables.values()
        if table.keys and _clash(table, step)
    ]
    each_one = [apply(world, each) for each in step.steps()]
    for table in clashing:
        table.forget()
    if _branches_depend(step):
        _forget(world, step)
        return Decision("AUTH-11")
    if refused := [one for one in each_one if must_raise(one.alternatives)]:
        if all(one.alternatives == refused[0].alternatives for one in each_one):
            return refused[0]
        return Decision(refused[0].clause, only(Raises()))
    if tables := _added_at_once(world, step):
        for table in tables:
            table.doubt(tuple(_rows_of(table, step)))
        # A client may refuse to add rows while another session does.
        return Decision("LIVE-9", or_raises(only(Returns())))
    returns = all(must_return(one.alternatives) for one in each_one)
    return Decision("AUTH-11", only(Returns()) if returns else SILENT)


def _sessions(step: Together) -> Counter[str]:
    """In how many branches each session is used."""
    return Counter(name for branch in step.branches for name in {each.session for each in branch})


def _added_at_once(world: World, step: Together) -> list[TableModel]:
    """The tables to which several branches add rows (LIVE-9)."""
    return [
        table
        for target in world.targets.values()
        for table in target.tables.values()
        if sum(any(_adds_to(table, world, each) for each in branch) for branch in step.branches) > 1
    ]


def _adds_to(table: TableModel, world: World, step: Connect | Use) -> bool:
    if not isinstance(step, Use) or step.action != "add" or step.table != table.name:
        return False
    session = world.sessions.get(step.session)
    return session is not None and session.target.tables.get(table.name) is table


def _rows_of(table: TableModel, step: Together) -> Iterator[Row]:
    for each in step.steps():
        if isinstance(each, Use) and each.action == "add" and each.table == table.name:
            yield from each.rows


def _branches_depend(step: Together) -> bool:
    """Whether two branches share a session, or one creates a table."""
    creates = any(isinstance(each, Use) and each.action == "create table" for each in step.steps())
    return creates or any(count > 1 for count in _sessions(step).values())


def _forget(world: World, step: Together) -> None:
    """Nothing more can be said of the sessions of ``step``, and of the tables they may change."""
    for name in _sessions(step):
        session = world.sessions.get(name)
        if session is not None:
            session.state = "perhaps"
            for table in session.target.tables.values():
                table.certain = False


def _clash(table: TableModel, step: Together) -> bool:
    """Whether two branches write the same row of ``table``, by its key."""
    written = Counter(key for branch in step.branches for key in set(_keys_of(table, branch)))
    return any(count > 1 for count in written.values())


def _keys_of(table: TableModel, branch: tuple[Connect | Use, ...]) -> Iterator[Hashable]:
    for step in branch:
        if isinstance(step, Use) and step.action == "add" and step.table == table.name:
            yield from (table.key(row) for row in step.rows if table.fit(row) == "right")
