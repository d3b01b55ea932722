"""What is said of one case."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from connect_contracts.model.cause import Cause
from connect_contracts.model.evidence import Evidence
from connect_contracts.model.verdict import Undecided, Verdict


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
        not_offered: The part that is declared as not offered, where that is why it does not apply.
        undecided: Why it is inconclusive, if it is.
        would_be: The verdict that it would have, if its clause were not newer than what is pinned.
        causes: What is wrong as data: the first mistake first, those of later steps, and every
            secret that was found.
        of_findings: The keys of the causes of each of ``findings``.
        reasons: Why it is known, if it is: of each expected failure that declares it.
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
    not_offered: str | None = None
    undecided: Undecided | None = None
    causes: tuple[Cause, ...] = ()
    would_be: Verdict | None = None
    of_findings: tuple[tuple[str, ...], ...] = ()
    reasons: tuple[str, ...] = ()

    def with_findings(self, found: Sequence[tuple[str, tuple[Cause, ...]]]) -> Judgement:
        """The same with these findings, each with its causes; one alone is what was seen."""
        by_key: dict[str, Cause] = {}
        for cause in (*self.causes, *(cause for _, causes in found for cause in causes)):
            by_key.setdefault(cause.key, cause)
        several = found if len(found) > 1 else ()
        return msgspec.structs.replace(
            self,
            causes=tuple(by_key.values()),
            findings=tuple(text for text, _ in several),
            of_findings=tuple(tuple(cause.key for cause in causes) for _, causes in several),
        )
