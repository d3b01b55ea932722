"""From what was seen to a verdict: pure, and the only place where verdicts are made."""

from __future__ import annotations

from dataclasses import replace

from msgspec import structs

from connect_contracts.chapters.case import Case
from connect_contracts.checks.causes import cause_of_end, cause_of_leak, causes_of_step
from connect_contracts.checks.contacts import describe_contacts
from connect_contracts.checks.expectation import Finding, FindingKind, Passed, Raises, check
from connect_contracts.checks.handshake_summary import describe_handshakes
from connect_contracts.checks.secrets.leaks import Leak, leaks, without_names
from connect_contracts.checks.step_view import StepView
from connect_contracts.checks.wire_checks import Unspoken
from connect_contracts.checks.wire_checks.stored import NO_ADD_RETURNED
from connect_contracts.judging.attribution import attribution, describe_step
from connect_contracts.judging.judgement import Judgement
from connect_contracts.judging.undecided import (
    hung,
    lacking_part,
    not_reached,
    not_set_up,
    resolved_elsewhere,
    without_judging,
    without_session,
)
from connect_contracts.model.actions import ACTIONS
from connect_contracts.model.cause import LEAK, Cause
from connect_contracts.model.clause import Level, Profile
from connect_contracts.model.evidence import Evidence, weakest
from connect_contracts.model.observation import Observation, Result
from connect_contracts.model.scenario import Connect, Own, Step, Together, Use
from connect_contracts.model.verdict import Undecided, Verdict
from connect_harness.server import AnswerGiven

_VERDICTS = {FindingKind.VIOLATION: Verdict.FAILED, FindingKind.PART: Verdict.NOT_TESTABLE}


def judge(case: Case, observation: Observation, profile: Profile) -> Judgement:
    """The verdict on ``case`` from its own observation alone, its twin left aside."""
    judgement = _first(case, observation, profile)
    verdict = judgement.verdict
    if verdict.judged and verdict.status != 0 and not resolved_elsewhere(observation):
        findings = _violations(case, observation, judgement)
        demanded = {expectation.step for expectation in case.expectations}
        if verdict is not Verdict.FAILED or judgement.step not in demanded:
            findings = [(judgement.seen, judgement.causes), *findings]
        judgement = judgement.with_findings(findings)
    return _with_each_step(judgement, observation)


def _violations(
    case: Case, observation: Observation, first: Judgement
) -> list[tuple[str, tuple[Cause, ...]]]:
    """What is wrong, one by one, with the steps that ended; each with its causes.

    ``first`` is what was said of the first of them, which may be one that only sets up.
    """
    texts = []
    steps = case.scenario.steps
    before: list[tuple[Step, tuple[Cause, ...]]] = []
    unchanged = _tables_left_as_they_were(case, observation, first)
    for expectation in case.expectations:
        result = observation.result((expectation.step,))
        if result is None or result.how in ("hung", "part missing"):
            continue
        view = StepView(observation, result.place)
        found = check(expectation, view)
        if isinstance(found, Finding) and found.kind is FindingKind.VIOLATION:
            why = causes_of_step(expectation, view, case.clause.id)
            step = steps[expectation.step]
            ended_wrong = all(each.outcome.mismatch(result) for each in expectation.alternatives)
            if isinstance(step, Together) and ended_wrong:
                # What a call did wrong in turn is what it does wrong beside others.
                why = next((causes for each, causes in before if each in step.steps()), why)
            reads = isinstance(step, Use | Own) and step.table in unchanged
            nothing_added = [cause.seen for cause in why] == [NO_ADD_RETURNED]
            if reads and result.how == "returned" and (ended_wrong or nothing_added):
                # What was not changed before is not there to be read.
                why = first.causes
            before.append((step, why))
            texts += [
                (f"of {describe_step(result)}: {part}", _of_part(part, why))
                for part in found.parts or (found.seen,)
            ]
    return texts


def _tables_left_as_they_were(
    case: Case, observation: Observation, first: Judgement
) -> frozenset[str]:
    """The tables that a step which raised, if it is the first mistake, did not change.

    They are those that its session was to change then or later.
    """
    if first.step is None or first.of_twin:
        return frozenset()
    result = observation.result((first.step,))
    if result is None or result.how != "raised":
        return frozenset()
    from_then_on = case.scenario.steps[first.step :]
    raised = from_then_on[0]
    if not isinstance(raised, Connect | Use):
        return frozenset()
    later = from_then_on if isinstance(raised, Connect) else from_then_on[:1]
    changes = [
        each
        for step in later
        for each in (step.steps() if isinstance(step, Together) else [step])
        if isinstance(each, Use) and ACTIONS[each.action].changes
    ]
    return frozenset(step.table for step in changes if step.session == raised.session)


def _of_part(part: str, causes: tuple[Cause, ...]) -> tuple[Cause, ...]:
    """Those of ``causes`` that a part of a finding is about: secrets by their names."""
    leaked = [cause for cause in causes if cause.key.startswith(LEAK)]
    said = without_names(part)
    own = [cause for cause in leaked if cause.key.removeprefix(LEAK) in said]
    return tuple(own or [cause for cause in causes if cause not in leaked])


def _first(case: Case, observation: Observation, profile: Profile) -> Judgement:
    """The verdict by the first step that does not end as it must."""
    early = without_judging(observation)
    if early is not None:
        return early
    elsewhere = resolved_elsewhere(observation)
    if case.level is Level.OBSERVE:
        for undone in filter(None, map(lacking_part, observation.results)):
            return undone
        # Nothing is demanded, so nothing can be broken: a hang is recorded like any other end.
        texts = [*_describe_steps(observation), *([elsewhere.seen] if elsewhere else [])]
        return Judgement(Verdict.OBSERVED, seen="; ".join(texts))
    early = hung(observation)
    if early is not None:
        return early
    expectations = {expectation.step: expectation for expectation in case.expectations}
    evidence: list[Evidence] = []
    lacking: Judgement | None = None
    for index in range(len(case.scenario.steps)):
        result = observation.result((index,))
        expectation = expectations.get(index)
        if result is not None and (lacks := lacking_part(result)):
            # What came before it is judged.
            return lacks
        if expectation is None and not case.sets_up:
            continue
        if result is None and not case.sets_up and without_session(case, observation, index):
            # Its connect was judged, and might be refused: the step has no session.
            continue
        if result is None:
            return lacking or elsewhere or not_reached(index, observation)
        if expectation is None:
            if result.how != "returned":
                name = f"{describe_step(result)}, which only sets up,"
                seen = f"{name} {result.describe()}"
                blamed = _attributed(case, observation, result, profile, name, seen)
                return elsewhere or blamed or lacking or not_set_up(result, observation)
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


def with_twin(judgement: Judgement, twin: Observation, case: Case, profile: Profile) -> Judgement:
    """The verdict that remains once the twin was run: a refusal needs its success.

    A twin that the implementation refused, although it must succeed, is a failure by the clause
    that says so. The case may say what must be seen of its twin.
    """
    remains = without_judging(twin) or resolved_elsewhere(twin)
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
        wrong, causes = f"its twin did not end as it must: {judged.seen}", judged.causes
        results = tuple(each for each in results if judged.step in (None, each.place[0]))
    elif unended := [result for result in results if result.how != "returned"]:
        results = (unended[0],)
        if lacks := lacking_part(unended[0]):
            return lacks
        ended = f"{describe_step(unended[0])} {unended[0].describe()}"
        wrong = f"so was the twin, the same without its defect: {ended}"
        causes = (cause_of_end(StepView(twin, unended[0].place)),)
    elif any(isinstance(event, AnswerGiven) and event.status < 400 for event in twin.events):
        return None
    else:
        asked, returned = "the target is asked", "returned without asking the target anything"
        wrong = f"its twin, the same without its defect, {returned}"
        causes = (Cause(f"{asked} | {returned}", asked, f"it {returned}"),)
    seen = f"it was refused as it must be, but {wrong}"
    for result in results:
        name = f"{describe_step(result)} of the twin"
        if blamed := _attributed(case, twin, result, profile, name, seen):
            return structs.replace(blamed, of_twin=True)
    undecided = Undecided.TWIN
    return Judgement(
        Verdict.INCONCLUSIVE, judgement.expected, seen, undecided=undecided, causes=causes
    )


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
    failed = judgement.verdict.status == 1
    before = (judgement.findings or (judgement.seen,)) if failed else ()
    # A case that failed, and is about secrets, names them already.
    new = [leak for leak in found if not any(leak.describe() in text for text in before)]
    if not new:
        return _with_code(judgement, found)
    each = [(f"{leak.describe()} ({leak.clause})", (cause_of_leak(leak),)) for leak in new]
    texts = "; ".join(text for text, _ in each)
    if failed:
        by_key = {cause.key: cause for cause in judgement.causes}
        keys = judgement.of_findings or (tuple(by_key),)
        own = [
            (text, tuple(map(by_key.__getitem__, of)))
            for text, of in zip(before, keys, strict=True)
        ]
        seen = f"{judgement.seen}; besides, {texts}"
        told = structs.replace(judgement, seen=seen).with_findings([*own, *each])
        return _with_code(told, found)
    broken = found[0].clause
    leaking = Judgement(
        Verdict.FAILED,
        expected=Unspoken().describe(),
        seen=texts,
        broken=None if broken == case.clause.id else broken,
    )
    return _with_code(leaking.with_findings(each), found)


def _with_code(judgement: Judgement, found: list[Leak]) -> Judgement:
    """``judgement``, its causes with the client's lines from which a secret came, and whose it is.

    A key is that of several places, and one of them that is not a public client's is enough.
    """
    by_key = [(cause_of_leak(leak).key, leak) for leak in found]
    lines = {key: leak.code for key, leak in reversed(by_key) if leak.code}
    own = {key for key, leak in by_key if leak.own}
    if not any(cause.key in lines or cause.key in own for cause in judgement.causes):
        return judgement
    causes = (
        structs.replace(
            cause,
            where=lines.get(cause.key, cause.where),
            known_as="" if cause.key in own else cause.known_as,
        )
        for cause in judgement.causes
    )
    return structs.replace(judgement, causes=tuple(causes))


def _unless_cut(judgement: Judgement, observations: tuple[Observation, ...]) -> Judgement:
    cut = {said.source for seen in observations for said in seen.said if said.cut}
    if not cut or judgement.verdict.status:
        return judgement
    inconclusive = structs.replace(
        judgement,
        verdict=Verdict.INCONCLUSIVE,
        expected=Unspoken().describe(),
        seen=f"more was said than is kept, in which a secret may stand: {', '.join(sorted(cut))}",
        undecided=Undecided.EVIDENCE,
        causes=(Cause("more is said than is kept", Unspoken().describe(), "too much is said"),),
    )
    return _with_each_step(inconclusive, observations[0])


def _attributed(
    case: Case, observation: Observation, result: Result, profile: Profile, name: str, seen: str
) -> Judgement | None:
    """That the implementation is to blame for a step that is taken for granted, if it is shown."""
    blamed = attribution(observation, result.place[0], profile)
    if blamed is None:
        return None
    cause = cause_of_end(StepView(observation, result.place))
    if result.how == "returned":
        demanded = f"{result.what} succeeds"
        cause = Cause(f"{blamed.clause} | succeeds without it", demanded, blamed.shown)
    return Judgement(
        Verdict.FAILED,
        f"{name} succeeds ({blamed.clause})",
        f"{seen}: {blamed.shown}",
        step=result.place[0],
        broken=None if blamed.clause == case.clause.id else blamed.clause,
        causes=(cause,),
    )


# Texts.


def _judged(
    verdict: Verdict, finding: Finding, result: Result, why: tuple[Cause, ...]
) -> Judgement:
    expected, seen = (
        f"of {describe_step(result)}: {text}" for text in (finding.expected, finding.seen)
    )
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
    steps = [f"{describe_step(result)} {result.describe()}" for result in observation.results]
    if all(step in judgement.seen for step in steps):
        return judgement
    seen = f"{judgement.seen}. What each step{of} did: {'; '.join(steps)}"
    return structs.replace(judgement, seen=seen)


def _describe_steps(observation: Observation) -> list[str]:
    texts = []
    for result in observation.results:
        if result.who != "owner":
            view = StepView(observation, result.place)
            ended = f"{describe_step(result)} {result.describe()}"
            further = filter(None, (describe_handshakes(view), describe_contacts(view)))
            texts.append(" ".join([ended, *(f"({text})" for text in further)]))
    return texts
