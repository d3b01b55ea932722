"""What a wire check is, and what it gives."""

from __future__ import annotations

from collections.abc import Sized
from typing import TYPE_CHECKING, ClassVar

import msgspec

from connect_contracts.model.evidence import Evidence, Strength

if TYPE_CHECKING:
    from connect_contracts.checks.step_view import StepView


class WireCheck(msgspec.Struct, frozen=True):
    """One thing that the targets must have seen of a step.

    ``demand`` says what, as a sentence without its end; a check with parameters overrides
    ``describe``.
    """

    demand: ClassVar[str]

    def describe(self) -> str:
        return self.demand

    def check(self, view: StepView) -> CheckResult:
        """Whether it was seen of the step."""
        raise NotImplementedError


class CheckResult(msgspec.Struct, frozen=True):
    """The result of a wire check: at most one of violation, missing and evidence.

    Parameters:
        missing: The evidence that is missing: the case is then inconclusive.
        each: The violations one by one, where ``violation`` holds several.
        absent: The violation says only that something did not come: of a step that raised where
            it must return, that is no second finding.
    """

    violation: str | None = None
    missing: str | None = None
    evidence: Evidence | None = None
    each: tuple[str, ...] = ()
    absent: bool = False


HOLDS = CheckResult()


def violated(text: str, *, absent: bool = False, each: tuple[str, ...] = ()) -> CheckResult:
    return CheckResult(violation=text, absent=absent, each=each)


def missing(text: str) -> CheckResult:
    return CheckResult(missing=text)


def by_client_alert(text: str) -> CheckResult:
    """A refusal that the client announced by an alert."""
    return CheckResult(evidence=Evidence(Strength.CLIENT_ALERT, text))


def by_target(text: str) -> CheckResult:
    """A refusal of the target's own, or a call that sent it nothing."""
    return CheckResult(evidence=Evidence(Strength.TARGET, text))


def by_end_of_stream(text: str) -> CheckResult:
    """A refusal: the target saw only that the connection ended early."""
    return CheckResult(evidence=Evidence(Strength.END_OF_STREAM, text))


def some(looked_at: Sized) -> CheckResult:
    """Holds for every request, if there was a request."""
    return HOLDS if len(looked_at) else missing("no request reached the target")


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
