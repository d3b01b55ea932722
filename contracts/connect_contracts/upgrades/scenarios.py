"""The scenarios that are observed, the same in every environment, and their observation."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from importlib import metadata
from itertools import chain
from typing import Literal

import msgspec

from connect_contracts.chapters.case import Case
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.execution.capture.output_capture import output_unshown
from connect_contracts.execution.distributions import distributions_of
from connect_contracts.execution.identify import warm_up
from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.processes import as_task, worker_processes
from connect_contracts.execution.run import run
from connect_contracts.judging.settings import Elsewhere, UnderTest, subject_of
from connect_contracts.model.actions import ACTIONS
from connect_contracts.model.clause import Depth, Profile
from connect_contracts.model.json_text import json_of
from connect_contracts.model.scenario import (
    USER,
    Basic,
    Call,
    Connect,
    Own,
    Scenario,
    TargetSpec,
    Use,
)
from connect_contracts.search.strategies.covering import ladder
from connect_contracts.upgrades.record import SCHEMA, BehaviourRecord, ScenarioBehaviour, key_of
from connect_contracts.upgrades.steps import behaviour_of

_CALLERS = (
    (TargetSpec(), Call(authentication=Basic())),
    (TargetSpec(), Call(authentication=Basic(USER.name, USER.password or ""))),
    (TargetSpec(secure=False), Call()),
)
_ROW = ("a",)
_TOO_WIDE = ("a", "b")


def plain_scenarios() -> Iterator[Scenario]:
    """Each action of a session, as the administrator, as a user without ``ROLE_ADMIN`` and on an
    unsecured target; after it the owner looks at the rows."""
    uses = [Use(action) for action in ACTIONS if action != "add"]
    uses += [Use("add", rows=(row,)) for row in (_ROW, _TOO_WIDE)]
    for target, call in _CALLERS:
        for use in uses:
            yield Scenario((target,), (Connect(call), use, Own("rows")))


Origin = Literal["all", "cases", "ladder"]


class Listed(msgspec.Struct, frozen=True):
    """A scenario of the list, and the ids of the cases that it belongs to."""

    scenario: Scenario
    cases: tuple[str, ...] = ()


def listed_scenarios(
    depth: Depth = Depth.DEFAULT,
    ids: tuple[str, ...] = (),
    origin: Origin = "all",
    profiles: Collection[Profile] = tuple(Profile),
) -> list[Listed]:
    """The scenarios of all cases at this depth, and of their twins, the plainest ones, and those
    of the ladders; each is there once.

    Parameters:
        ids: Chapters, clauses or cases; all of them for none.
        origin: ``cases`` leaves out what is generated, ``ladder`` the cases.
        profiles: The cases and the ladders of these. A record has those of all, so that it can be
            compared with that of another profile.

    Raises:
        UnknownId: An id is not in the catalogue.
    """
    found: dict[str, Listed] = {}
    cases = [
        case
        for case in catalogue().select(ids, depth)
        if not set(profiles).isdisjoint(case.profiles)
    ]
    for scenario, name in _named(cases if origin != "ladder" else []):
        key = key_of(scenario)
        before = found.get(key, Listed(scenario))
        found[key] = Listed(before.scenario, (*before.cases, name))
    if origin != "cases":
        for scenario in chain(plain_scenarios(), *map(ladder, profiles)):
            found.setdefault(key_of(scenario), Listed(scenario))
    return list(found.values())


def _named(cases: list[Case]) -> Iterator[tuple[Scenario, str]]:
    yield from ((case.scenario, case.id) for case in cases)
    yield from ((case.twin, f"{case.id} (twin)") for case in cases if case.twin is not None)


Progress = Callable[[int], None]


CHUNK = 16
"""Scenarios that a worker observes before it is given others."""


def observe(
    under_test: UnderTest,
    scenarios: Sequence[Listed],
    depth: Depth,
    progress: Progress = lambda _done: None,
    *,
    workers: int = 0,
) -> BehaviourRecord:
    """The behaviour record of an implementation.

    Parameters:
        progress: Called with how many are done.
        workers: How many processes observe; 0 for this one. They need the implementation by its
            name.

    Raises:
        ImplementationEnded: A process ended before it was done.
    """
    implementation = under_test.implementation
    with output_unshown():
        warm_up(implementation, under_test.profile)
    behaviours: list[ScenarioBehaviour] = []
    if not workers:
        for listed in scenarios:
            behaviours.append(observed(under_test, listed))
            progress(len(behaviours))
    else:
        for several in _observed_elsewhere(under_test, scenarios, workers):
            behaviours += several
            progress(len(behaviours))
    return BehaviourRecord(
        schema=SCHEMA,
        implementation=implementation.name,
        distributions=_distributions(implementation),
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
        suite=metadata.version("pytest-connect-contract"),
        profile=under_test.profile,
        depth=depth,
        scenarios=tuple(behaviours),
    )


def _observed_elsewhere(
    under_test: UnderTest, scenarios: Sequence[Listed], workers: int
) -> Iterator[list[ScenarioBehaviour]]:
    """What is observed of the scenarios in other processes, in their order."""
    chunks = [scenarios[at : at + CHUNK] for at in range(0, len(scenarios), CHUNK)]
    # A chunk with fresh interpreters takes longest: begun last, one processor would do it alone.
    begun = sorted(chunks, key=_interpreters, reverse=True)
    with worker_processes(workers) as pool:
        asked = {
            id(chunk): pool.submit(as_task, _observe_chunk, under_test.elsewhere, json_of(chunk))
            for chunk in begun
        }
        for chunk in chunks:
            yield msgspec.json.decode(asked[id(chunk)].result(), type=list[ScenarioBehaviour])


def _interpreters(chunk: Sequence[Listed]) -> int:
    return sum(listed.scenario.isolation == "process" for listed in chunk)


def _observe_chunk(given: Elsewhere, chunk: bytes) -> bytes:
    """What goes in and comes out can be pickled."""
    subject = subject_of(given)
    return json_of(
        [observed(subject, one) for one in msgspec.json.decode(chunk, type=list[Listed])]
    )


def observed(under_test: UnderTest, listed: Listed) -> ScenarioBehaviour:
    with output_unshown():
        seen = run(listed.scenario, under_test.implementation, under_test.profile)
    return behaviour_of(seen, listed.cases)


def _distributions(implementation: Implementation) -> dict[str, str]:
    """Those that its module comes from, and the session that it returned."""
    module, identity = implementation.module, implementation.identity
    modules = [] if module is None else [module.__name__]
    if identity is not None:
        modules += filter(None, (*identity.modules, identity.held))
    return distributions_of(modules)
