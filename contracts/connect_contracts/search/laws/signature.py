"""What tells one failure from another: where it is, and of what kind."""

from __future__ import annotations

from typing import Literal

import msgspec

from connect_contracts.chapters.case import Case
from connect_contracts.checks.expectation import Raises
from connect_contracts.checks.step_view import StepView
from connect_contracts.judging.judge import Judgement
from connect_contracts.model.observation import Observation
from connect_contracts.model.scenario import Together
from connect_contracts.model.verdict import Verdict

Kind = Literal[
    "hang", "raised", "returned", "another exception", "another value", "on the wire", "law"
]


class Signature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Two failures with one signature are taken for one.

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


class How(msgspec.Struct, frozen=True):
    """How a step failed: see :class:`Signature`."""

    kind: Kind
    exception: str | None = None
    demand: str | None = None


def how_it_failed(case: Case, observation: Observation, judgement: Judgement) -> How | None:
    """How the step failed that ``judgement`` is about; ``None`` if none did."""
    index = judgement.step
    if judgement.verdict not in (Verdict.FAILED, Verdict.HANG) or index is None:
        return None
    if judgement.verdict is Verdict.HANG:
        return How("hang")
    view = StepView(observation, (index,))
    result = view.result
    alternatives = next(one.alternatives for one in case.expectations if one.step == index)
    for one in alternatives:
        if one.outcome.mismatch(result) is None:
            broken = (demand for demand in one.wire if demand.check(view).violation is not None)
            return How("on the wire", demand=next((type(one).__name__ for one in broken), None))
    refusals = [isinstance(one.outcome, Raises) for one in alternatives]
    if result.raised is not None:
        return How("another exception" if any(refusals) else "raised", result.raised.type)
    return How("returned" if all(refusals) else "another value")


def step_name(observation: Observation, index: int) -> str:
    """What the step with this index does, in a word or two."""
    step = observation.scenario.steps[index]
    if isinstance(step, Together):
        return "together"
    result = observation.result((index,))
    what = result.what if result is not None else type(step).__name__.lower()
    return f"owner {what}" if result is not None and result.who == "owner" else what
