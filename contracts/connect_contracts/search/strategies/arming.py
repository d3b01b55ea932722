"""Faults: what the versions document looks like, and when something goes wrong."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import strategies as st

from connect_contracts.model.scenario import Own, Step
from connect_contracts.search.strategies.groups import (
    DOCUMENT,
    STALL,
    STATUS,
    TOLERATED,
    fault_groups,
    needs_tls,
)

NONE = "noop"
"""The fault that is none."""

Schedule = tuple[tuple[int, str], ...]
"""Faults, each with the number of steps that are taken before it is armed; in order."""


def versions_documents() -> st.SearchStrategy[str]:
    """What the versions document looks like, as the name of a fault: true, extended, damaged."""
    extended = [one for one in fault_groups()[TOLERATED] if one.startswith("versions")]
    damaged = (*fault_groups()[DOCUMENT], *fault_groups()[STATUS])
    return st.sampled_from((NONE, *extended, *damaged))


def faults(*, tls: bool = True, stalls: bool = False) -> st.SearchStrategy[str]:
    """Names of faults, the one that is none first.

    Parameters:
        tls: Whether faults of a TLS handshake may come.
        stalls: Whether those may come that end a step only at its limit.
    """
    groups = fault_groups()
    order = (TOLERATED, *(one for one in groups if one not in (TOLERATED, STALL)))
    names = [name for group in order for name in groups[group]]
    names += groups[STALL] if stalls else []
    return st.sampled_from((NONE, *(name for name in names if tls or not needs_tls(name))))


def fault_schedules(steps: int, *, tls: bool = True) -> st.SearchStrategy[Schedule]:
    """When which faults are armed in a scenario of so many steps; none at all is the plainest."""
    one = st.tuples(st.integers(0, max(steps - 1, 0)), faults(tls=tls))
    return st.lists(one, max_size=2).map(
        lambda found: tuple(sorted(found, key=lambda each: each[0]))
    )


def scheduled(
    steps: Iterable[Step], schedule: Schedule, target: str = "target"
) -> tuple[Step, ...]:
    """``steps``, with the steps between them by which the owner arms what is scheduled."""
    found: list[Step] = []
    for number, step in enumerate(steps):
        found += [Own("arm", target, fault=name) for when, name in schedule if when == number]
        found.append(step)
    return tuple(found)
