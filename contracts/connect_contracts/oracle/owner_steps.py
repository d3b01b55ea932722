"""What the owner does on a target, and sees there."""

from __future__ import annotations

from connect_contracts.checks.expectation import Gives, Returns
from connect_contracts.model.scenario import Own, TableSpec, User
from connect_contracts.oracle.decision import SILENT, Alternatives, Decision, only
from connect_contracts.oracle.known import UnknownToOracle
from connect_contracts.oracle.tables import TableModel
from connect_contracts.oracle.world import TargetModel, World, holds_answers

DONE = only(Returns())


def own(world: World, step: Own) -> Decision:
    """What must be seen of an owner's step, and the clause whose effect the owner sees there."""
    target = world.targets[step.target]
    clause = _clause(world, target, step)
    return Decision(clause, _alternatives(world, target, step))


def _clause(world: World, target: TargetModel, step: Own) -> str:
    if step.action == "ping":
        return "KEEP-3"
    sessions = list(world.sessions_on(target))
    if any(session.restarted for session in sessions):
        return "KEEP-1"
    return "LIVE-2" if any(session.admin for session in sessions) else "LIVE-6"


def _alternatives(world: World, target: TargetModel, step: Own) -> Alternatives:
    """It depends on the implementation for what the owner reads, and whether the target answers."""
    match step.action:
        case "rows":
            table = target.tables.get(step.table)
            return table.rows() if table is not None and table.certain else SILENT
        case "tables":
            certain = all(table.certain for table in target.tables.values())
            return only(Gives(sorted(target.tables))) if certain else SILENT
        case "add":
            return _add(target, step)
        case "create table":
            return _create_table(target, step.spec or TableSpec(step.table))
        case "restart":
            target.restart()
            for session in world.sessions_on(target):
                session.restarted = True
        case "replace certificate":
            target.chain = step.chain or target.chain
            for session in world.sessions_on(target):
                session.cut, session.tried = True, False
        case "arm":
            if step.releases and holds_answers(step.fault or "noop"):
                target.holds = True
            elif step.fault not in (None, "noop"):
                target.faults.append(step)
        case "disarm":
            target.faults.clear()
        case "close connections":
            for session in world.sessions_on(target):
                session.idle_closed = True
        case "ping":
            return _ping(world, target)
        case "set ready":
            target.ready = step.ready
        case "set roles":
            if step.user:
                _set_roles(world, target, step.user)
        case "set password":
            if step.user:
                _set_password(world, target, step.user)
        case _:
            raise UnknownToOracle("action of an owner", step.action)
    return DONE


def _add(target: TargetModel, step: Own) -> Alternatives:
    table = target.tables.get(step.table)
    if table is None or not table.certain:
        return SILENT
    return DONE if table.add_by_owner(step.rows) else SILENT


def _create_table(target: TargetModel, spec: TableSpec) -> Alternatives:
    if spec.name in target.tables:
        return SILENT
    target.tables[spec.name] = TableModel(spec)
    return DONE


def _ping(world: World, target: TargetModel) -> Alternatives:
    """Nothing that a session does stops the target (KEEP-3)."""
    world.connected = True
    # The harness has no client certificate, and what a fault does to its own request is no clause.
    insists = target.spec.client_certificate == "required"
    return SILENT if insists or target.troubled else DONE


def _set_roles(world: World, target: TargetModel, user: User) -> None:
    granted = frozenset(user.roles)
    if granted != target.roles.get(user.name, frozenset()):
        _alter(world, target, user.name)
    target.roles[user.name] = granted


def _set_password(world: World, target: TargetModel, user: User) -> None:
    _alter(world, target, user.name)
    target.passwords.pop(user.name, None)
    if user.password is not None:
        target.passwords[user.name] = user.password


def _alter(world: World, target: TargetModel, username: str) -> None:
    """What becomes of a session whose user changed is observed (AUTH-10, LIVE-8)."""
    for session in world.sessions_on(target):
        session.altered = session.altered or session.username == username
