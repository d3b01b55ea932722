"""A history of one target: what was done on it, step by step, beside a plain model of its own.

The model is dictionaries and lists, and no oracle. It knows what somebody who read the page once
knows: an administrator's row is there, once, for everybody who may look, until the target is
restarted; whoever is no administrator changes nothing; the owner sees all of it.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from connect_contracts.checks.expectation import Gives, Outcome, Raises, Returns
from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Observation
from connect_contracts.model.scenario import (
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
from connect_contracts.search.strategies.plain_table import PlainTable

EXAMPLE = TableSpec()
KEYED = TableSpec("Keyed", (("Id", "String"), ("Value", "long")), keys=("Id",))
OWNED = (EXAMPLE, KEYED)
USERS = (ADMIN, USER, User("reader", "passwd", ("ROLE_USER",)))
ALL_ROWS = 1000
"""How many rows are asked for, so that all of them are given."""

LIMIT = 10.0
"""Seconds that one step may take."""

_PLAIN = re.compile("[A-Za-z0-9-]{1,100}")


@dataclass
class _Session:
    user: str
    roles: frozenset[str]
    restarted: bool = False


class Differs(msgspec.Struct, frozen=True):
    """The first step of a history that came out as the model does not allow.

    Parameters:
        step: Its index.
        expected, seen: What the model allows, and what happened.
    """

    step: int
    expected: str
    seen: str


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


class History:
    """Steps on one target, each with what may come of it.

    Parameters:
        users, tables: Those of the target.

    Attributes:
        steps: What was done.
        allowed: By the index of a step: what may come of it. A step without any is not judged.
        sessions: The open sessions whose rights are known, by name.
    """

    def __init__(
        self,
        profile: Profile,
        users: tuple[User, ...] = USERS,
        tables: tuple[TableSpec, ...] = OWNED,
    ) -> None:
        self.profile = profile
        self.target = TargetSpec(users=users, tables=tables)
        self.steps: list[Step] = []
        self.allowed: dict[int, tuple[Outcome, ...]] = {}
        self.tables = {spec.name: PlainTable.of(spec) for spec in tables}
        self.roles = {user.name: frozenset(user.roles) for user in users}
        self.sessions: dict[str, _Session] = {}
        self._closed: set[str] = set()

    @classmethod
    def of(cls, scenario: Scenario, profile: Profile) -> History:
        """``scenario`` as far as the model knows it: from its beginning, perhaps no step."""
        history = cls(profile, (), ())
        (target, *others) = scenario.targets
        bare = msgspec.structs.replace(target, users=(), tables=())
        if others or scenario.surroundings or scenario.trusted or bare != history.target:
            return history
        if not all(PlainTable.knows(spec) for spec in target.tables):
            return history
        history = cls(profile, target.users, target.tables)
        for step in scenario.steps:
            if not history.execute(step):
                break
        return history

    def execute(self, step: Step) -> bool:
        """Add a step with what may come of it; false for one that the model does not know."""
        match step:
            case Connect():
                allowed = self._connect(step)
            case Use():
                allowed = self._use(step)
            case Own():
                allowed = self._own(step)
            case _:
                allowed = None
        if allowed is None:
            return False
        self.allowed[len(self.steps)] = allowed
        self.steps.append(step)
        return True

    # Sessions.

    def _connect(self, step: Connect) -> tuple[Outcome, ...] | None:
        passwords = {user.name: user.password for user in self.target.users}
        given = step.call.authentication
        if not isinstance(given, Basic) or step.call != Call(authentication=given):
            return None
        if passwords.get(given.username) != given.password or not _plain(given):
            return None
        roles = self.roles[given.username]
        self.sessions.pop(step.session, None)
        self._closed.discard(step.session)
        if not roles & {"ROLE_USER", "ROLE_ADMIN"}:
            return (Raises(),)
        self.sessions[step.session] = _Session(given.username, roles)
        return (Returns(),)

    def _use(self, step: Use) -> tuple[Outcome, ...] | None:
        if step.session in self._closed:
            return (Raises(),) if step.action == "list tables" else None
        session = self.sessions.get(step.session)
        if session is None:
            # It was refused, or its rights are not known: it may be looked with, unjudged.
            return () if step.action in ("list tables", "head") else None
        match step.action:
            case "list tables":
                return self._read(session, Gives(sorted(self.tables)))
            case "head" if step.n is None or step.n > 0:
                return self._read(session, self._head(step))
            case "add" if not session.restarted:
                return self._add(session, step)
            case "close":
                del self.sessions[step.session]
                self._closed.add(step.session)
                return _or_raises((Returns(),), session.restarted)
        return None

    def _read(self, session: _Session, outcome: Outcome) -> tuple[Outcome, ...]:
        sees = "ROLE_ADMIN" in session.roles or self.profile is Profile.V6_2
        return _or_raises((outcome,), session.restarted) if sees else (Raises(),)

    def _head(self, step: Use) -> Outcome:
        table = self.tables.get(step.table)
        return Raises("KeyError") if table is None else table.head(step.n)

    def _add(self, session: _Session, step: Use) -> tuple[Outcome, ...] | None:
        table = self.tables.get(step.table)
        if table is None or "ROLE_ADMIN" not in session.roles:
            return (Raises(),)
        return (Returns(),) if table.add(step.rows, by_owner=False) else None

    # The owner.

    def _own(self, step: Own) -> tuple[Outcome, ...] | None:
        table = self.tables.get(step.table)
        match step.action:
            case "rows" if table is not None:
                return (table.of_owner(),)
            case "add" if table is not None:
                return (Returns(),) if table.add(step.rows, by_owner=True) else None
            case "create table" if table is None:
                return self._create(step.spec or TableSpec(step.table))
            case "set roles" if step.user is not None and step.user.name in self.roles:
                return self._set_roles(step.user)
            case "restart":
                return self._restart()
        return None

    def _create(self, spec: TableSpec) -> tuple[Outcome, ...] | None:
        if spec.name in self.tables or not PlainTable.knows(spec):
            return None
        self.tables[spec.name] = PlainTable.of(spec)
        return (Returns(),)

    def _set_roles(self, user: User) -> tuple[Outcome, ...]:
        """What open sessions of a user may do whose roles are others is not judged."""
        self.roles[user.name] = frozenset(user.roles)
        self.sessions = {
            name: one
            for name, one in self.sessions.items()
            if one.user != user.name or one.roles == self.roles[user.name]
        }
        return (Returns(),)

    def _restart(self) -> tuple[Outcome, ...]:
        """What came from sessions is gone."""
        for table in self.tables.values():
            table.rows = copy.copy(table.before)
        for session in self.sessions.values():
            session.restarted = True
        return (Returns(),)

    # Steps by name, for whoever makes a history.

    def connect(self, user: str) -> str | None:
        """Somebody connects; gives the session's name, or ``None`` if that is refused."""
        name = f"session {sum(isinstance(one, Connect) for one in self.steps) + 1}"
        self.execute(Connect(Call(authentication=Basic(user, "passwd")), name))
        return name if name in self.sessions else None

    def close(self, session: str) -> None:
        """A session is closed. Nobody can use it any more."""
        self.execute(Use("close", session=session))
        self.execute(Use("list tables", session=session))

    def list_tables(self, session: str) -> None:
        """A session lists the tables."""
        self.execute(Use("list tables", session=session))

    def read(self, session: str, table: str) -> None:
        """A session reads all rows of a table."""
        self.execute(Use("head", table, n=ALL_ROWS, session=session))

    def add(self, session: str, table: str, row: Row) -> None:
        """A session adds a row; without the right to, nothing changes."""
        self.execute(Use("add", table, (row,), session=session))

    def owner_reads(self, table: str) -> None:
        """The owner looks at a table's rows."""
        self.execute(Own("rows", table=table))

    def owner_adds(self, table: str, row: Row) -> None:
        """The owner adds a row."""
        self.execute(Own("add", table=table, rows=(row,)))

    def owner_creates(self, table: str) -> None:
        """The owner creates a table like that of the example."""
        self.execute(Own("create table", table=table, spec=TableSpec(table)))

    def set_roles(self, user: str, roles: tuple[str, ...]) -> None:
        """The owner grants and revokes. Open sessions of that user are not judged any more."""
        self.execute(Own("set roles", user=User(user, roles=roles)))

    def restart(self) -> None:
        """The target is restarted."""
        self.execute(Own("restart"))

    def all_read(self) -> None:
        """Everybody reads everything: what was written through one side, through the others."""
        for name in self.tables:
            self.owner_reads(name)
        for session in self.sessions:
            self.list_tables(session)
            for name in self.tables:
                self.read(session, name)

    # The end.

    def scenario(self) -> Scenario:
        """The history as a scenario."""
        return Scenario((self.target,), tuple(self.steps), limit=LIMIT)

    def differs(self, observation: Observation) -> Differs | None:
        """The first step that came out as the model does not allow, or ``None``."""
        for index, allowed in self.allowed.items():
            result = observation.result((index,))
            if result is None or result.how == "part missing":
                # Its session was refused, which was said of its connect; or there is no such part.
                continue
            wrong = [outcome.mismatch(result) for outcome in allowed]
            if wrong and all(wrong):
                told = ", or ".join(outcome.describe() for outcome in allowed)
                return Differs(index, told, str(wrong[0]))
        return None


def _plain(given: Basic) -> bool:
    """Whether nothing is special about the letters of a name and a password."""
    return all(_PLAIN.fullmatch(one) for one in (given.username, given.password))


def _or_raises(outcomes: Iterable[Outcome], wanted: bool) -> tuple[Outcome, ...]:
    return (*outcomes, Raises()) if wanted else tuple(outcomes)
