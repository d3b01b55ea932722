"""What the oracle says, step by step, of scenarios that are written by hand."""

from __future__ import annotations

from typing import Any

from connect_contracts.checks.expectation import (
    Alternative,
    Expectation,
    Gives,
    GivesRows,
    Raises,
    Returns,
)
from connect_contracts.checks.wire_checks import NoChange
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Scenario, Step, TargetSpec
from connect_contracts.oracle import oracle

Said = list[tuple[Alternative, ...]]

NO_CHANGE = NoChange(since_step=True)
UNAVAILABLE = Alternative(
    Raises("LiveExtensionUnavailableError", "Live extension is not available"), (NO_CHANGE,)
)
RETURNS, RAISES = Alternative(Returns()), Alternative(Raises())


def scenario_of(*given: TargetSpec | Step, **more: Any) -> Scenario:
    """The scenario with these targets and these steps, each in the order in which it is given."""
    targets = tuple(one for one in given if isinstance(one, TargetSpec))
    steps = tuple(one for one in given if not isinstance(one, TargetSpec))
    return Scenario(targets, steps, **more)


def said(*given: TargetSpec | Step, profile: Profile = Profile.V0_9_1, **scenario: Any) -> Said:
    """What the oracle says of each step: its alternatives, none where it is silent."""
    played = scenario_of(*given, **scenario)
    by_step = {one.step: one for one in oracle(played, profile)}
    silent = Expectation(0, ())
    return [by_step.get(index, silent).alternatives for index in range(len(played.steps))]


def last(*given: TargetSpec | Step, **more: Any) -> tuple[Alternative, ...]:
    """What the oracle says of the last step."""
    return said(*given, **more)[-1]


def gives(value: Any, *wire: Any) -> tuple[Alternative, ...]:
    """It gives ``value``, and nothing else will do."""
    return (Alternative(Gives(value), wire),)


def rows(*given: tuple[Any, ...], **special: Any) -> GivesRows:
    """A frame with these rows of the column ``Id``."""
    return GivesRows(("Id",), ("String",), given, **special)


def refused(*wire: Any) -> tuple[Alternative, ...]:
    """It raises, and nothing else will do."""
    return (Alternative(Raises(), wire),)
