"""An implementation is observed: a scenario, or a list of them as a behaviour record."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from importlib import metadata

from connect_contracts.execution.identify import warm_up
from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.run import run
from connect_contracts.judging.settings import UnderTest
from connect_contracts.model.clause import Depth
from connect_contracts.upgrades.record import SCHEMA, BehaviourRecord, ScenarioBehaviour
from connect_contracts.upgrades.scenarios import Listed
from connect_contracts.upgrades.steps import behaviour_of

Progress = Callable[[int], None]


def observe(
    under_test: UnderTest,
    scenarios: Iterable[Listed],
    depth: Depth,
    progress: Progress = lambda _done: None,
) -> BehaviourRecord:
    """The behaviour record of an implementation.

    Parameters:
        under_test: The implementation, and the profile that it is observed in.
        scenarios: What is done with it.
        depth: How deep the hand-written cases among them lie.
        progress: Told after each scenario how many are done.
    """
    implementation = under_test.implementation
    warm_up(implementation, under_test.profile)
    told: list[ScenarioBehaviour] = []
    for one in scenarios:
        told.append(observed(under_test, one))
        progress(len(told))
    return BehaviourRecord(
        schema=SCHEMA,
        implementation=implementation.name,
        distributions=_distributions(implementation),
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
        suite=metadata.version("pytest-connect-contract"),
        profile=under_test.profile,
        depth=depth,
        scenarios=tuple(told),
    )


def observed(under_test: UnderTest, listed: Listed) -> ScenarioBehaviour:
    """What an implementation does in one scenario."""
    seen = run(listed.scenario, under_test.implementation, under_test.profile)
    return behaviour_of(seen, listed.cases)


def _distributions(implementation: Implementation) -> dict[str, str]:
    """Those that its module comes from, and the session that it returned."""
    module, identity = implementation.module, implementation.identity
    modules = [] if module is None else [module.__name__]
    if identity is not None:
        modules += [one for one in (*identity.modules, identity.held) if one is not None]
    of = metadata.packages_distributions()
    names = {name for one in modules for name in of.get(one.partition(".")[0], ())}
    return {name: metadata.version(name) for name in sorted(names)}
