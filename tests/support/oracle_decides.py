"""What the oracle decides, step by step, about scenarios that are written by hand."""

from __future__ import annotations

from typing import Any

from connect_contracts.checks.expectation import (
    Alternative,
    Gives,
    GivesRows,
    Outcome,
    Raises,
    Returns,
)
from connect_contracts.checks.wire_checks import NoChange
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Scenario, Step, TargetSpec
from connect_contracts.oracle import Decision, decisions

Alternatives = tuple[Alternative, ...]

NO_CHANGE = NoChange(since_step=True)
UNAVAILABLE = Alternative(
    Raises("LiveExtensionUnavailableError", "Live extension is not available"), (NO_CHANGE,)
)
RETURNS, RAISES = Alternative(Returns()), Alternative(Raises())


def scenario_of(*given: TargetSpec | Step, **more: Any) -> Scenario:
    """The scenario with these targets and these steps, each in the order in which it is given."""
    targets = tuple(each for each in given if isinstance(each, TargetSpec))
    steps = tuple(each for each in given if not isinstance(each, TargetSpec))
    return Scenario(targets, steps, **more)


def decided(
    *given: TargetSpec | Step, profile: Profile = Profile.V0_9_1, **scenario: Any
) -> Decision:
    """The decision about the last step."""
    return decisions(scenario_of(*given, **scenario), profile)[-1]


def allowed(
    *given: TargetSpec | Step, profile: Profile = Profile.V0_9_1, **scenario: Any
) -> list[Alternatives]:
    """What is allowed of each step: its alternatives, none where the oracle is silent."""
    played = scenario_of(*given, **scenario)
    return [decision.alternatives for decision in decisions(played, profile)]


def last(*given: TargetSpec | Step, **more: Any) -> Alternatives:
    """What is allowed of the last step."""
    return decided(*given, **more).alternatives


def outcomes(*given: TargetSpec | Step, **more: Any) -> list[list[Outcome]]:
    """The outcomes that are allowed of each step."""
    return [[each.outcome for each in step] for step in allowed(*given, **more)]


def refused(*wire: Any) -> Alternatives:
    """It raises, and nothing else is allowed."""
    return (Alternative(Raises(), wire),)


def gives(value: Any, *wire: Any) -> Alternatives:
    """It gives ``value``, and nothing else is allowed."""
    return (Alternative(Gives(value), wire),)


def rows(*given: tuple[Any, ...], **special: Any) -> GivesRows:
    """A frame with these rows of the column ``Id``."""
    return GivesRows(("Id",), ("String",), given, **special)
