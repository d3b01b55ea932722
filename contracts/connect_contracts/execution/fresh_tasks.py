"""What ``fresh`` and its child say to each other: one JSON object a line."""

from __future__ import annotations

import msgspec

from connect_contracts.execution.call.arguments import Arguments
from connect_contracts.execution.environment.process_environment import ProcessEnvironment
from connect_contracts.execution.identity import Identity
from connect_contracts.model.observation import Asked, Place, Result, Said
from connect_contracts.model.scenario import Use


class Begin(msgspec.Struct, frozen=True, tag="begin"):
    """The first task: which implementation, the data types by table, and what surrounds it.

    Parameters:
        identity: What the session that it returned said of it; ``None`` if it was not asked.
    """

    number: int
    reference: str
    data_types: dict[str, dict[str, str]]
    process_environment: ProcessEnvironment = ProcessEnvironment()
    identity: Identity | None = None


class Take(msgspec.Struct, frozen=True, tag="take"):
    """Take one step of a session.

    Parameters:
        unjudged: It is no step of the scenario, and nothing of it is told.
    """

    number: int
    session: str
    limit: float
    use: Use | None = None
    arguments: Arguments | None = None
    place: Place = ()
    unjudged: bool = False


class End(msgspec.Struct, frozen=True, tag="end"):
    """Close what is open, and go."""

    number: int
    limit: float


Task = Begin | Take | End


class Reply(msgspec.Struct, frozen=True):
    """The answer to a task: a result, what was seen so far, or what the adapter said against it."""

    number: int
    result: Result | None = None
    asked: tuple[Asked, ...] = ()
    resolved: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()
    error: str | None = None
