"""What ends the judging of a case before its demands are held against what was seen."""

from __future__ import annotations

from connect_contracts.chapters.case import Case
from connect_contracts.checks.causes import cause_of_end
from connect_contracts.checks.step_view import StepView
from connect_contracts.judging.attribution import describe_step
from connect_contracts.judging.judgement import Judgement
from connect_contracts.model.cause import Cause
from connect_contracts.model.host_names import is_redirected, same_host
from connect_contracts.model.observation import Observation, Result
from connect_contracts.model.parts import declared_missing
from connect_contracts.model.scenario import Connect, Use, calls_of
from connect_contracts.model.verdict import Undecided, Verdict


def without_judging(observation: Observation) -> Judgement | None:
    if observation.harness_error is not None:
        return Judgement(Verdict.HARNESS_ERROR, seen=observation.harness_error)
    if observation.not_testable is not None:
        return Judgement(Verdict.NOT_TESTABLE, seen=observation.not_testable)
    if observation.not_applicable is not None:
        return Judgement(Verdict.NOT_APPLICABLE, seen=observation.not_applicable)
    for result in observation.results:
        if result.how == "adapter wrong":
            return Judgement(
                Verdict.HARNESS_ERROR,
                seen=f"{describe_step(result)} {result.describe()}",
                causes=(cause_of_end(StepView(observation, result.place)),),
            )
    return None


def lacking_part(result: Result) -> Judgement | None:
    """What is said of a step for which the implementation has no part; ``None`` if it has."""
    if result.how != "part missing":
        return None
    if result.declared_missing and result.part is not None:
        why = declared_missing(result.part, [result.part])
        return Judgement(Verdict.NOT_APPLICABLE, seen=why or "", not_offered=result.part)
    if result.undocumented:
        return Judgement(Verdict.NOT_APPLICABLE, seen=result.describe())
    return Judgement(Verdict.NOT_TESTABLE, seen=result.describe(), lacks=result.part)


def hung(observation: Observation) -> Judgement | None:
    for result in observation.results:
        if result.how == "hung":
            step, limit = describe_step(result), observation.scenario.limit
            expected, seen = f"{step} ends within {limit:g} s", f"{step} {result.describe()}"
            return Judgement(
                Verdict.HANG,
                expected,
                seen,
                step=result.place[0],
                causes=(cause_of_end(StepView(observation, result.place)),),
            )
    return None


def without_session(case: Case, observation: Observation, index: int) -> bool:
    """Whether the step uses a session whose connect raised."""
    step = case.scenario.steps[index]
    if not isinstance(step, Use):
        return False
    opened = [
        place
        for place, earlier in enumerate(case.scenario.steps[:index])
        if isinstance(earlier, Connect) and earlier.session == step.session
    ]
    result = observation.result((opened[-1],)) if opened else None
    return result is not None and result.how == "raised"


def resolved_elsewhere(observation: Observation) -> Judgement | None:
    """What remains to be said where a resolver was asked for a name that it cannot know."""
    for place, call in calls_of(observation.scenario):
        result = observation.result(place)
        if result is None or result.how != "raised" or not is_redirected(call.host):
            continue
        if not any(same_host(call.host, name) for name in observation.resolved):
            return Judgement(
                Verdict.INCONCLUSIVE,
                seen=f"{describe_step(result)} raised before socket was asked for {call.host}. "
                "If it resolves names itself, write in its module: "
                '__connect_contract__ = {"own_resolver": True}. If it refuses the name before it '
                "looks it up, this case cannot show that",
                undecided=Undecided.EVIDENCE,
                causes=(
                    cause_of_end(StepView(observation, result.place), "socket resolves the name"),
                ),
            )
    return None


def not_set_up(result: Result, observation: Observation) -> Judgement:
    expected = f"{describe_step(result)} returns, so that the case can be judged"
    return Judgement(
        Verdict.INCONCLUSIVE,
        expected,
        f"{describe_step(result)} {result.describe()}",
        undecided=Undecided.SET_UP,
        causes=(cause_of_end(StepView(observation, result.place)),),
    )


def not_reached(index: int, observation: Observation) -> Judgement:
    last = observation.results[-1] if observation.results else None
    seen = f"step {index + 1} was not reached"
    why = Cause("a step | not reached", "every step is reached", seen)
    if last is not None and last.how != "returned":
        why = cause_of_end(StepView(observation, last.place))
    after = f" after {describe_step(last)} {last.describe()}" if last else ""
    return Judgement(
        Verdict.INCONCLUSIVE, seen=f"{seen}{after}", undecided=Undecided.SET_UP, causes=(why,)
    )
