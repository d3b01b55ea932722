"""A state machine over histories: several sessions on one target, against a plain model.

Each rule adds a step; the history is run once, when the machine ends. What one side writes another
one reads: sessions what the owner wrote, the owner what sessions wrote, sessions what others wrote.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.run import run
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import ADMIN, Row, Scenario
from connect_contracts.search.strategies.history import EXAMPLE, KEYED, USERS, Disagreement, History
from connect_contracts.search.strategies.specifics import ROLES

MOST_SESSIONS = 4
"""Sessions that are open at once."""

CREATED = ("Later", "Latest")
"""Tables that the owner may create."""

_TEXTS = st.sampled_from(("a", "b", "c", "\u00e9", ""))
_NUMBERS = st.sampled_from((1, 2, 2**53 + 1))
_USERS = st.sampled_from([one.name for one in USERS])


def machine(implementation: Implementation, profile: Profile) -> type[RuleBasedStateMachine]:
    """A state machine that holds ``implementation`` to a plain model of ``profile``.

    A failure is a :class:`Disagreement`, which carries the scenario; a ``RuntimeError`` is a
    mistake of the harness. Several machines may be used in one process::

        run_state_machine_as_test(machine(implementation, Profile.V6_2), settings=...)
    """

    def check(history: History) -> None:
        scenario = history.scenario()
        observation = run(scenario, implementation, profile)
        if observation.harness_error is not None:
            raise RuntimeError(observation.harness_error)
        found = history.differs(observation)
        if found is not None:
            until = msgspec.structs.replace(scenario, steps=scenario.steps[: found.step + 1])
            raise Disagreement(until, found.expected, found.seen)

    return histories(profile, check)


def scenarios_of_histories(
    profile: Profile, collect: Callable[[Scenario], None]
) -> type[RuleBasedStateMachine]:
    """A state machine that runs nothing: its histories are given to ``collect`` as scenarios."""
    return histories(profile, lambda history: collect(history.scenario()))


def histories(profile: Profile, end: Callable[[History], None]) -> type[RuleBasedStateMachine]:
    """A state machine over histories, each of which is given to ``end`` when it is whole."""

    class OneTarget(RuleBasedStateMachine):
        """Sessions of several users on one target."""

        def __init__(self) -> None:
            super().__init__()
            self.history = History(profile)

        def _look(self, session: str | None) -> None:
            # What is remembered of it may not be shown later, when everybody looks again.
            if session is not None:
                self.history.list_tables(session)
                self.history.read(session, EXAMPLE.name)

        def _session(self, data: st.DataObject) -> str:
            return data.draw(st.sampled_from(list(self.history.sessions)), label="session")

        def _table(self, data: st.DataObject) -> str:
            return data.draw(st.sampled_from(list(self.history.tables)), label="table")

        def _row(self, data: st.DataObject, table: str) -> Row:
            if table == KEYED.name:
                return data.draw(st.tuples(_TEXTS, _NUMBERS), label="row")
            return data.draw(st.tuples(_TEXTS), label="row")

        @initialize()
        def begin(self) -> None:
            """An administrator is there from the start."""
            self._look(self.history.connect(ADMIN.name))

        @precondition(lambda self: len(self.history.sessions) < MOST_SESSIONS)
        @rule(user=_USERS)
        def connect(self, user: str) -> None:
            """Somebody connects."""
            self._look(self.history.connect(user))

        @precondition(lambda self: self.history.sessions)
        @rule(data=st.data())
        def add(self, data: st.DataObject) -> None:
            """A session adds a row."""
            session, table = self._session(data), self._table(data)
            if not self.history.sessions[session].restarted:
                self.history.add(session, table, self._row(data, table))

        @precondition(lambda self: self.history.sessions)
        @rule(data=st.data())
        def read(self, data: st.DataObject) -> None:
            """A session reads a table."""
            self.history.read(self._session(data), self._table(data))

        @precondition(lambda self: self.history.sessions)
        @rule(data=st.data())
        def list_tables(self, data: st.DataObject) -> None:
            """A session lists the tables."""
            self.history.list_tables(self._session(data))

        @rule(data=st.data())
        def owner_adds(self, data: st.DataObject) -> None:
            """The owner adds a row."""
            table = self._table(data)
            self.history.owner_adds(table, self._row(data, table))

        @rule(table=st.sampled_from((EXAMPLE.name, KEYED.name)))
        def owner_reads(self, table: str) -> None:
            """The owner looks."""
            self.history.owner_reads(table)

        @rule(table=st.sampled_from(CREATED))
        def owner_creates(self, table: str) -> None:
            """The owner creates a table."""
            if table not in self.history.tables:
                self.history.owner_creates(table)

        @rule(user=_USERS, roles=st.sampled_from(tuple(ROLES.values())))
        def set_roles(self, user: str, roles: tuple[str, ...]) -> None:
            """The owner grants and revokes roles."""
            self.history.set_roles(user, roles)

        @rule()
        def restart(self) -> None:
            """The target is restarted."""
            self.history.restart()

        @precondition(lambda self: self.history.sessions)
        @rule(data=st.data())
        def close(self, data: st.DataObject) -> None:
            """A session is closed."""
            self.history.close(self._session(data))

        def teardown(self) -> None:
            """Has everybody read everything and ends the history, if it was not given up."""
            if sys.exc_info()[0] is None and self.history.steps:
                self.history.all_read()
                end(self.history)

    return OneTarget
