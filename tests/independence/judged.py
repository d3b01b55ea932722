"""What is compared of a case: its verdict, and by what it was decided."""

from __future__ import annotations

from typing import NamedTuple

from connect_contracts.report.model import CaseReport


class Judged(NamedTuple):
    """What is compared of a case.

    Parameters:
        verdict: Its word.
        evidence: By what a refusal was decided, as it is reported.
        alert: The fatal alert that was seen, and who sent it.
    """

    verdict: str
    evidence: str | None = None
    alert: str | None = None

    def describe(self) -> str:
        return ", ".join(one for one in self if one is not None)


NOT_JUDGED = Judged("no verdict at all")


def judged(report: CaseReport) -> Judged:
    """What is compared of ``report``."""
    return Judged(report.verdict, report.evidence, report.alert)


def differences(
    one: dict[str, Judged], other: dict[str, Judged]
) -> dict[str, tuple[Judged, Judged]]:
    """The cases of which two ways of running do not say the same, with both."""
    pairs = {
        case: (one.get(case, NOT_JUDGED), other.get(case, NOT_JUDGED))
        for case in dict.fromkeys([*one, *other])
    }
    return {case: (first, second) for case, (first, second) in pairs.items() if first != second}
