"""A refused call sends no secret."""

from __future__ import annotations

from collections.abc import Iterator

from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Observation
from connect_contracts.model.scenario import Own, Scenario
from connect_contracts.oracle import decisions
from connect_contracts.oracle.trust import server_believed
from connect_contracts.search.laws.law import Breach, Law, breach
from connect_contracts.search.laws.walk import Taken, taken

NAME = "no-secret"
SENTENCE = (
    "A target that a session may not believe gets no byte of HTTP from it, and no target but its "
    "own gets its credentials."
)


def look(scenario: Scenario, observation: Observation, profile: Profile) -> Iterator[Breach]:
    """The steps in which a secret went where it must not."""
    for one in taken(scenario, observation, profile):
        found = None if isinstance(one.step, Own) else _of_step(one, scenario, profile)
        if found is not None:
            clause, expected, seen = found
            yield breach(observation, NAME, clause, one.index, expected=expected, seen=seen)


def _of_step(one: Taken, scenario: Scenario, profile: Profile) -> tuple[str, str, str] | None:
    if one.connect is None:
        return None
    call = one.connect.call
    target = one.world.targets[call.target]
    believed = not (
        target.spec.scheme == "https"
        and call.defect != "http to a TLS port"
        and server_believed(target.chain, call, scenario.trusted) == "refused"
    )
    if not believed and any(each.http_bytes for each in one.view.connections):
        lines = ", ".join(dict.fromkeys(each.line for each in one.view.exchanges))
        clause = decisions(scenario, profile)[one.index].clause
        return (
            clause,
            "not one HTTP byte reaches a target that may not be believed",
            f"HTTP reached it: {lines or 'its first bytes'}",
        )
    elsewhere = [
        each
        for each in one.view.exchanges
        if each.received.target != call.target and each.header("authorization") is not None
    ]
    if elsewhere:
        return (
            "AUTH-11",
            "credentials are sent to the session's own target alone",
            f"{elsewhere[0].line} carried Authorization to {elsewhere[0].received.target}",
        )
    return None


NO_SECRET = Law(NAME, SENTENCE, look)
