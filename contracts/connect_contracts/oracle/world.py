"""The model that the oracle walks through: targets with their users, and sessions on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Call, Callback, Own, Scenario, TargetSpec, calls_of
from connect_contracts.oracle.tables import TableModel
from connect_harness.faults import Effect, fault_kinds

ROLE_ADMIN = "ROLE_ADMIN"
ROLE_USER = "ROLE_USER"
ANONYMOUS = "anonymousUser"
ANONYMOUS_ROLES = frozenset({ROLE_ADMIN, "ROLE_ANONYMOUS", ROLE_USER})


def is_harmless(fault: str) -> bool:
    """Whether it is a fault that a client has to put up with (URL-5), or none."""
    return fault_kinds()[fault].effect is Effect.HARMLESS


def holds_answers(fault: str) -> bool:
    """Whether a target holds answers by it until they are released."""
    return fault_kinds()[fault].effect is Effect.HOLDS


def _stops_tokens(fault: str) -> bool:
    """Whether no client has a token after it."""
    kind = fault_kinds()[fault]
    return kind.effect is Effect.STOPS and kind.topic in ("framing", "statuses")


class TargetModel:
    """A target session, as its owner knows it.

    Attributes:
        roles: By user name, granted at this moment.
        faults: The steps in which the owner armed one, in order; armed faults stay.
        holds: Whether it holds an answer in the next step of a session, and releases it.
        lets_in_as_known: Whether it is known who has which roles, and whether it is ready.
        chain: What it presents.
        tables: By name; a table that is perhaps not there is not ``certain``.
    """

    def __init__(self, spec: TargetSpec) -> None:
        self.spec = spec
        self.passwords = {
            user.name: user.password for user in spec.users if user.password is not None
        }
        self.roles = {user.name: frozenset(user.roles) for user in spec.users}
        self.ready = spec.ready
        self.lets_in_as_known = True
        self.chain = spec.chain
        self.faults: list[Own] = []
        self.holds = False
        self.tables = {table.name: TableModel(table) for table in spec.tables}

    @property
    def fault(self) -> str | None:
        """The fault that meets every request for the versions document; ``None`` for none.

        Of several it is the one that was armed first.
        """
        return next((step.fault for step in self.faults if _meets_every_connect(step)), None)

    @property
    def fault_of_issuer(self) -> str | None:
        """The fault that meets every request for a token; ``None`` for none."""
        return next((step.fault for step in self.faults if _meets_every_token(step)), None)

    @property
    def may_meet_tokens(self) -> bool:
        """Whether a fault may meet a request for a token that does not surely stop it."""
        return any(
            step.requests == "tokens"
            and not is_harmless(step.fault or "noop")
            and (not _meets_every_token(step) or not _stops_tokens(step.fault or "noop"))
            for step in self.faults
        )

    @property
    def may_meet_connect(self) -> bool:
        """Whether a fault may meet connect that does not meet all that it asks for.

        What a connect asks for after the versions document is its own business.
        """
        return any(
            step.requests not in ("changes", "tokens")
            and not is_harmless(step.fault or "noop")
            and not (_meets_every_connect(step) and step.requests == "versions")
            for step in self.faults
        )

    @property
    def redirects(self) -> bool:
        """Whether a fault is armed that sends clients elsewhere."""
        return any(step.to is not None for step in self.faults)

    @property
    def troubled(self) -> bool:
        """Whether a fault is armed that a client need not put up with."""
        return not all(is_harmless(step.fault or "noop") for step in self.faults)

    def roles_of(self, username: str | None) -> frozenset[str]:
        """The roles of a caller; without security every caller is the anonymous administrator."""
        if not self.spec.secure:
            return ANONYMOUS_ROLES
        return frozenset() if username is None else self.roles.get(username, frozenset())

    def restart(self) -> None:
        """Take back what connected sessions did; all else stays."""
        kept = [table for table in self.tables.values() if table.of_owner]
        self.tables = {table.name: table for table in kept}
        for table in kept:
            table.restart()


def _meets_every_connect(step: Own) -> bool:
    return step.requests in ("versions", "any") and _is_without_end(step)


def _meets_every_token(step: Own) -> bool:
    return step.requests == "tokens" and _is_without_end(step)


def _is_without_end(step: Own) -> bool:
    return step.first == 1 and step.times is None


@dataclass
class SessionModel:
    """A session, or the attempt to open one.

    Parameters:
        username: The user that the target knows it as; ``None`` for the anonymous one.
        roles: What that user had when it connected.
        state: ``perhaps`` if the documentation leaves open whether connect succeeds.
        restarted: Its target was restarted since.
        cut: The target closed its connections since.
        idle_closed: The target closed its connections while they were idle, and it was not used
            since: what it reads works (FAULT-7), and what it changes may not be done.
        tried: It was used since then, so that it may have connected anew.
        fault: What was armed on its target when it connected.
        altered: Its user's roles or password changed since, or it is unsure who its user is: what
            it may do is observed and not judged.
    """

    target: TargetModel
    username: str | None
    roles: frozenset[str]
    state: Literal["open", "perhaps", "closed", "dropped", "absent"]
    call: Call
    restarted: bool = False
    cut: bool = False
    idle_closed: bool = False
    tried: bool = False
    altered: bool = False
    fault: str | None = None

    @property
    def admin(self) -> bool:
        """Whether it may change a target that is secure (conditions a and b of the page)."""
        return self.target.spec.secure and ROLE_ADMIN in self.roles

    @property
    def may_fail(self) -> bool:
        """Whether a use may raise although it is right.

        After a restart a session shows the new state or raises (KEEP-2). With its connections cut
        it may raise, and connect anew at its next use. Under a fault it raises or gives the right
        data (FAULT). A target that is not ready refuses most requests without ``ROLE_ADMIN``.
        """
        turned_away = not self.target.ready and ROLE_ADMIN not in self.roles
        turned_away = turned_away or not self.target.lets_in_as_known
        return self.restarted or self.cut or self.target.troubled or turned_away


@dataclass
class World:
    """Everything at one moment of a scenario.

    Attributes:
        row_types: The data types by which a session's rows are written, by table: those of the
            targets' own tables, whichever target comes last.
        connected: Whether anything connected to any target so far.
    """

    scenario: Scenario
    profile: Profile
    targets: dict[str, TargetModel] = field(init=False)
    sessions: dict[str, SessionModel] = field(init=False, default_factory=dict)
    row_types: dict[str, dict[str, str]] = field(init=False)
    connected: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self.targets = {spec.name: TargetModel(spec) for spec in self.scenario.targets}
        self.row_types = {
            table.name: dict(table.data_types)
            for spec in self.scenario.targets
            for table in spec.tables
        }

    @property
    def callables(self) -> int:
        """How many calls of the whole scenario give a callable ``Authenticate``."""
        calls = (call for _, call in calls_of(self.scenario))
        return sum(isinstance(call.authentication, Callback) for call in calls)

    def take_holding(self) -> set[str]:
        """The names of the targets that hold an answer in this step, and in no later one."""
        holding = {name for name, target in self.targets.items() if target.holds}
        for name in holding:
            self.targets[name].holds = False
        return holding

    def is_first(self, target: TargetModel) -> bool:
        """Whether ``target`` is the one whose address wire checks look at."""
        return self.scenario.targets[0].name == target.spec.name

    def sessions_on(self, target: TargetModel) -> Iterable[SessionModel]:
        return (session for session in self.sessions.values() if session.target is target)
