"""Histories of one target: what one side writes, every other side reads.

The model of this law is dictionaries and lists of its own, and does not ask the oracle. It knows
what a reader of the page knows: an administrator's row is there, once, for each session that may
look, until the target is restarted; other users change nothing; the owner sees all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
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
    Scenario,
    Step,
    TableSpec,
    TargetSpec,
    Use,
    User,
)
from connect_contracts.oracle import decisions
from connect_contracts.search.laws.law import Breach, Law, breach
from connect_contracts.search.laws.tables import TableModel
from connect_contracts.search.strategies.building import LIMIT

NAME = "parity"
SENTENCE = (
    "Every side of a target reads what one side wrote. Sessions that open and close, roles that "
    "are granted and revoked, and restarts of the target change nothing of that."
)

EXAMPLE = TableSpec()
KEYED = TableSpec("Keyed", (("Id", "String"), ("Value", "long")), keys=("Id",))
USERS = (ADMIN, USER, User("reader", "passwd", ("ROLE_USER",)))
ALL_ROWS = 1000
"""How many rows are asked for, so that all of them are given."""

_NOTHING_SPECIAL = re.compile("[A-Za-z0-9-]{1,100}")
_KNOWN_TYPES = {"String", "int", "long"}


@dataclass
class _Session:
    user: str
    roles: frozenset[str]
    restarted: bool = False


class History:
    """Steps on one target, each with what may come of it.

    Attributes:
        allowed: By the index of a step: what may come of it. A step without any is not judged.
        sessions: The open sessions whose rights are known, by name.
    """

    def __init__(
        self,
        profile: Profile,
        users: tuple[User, ...] = USERS,
        tables: tuple[TableSpec, ...] = (EXAMPLE, KEYED),
    ) -> None:
        self.profile = profile
        self.target = TargetSpec(users=users, tables=tables)
        self.steps: list[Step] = []
        self.allowed: dict[int, tuple[Outcome, ...]] = {}
        self.tables = {spec.name: TableModel(spec) for spec in tables}
        self.roles = {user.name: frozenset(user.roles) for user in users}
        self.sessions: dict[str, _Session] = {}
        self._closed: set[str] = set()

    @classmethod
    def of(cls, scenario: Scenario, profile: Profile) -> History:
        """``scenario`` as far as the model knows it: from its beginning, perhaps no step."""
        history = cls(profile, (), ())
        (target, *others) = scenario.targets
        bare = msgspec.structs.replace(target, users=(), tables=())
        around = (scenario.surroundings, scenario.netrc, scenario.trusted)
        if others or any(around) or bare != history.target:
            return history
        if not all(_knows(spec) for spec in target.tables):
            return history
        history = cls(profile, target.users, target.tables)
        for step in scenario.steps:
            if not history.apply(step):
                break
        return history

    def apply(self, step: Step) -> bool:
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
        if passwords.get(given.username) != given.password or not _nothing_special(given):
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
                table = self.tables.get(step.table)
                rows = Raises("KeyError") if table is None else table.expected(step)
                return None if rows is None else self._read(session, rows)
            case "add" if not session.restarted:
                return self._add(session, step)
            case "close":
                del self.sessions[step.session]
                self._closed.add(step.session)
                return (Returns(), Raises()) if session.restarted else (Returns(),)
        return None

    def _read(self, session: _Session, outcome: Outcome) -> tuple[Outcome, ...]:
        if "ROLE_ADMIN" not in session.roles and self.profile is Profile.V0_9_1:
            return (Raises(),)
        return (outcome, Raises()) if session.restarted else (outcome,)

    def _add(self, session: _Session, step: Use) -> tuple[Outcome, ...] | None:
        table = self.tables.get(step.table)
        if table is None or "ROLE_ADMIN" not in session.roles:
            return (Raises(),)
        return _added(table, step)

    # The owner.

    def _own(self, step: Own) -> tuple[Outcome, ...] | None:
        table = self.tables.get(step.table)
        match step.action:
            case "rows" if table is not None and (rows := table.expected(step)) is not None:
                return (rows,)
            case "add" if table is not None:
                return _added(table, step)
            case "create table" if table is None:
                spec = step.spec or TableSpec(step.table)
                if spec.name in self.tables or not _knows(spec):
                    return None
                self.tables[spec.name] = TableModel(spec)
            case "set roles" if step.user is not None and step.user.name in self.roles:
                self._set_roles(step.user)
            case "restart":
                for table in self.tables.values():
                    table.restart()
                for session in self.sessions.values():
                    session.restarted = True
            case _:
                return None
        return (Returns(),)

    def _set_roles(self, user: User) -> None:
        """What open sessions of a user may do whose roles are others is not judged."""
        self.roles[user.name] = frozenset(user.roles)
        self.sessions = {
            name: session
            for name, session in self.sessions.items()
            if session.user != user.name or session.roles == self.roles[user.name]
        }

    # Steps that come together.

    def connect(self, user: str) -> str | None:
        """A user connects and reads; gives the session's name, or ``None`` if that is refused."""
        name = f"session {sum(isinstance(step, Connect) for step in self.steps) + 1}"
        self.apply(Connect(Call(authentication=Basic(user, "passwd")), name))
        if name not in self.sessions:
            return None
        # A client that remembers what it read here shows it when everything is read at the end.
        self.apply(Use("list tables", session=name))
        self.apply(Use("head", n=ALL_ROWS, session=name))
        return name

    def read_everything(self) -> None:
        for name in self.tables:
            self.apply(Own("rows", table=name))
        for session in self.sessions:
            self.apply(Use("list tables", session=session))
            for name in self.tables:
                self.apply(Use("head", name, n=ALL_ROWS, session=session))

    # The end.

    def scenario(self) -> Scenario:
        return Scenario((self.target,), tuple(self.steps), limit=LIMIT)

    def mismatch(self, observation: Observation) -> tuple[int, str, str] | None:
        """The index of the first step that came out otherwise, what is allowed, and what was."""
        for index, allowed in self.allowed.items():
            result = observation.result((index,))
            if result is None or result.how == "part missing":
                # Its session was refused, which was said of its connect; or there is no such part.
                continue
            wrong = [outcome.mismatch(result) for outcome in allowed]
            if wrong and all(wrong):
                expected = ", or ".join(outcome.describe() for outcome in allowed)
                return index, expected, str(wrong[0])
        return None


def _added(table: TableModel, step: Use | Own) -> tuple[Outcome, ...] | None:
    if not table.fits(step.rows):
        return None
    table.add(step.rows, by_owner=isinstance(step, Own))
    return (Returns(),)


def _knows(spec: TableSpec) -> bool:
    """Whether the model knows tables of this kind, and these rows: nothing is converted."""
    table = TableModel(spec)
    keys_first = table.names[: len(spec.keys)] == spec.keys
    usual = spec.name.isalnum() and keys_first and not spec.default_values
    return usual and set(table.types) <= _KNOWN_TYPES and table.rows is not None


def _nothing_special(given: Basic) -> bool:
    """Whether nothing is special about the letters of a name and a password."""
    return all(_NOTHING_SPECIAL.fullmatch(text) for text in (given.username, given.password))


def check(observation: Observation, profile: Profile) -> Iterator[Breach]:
    """The first step that came out as the model does not allow."""
    scenario = observation.as_played
    found = History.of(scenario, profile).mismatch(observation)
    if found is not None:
        index, expected, seen = found
        clause = decisions(scenario, profile)[index].clause
        yield breach(observation, NAME, clause, index, expected=expected, seen=seen)


PARITY = Law(NAME, SENTENCE, check, "histories")
