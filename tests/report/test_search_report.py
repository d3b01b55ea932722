"""What the terminal says of a search, of reports made from parts by hand."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from connect_contracts.execution.loading import load
from connect_contracts.judging.settings import UnderTest
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Connect, Scenario, TargetSpec
from connect_contracts.regressions.search_report import search_report, show_search
from connect_contracts.search.search import PartDone

PLAIN = Scenario((TargetSpec(),), (Connect(),))
SECURE = Scenario((TargetSpec(scheme="https"),), (Connect(),))


@pytest.mark.parametrize(
    ("second", "told"),
    [
        (SECURE, "2 distinct scenarios: 2 passed; "),
        (PLAIN, "1 distinct scenario, examined 2 times: 2 passed; "),
    ],
)
def test_a_scenario_that_two_laws_draw_counts_once(second: Scenario, told: str) -> None:
    subject = UnderTest(load("connect_contracts.reference.v0_9_1"), Profile.V0_9_1, "declared")
    parts = [PartDone((one,), {"passed": 1}) for one in (PLAIN, second)]
    report = search_report(subject, "ci", parts, [], [], [])
    output = io.StringIO()
    show_search(Console(file=output), report)
    assert told in output.getvalue()
    assert report.exit_status == 0
