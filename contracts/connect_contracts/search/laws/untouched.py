"""What is set for the whole process stays as it is."""

from __future__ import annotations

from collections.abc import Iterator

from connect_contracts.checks.wire_checks import NothingGlobalChanged
from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Observation
from connect_contracts.search.laws.law import Breach, Law, breach, executed_steps


def _check(observation: Observation, profile: Profile) -> Iterator[Breach]:
    check = NothingGlobalChanged()
    for step in executed_steps(observation, profile):
        found = check.check(step.view)
        if found.violation is not None:
            yield breach(
                observation,
                "untouched",
                "CLEAN-2",
                step.index,
                expected=check.describe(),
                seen=found.violation,
            )


UNTOUCHED = Law(
    "untouched",
    "What is set for the whole process is the same after each step as before it.",
    _check,
)
