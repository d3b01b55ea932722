"""Connects that are over leave nothing running."""

from __future__ import annotations

from collections.abc import Iterator

from connect_contracts.checks.wire_checks.check_result import count
from connect_contracts.model.actions import ACTIONS
from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Observation
from connect_contracts.model.scenario import Call, Connect, Together, Use
from connect_contracts.search.laws.law import Breach, Law, breach, executed_steps

NAME = "leaves-no-more"


def _check(observation: Observation, profile: Profile) -> Iterator[Breach]:
    # A call that ends in a new way may start what all later ones share, such as a pool of threads.
    known: set[tuple[Call, str]] = set()
    since: set[tuple[Call, str]] = set()
    opened: set[str] = set()
    before: int | None = None
    steps = observation.scenario.steps
    together = next((at for at, step in enumerate(steps) if isinstance(step, Together)), len(steps))
    for executed in executed_steps(observation, profile):
        step, result = executed.step, executed.result
        left = None if result.after is None else result.after.left
        if isinstance(step, Connect):
            since.add((step.call, result.how))
            if step.session in opened:
                return
            opened |= {step.session} if result.how == "returned" else set()
        elif isinstance(step, Use) and ACTIONS[step.action].ends:
            opened.discard(step.session)
        # Nothing says what a session leaves that is not closed.
        if executed.index > together or (isinstance(step, Use) and step.action == "drop"):
            return
        if left is None or opened:
            continue
        if before is not None and since and since <= known and len(left) > before:
            yield breach(
                observation,
                NAME,
                "CLEAN-1" if all(how == "raised" for _, how in since) else "CLEAN-5",
                executed.index,
                expected=f"{count(before, 'thread')} left, as after the same call before",
                seen=f"{count(len(left), 'thread')} left: {', '.join(dict.fromkeys(left))}",
            )
        before, known, since = len(left), known | since, set()


LEAVES_NO_MORE = Law(
    NAME,
    "A call of connect that failed, or whose session was closed, leaves no more threads than the "
    "same call did before.",
    _check,
)
