"""How the judged step of a case ended, in words in which implementations can be compared."""

from __future__ import annotations

from connect_contracts.chapters.case import Case
from connect_contracts.checks.step_view import StepView
from connect_contracts.model.clause import Level
from connect_contracts.model.observation import Observation, Result


def judged_result(case: Case, observation: Observation) -> Result | None:
    """The result of the step that the case is about: the first that did not return, else the last.

    Only steps of which something is expected count; where nothing is, every step that is not the
    owner's.
    """
    steps = {one.step for one in case.expectations}
    results = [
        one
        for one in observation.results
        if (one.place[0] in steps if steps else one.who != "owner")
    ]
    ended_early = (one for one in results if one.how != "returned")
    return next(ended_early, results[-1] if results else None)


def outcome(result: Result) -> str:
    """How it ended, without what an exception says: that differs from run to run."""
    if result.how == "raised" and result.raised is not None:
        return f"raised {result.raised.type}"
    return result.describe()


def alert(observation: Observation, result: Result) -> str | None:
    """The first fatal alert on a connection of the step, and who sent it; ``None`` without one."""
    connections = StepView(observation, result.place).connections
    alerts = (f"{one.alert} by {one.alert_by}" for one in connections if one.alert)
    return next(alerts, None)


def meaning(case: Case, result: Result) -> str:
    """What it means, in plain words, how an observed case ended; empty if nothing is said of it."""
    if case.level is not Level.OBSERVE or case.meanings is None:
        return ""
    meanings = {"returned": case.meanings.accepted, "raised": case.meanings.refused}
    return meanings.get(result.how, "")
