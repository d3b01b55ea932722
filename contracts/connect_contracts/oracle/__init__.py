"""The oracle: from a scenario and a documentation profile to what must be seen.

It is the second statement of the contract, made apart from the hand-written cases, and serves the
scenarios that nobody wrote by hand. It walks the steps with a plain model of the targets and the
sessions (``world``), and says of each step what the documentation decides about it. Where the
documentation leaves the outcome open, it names every outcome that is allowed, or is silent.

Nothing here does any input or output, looks at a clock, or draws a random number.
"""

from __future__ import annotations

from connect_contracts.checks.expectation import Expectation
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Connect, Own, Scenario, Step, Together, Use
from connect_contracts.oracle.alternatives import Alternatives
from connect_contracts.oracle.connecting import connect
from connect_contracts.oracle.known import check_known
from connect_contracts.oracle.owner_steps import own
from connect_contracts.oracle.session_steps import use
from connect_contracts.oracle.together import together
from connect_contracts.oracle.world import World

__all__ = ["apply", "oracle"]


def oracle(scenario: Scenario, profile: Profile) -> tuple[Expectation, ...]:
    """What must be seen of ``scenario`` in ``profile``: an expectation for each decided step.

    A step that has none is one about which the documentation says nothing.

    Raises:
        UnknownToOracle: The scenario has a defect or a fault of which the oracle knows nothing.
    """
    check_known(scenario)
    world = World(scenario, profile)
    said = [apply(world, step) for step in scenario.steps]
    return tuple(
        Expectation(index, alternatives) for index, alternatives in enumerate(said) if alternatives
    )


def apply(world: World, step: Step) -> Alternatives:
    """What must be seen of the next step; the world is changed as the step changes it."""
    match step:
        case Connect():
            return connect(world, step)
        case Use():
            return use(world, step)
        case Own():
            return own(world, step)
        case Together():
            return together(world, step)
