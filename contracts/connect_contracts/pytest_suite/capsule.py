"""A capsule as one item of a run of pytest, before the suite and before a search."""

from __future__ import annotations

from pathlib import Path

import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.execution.environment.loopback import blocked
from connect_contracts.judging.settings import UnderTest
from connect_contracts.model.clause import Depth, Level
from connect_contracts.model.verdict import Verdict
from connect_contracts.pytest_suite.suite import settle, tell
from connect_contracts.regressions.replay import replay
from connect_contracts.regressions.report import capsule_case_report
from connect_contracts.report.model import CaseReport
from connect_contracts.report.transcript import one_line


def judge_capsule(node: pytest.Item, path: Path, subject: UnderTest) -> None:
    """Replay the file at ``path``, and end the test as its outcome wants it."""
    if (why := blocked()) is not None:
        report = CaseReport(
            id=one_line(path.name),
            clause="",
            level=Level.DOCUMENTED,
            description="",
            verdict=Verdict.NOT_TESTABLE.word,
            observed=why,
        )
        tell(node, subject, Depth.DEFAULT, report)
        settle(None, report)
        return
    replayed = replay(path, subject)
    report = capsule_case_report(replayed, subject)
    tell(node, subject, Depth.DEFAULT, report)
    capsule = replayed.capsule
    settle(None if capsule is None else catalogue().clauses[capsule.clause], report)
