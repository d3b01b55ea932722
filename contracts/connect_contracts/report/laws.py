"""What a search says beside its failures, which are cases of the clauses that they break."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from connect_contracts.checks.wire_checks.check_result import count
from connect_contracts.model.verdict import Verdict

if TYPE_CHECKING:
    from connect_contracts.report.model import RunReport


class LawReport(msgspec.Struct, frozen=True):
    """What is said of one law; ``failures`` are the ids of the cases that break it."""

    name: str
    sentence: str
    verdict: str
    failures: tuple[str, ...] = ()


class SearchSummary(msgspec.Struct, frozen=True):
    """The search of a run.

    Parameters:
        settings: The name of its settings.
        alone: Whether no case of the suite was judged beside it.
        scenarios: How many distinct scenarios were examined.
        verdicts: How often each verdict came; a scenario that two laws draw is examined twice.
        pairs_met, pairs_possible: Pairs of values of the dimensions of scenarios.
        known: How often a way of failing came up that is pinned as known.
        capsules: The files that were written.
    """

    settings: str
    laws: tuple[LawReport, ...]
    alone: bool = False
    scenarios: int = 0
    verdicts: dict[str, int] = {}
    pairs_met: int = 0
    pairs_possible: int = 0
    known: int = 0
    capsules: tuple[str, ...] = ()


def law_lines(run: RunReport) -> list[str]:
    """What was searched, and each law that does not hold; nothing without a search."""
    search = run.search
    if search is None:
        return []
    verdicts = ", ".join(f"{number} {word}" for word, number in search.verdicts.items())
    examined = sum(search.verdicts.values())
    times = "" if examined == search.scenarios else f", examined {count(examined, 'time')}"
    known = f"; {count(search.known, 'failure')} as known" if search.known else ""
    lines = [
        f"laws, search settings {search.settings}: {count(search.scenarios, 'distinct scenario')}"
        f"{times}: {verdicts or 'none'}; {search.pairs_met} of {search.pairs_possible} pairs of "
        f"values met{known}"
    ]
    for law in search.laws:
        if law.verdict != Verdict.PASSED.word:
            by = f" by {', '.join(law.failures)}" if law.failures else ""
            lines.append(f"law {law.name}: {law.verdict}{by}: {law.sentence}")
    return [*lines, *(f"written: {file}" for file in search.capsules)]


def law_counts(search: SearchSummary) -> str:
    """How many laws there are of each verdict."""
    verdicts = Counter(law.verdict for law in search.laws)
    words = [f"{verdicts[each.word]} {each.word}" for each in Verdict if each.word in verdicts]
    return f"{count(len(search.laws), 'law')}: {', '.join(words)}"
