"""Reports that are written by hand, also with texts that a client chose to do harm."""

from __future__ import annotations

from typing import Any

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.report.causes import cause_reports
from connect_contracts.report.model import CaseReport, RunReport, clause_reports, summarise

HOSTILE = (
    "\x1b[31m\x00\ufffe\ud800 <script>alert(1)</script><img src=x onerror=alert(2)> ]]> "
    "&amp; | `` ``` **bold** [link](javascript:alert(3)) {{ 7*7 }} {% raw %} https://evil.example "
    "@everyone\n::error::injected\n\n# heading\n| a | b |\n|---|---|\n</details>\u202e%0A"
)
"""Characters that no form may hold, and markup of each."""


def case(name: str, verdict: str, **fields: Any) -> CaseReport:
    """A report of the case ``name`` of the catalogue."""
    stated = catalogue().cases[name]
    fields = {"level": stated.level, "description": stated.description} | fields
    return CaseReport(name, stated.clause.id, verdict=verdict, **fields)


def run_of(*cases: CaseReport, status: int = 1, **fields: Any) -> RunReport:
    """A report of a run with these cases."""
    clauses = clause_reports(cases, catalogue())
    given = {
        "implementation": "client",
        "profile": "0.9.1",
        "because": "default",
        "depth": "default",
        "version": "0",
        "causes": cause_reports(cases),
    }
    return RunReport(
        exit_status=status, summary=summarise(clauses), clauses=clauses, **{**given, **fields}
    )
