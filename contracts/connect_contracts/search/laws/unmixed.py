"""Sessions never mix."""

from __future__ import annotations

from collections.abc import Iterator

from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Observation
from connect_contracts.model.scenario import Call, Connect, Own, Scenario, Together
from connect_contracts.oracle.caller import caller, known_as
from connect_contracts.search.laws.law import Breach, Law, breach
from connect_contracts.search.laws.walk import Taken, taken

NAME = "unmixed"
SENTENCE = (
    "No request of one session is known as another session's user, and sessions of different "
    "callers share no connection."
)


def look(scenario: Scenario, observation: Observation, profile: Profile) -> Iterator[Breach]:
    """The steps in which one session did something as another."""
    calls = _calls(scenario)
    for one in taken(scenario, observation, profile):
        found = None if isinstance(one.step, Own) else _of_step(one, calls)
        if found is not None:
            yield breach(observation, NAME, "AUTH-11", one.index, expected=SENTENCE, seen=found)


def _of_step(one: Taken, calls: dict[str, Call]) -> str | None:
    if one.connect is None:
        return None
    call = one.connect.call
    target = one.world.targets[call.target]
    # Userinfo may name somebody, and a callable or a changed user is known as was then true.
    if target.spec.secure and call.userinfo is None and not _altered(one):
        own = known_as(caller(call, target), target)
        others = {
            name
            for session, other in calls.items()
            if session != one.connect.session
            and (name := known_as(caller(other, target), target)) not in (None, own)
        }
        for each in one.view.exchanges:
            if each.user in others:
                return f"{each.line} was known as {each.user}'s"
    for first, second in one.view.shared_connections:
        if second == one.connect.session and first in calls and _differ(calls[first], call):
            return f"a connection of {first} carried a request of {second}"
    return None


def _altered(one: Taken) -> bool:
    session = one.world.sessions.get(one.connect.session) if one.connect else None
    return session is not None and session.altered


def _differ(one: Call, other: Call) -> bool:
    return (one.authentication, one.authority_file) != (other.authentication, other.authority_file)


def _calls(scenario: Scenario) -> dict[str, Call]:
    """The calls by the sessions that they open; of a session that is opened twice, the last."""
    steps = [
        one
        for step in scenario.steps
        for branch in (step.branches if isinstance(step, Together) else ((step,),))
        for one in branch
    ]
    return {one.session: one.call for one in steps if isinstance(one, Connect)}


UNMIXED = Law(NAME, SENTENCE, look)
