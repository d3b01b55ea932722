"""What a failure looks like: a report to a colleague who has never seen this project."""

from __future__ import annotations

import textwrap

from connect_contracts.model.clause import Clause
from connect_contracts.model.verdict import Verdict
from connect_contracts.report.model import CaseReport

WIDTH = 100
_LABEL = 10


def failure_text(clause: Clause, case: CaseReport) -> str:
    """Clause, case, scenario, what was expected and seen, the wire, and how to replay it.

    Parameters:
        clause: The clause that was broken, the case's own as a rule.
    """
    verdict = Verdict.of(case.verdict)
    meaning = "" if verdict is Verdict.FAILED else f" ({verdict.meaning})"
    lines = [f"{case.id}: {case.verdict}{meaning}", ""]
    source = "" if clause.source == "-" else f" Source: {clause.source}."
    lines += _part("clause", f"{clause.id} ({case.level}): {clause.statement}.{source}")
    lines += _part("case", case.description)
    lines += _part("scenario", case.scenario)
    lines += _part("expected", case.expected)
    lines += _part("seen", case.observed)
    lines += _part("evidence", case.evidence or "")
    if case.transcript:
        lines += ["wire", *(f"  {line}" for line in case.transcript)]
    lines += _part("replay", case.replay, wrapped=False)
    return "\n".join(lines)


def _part(label: str, text: str, *, wrapped: bool = True) -> list[str]:
    if not text:
        return []
    lines: list[str] = []
    for line in text.splitlines():
        # A traceback keeps its lines; a command is there to be copied.
        lines += textwrap.wrap(line, WIDTH - _LABEL) or [""] if wrapped else [line]
    heads = [label, *[""] * (len(lines) - 1)]
    return [f"{head:<{_LABEL}}{line}" for head, line in zip(heads, lines, strict=True)]
