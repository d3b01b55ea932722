"""What a law is, how it is broken, and what tells one failure from another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import msgspec

from connect_contracts.chapters.case import Case
from connect_contracts.checks.expectation import Raises
from connect_contracts.checks.secrets.redaction import Redaction
from connect_contracts.checks.step_view import StepView
from connect_contracts.judging.judgement import Judgement
from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Observation, Result
from connect_contracts.model.scenario import Connect, Own, Together, Use
from connect_contracts.model.verdict import Verdict
from connect_contracts.oracle import apply
from connect_contracts.oracle.world import World

Kind = Literal[
    "hang", "raised", "returned", "another exception", "another value", "on the wire", "law"
]

Source = Literal["scenarios", "callers", "writers", "histories"]
"""A function of ``strategies.generated``. Its name stands here: laws do not load Hypothesis."""


class Signature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What tells one failure from another: two with one signature count as one.

    Parameters:
        law: The name of the law, or the id of the case, that is broken.
        clause: The clause that it belongs to.
        step: What the step does: ``connect``, ``head``, ``owner rows``.
        kind: It hung; it raised where it must return; it returned where it must raise; it raised,
            or gave, something else; or it ended as it must and the targets saw what they must not.
            Of a law that looks at whole runs it is ``law``.
        exception: The type of what was raised.
        demand: The class of the demand that does not hold.
    """

    law: str
    clause: str
    step: str
    kind: Kind
    exception: str | None = None
    demand: str | None = None


class Breach(msgspec.Struct, frozen=True):
    """How a law is broken by what was seen of one scenario.

    Parameters:
        step: The index of the step that shows it.
        expected, seen: What must have been seen, and what was; both may hold secrets.
    """

    signature: Signature
    step: int
    expected: str
    seen: str


@dataclass(frozen=True)
class Law:
    """One sentence that holds of every run, whatever its scenario.

    Parameters:
        check: From what was seen of a scenario to the breaches of the law, step by step; pure.
        source: Where the scenarios come from that it needs besides those of every kind.
    """

    name: str
    sentence: str
    check: Callable[[Observation, Profile], Iterator[Breach]]
    source: Source = "scenarios"


def breach(
    observation: Observation,
    law: str,
    clause: str,
    index: int,
    *,
    expected: str,
    seen: str,
    demand: str | None = None,
) -> Breach:
    """A breach of a law that looks at whole runs, shown by the step with this index."""
    step = step_name(observation, index)
    return Breach(Signature(law, clause, step, "law", demand=demand), index, expected, seen)


# What a law looks at.


@dataclass(frozen=True)
class ExecutedStep:
    """A step that was executed.

    Parameters:
        world: The targets and sessions before it, as the documentation has them.
        connect: The step that opened its session; ``None`` for the owner's steps.
    """

    index: int
    step: Connect | Use | Own
    result: Result
    view: StepView
    world: World
    connect: Connect | None

    @property
    def target(self) -> str | None:
        """The name of the target that it is about."""
        if isinstance(self.step, Own):
            return self.step.target
        return self.connect.call.target if self.connect is not None else None


def executed_steps(observation: Observation, profile: Profile) -> Iterator[ExecutedStep]:
    """The steps that were executed, one after the other.

    Steps of a ``Together`` are left out: it is not known to which of them an event belongs.
    """
    scenario = observation.as_played
    world = World(scenario, profile)
    opened: dict[str, Connect] = {}
    for index, step in enumerate(scenario.steps):
        result = observation.result((index,))
        if isinstance(step, Connect):
            opened[step.session] = step
        if result is not None and not isinstance(step, Together):
            connect = None if isinstance(step, Own) else opened.get(step.session)
            view = StepView(observation, (index,))
            yield ExecutedStep(index, step, result, view, world, connect)
        apply(world, step)


# What tells one failure from another.


HowFailed = tuple[Kind, str | None, str | None]
"""How a step failed: kind, exception and demand of a :class:`Signature`."""


def failure_of(case: Case, observation: Observation, judgement: Judgement) -> HowFailed | None:
    """How the step failed that ``judgement`` is about; ``None`` if none did."""
    index = judgement.step
    if judgement.verdict not in (Verdict.FAILED, Verdict.HANG) or index is None:
        return None
    if judgement.verdict is Verdict.HANG:
        return ("hang", None, None)
    view = StepView(observation, (index,))
    result = view.result
    demanded = (each.alternatives for each in case.expectations if each.step == index)
    # A step that is taken for granted must return.
    alternatives = next(demanded, ())
    for alternative in alternatives:
        if alternative.outcome.mismatch(result) is None:
            checks = (wire for wire in alternative.wire if wire.check(view).violation is not None)
            demand = next((type(wire).__name__ for wire in checks), None)
            return ("on the wire", None, demand)
    refusals = [isinstance(alternative.outcome, Raises) for alternative in alternatives]
    if result.raised is not None:
        # A capsule keeps it, and a client makes classes of what it likes.
        kind = Redaction(observation)(result.raised.type)
        return ("another exception" if any(refusals) else "raised", kind, None)
    return ("returned" if all(refusals) else "another value", None, None)


def step_name(observation: Observation, index: int) -> str:
    """What the step with this index does, in a word or two."""
    step = observation.scenario.steps[index]
    if isinstance(step, Together):
        return "together"
    result = observation.result((index,))
    if result is None:
        return type(step).__name__.lower()
    return f"owner {result.what}" if result.who == "owner" else result.what
