"""The capsules of a folder as items of pytest, in front of the test that they belong to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.judging.settings import Settings, UnderTest
from connect_contracts.model.clause import Depth, Level
from connect_contracts.pytest_suite import SETTINGS
from connect_contracts.pytest_suite.suite import contract_mark, settle, tell, unjudged
from connect_contracts.regressions.folder import capsule_files
from connect_contracts.regressions.replay import replay
from connect_contracts.regressions.report import capsule_case_report
from connect_contracts.report.model import CaseReport
from connect_harness.transcript import one_line


class CapsuleItem(pytest.Item):
    """One capsule, replayed on the implementation that a test function judges."""

    def __init__(self, *, file: Path, subject: Callable[[], UnderTest], **given: Any) -> None:
        super().__init__(**given)
        self._file = file
        self._subject = subject
        self.add_marker(contract_mark())

    def runtest(self) -> None:
        """Replay it, and end the test as its outcome requires."""
        subject, clause = self._subject(), None
        if (said := unjudged(subject)) is not None:
            verdict, why = said
            report = CaseReport(
                id=one_line(self._file.name),
                clause="",
                level=Level.DOCUMENTED,
                description="",
                verdict=verdict.word,
                observed=why,
            )
        else:
            replayed = replay(self._file, subject)
            settings = self.config.stash.get(SETTINGS, Settings())
            report = capsule_case_report(replayed, subject, settings)
            if replayed.capsule is not None:
                clause = catalogue().clauses[replayed.capsule.clause]
        tell(self, subject, Depth.DEFAULT, report)
        settle(clause, report)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Where it is, and how it is called in a report."""
        # xdist sends it to another process, and can send no name that is not UTF-8.
        return Path(one_line(str(self._file))), None, self.name


def capsule_items(
    collector: pytest.Collector, name: str, subject: Callable[[Settings], UnderTest]
) -> list[CapsuleItem]:
    """The items of the capsules in the folder that pytest was given, for a test of this name."""
    settings = collector.config.stash.get(SETTINGS, Settings())
    if settings.regressions is None:
        return []
    return [
        CapsuleItem.from_parent(
            collector,
            name=f"{name}[{one_line(file.name)}]",
            file=file,
            subject=lambda: subject(settings),
        )
        for file in capsule_files([settings.regressions])
    ]
