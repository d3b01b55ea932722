"""What a law is: one sentence about every scenario, and how to see that it is broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Observation
from connect_contracts.model.scenario import Scenario
from connect_contracts.search.laws.signature import Signature, step_name

if TYPE_CHECKING:
    from hypothesis.stateful import RuleBasedStateMachine
    from hypothesis.strategies import SearchStrategy


class Breach(msgspec.Struct, frozen=True):
    """How a law is broken by what was seen of one scenario.

    Parameters:
        step: The index of the step that shows it.
        expected, seen: What must have been seen, and what was; both may hold secrets.
    """

    signature: Signature
    step: int
    expected: str
    seen: str


Look = Callable[[Scenario, Observation, Profile], Iterator[Breach]]
Collect = Callable[[Scenario], None]
Machine = Callable[[Profile, Collect], "type[RuleBasedStateMachine]"]


def every_scenario(profile: Profile) -> SearchStrategy[Scenario]:
    """Whole scenarios of every kind."""
    from connect_contracts.search.strategies.generated import scenarios

    return scenarios(profile)


@dataclass(frozen=True)
class Law:
    """One sentence that holds of every run, whatever its scenario.

    Parameters:
        name: Its name, such as ``no-secret``.
        sentence: What it says.
        look: From a scenario, what was seen of it, and a profile, to how the law is broken, step by
            step; pure.
        strategy: The scenarios that it looks at, besides those of every kind.
        machine: A state machine that gives scenarios to a function, where a strategy of them
            would know too little of what is possible when.
    """

    name: str
    sentence: str
    check: Look
    strategy: Callable[[Profile], SearchStrategy[Scenario]] = every_scenario
    machine: Machine | None = None


def breach(
    observation: Observation, law: str, clause: str, index: int, *, expected: str, seen: str
) -> Breach:
    """A breach of a law that looks at whole runs, shown by the step with this index."""
    return Breach(
        Signature(law, clause, step_name(observation, index), "law"),
        index,
        expected,
        seen,
    )
