"""From what was seen to a verdict: pure, and the only place where verdicts are made."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from connect_contracts.chapters.case import Case
from connect_contracts.checks.contacts import describe_contacts
from connect_contracts.checks.expectation import Finding, FindingKind, Passed, Raises, check
from connect_contracts.checks.handshake_summary import describe_handshakes
from connect_contracts.checks.secrets.leaks import leaks
from connect_contracts.checks.step_view import StepView
from connect_contracts.checks.wire_checks import Unspoken
from connect_contracts.judging.attribution import attribution, describe_step
from connect_contracts.model.clause import Level, Profile
from connect_contracts.model.evidence import Evidence, weakest
from connect_contracts.model.host_names import is_redirected, same_host
from connect_contracts.model.observation import Observation, Result
from connect_contracts.model.scenario import Connect, Use, calls_of
from connect_contracts.model.verdict import Verdict
from connect_harness.server import AnswerGiven

_VERDICTS = {FindingKind.VIOLATION: Verdict.FAILED, FindingKind.PART: Verdict.NOT_TESTABLE}


class Judgement(msgspec.Struct, frozen=True):
    """What is said of one case, and why.

    Parameters:
        seen: What was seen instead; for ``observe``, what was recorded.
        evidence: By what a refusal was decided; of several, the weakest.
        step: The index of the step that decided, where one did.
        of_twin: It is a step of the twin.
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
    of_twin: bool = False
    broken: str | None = None
    findings: tuple[str, ...] = ()
    lacks: str | None = None


def judge(case: Case, observation: Observation, profile: Profile) -> Judgement:
    """The verdict on ``case`` from its own observation alone, its twin left aside."""
    judgement = _first(case, observation, profile)
    verdict = judgement.verdict
    if verdict.judged and verdict.status != 0 and not _resolved_elsewhere(observation):
        findings = _violations(case, observation)
        demanded = {expectation.step for expectation in case.expectations}
        if verdict is not Verdict.FAILED or judgement.step not in demanded:
            findings = [judgement.seen, *findings]
        if len(findings) > 1:
            judgement = msgspec.structs.replace(judgement, findings=tuple(findings))
    return _with_each_step(judgement, observation)


def _violations(case: Case, observation: Observation) -> list[str]:
    """What is wrong, one by one, with the steps that ended."""
    texts = []
    for expectation in case.expectations:
        result = observation.result((expectation.step,))
        if result is None or result.how in ("hung", "part missing"):
            continue
        found = check(expectation, StepView(observation, result.place))
        if isinstance(found, Finding) and found.kind is FindingKind.VIOLATION:
            texts += [
                f"of {describe_step(result)}: {part}" for part in found.parts or (found.seen,)
            ]
    return texts


def _first(case: Case, observation: Observation, profile: Profile) -> Judgement:
    """The verdict by the first step that does not end as it must."""
    early = _without_judging(observation)
    if early is not None:
        return early
    elsewhere = _resolved_elsewhere(observation)
    if case.level is Level.OBSERVE:
        for undone in filter(None, map(_lacking_part, observation.results)):
            return undone
        # Nothing is demanded, so nothing can be broken: a hang is recorded like any other end.
        texts = [*_describe_steps(observation), *([elsewhere.seen] if elsewhere else [])]
        return Judgement(Verdict.OBSERVED, seen="; ".join(texts))
    early = _hung(observation)
    if early is not None:
        return early
    expectations = {expectation.step: expectation for expectation in case.expectations}
    evidence: list[Evidence] = []
    lacking: Judgement | None = None
    for index in range(len(case.scenario.steps)):
        result = observation.result((index,))
        expectation = expectations.get(index)
        if result is not None and (lacks := _lacking_part(result)):
            # What came before it is judged.
            return lacks
        if expectation is None and not case.sets_up:
            continue
        if result is None and not case.sets_up and _without_session(case, observation, index):
            # Its connect was judged, and might be refused: the step has no session.
            continue
        if result is None:
            return lacking or elsewhere or _not_reached(index, observation)
        if expectation is None:
            if result.how != "returned":
                name = f"{describe_step(result)}, which only sets up,"
                seen = f"{name} {result.describe()}"
                blamed = _attributed(case, observation, result, profile, name, seen)
                return elsewhere or blamed or lacking or _not_set_up(result)
            continue
        found = check(expectation, StepView(observation, (index,)))
        if isinstance(found, Passed):
            # A call that is refused as it is need not ask for any name; its twin has to.
            evidence += [found.evidence] if found.evidence else []
        elif found.kind is FindingKind.EVIDENCE:
            lacking = lacking or elsewhere or _judged(Verdict.INCONCLUSIVE, found, result)
        else:
            return elsewhere or _judged(_VERDICTS[found.kind], found, result)
    expected = "; then ".join(expectation.describe() for expectation in case.expectations)
    return lacking or Judgement(Verdict.PASSED, expected, evidence=weakest(evidence))


def needs_twin(case: Case, observation: Observation) -> bool:
    """Whether the verdict rests on a refusal, which counts only if the twin succeeds."""
    if case.twin is None:
        return False
    refused = {result.place for result in observation.results if result.how == "raised"}
    return any(
        (expectation.step,) in refused
        and any(isinstance(each.outcome, Raises) for each in expectation.alternatives)
        for expectation in case.expectations
    )


def with_twin(judgement: Judgement, twin: Observation, case: Case, profile: Profile) -> Judgement:
    """The verdict that remains once the twin was run: a refusal needs its success.

    A twin that the implementation refused, although it must succeed, is a failure by the clause
    that says so. The case may say what must be seen of its twin.
    """
    remains = _without_judging(twin) or _resolved_elsewhere(twin)
    remains = remains or _of_twin(judgement, twin, case, profile)
    if remains is None or (judgement.verdict.status != 0 and remains.verdict is not Verdict.FAILED):
        return judgement
    return _with_each_step(remains, twin, " of the twin")


def _of_twin(
    judgement: Judgement, twin: Observation, case: Case, profile: Profile
) -> Judgement | None:
    """What is said of the case by its twin; ``None`` if the twin ended as it must."""
    results = twin.results
    if case.of_twin is not None:
        # This twin may be refused itself, for another reason than the defect.
        demanded = replace(case, scenario=twin.scenario, expectations=case.of_twin)
        judged = judge(demanded, twin, profile)
        if judged.verdict is Verdict.PASSED:
            return None
        if not judged.verdict.judged:
            return judged
        wrong = f"its twin did not end as it must: {judged.seen}"
        results = tuple(each for each in results if judged.step in (None, each.place[0]))
    elif unended := [result for result in results if result.how != "returned"]:
        results = (unended[0],)
        if lacks := _lacking_part(unended[0]):
            return lacks
        ended = f"{describe_step(unended[0])} {unended[0].describe()}"
        wrong = f"so was the twin, the same without its defect: {ended}"
    elif any(isinstance(event, AnswerGiven) and event.status < 400 for event in twin.events):
        return None
    else:
        wrong = "its twin, the same without its defect, returned without asking the target anything"
    seen = f"it was refused as it must be, but {wrong}"
    for result in results:
        name = f"{describe_step(result)} of the twin"
        if blamed := _attributed(case, twin, result, profile, name, seen):
            return msgspec.structs.replace(blamed, of_twin=True)
    return Judgement(Verdict.INCONCLUSIVE, judgement.expected, seen)


def with_leaks(judgement: Judgement, case: Case, *observations: Observation) -> Judgement:
    """The verdict that remains once secrets were looked for in all that was seen.

    A secret that stands where it must not is a failure, whatever the case is about: of the clause
    that forbids it, which is named. What was not judged stays as it is.
    """
    if not judgement.verdict.judged:
        return judgement
    found = list(dict.fromkeys(leak for seen in observations for leak in leaks(seen)))
    if not found:
        return _unless_cut(judgement, observations)
    before = (judgement.findings or (judgement.seen,)) if judgement.verdict.status == 1 else ()
    # A case that failed, and is about secrets, names them already.
    new = [leak for leak in found if not any(leak.describe() in text for text in before)]
    if not new:
        return judgement
    each = tuple(f"{leak.describe()} ({leak.clause})" for leak in new)
    if before:
        seen = f"{judgement.seen}; besides, {'; '.join(each)}"
        return msgspec.structs.replace(judgement, seen=seen, findings=(*before, *each))
    broken = found[0].clause
    return Judgement(
        Verdict.FAILED,
        expected=Unspoken().describe(),
        seen="; ".join(each),
        broken=None if broken == case.clause.id else broken,
        findings=each if len(each) > 1 else (),
    )


def _unless_cut(judgement: Judgement, observations: tuple[Observation, ...]) -> Judgement:
    cut = {said.source for seen in observations for said in seen.said if said.cut}
    if not cut or judgement.verdict.status:
        return judgement
    inconclusive = msgspec.structs.replace(
        judgement,
        verdict=Verdict.INCONCLUSIVE,
        expected=Unspoken().describe(),
        seen=f"more was said than is kept, in which a secret may stand: {', '.join(sorted(cut))}",
    )
    return _with_each_step(inconclusive, observations[0])


# What ends the judging early.


def _without_judging(observation: Observation) -> Judgement | None:
    if observation.harness_error is not None:
        return Judgement(Verdict.HARNESS_ERROR, seen=observation.harness_error)
    if observation.not_testable is not None:
        return Judgement(Verdict.NOT_TESTABLE, seen=observation.not_testable)
    if observation.not_applicable is not None:
        return Judgement(Verdict.NOT_APPLICABLE, seen=observation.not_applicable)
    for result in observation.results:
        if result.how == "adapter wrong":
            return Judgement(
                Verdict.HARNESS_ERROR, seen=f"{describe_step(result)} {result.describe()}"
            )
    return None


def _lacking_part(result: Result) -> Judgement | None:
    """What is said of a step for which the implementation has no part; ``None`` if it has."""
    if result.how != "part missing":
        return None
    if result.undocumented:
        return Judgement(Verdict.NOT_APPLICABLE, seen=result.describe())
    return Judgement(Verdict.NOT_TESTABLE, seen=result.describe(), lacks=result.part)


def _hung(observation: Observation) -> Judgement | None:
    for result in observation.results:
        if result.how == "hung":
            step, limit = describe_step(result), observation.scenario.limit
            expected, seen = f"{step} ends within {limit:g} s", f"{step} {result.describe()}"
            return Judgement(Verdict.HANG, expected, seen, step=result.place[0])
    return None


def _without_session(case: Case, observation: Observation, index: int) -> bool:
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


def _resolved_elsewhere(observation: Observation) -> Judgement | None:
    """What remains to be said where a resolver was asked for a name that it cannot know."""
    for place, call in calls_of(observation.scenario):
        result = observation.result(place)
        if result is None or result.how != "raised" or not is_redirected(call.host):
            continue
        if not any(same_host(call.host, name) for name in observation.resolved):
            return Judgement(
                Verdict.INCONCLUSIVE,
                seen=f"{describe_step(result)} raised, and the redirected resolution was never "
                f"asked for {call.host}: if the implementation resolves names itself, let its "
                "adapter declare own_resolver",
            )
    return None


def _attributed(
    case: Case, observation: Observation, result: Result, profile: Profile, name: str, seen: str
) -> Judgement | None:
    """That the implementation is to blame for a step that is taken for granted, if it is shown."""
    blamed = attribution(observation, result.place[0], profile)
    if blamed is None:
        return None
    return Judgement(
        Verdict.FAILED,
        f"{name} succeeds ({blamed.clause})",
        f"{seen}: {blamed.shown}",
        step=result.place[0],
        broken=None if blamed.clause == case.clause.id else blamed.clause,
    )


def _not_set_up(result: Result) -> Judgement:
    expected = f"{describe_step(result)} returns, so that the case can be judged"
    return Judgement(Verdict.INCONCLUSIVE, expected, f"{describe_step(result)} {result.describe()}")


def _not_reached(index: int, observation: Observation) -> Judgement:
    last = observation.results[-1] if observation.results else None
    why = f" after {describe_step(last)} {last.describe()}" if last else ""
    return Judgement(Verdict.INCONCLUSIVE, seen=f"step {index + 1} was not reached{why}")


# Texts.


def _judged(verdict: Verdict, finding: Finding, result: Result) -> Judgement:
    expected, seen = (
        f"of {describe_step(result)}: {text}" for text in (finding.expected, finding.seen)
    )
    return Judgement(verdict, expected, seen, step=result.place[0], lacks=finding.part)


def _with_each_step(judgement: Judgement, observation: Observation, of: str = "") -> Judgement:
    """Where nothing can be said, what each step did, so that a reader sees why."""
    if judgement.verdict is not Verdict.INCONCLUSIVE or not observation.results:
        return judgement
    steps = [f"{describe_step(result)} {result.describe()}" for result in observation.results]
    if all(step in judgement.seen for step in steps):
        return judgement
    seen = f"{judgement.seen}. What each step{of} did: {'; '.join(steps)}"
    return msgspec.structs.replace(judgement, seen=seen)


def _describe_steps(observation: Observation) -> list[str]:
    texts = []
    for result in observation.results:
        if result.who != "owner":
            view = StepView(observation, result.place)
            ended = f"{describe_step(result)} {result.describe()}"
            further = filter(None, (describe_handshakes(view), describe_contacts(view)))
            texts.append(" ".join([ended, *(f"({text})" for text in further)]))
    return texts
