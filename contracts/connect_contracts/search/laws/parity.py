"""Histories of one target: written through one side, read through every other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Observation
from connect_contracts.model.scenario import Scenario
from connect_contracts.oracle import decisions
from connect_contracts.search.laws.law import Breach, Law, breach
from connect_contracts.search.strategies.history import History

if TYPE_CHECKING:
    from hypothesis.stateful import RuleBasedStateMachine

NAME = "parity"
SENTENCE = (
    "What was written through one side of a target is read through every other, whoever came, "
    "went, was granted or revoked a role meanwhile, and whether the target was restarted."
)


def look(scenario: Scenario, observation: Observation, profile: Profile) -> Iterator[Breach]:
    """The first step that came out as a plain model of the target does not allow.

    The model is another one than the oracle's, and knows only histories of one plain target.
    """
    found = History.of(scenario, profile).differs(observation)
    if found is None:
        return
    clause = decisions(scenario, profile)[found.step].clause
    yield breach(observation, NAME, clause, found.step, expected=found.expected, seen=found.seen)


def machine(profile: Profile, collect: Callable[[Scenario], None]) -> type[RuleBasedStateMachine]:
    """The state machine that draws the histories."""
    from connect_contracts.search.strategies.machine import scenarios_of_histories

    return scenarios_of_histories(profile, collect)


PARITY = Law(NAME, SENTENCE, look, machine=machine)
