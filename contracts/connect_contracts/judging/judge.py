"""From what was seen to a verdict: pure, and the only place where verdicts are made."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from connect_contracts.chapters.case import Case
from connect_contracts.checks.causes import cause_of_end, cause_of_leak, causes_of_step
from connect_contracts.checks.contacts import describe_contacts
from connect_contracts.checks.expectation import Finding, FindingKind, Passed, Raises, check
from connect_contracts.checks.handshake_summary import describe_handshakes
from connect_contracts.checks.secrets.leaks import leaks
from connect_contracts.checks.step_view import StepView
from connect_contracts.checks.wire_checks import Unspoken
from connect_contracts.model.cause import Cause
from connect_contracts.model.clause import Level
from connect_contracts.model.evidence import Evidence, weakest
from connect_contracts.model.host_names import is_redirected, same_host
from connect_contracts.model.observation import Observation, Result
from connect_contracts.model.scenario import Connect, Use, calls_of
from connect_contracts.model.verdict import Undecided, Verdict
from connect_harness.server import AnswerGiven

_VERDICTS = {FindingKind.VIOLATION: Verdict.FAILED, FindingKind.PART: Verdict.NOT_TESTABLE}


class Judgement(msgspec.Struct, frozen=True):
    """What is said of one case, and why.

    Parameters:
        seen: What was seen instead; for ``observe``, what was recorded.
        evidence: By what a refusal was decided; of several, the weakest.
        step: The index of the step that decided, where one did.
        broken: The clause that was broken, where it is not the case's own.
        findings: What is wrong, one by one, where that is more than one thing; those of later
            steps stand here alone.
        lacks: The part that was not found in the implementation, where that is why nothing can be
            said. A part that the release has not either makes the case not applicable.
        undecided: Why it is inconclusive, if it is.
        causes: What is wrong as data: the first mistake, and every secret that was found.
    """

    verdict: Verdict
    expected: str = ""
    seen: str = ""
    evidence: Evidence | None = None
    step: int | None = None
    broken: str | None = None
    findings: tuple[str, ...] = ()
    lacks: str | None = None
    undecided: Undecided | None = None
    causes: tuple[Cause, ...] = ()


def judge(case: Case, observation: Observation) -> Judgement:
    """The verdict on ``case`` from its own observation alone, its twin left aside."""
    judgement = _first(case, observation)
    verdict = judgement.verdict
    if verdict.judged and verdict.status != 0 and not _resolved_elsewhere(observation):
        findings = _violations(case, observation)
        if verdict is not Verdict.FAILED:
            findings = [judgement.seen, *findings]
        if len(findings) > 1:
            judgement = msgspec.structs.replace(judgement, findings=tuple(findings))
    return _with_each_step(judgement, observation)


def _violations(case: Case, observation: Observation) -> list[str]:
    """What is wrong, one by one, with the steps that ended."""
    texts = []
    for expectation in case.expectations:
        result = observation.result((expectation.step,))
        if result is None or result.how == "hung":
            continue
        found = check(expectation, StepView(observation, result.place))
        if isinstance(found, Finding) and found.kind is FindingKind.VIOLATION:
            texts += [f"of {_step(result)}: {part}" for part in found.parts or (found.seen,)]
    return texts


def _first(case: Case, observation: Observation) -> Judgement:
    """The verdict by the first step that does not end as it must."""
    early = _without_judging(observation)
    if early is not None:
        return early
    elsewhere = _resolved_elsewhere(observation)
    if case.level is Level.OBSERVE:
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
        if expectation is None and not case.sets_up:
            continue
        if result is None and not case.sets_up and _without_session(case, observation, index):
            # Its connect was judged, and might be refused: the step has no session.
            continue
        if result is None:
            return lacking or elsewhere or _not_reached(index, observation)
        if expectation is None:
            if result.how != "returned":
                return lacking or elsewhere or _not_set_up(result, observation)
            continue
        view = StepView(observation, (index,))
        found = check(expectation, view)
        if isinstance(found, Passed):
            # A call that is refused as it is need not ask for any name; its twin has to.
            evidence += [found.evidence] if found.evidence else []
        elif found.kind is FindingKind.EVIDENCE:
            why = causes_of_step(expectation, view, case.clause.id)
            lacking = lacking or elsewhere or _judged(Verdict.INCONCLUSIVE, found, result, why)
        else:
            why = causes_of_step(expectation, view, case.clause.id)
            return elsewhere or _judged(_VERDICTS[found.kind], found, result, why)
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


def with_twin(judgement: Judgement, twin: Observation, case: Case | None = None) -> Judgement:
    """The verdict that remains once the twin was run: a refusal needs its success.

    The case may say what must be seen of its twin.
    """
    remains = _without_judging(twin) or _resolved_elsewhere(twin)
    if remains is None:
        found = _wrong_with(twin, case)
        if found is None:
            return judgement
        wrong, causes = found
        remains = Judgement(
            Verdict.INCONCLUSIVE,
            judgement.expected,
            f"it was refused as it must be, but {wrong}",
            undecided=Undecided.TWIN,
            causes=causes,
        )
    return _with_each_step(remains, twin, " of the twin")


def _wrong_with(twin: Observation, case: Case | None) -> tuple[str, tuple[Cause, ...]] | None:
    if case is not None and case.of_twin is not None:
        # This twin may be refused itself, for another reason than the defect.
        demanded = replace(case, scenario=twin.scenario, expectations=case.of_twin)
        judged = judge(demanded, twin)
        if judged.verdict is Verdict.PASSED:
            return None
        return f"its twin did not end as it must: {judged.seen}", judged.causes
    for result in twin.results:
        if result.how != "returned":
            ended = f"{_step(result)} {result.describe()}"
            why = cause_of_end(StepView(twin, result.place))
            return f"so was the twin, the same without its defect: {ended}", (why,)
    if any(isinstance(event, AnswerGiven) and event.status < 400 for event in twin.events):
        return None
    asked, seen = "the target is asked", "returned without asking the target anything"
    text = f"its twin, the same without its defect, {seen}"
    return text, (Cause(f"{asked} | {seen}", asked, f"it {seen}"),)


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
    causes = tuple(map(cause_of_leak, new))
    if before:
        seen = f"{judgement.seen}; besides, {'; '.join(each)}"
        causes = (*judgement.causes, *causes)
        findings = (*before, *each)
        return msgspec.structs.replace(judgement, seen=seen, findings=findings, causes=causes)
    broken = found[0].clause
    return Judgement(
        Verdict.FAILED,
        expected=Unspoken().describe(),
        seen="; ".join(each),
        broken=None if broken == case.clause.id else broken,
        findings=each if len(each) > 1 else (),
        causes=causes,
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
        undecided=Undecided.EVIDENCE,
        causes=(Cause("more is said than is kept", Unspoken().describe(), "too much is said"),),
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
            seen = f"{_step(result)} {result.describe()}"
            return Judgement(
                Verdict.HARNESS_ERROR,
                seen=seen,
                causes=(cause_of_end(StepView(observation, result.place)),),
            )
        if result.how == "part missing":
            if result.undocumented:
                return Judgement(Verdict.NOT_APPLICABLE, seen=result.describe())
            return Judgement(Verdict.NOT_TESTABLE, seen=result.describe(), lacks=result.part)
    return None


def _hung(observation: Observation) -> Judgement | None:
    for result in observation.results:
        if result.how == "hung":
            step, limit = _step(result), observation.scenario.limit
            expected, seen = f"{step} ends within {limit:g} s", f"{step} {result.describe()}"
            return Judgement(
                Verdict.HANG,
                expected,
                seen,
                step=result.place[0],
                causes=(cause_of_end(StepView(observation, result.place)),),
            )
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
                seen=f"{_step(result)} raised, and the redirected resolution was never asked "
                f"for {call.host}: if the implementation resolves names itself, write in its "
                'module: __connect_contract__ = {"own_resolver": True}',
                undecided=Undecided.EVIDENCE,
                causes=(
                    cause_of_end(StepView(observation, result.place), "socket resolves the name"),
                ),
            )
    return None


def _not_set_up(result: Result, observation: Observation) -> Judgement:
    expected = f"{_step(result)} returns, so that the case can be judged"
    return Judgement(
        Verdict.INCONCLUSIVE,
        expected,
        f"{_step(result)} {result.describe()}",
        undecided=Undecided.SET_UP,
        causes=(cause_of_end(StepView(observation, result.place)),),
    )


def _not_reached(index: int, observation: Observation) -> Judgement:
    last = observation.results[-1] if observation.results else None
    seen = f"step {index + 1} was not reached"
    why = Cause("a step | not reached", "every step is reached", seen)
    if last is not None and last.how != "returned":
        why = cause_of_end(StepView(observation, last.place))
    after = f" after {_step(last)} {last.describe()}" if last else ""
    return Judgement(
        Verdict.INCONCLUSIVE, seen=f"{seen}{after}", undecided=Undecided.SET_UP, causes=(why,)
    )


# Texts.


def _judged(
    verdict: Verdict, finding: Finding, result: Result, why: tuple[Cause, ...]
) -> Judgement:
    expected, seen = (f"of {_step(result)}: {text}" for text in (finding.expected, finding.seen))
    undecided = Undecided.EVIDENCE if verdict is Verdict.INCONCLUSIVE else None
    return Judgement(
        verdict,
        expected,
        seen,
        step=result.place[0],
        lacks=finding.part,
        undecided=undecided,
        causes=why,
    )


def _with_each_step(judgement: Judgement, observation: Observation, of: str = "") -> Judgement:
    """Where nothing can be said, what each step did, so that a reader sees why."""
    if judgement.verdict is not Verdict.INCONCLUSIVE or not observation.results:
        return judgement
    steps = [f"{_step(result)} {result.describe()}" for result in observation.results]
    if all(step in judgement.seen for step in steps):
        return judgement
    seen = f"{judgement.seen}. What each step{of} did: {'; '.join(steps)}"
    return msgspec.structs.replace(judgement, seen=seen)


def _describe_steps(observation: Observation) -> list[str]:
    texts = []
    for result in observation.results:
        if result.who != "owner":
            view = StepView(observation, result.place)
            ended = f"{_step(result)} {result.describe()}"
            further = filter(None, (describe_handshakes(view), describe_contacts(view)))
            texts.append(" ".join([ended, *(f"({text})" for text in further)]))
    return texts


def _step(result: Result) -> str:
    number = ".".join(str(index + 1) for index in result.place)
    who = "" if result.who in ("session", "owner") else f" of {result.who}"
    return f"step {number} ({result.what}{who})"
