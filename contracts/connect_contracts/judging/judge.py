"""From what was seen to a verdict: pure, and the only place where verdicts are made."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from connect_contracts.chapters.case import Case
from connect_contracts.checks.expectation import (
    Expectation,
    Finding,
    FindingKind,
    Passed,
    Raises,
    check,
)
from connect_contracts.checks.handshake_summary import describe_handshakes
from connect_contracts.checks.secrets.leaks import leaks
from connect_contracts.checks.step_view import StepView
from connect_contracts.checks.wire_checks import Unspoken
from connect_contracts.model.clause import Level
from connect_contracts.model.evidence import Evidence, weakest
from connect_contracts.model.host_names import is_redirected, same_host
from connect_contracts.model.observation import Observation, Place, Result
from connect_contracts.model.scenario import Connect, Use, calls_of
from connect_contracts.model.verdict import Verdict
from connect_harness.server import AnswerGiven

_VERDICTS = {FindingKind.VIOLATION: Verdict.FAILED, FindingKind.PART: Verdict.NOT_TESTABLE}


class Judgement(msgspec.Struct, frozen=True):
    """What is said of one case, and why.

    Parameters:
        expected: What must have been seen.
        seen: What was seen instead; for ``observe``, what was recorded.
        evidence: By what a refusal was decided; of several, the weakest.
        step: The index of the step that decided, where one did.
        broken: The clause that was broken, where it is not the case's own.
        findings: What is wrong, one by one, where that is more than one thing; those of later
            steps stand here alone.
        lacks: The part that was not found in the implementation, where that is why nothing can be
            said. A part that the release has not either makes the case not applicable.
    """

    verdict: Verdict
    expected: str = ""
    seen: str = ""
    evidence: Evidence | None = None
    step: int | None = None
    broken: str | None = None
    findings: tuple[str, ...] = ()
    lacks: str | None = None


def judge(case: Case, observation: Observation) -> Judgement:
    """The verdict on ``case`` from its own observation alone, its twin left aside."""
    judgement = _first(case, observation)
    if judgement.verdict not in _WITH_FINDINGS or _resolved_elsewhere(observation):
        return _with_each_step(judgement, observation)
    found = _violations(case, observation)
    if judgement.verdict is not Verdict.FAILED:
        found = [judgement.seen, *found]
    findings = tuple(found) if len(found) > 1 else ()
    return _with_each_step(msgspec.structs.replace(judgement, findings=findings), observation)


_WITH_FINDINGS = (Verdict.FAILED, Verdict.HANG, Verdict.INCONCLUSIVE)


def _violations(case: Case, observation: Observation) -> list[str]:
    """What is wrong, one by one, with the steps that ended."""
    told = []
    for one in case.expectations:
        result = observation.result((one.step,))
        if result is None or result.how == "hung":
            continue
        found = check(one, StepView(observation, (one.step,)))
        if isinstance(found, Finding) and found.kind is FindingKind.VIOLATION:
            told += [f"of {_step(result)}: {part}" for part in found.parts or (found.seen,)]
    return told


def _first(case: Case, observation: Observation) -> Judgement:
    """The verdict by the first step that does not end as it must."""
    early = _without_judging(observation)
    if early is not None:
        return early
    elsewhere = _resolved_elsewhere(observation)
    if case.level is Level.OBSERVE:
        # Nothing is demanded, so nothing can be broken: a hang is recorded like any other end.
        told = [*_told(observation), *([elsewhere.seen] if elsewhere else [])]
        return Judgement(Verdict.OBSERVED, seen="; ".join(told))
    early = _hung(observation)
    if early is not None:
        return early
    expectations = {one.step: one for one in case.expectations}
    evidence: list[Evidence] = []
    lacking: Judgement | None = None
    for index in range(len(case.scenario.steps)):
        result = observation.result((index,))
        expectation = expectations.get(index)
        if expectation is None and not case.sets_up:
            continue
        if result is None and not case.sets_up and _without_session(case, observation, index):
            # Its connect was judged, and might be refused: there is nothing to take it on.
            continue
        if result is None:
            return lacking or elsewhere or _not_reached(index, observation)
        if expectation is None:
            if result.how != "returned":
                return lacking or elsewhere or _not_set_up(result)
            continue
        found = check(expectation, StepView(observation, (index,)))
        if isinstance(found, Passed):
            # A call that is refused as it is need not ask for any name; its twin has to.
            evidence += [found.evidence] if found.evidence else []
        elif found.kind is FindingKind.EVIDENCE:
            lacking = lacking or elsewhere or _judged(Verdict.INCONCLUSIVE, found, result)
        else:
            return elsewhere or _judged(_VERDICTS[found.kind], found, result)
    return lacking or Judgement(Verdict.PASSED, _expected(case), evidence=weakest(evidence))


def needs_twin(case: Case, observation: Observation) -> bool:
    """Whether the verdict rests on a refusal, which counts only if the twin succeeds."""
    if case.twin is None:
        return False
    refused = {one.place for one in observation.results if one.how == "raised"}
    return any(
        (one.step,) in refused
        and any(isinstance(alternative.outcome, Raises) for alternative in one.alternatives)
        for one in case.expectations
    )


def with_twin(judgement: Judgement, twin: Observation, case: Case | None = None) -> Judgement:
    """The verdict that remains once the twin was run: a refusal needs its success.

    Parameters:
        case: The case that the twin is one of, where it says what must be seen of its twin.
    """
    early = _without_judging(twin) or _resolved_elsewhere(twin)
    if early is not None:
        return _with_each_step(early, twin, " of the twin")
    if case is not None and case.of_twin is not None:
        return _with_judged_twin(judgement, twin, case, case.of_twin)
    wrong = next((one for one in twin.results if one.how != "returned"), None)
    if wrong is None and not _answered(twin):
        inconclusive = Judgement(
            Verdict.INCONCLUSIVE,
            expected=judgement.expected,
            seen="it was refused as it must be, but its twin, the same without its defect, "
            "returned without asking the target anything",
        )
        return _with_each_step(inconclusive, twin, " of the twin")
    if wrong is None:
        return judgement
    inconclusive = Judgement(
        Verdict.INCONCLUSIVE,
        expected=judgement.expected,
        seen="it was refused as it must be, but so was the twin, the same without its defect: "
        f"{_step(wrong)} {wrong.describe()}",
    )
    return _with_each_step(inconclusive, twin, " of the twin")


def _with_judged_twin(
    judgement: Judgement, twin: Observation, case: Case, expectations: tuple[Expectation, ...]
) -> Judgement:
    """The same for a twin that may be refused itself, for another reason than the defect."""
    demanded = replace(case, scenario=twin.scenario, expectations=expectations)
    judged = judge(demanded, twin)
    if judged.verdict is Verdict.PASSED:
        return judgement
    inconclusive = Judgement(
        Verdict.INCONCLUSIVE,
        expected=judgement.expected,
        seen=f"it was refused as it must be, but its twin did not end as it must: {judged.seen}",
    )
    return _with_each_step(inconclusive, twin, " of the twin")


def with_leaks(judgement: Judgement, case: Case, *observations: Observation) -> Judgement:
    """The verdict that remains once secrets were looked for in all that was seen.

    A secret that stands where it must not is a failure, whatever the case is about: of the clause
    that forbids it, which is named. What was not judged stays as it is.
    """
    if judgement.verdict not in _LOOKED_THROUGH:
        return judgement
    found = list(dict.fromkeys(one for seen in observations for one in leaks(seen)))
    if not found:
        return _unless_cut(judgement, observations)
    if judgement.verdict.status == 1:
        # It has failed as it is; a case that is about secrets has told of them already.
        before = judgement.findings or (judgement.seen,)
        new = [one for one in found if not any(one.describe() in text for text in before)]
        if not new:
            return judgement
        each = [f"{one.describe()} ({one.clause})" for one in new]
        return msgspec.structs.replace(
            judgement,
            seen=f"{judgement.seen}; besides, {'; '.join(each)}",
            findings=(*before, *each),
        )
    each = [f"{one.describe()} ({one.clause})" for one in found]
    broken = found[0].clause
    return Judgement(
        Verdict.FAILED,
        expected=Unspoken().describe(),
        seen="; ".join(each),
        broken=None if broken == case.clause.id else broken,
        findings=tuple(each) if len(each) > 1 else (),
    )


def _unless_cut(judgement: Judgement, observations: tuple[Observation, ...]) -> Judgement:
    cut = {one.source for seen in observations for one in seen.said if one.cut}
    if not cut or judgement.verdict.status:
        return judgement
    inconclusive = msgspec.structs.replace(
        judgement,
        verdict=Verdict.INCONCLUSIVE,
        expected=Unspoken().describe(),
        seen=f"more was said than is kept, in which a secret may stand: {', '.join(sorted(cut))}",
    )
    return _with_each_step(inconclusive, observations[0])


_LOOKED_THROUGH = (
    Verdict.PASSED,
    Verdict.OBSERVED,
    Verdict.FAILED,
    Verdict.HANG,
    Verdict.INCONCLUSIVE,
)


def _answered(observation: Observation) -> bool:
    """Whether any target granted any request."""
    return any(isinstance(one, AnswerGiven) and one.status < 400 for one in observation.events)


def _without_judging(observation: Observation) -> Judgement | None:
    if observation.harness_error is not None:
        return Judgement(Verdict.HARNESS_ERROR, seen=observation.harness_error)
    if observation.not_testable is not None:
        return Judgement(Verdict.NOT_TESTABLE, seen=observation.not_testable)
    if observation.not_applicable is not None:
        return Judgement(Verdict.NOT_APPLICABLE, seen=observation.not_applicable)
    for one in observation.results:
        if one.how == "adapter wrong":
            return Judgement(Verdict.HARNESS_ERROR, seen=f"{_step(one)} {one.describe()}")
        if one.how == "part missing":
            if one.undocumented:
                return Judgement(Verdict.NOT_APPLICABLE, seen=one.describe())
            return Judgement(Verdict.NOT_TESTABLE, seen=one.describe(), lacks=one.part)
    return None


def _hung(observation: Observation) -> Judgement | None:
    for one in observation.results:
        if one.how == "hung":
            limit = observation.scenario.limit
            return Judgement(
                Verdict.HANG,
                expected=f"{_step(one)} ends within {limit:g} s",
                seen=f"{_step(one)} {one.describe()}",
                step=one.place[0],
            )
    return None


def _without_session(case: Case, observation: Observation, index: int) -> bool:
    """Whether the step uses a session whose connect raised."""
    step = case.scenario.steps[index]
    if not isinstance(step, Use):
        return False
    opened = [
        place
        for place, one in enumerate(case.scenario.steps[:index])
        if isinstance(one, Connect) and one.session == step.session
    ]
    result = observation.result((opened[-1],)) if opened else None
    return result is not None and result.how == "raised"


def _resolved_elsewhere(observation: Observation) -> Judgement | None:
    """What remains to be said where a name was asked of somebody who cannot know it."""
    for place, call in calls_of(observation.scenario):
        result = observation.result(place)
        if result is None or result.how != "raised" or not is_redirected(call.host):
            continue
        if not any(same_host(call.host, one) for one in observation.resolved):
            return Judgement(
                Verdict.INCONCLUSIVE,
                seen=f"{_step(result)} raised, and the redirected resolution was never asked "
                f"for {call.host}: if the implementation resolves names itself, let its adapter "
                "declare own_resolver",
            )
    return None


def _with_each_step(judgement: Judgement, observation: Observation, of: str = "") -> Judgement:
    """Where nothing can be said, what each step did, so that a reader sees why."""
    if judgement.verdict is not Verdict.INCONCLUSIVE or not observation.results:
        return judgement
    steps = [f"{_step(one)} {one.describe()}" for one in observation.results]
    if all(one in judgement.seen for one in steps):
        return judgement
    told = f"{judgement.seen}. What each step{of} did: {'; '.join(steps)}"
    return msgspec.structs.replace(judgement, seen=told)


def _not_set_up(result: Result) -> Judgement:
    return Judgement(
        Verdict.INCONCLUSIVE,
        expected=f"{_step(result)} returns, so that the case can be judged",
        seen=f"{_step(result)} {result.describe()}",
    )


def _not_reached(index: int, observation: Observation) -> Judgement:
    last = observation.results[-1] if observation.results else None
    why = f" after {_step(last)} {last.describe()}" if last else ""
    return Judgement(Verdict.INCONCLUSIVE, seen=f"step {index + 1} was not reached{why}")


def _judged(verdict: Verdict, finding: Finding, result: Result) -> Judgement:
    step = _step(result)
    return Judgement(
        verdict,
        f"of {step}: {finding.expected}",
        f"of {step}: {finding.seen}",
        step=result.place[0],
        lacks=finding.part,
    )


def _expected(case: Case) -> str:
    return "; then ".join(one.describe() for one in case.expectations)


def _told(observation: Observation) -> list[str]:
    return [
        " ".join([_step(one), one.describe(), *_handshakes(observation, one)])
        for one in observation.results
        if one.who != "owner"
    ]


def _handshakes(observation: Observation, result: Result) -> list[str]:
    told = describe_handshakes(StepView(observation, result.place))
    return [f"({told})"] if told else []


def _step(result: Result) -> str:
    place: Place = result.place
    number = ".".join(str(one + 1) for one in place)
    who = "" if result.who in ("session", "owner") else f" of {result.who}"
    return f"step {number} ({result.what}{who})"
