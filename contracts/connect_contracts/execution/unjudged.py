"""A connect and a use by which nothing is judged: they say what an implementation is."""

from __future__ import annotations

import msgspec

from connect_contracts.execution.implementation import Implementation
from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Observation
from connect_contracts.model.scenario import ADMIN, AuthorityFile, Basic, Call, Scenario, TargetSpec

WARM_UP_LIMIT = 30.0
"""Seconds that the connect may take, which may have to import the client on a busy machine."""

TARGETS = (
    ("an unsecured target", TargetSpec(secure=False), Call()),
    (
        "a secure target over HTTPS",
        TargetSpec(scheme="https"),
        Call(authentication=Basic(ADMIN.name), authority_file=AuthorityFile()),
    ),
)
"""Targets of the connect with their descriptions, and the calls; the second if the first raises."""


def observe(scenario: Scenario, implementation: Implementation, release: str) -> Observation:
    """What is seen of a scenario that nothing is judged by, on a target that plays ``release``."""
    # Loaded on demand: reading settings needs none of it.
    from connect_contracts.execution.environment.process_environment import unshown_warnings
    from connect_contracts.execution.run import run

    targets = tuple(msgspec.structs.replace(spec, release=release) for spec in scenario.targets)
    played = msgspec.structs.replace(scenario, targets=targets, limit=WARM_UP_LIMIT)
    with unshown_warnings():
        return run(played, implementation, Profile.V0_9_1)
