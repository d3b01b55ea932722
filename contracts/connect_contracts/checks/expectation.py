"""What must be seen of a step: its outcome, and what the targets saw meanwhile.

An expectation is plain data, made of the outcomes here and the wire checks. Where the
documentation allows several outcomes, it has several alternatives, and one of them must hold.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

from connect_contracts.checks.step_view import StepView
from connect_contracts.checks.wire_checks import WireCheck
from connect_contracts.model.evidence import CLIENT_ERROR_ALONE, Evidence, strongest
from connect_contracts.model.observation import Frame, Result
from connect_contracts.model.scenario import Row
from connect_contracts.model.values import same


class Returns(msgspec.Struct, frozen=True):
    """The step returns, whatever it returns; ``mismatch`` says why a result is not the outcome."""

    def describe(self) -> str:
        return "it returns"

    def mismatch(self, result: Result) -> str | None:
        return None if result.how == "returned" else result.describe()


class Gives(msgspec.Struct, frozen=True):
    """The step returns just this value, in plain JSON form."""

    value: Any

    def describe(self) -> str:
        return f"it returns {self.value!r}"

    def mismatch(self, result: Result) -> str | None:
        seen = _listed(result.value)
        return (
            None if result.how == "returned" and seen == _listed(self.value) else result.describe()
        )


class GivesSession(msgspec.Struct, frozen=True):
    """``connect`` returns a session of the implementation's documented class, if it has one."""

    def describe(self) -> str:
        return "it returns the implementation's Session (of the class that it was called on)"

    def mismatch(self, result: Result) -> str | None:
        if result.how != "returned":
            return result.describe()
        value = result.value if isinstance(result.value, dict) else {}
        return f"returned a {value.get('type')}" if value.get("is session") is False else None

    def part_missing(self, result: Result) -> str | None:
        """The documented name that the implementation lacks for this, or ``None``."""
        value = result.value if isinstance(result.value, dict) else {}
        return "Session" if result.how == "returned" and value.get("is session") is None else None


class GivesRows(msgspec.Struct, frozen=True):
    """The step returns a frame, or the owner's rows, with these rows in any order.

    Parameters:
        columns: The names of the columns in order, those of the index left out.
        data_types: The data type of each column of ``rows``, index first.
        rows: The rows (JSON form), index columns first.
        index: The names of the index; ``()`` stands for the numbers from 0 without a name.
        at_most: How many of ``rows`` may be returned; ``None`` for all of them.
        of_owner: They are the owner's rows: no index, columns in the table's order.
    """

    columns: tuple[str, ...]
    data_types: tuple[str, ...]
    rows: tuple[Row, ...]
    index: tuple[str, ...] = ()
    at_most: int | None = None
    of_owner: bool = False

    def describe(self) -> str:
        if self.of_owner:
            return f"the owner has the rows {list(self.rows)!r}"
        count = "" if self.at_most is None else f"at most {self.at_most} of "
        where = f", indexed by {', '.join(self.index)}" if self.index else ""
        return f"it returns {count}the rows {list(self.rows)!r} of {', '.join(self.columns)}{where}"

    def mismatch(self, result: Result) -> str | None:
        if result.how != "returned":
            return result.describe()
        if self.of_owner:
            return self._rows_differ([tuple(row) for row in result.value or ()])
        return result.describe() if result.frame is None else self._frame_differs(result.frame)

    def _frame_differs(self, frame: Frame) -> str | None:
        if frame.columns != self.columns:
            return f"returned a frame with the columns {list(frame.columns)!r}"
        if frame.index != (self.index or (None,)):
            return f"returned a frame indexed by {list(frame.index)!r}"
        if not self.index:
            numbers = [(number,) for number in range(len(frame.rows))]
            if list(frame.labels) != numbers:
                return f"returned a frame with the index {[label[0] for label in frame.labels]!r}"
            return self._rows_differ(list(frame.rows))
        labelled = zip(frame.labels, frame.rows, strict=True)
        return self._rows_differ([(*label, *row) for label, row in labelled])

    def _rows_differ(self, seen: list[Row]) -> str | None:
        left = list(self.rows)
        for row in seen:
            match = next((expected for expected in left if self._same(expected, row)), None)
            if match is None:
                return f"returned the rows {seen!r}"
            left.remove(match)
        wanted = len(self.rows) if self.at_most is None else min(self.at_most, len(self.rows))
        return None if len(seen) == wanted else f"returned {len(seen)} rows: {seen!r}"

    def _same(self, expected: Row, seen: Row) -> bool:
        return len(expected) == len(seen) and all(
            same(wanted, other, kind)
            for wanted, other, kind in zip(expected, seen, self.data_types, strict=True)
        )


class Raises(msgspec.Struct, frozen=True):
    """The step raises.

    Parameters:
        name: The plain class name of its exception, or of one of that class's bases.
        text: The beginning of the exception's text.
        within: The class name of an exception that must be it, or be in its chain.
    """

    name: str | None = None
    text: str | None = None
    within: str | None = None

    def describe(self) -> str:
        what = f"raises {self.name}" if self.name else "raises"
        within = f", with {self.within} in its chain" if self.within else ""
        return f"it {what}" + (f" ({self.text} ...)" if self.text else "") + within

    def mismatch(self, result: Result) -> str | None:
        raised = result.raised
        if result.how != "raised" or raised is None:
            return result.describe()
        if self.name is not None and self.name not in raised.names:
            return result.describe()
        if self.text is not None and not raised.text.startswith(self.text):
            return result.describe()
        chain = {
            raised.type.rpartition(".")[2],
            *(kind.rpartition(".")[2] for kind, _ in raised.chain),
        }
        if self.within is not None and self.within not in chain:
            return f"{result.describe()}, without {self.within} in its chain"
        return None


Outcome = Returns | Gives | GivesSession | GivesRows | Raises


class Alternative(msgspec.Struct, frozen=True):
    """One way in which a step may go right: its outcome, and what the targets must have seen."""

    outcome: Outcome
    wire: tuple[WireCheck, ...] = ()

    def describe(self) -> str:
        return "; ".join([self.outcome.describe(), *(check.describe() for check in self.wire)])


class Expectation(msgspec.Struct, frozen=True):
    """What must be seen of the step with the index ``step``: one of its alternatives."""

    step: int
    alternatives: tuple[Alternative, ...]

    def describe(self) -> str:
        return ", or ".join(alternative.describe() for alternative in self.alternatives)


class FindingKind(StrEnum):
    """What is wrong with an observation, in the order of its weight."""

    VIOLATION = "violation"
    """The implementation did what it must not."""
    EVIDENCE = "evidence"
    """It looks right, but nothing on the target's side shows it."""
    PART = "part"
    """The implementation has no such part to be held to."""


class Finding(msgspec.Struct, frozen=True):
    """One respect in which an observation falls short of an expectation.

    ``parts`` are the single mistakes where ``seen`` holds several; ``part`` is the documented name
    that was not found, if that is the reason.
    """

    kind: FindingKind
    expected: str
    seen: str
    parts: tuple[str, ...] = ()
    part: str | None = None


class Passed(msgspec.Struct, frozen=True):
    """How an expectation was met: by what evidence its refusal, if it is one, was decided."""

    evidence: Evidence | None = None


def check(expectation: Expectation, view: StepView) -> Finding | Passed:
    """Hold ``expectation`` against what was seen of its step.

    If no alternative holds, the finding says how the step ended, and all that the targets saw
    against any of them: often the second explains the first.
    """
    findings: list[Finding] = []
    for alternative in expectation.alternatives:
        found = _check(alternative, view)
        if isinstance(found, Passed):
            return found
        findings.append(found)
    for finding in findings:
        if finding.kind is not FindingKind.VIOLATION or len(findings) == 1:
            return finding
    seen = dict.fromkeys(text for finding in findings for text in finding.seen.split("; "))
    return Finding(FindingKind.VIOLATION, expectation.describe(), "; ".join(seen))


def _check(alternative: Alternative, view: StepView) -> Finding | Passed:
    outcome = alternative.outcome
    if isinstance(outcome, GivesSession) and (part := outcome.part_missing(view.result)):
        seen = f"the implementation has no {part}"
        return Finding(FindingKind.PART, alternative.describe(), seen, part=part)
    wrong = outcome.mismatch(view.result)
    looked = [demand.check(view) for demand in alternative.wire]
    broken = [result for result in looked if result.violation is not None]
    violations = [str(result.violation) for result in broken]
    if wrong is not None or violations:
        ended = view.result.describe() if wrong is None else wrong
        parts = [] if wrong is None else [f"it {wrong}"]
        for result in broken:
            if wrong is None or not result.absent:
                parts += result.each or (str(result.violation),)
        seen = "; ".join([f"it {ended}", *violations])
        return Finding(FindingKind.VIOLATION, alternative.describe(), seen, tuple(parts))
    missing = next((result.missing for result in looked if result.missing is not None), None)
    if missing is not None:
        return Finding(FindingKind.EVIDENCE, alternative.describe(), missing)
    if not isinstance(outcome, Raises):
        return Passed()
    evidence = [result.evidence for result in looked if result.evidence]
    # An implementation that raises shows at least that.
    return Passed(strongest([*evidence, CLIENT_ERROR_ALONE]))


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
