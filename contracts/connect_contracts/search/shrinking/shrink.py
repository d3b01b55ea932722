"""A scenario that breaks a law is made as small as it can be and still break it in the same way."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from connect_contracts.model.scenario import Scenario
from connect_contracts.search.shrinking.candidates import smaller

Holds = Callable[[Scenario], bool]


def shrunk(scenario: Scenario, breaks: Holds, runs: int) -> Scenario:
    """The smallest scenario that was found to break the law in the same way.

    Every smaller scenario is tried in the same order each time, and the first that still breaks
    the law is gone on from.

    Parameters:
        breaks: Whether a scenario does; it is run for that.
        runs: How many scenarios are run at most.
    """
    tried = {msgspec.json.encode(scenario)}
    smallest, going_on = scenario, True
    while going_on and runs > 0:
        going_on = False
        for one in smaller(smallest):
            key = msgspec.json.encode(one)
            if key in tried:
                continue
            tried.add(key)
            runs -= 1
            if breaks(one):
                smallest, going_on = one, True
                break
            if runs <= 0:
                break
    return smallest
