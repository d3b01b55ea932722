"""A run told step by step: which sessions there are, and what each target is at that moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from connect_contracts.checks.step_view import StepView
from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Observation, Result
from connect_contracts.model.scenario import Connect, Own, Scenario, Step, Use
from connect_contracts.oracle import apply
from connect_contracts.oracle.world import World


@dataclass(frozen=True)
class Taken:
    """A step that was taken.

    Parameters:
        world: The targets and sessions before it, as the documentation has them.
        connect: The call that opened the session of the step, if it is a session's.
    """

    index: int
    step: Connect | Use | Own
    result: Result
    view: StepView
    world: World
    connect: Connect | None


def taken(scenario: Scenario, observation: Observation, profile: Profile) -> Iterator[Taken]:
    """The steps that were taken, one after the other.

    Steps that are taken together are left out: which of them an event belongs to is not known.
    """
    world = World(scenario, profile)
    opened: dict[str, Connect] = {}
    for index, step in enumerate(scenario.steps):
        result = observation.result((index,))
        if isinstance(step, Connect):
            opened[step.session] = step
        if result is not None and isinstance(step, Connect | Use | Own):
            view = StepView(observation, (index,))
            yield Taken(index, step, result, view, world, _opened(step, opened))
        apply(world, step)


def _opened(step: Step, opened: dict[str, Connect]) -> Connect | None:
    return opened.get(step.session) if isinstance(step, Connect | Use) else None
