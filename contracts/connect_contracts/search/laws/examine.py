"""One scenario, from its run to the laws that it breaks; the same way as that of a case."""

from __future__ import annotations

import traceback
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import msgspec

from connect_contracts.chapters.case import Case
from connect_contracts.checks.causes import cause_of_end, causes_of_step, violated
from connect_contracts.checks.expectation import Passed, Raises, check
from connect_contracts.checks.step_view import StepView
from connect_contracts.execution.environment.process_environment import unshown_warnings
from connect_contracts.execution.identify import warm_up
from connect_contracts.judging.judge import with_leaks
from connect_contracts.judging.judgement import Judgement
from connect_contracts.judging.settings import UnderTest
from connect_contracts.judging.verify import Verified, verify
from connect_contracts.model.cause import Cause
from connect_contracts.model.observation import Observation
from connect_contracts.model.scenario import Scenario
from connect_contracts.model.verdict import Undecided, Verdict
from connect_contracts.search.laws.every_law import laws_named
from connect_contracts.search.laws.law import Breach, Law, Signature
from connect_contracts.search.laws.oracle_holds import case_of


@dataclass(frozen=True)
class Examined:
    """A scenario that was run, and what the laws say of it.

    Parameters:
        verified: The run, judged by the oracle, its twin included where the verdict needs one.
        breaches: The laws that are broken; of those that one step shows, the first alone.
        of_twin: The laws that are broken by the twin, where that is why nothing can be said.
    """

    verified: Verified
    breaches: tuple[Breach, ...]
    of_twin: tuple[Breach, ...] = ()

    @property
    def scenario(self) -> Scenario:
        return self.verified.case.scenario

    @property
    def verdict(self) -> Verdict:
        """``FAILED`` or ``HANG`` if a law is broken, else what the run itself allows to say.

        A run that hung does not pass, for the laws could not look at what was to come; nor does
        one whose twin did not end as it must, where that breaks none of the laws that are looked
        at. What else is wrong with a twin is for the law that looks at it.
        """
        breaches = (*self.breaches, *self.of_twin)
        if not breaches:
            judgement = self.verified.judgement
            found = judgement.verdict
            if judgement.of_twin or judgement.undecided is Undecided.TWIN:
                found = Verdict.PASSED if _twin_ended(self.verified) else Verdict.INCONCLUSIVE
            if found is Verdict.HANG:
                return Verdict.INCONCLUSIVE
            return Verdict.PASSED if found is Verdict.FAILED else found
        hung = any(breach.signature.kind == "hang" for breach in breaches)
        return Verdict.HANG if hung else Verdict.FAILED

    @property
    def hung(self) -> bool:
        """Whether a step reached its limit, whatever the laws say of it."""
        return Verdict.HANG in (self.verdict, self.verified.judgement.verdict)


def _twin_ended(verified: Verified) -> bool:
    """Whether each step of the twin returned that must return, and raised that must raise."""
    case, twin = verified.case, verified.twin
    if twin is None or case.of_twin is None:
        return False
    ends = {result.place: result.how for result in twin.results}
    return all(
        ends.get((expectation.step,))
        in {
            "raised" if isinstance(each.outcome, Raises) else "returned"
            for each in expectation.alternatives
        }
        for expectation in case.of_twin
    )


def examine(
    scenario: Scenario, subject: UnderTest, laws: Sequence[Law], known: Collection[Signature] = ()
) -> Examined:
    """Run ``scenario`` on the implementation, and hold every law against what was seen."""
    case = case_of(scenario, subject.profile, "SIG-1")
    with unshown_warnings():
        try:
            warm_up(subject.implementation, subject.profile)
            verified = _verified(case, subject)
        except Exception:
            error = Judgement(Verdict.HARNESS_ERROR, seen=traceback.format_exc(limit=-6))
            verified = Verified(case, error, Observation(scenario), None)
    breaches = breaches_of(verified.observation, subject, laws, known)
    twin = verified.twin
    undecided = verified.judgement.verdict is Verdict.INCONCLUSIVE or verified.judgement.of_twin
    if breaches or twin is None or not undecided:
        return Examined(verified, breaches)
    return Examined(verified, (), breaches_of(twin, subject, laws, known))


def _verified(case: Case, subject: UnderTest) -> Verified:
    """The run of a case, in which the process is looked at around each step."""
    inspecting = msgspec.structs.replace(case.scenario, inspects=True)
    verified = verify(replace(case, scenario=inspecting), subject.implementation, subject.profile)
    observation = replace(verified.observation, scenario=case.scenario)
    return replace(verified, case=case, observation=observation)


def breaches_of(
    observation: Observation,
    subject: UnderTest,
    laws: Sequence[Law],
    known: Collection[Signature] = (),
) -> tuple[Breach, ...]:
    """The laws that what was seen breaks; of those that one step shows, the first alone.

    Of each law it is the first breach: what comes after it may come from it.

    Parameters:
        known: The signatures that are pinned: they hide no breach of a later step.
    """
    if observation.harness_error is not None or observation.not_testable is not None:
        return ()
    if any(result.how == "adapter wrong" for result in observation.results):
        # The mistake is not the implementation's.
        return ()
    by_step: dict[int, Breach] = {}
    by_law = [list(law.check(observation, subject.profile)) for law in laws]
    explained = {breach.step for found in by_law for breach in found if breach.signature in known}
    for found in by_law:
        new = [breach for breach in found if breach.step not in explained]
        for breach in (*found[:1], *new[:1]):
            by_step.setdefault(breach.step, breach)
    return tuple(by_step[step] for step in sorted(by_step))


def broken(examined: Examined, breach: Breach) -> Verified:
    """What was seen, as a case that stands under the clause and the law of ``breach``."""
    signature = breach.signature
    seen = examined.verified
    (law,) = laws_named([signature.law])
    case = case_of(examined.scenario, seen.case.profiles[0], signature.clause, name=law.name)
    case = replace(case, description=law.sentence)
    verdict = Verdict.HANG if signature.kind == "hang" else Verdict.FAILED
    judgement = msgspec.structs.replace(
        seen.judgement,
        verdict=verdict,
        expected=breach.expected,
        seen=_with_stack(breach, seen.observation),
        step=breach.step,
        of_twin=False,
        broken=None,
        findings=(),
        of_findings=(),
        causes=_causes(case, breach, seen.observation),
    )
    twin = () if seen.twin is None else (seen.twin,)
    judgement = with_leaks(judgement, case, seen.observation, *twin)
    return Verified(case, judgement, seen.observation, seen.twin)


def _causes(case: Case, breach: Breach, observation: Observation) -> tuple[Cause, ...]:
    """Why the step of ``breach`` is wrong: as of a case of the suite that shows the same."""
    result = observation.result((breach.step,))
    signature = breach.signature
    key = f"{case.clause.id} | {signature.law}"
    if signature.kind == "law" and signature.demand is not None:
        key = violated(signature.demand)
    law = Cause(key, breach.expected, breach.seen)
    if result is None:
        return (law,)
    view = StepView(observation, result.place)
    if signature.kind in ("hang", "raised"):
        return (cause_of_end(view),)
    expectation = next((each for each in case.expectations if each.step == breach.step), None)
    found = Passed() if expectation is None else check(expectation, view)
    if expectation is None or isinstance(found, Passed):
        return (law,)
    return causes_of_step(expectation, view, case.clause.id) or (law,)


def _with_stack(breach: Breach, observation: Observation) -> str:
    """What was seen; of a hang also where it was, innermost last."""
    stack = next((result.stack for result in observation.results if result.how == "hung"), ())
    if breach.signature.kind != "hang" or not stack:
        return breach.seen
    return "\n".join([breach.seen, "it was in", *stack])
