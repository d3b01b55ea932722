"""A history of one target: what was done on it, step by step, beside a plain model of its own.

The model is dictionaries and lists, and no oracle. It knows what somebody who read the page once
knows: an administrator's row is there, once, for everybody who may look, until the target is
restarted; whoever is no administrator changes nothing; the owner sees all of it.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from connect_contracts.clauses import Profile
from connect_contracts.expectation import Gives, GivesRows, Outcome, Raises, Returns
from connect_contracts.implementation import Implementation
from connect_contracts.observation import Observation
from connect_contracts.running.run import run
from connect_contracts.scenario import (
    ADMIN,
    USER,
    Basic,
    Call,
    Connect,
    Own,
    Row,
    Scenario,
    Step,
    TableSpec,
    TargetSpec,
    Use,
    User,
)

EXAMPLE = TableSpec()
KEYED = TableSpec("Keyed", (("Id", "String"), ("Value", "long")), keys=("Id",))
OWNED = (EXAMPLE, KEYED)
USERS = (ADMIN, USER, User("reader", "passwd", ("ROLE_USER",)))
ALL_ROWS = 1000
"""How many rows are asked for, so that all of them are given."""

LIMIT = 10.0
"""Seconds that one step may take."""


class Disagreement(AssertionError):
    """An implementation did on a target what the plain model does not allow.

    Parameters:
        scenario: The history up to that step, which shows it again.
        expected, seen: What the model allows, and what happened.
    """

    def __init__(self, scenario: Scenario, expected: str, seen: str) -> None:
        super().__init__(f"of step {len(scenario.steps)}, the last one: {expected}; but it {seen}")
        self.scenario = scenario
        self.expected = expected
        self.seen = seen


@dataclass
class _Table:
    spec: TableSpec
    rows: list[Row] = field(default_factory=list)
    of_owner: bool = True
    before: list[Row] = field(default_factory=list)
    """What a restart leaves: the rows as if only the owner had acted."""

    def add(self, row: Row, *, by_owner: bool) -> None:
        for held in (self.rows, self.before) if by_owner else (self.rows,):
            if self.spec.keys:
                held[:] = [one for one in held if one[0] != row[0]]
            held.append(row)


@dataclass
class _Session:
    user: str
    roles: frozenset[str]
    restarted: bool = False


class History:
    """Steps on one target, each with what may come of it.

    Attributes:
        steps: What was done.
        allowed: By the index of a step: what may come of it. A step without any is not judged.
        sessions: The open sessions whose rights are known, by name.
    """

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.steps: list[Step] = []
        self.allowed: dict[int, tuple[Outcome, ...]] = {}
        self.tables = {spec.name: _Table(spec) for spec in OWNED}
        self.roles = {user.name: frozenset(user.roles) for user in USERS}
        self.sessions: dict[str, _Session] = {}

    def _take(self, step: Step, *allowed: Outcome) -> None:
        self.allowed[len(self.steps)] = allowed
        self.steps.append(step)

    # Sessions.

    def connect(self, user: str) -> str | None:
        """Somebody connects; gives the session's name, or ``None`` if that is refused."""
        name = f"session {sum(isinstance(one, Connect) for one in self.steps) + 1}"
        call = Call(authentication=Basic(user, "passwd"))
        roles = self.roles[user]
        welcome = bool(roles & {"ROLE_USER", "ROLE_ADMIN"})
        self._take(Connect(call, name), Returns() if welcome else Raises())
        if not welcome:
            return None
        self.sessions[name] = _Session(user, roles)
        return name

    def close(self, session: str) -> None:
        """A session is closed. Nobody can use it any more."""
        open_across = self.sessions.pop(session).restarted
        self._take(Use("close", session=session), *_or_raises((Returns(),), open_across))
        self._take(Use("list tables", session=session), Raises())

    def _rights(self, session: str) -> tuple[bool, bool]:
        """Whether a session sees tables, and whether it may change them."""
        admin = "ROLE_ADMIN" in self.sessions[session].roles
        return admin or self.profile is Profile.V6_2, admin

    # Reading.

    def list_tables(self, session: str) -> None:
        """A session lists the tables."""
        self._read(Use("list tables", session=session), Gives(sorted(self.tables)))

    def read(self, session: str, table: str) -> None:
        """A session reads all rows of a table."""
        found = self.tables.get(table)
        spec = found.spec if found else EXAMPLE
        rest = tuple(name for name, _ in spec.data_types if name not in spec.keys)
        outcome: Outcome = Raises("KeyError")
        if found is not None:
            outcome = GivesRows(rest, _types(spec), tuple(found.rows), spec.keys)
        self._read(Use("head", table, n=ALL_ROWS, session=session), outcome)

    def _read(self, use: Use, outcome: Outcome) -> None:
        sees, _ = self._rights(use.session)
        restarted = self.sessions[use.session].restarted
        self._take(use, *_or_raises((outcome,), restarted) if sees else (Raises(),))

    def owner_reads(self, table: str) -> None:
        """The owner looks at a table's rows."""
        found = self.tables[table]
        columns = tuple(name for name, _ in found.spec.data_types)
        rows = tuple(found.rows)
        self._take(
            Own("rows", table=table),
            GivesRows(columns, _types(found.spec), rows, of_owner=True),
        )

    # Writing.

    def add(self, session: str, table: str, row: Row) -> None:
        """A session adds a row; without the right to, nothing changes."""
        _, changes = self._rights(session)
        use = Use("add", table, (row,), session=session)
        if table not in self.tables or not changes:
            self._take(use, Raises())
        else:
            self._take(use, Returns())
            self.tables[table].add(row, by_owner=False)

    def owner_adds(self, table: str, row: Row) -> None:
        """The owner adds a row."""
        self._take(Own("add", table=table, rows=(row,)), Returns())
        self.tables[table].add(row, by_owner=True)

    def owner_creates(self, table: str) -> None:
        """The owner creates a table like that of the example."""
        spec = TableSpec(table)
        self._take(Own("create table", table=table, spec=spec), Returns())
        self.tables[table] = _Table(spec)

    # What the owner does besides.

    def set_roles(self, user: str, roles: tuple[str, ...]) -> None:
        """The owner grants and revokes. Open sessions of that user are not judged any more."""
        self._take(Own("set roles", user=User(user, roles=roles)), Returns())
        self.roles[user] = frozenset(roles)
        self.sessions = {
            name: one
            for name, one in self.sessions.items()
            if one.user != user or one.roles == self.roles[user]
        }

    def restart(self) -> None:
        """The target is restarted: what came from sessions is gone."""
        self._take(Own("restart"), Returns())
        for table in self.tables.values():
            table.rows = copy.copy(table.before)
        for session in self.sessions.values():
            session.restarted = True

    # The end.

    def all_read(self) -> None:
        """Everybody reads everything: what was written through one side, through the others."""
        for name in self.tables:
            self.owner_reads(name)
        for session in self.sessions:
            self.list_tables(session)
            for name in self.tables:
                self.read(session, name)

    def scenario(self) -> Scenario:
        """The history as a scenario."""
        return Scenario((TargetSpec(users=USERS, tables=OWNED),), tuple(self.steps), limit=LIMIT)

    def check(self, implementation: Implementation) -> Observation:
        """Run the history on an implementation, and hold each step against the model.

        Raises:
            Disagreement: A step came out as the model does not allow.
            RuntimeError: The mistake is in the harness.
        """
        scenario = self.scenario()
        steps, allowed = scenario.steps, self.allowed
        observation = run(scenario, implementation, self.profile)
        if observation.harness_error is not None:
            raise RuntimeError(observation.harness_error)
        for index in range(len(steps)):
            result = observation.result((index,))
            if result is None:
                # Its session was refused, which was said of its connect.
                continue
            wrong = [outcome.holds(result) for outcome in allowed[index]]
            if wrong and all(wrong):
                told = ", or ".join(outcome.told() for outcome in allowed[index])
                until = msgspec.structs.replace(scenario, steps=steps[: index + 1])
                raise Disagreement(until, told, str(wrong[0]))
        return observation


def _or_raises(outcomes: Iterable[Outcome], wanted: bool) -> tuple[Outcome, ...]:
    return (*outcomes, Raises()) if wanted else tuple(outcomes)


def _types(spec: TableSpec) -> tuple[str, ...]:
    """Types in the order in which rows are held against them: keys first, as the columns are."""
    return tuple(kind for _, kind in spec.data_types)
