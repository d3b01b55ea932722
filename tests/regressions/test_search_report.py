"""A search as a run reports it."""

from __future__ import annotations

from typing import Any

import pytest

from connect_contracts.execution.loading import load
from connect_contracts.judging.expected_failures import ExpectedFailure, ExpectedFailures
from connect_contracts.judging.settings import Settings, UnderTest
from connect_contracts.model.cause import Cause
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Connect, Scenario, TargetSpec
from connect_contracts.model.verdict import Verdict
from connect_contracts.regressions.search_report import Searched, SearchOptions, searched
from connect_contracts.report.laws import law_lines
from connect_contracts.search.search import PartDone, Undecided
from connect_contracts.search.strategies.building import Drawn
from hand_written_reports import run_of

PLAIN = Scenario((TargetSpec(),), (Connect(),))
UNDECIDED = Undecided(PLAIN, "why")
REFUSED = Cause("connect raised OSError (connect returns)", "connect returns", "it raised OSError")
SECURE = Scenario((TargetSpec(scheme="https"),), (Connect(),))


def search_of(
    monkeypatch: pytest.MonkeyPatch, *parts: PartDone, settings: Settings | None = None
) -> Searched:
    """The report of a search that came to these parts."""

    def done(*_: Any, **__: Any) -> tuple[PartDone, ...]:
        return parts

    monkeypatch.setattr("connect_contracts.regressions.search_report.search", done)
    subject = UnderTest(load("connect_contracts.reference.v0_9_1"), Profile.V0_9_1, "declared")
    return searched(subject, SearchOptions("ci"), settings or Settings())


@pytest.mark.parametrize(
    ("second", "counted"),
    [
        (SECURE, "2 distinct scenarios: 2 passed; "),
        (PLAIN, "1 distinct scenario, examined 2 times: 2 passed; "),
    ],
)
def test_a_scenario_that_two_laws_draw_counts_once(
    monkeypatch: pytest.MonkeyPatch, second: Scenario, counted: str
) -> None:
    parts = [PartDone((Drawn(scenario),), {"passed": 1}) for scenario in (PLAIN, second)]
    found = search_of(monkeypatch, *parts)
    assert counted in law_lines(run_of(search=found.summary))[0]
    assert {law.verdict for law in found.summary.laws} == {"passed"}


@pytest.mark.parametrize(
    ("part", "verdict", "note"),
    [
        (PartDone(verdicts={"passed": 1, "failed": 2}), Verdict.PASSED, ""),
        (PartDone(verdicts={"not testable": 2}), Verdict.INCONCLUSIVE, "no scenario was judged"),
        (
            PartDone(
                verdicts={"passed": 2, "harness error": 1}, undecided=(Undecided(PLAIN, "why"),)
            ),
            Verdict.HARNESS_ERROR,
            "some scenarios could not be judged, for instance: why",
        ),
        (
            PartDone(verdicts={"passed": 2}, interrupted=True),
            Verdict.NOT_RUN,
            "interrupted: the search has only what was found before",
        ),
        (PartDone(verdicts={"passed": 2}, cut_short=True), Verdict.PASSED, "the search was cut"),
    ],
    ids=["pinned failures", "nothing judged", "undecided", "interrupted", "cut short"],
)
def test_a_law_that_nothing_breaks(
    monkeypatch: pytest.MonkeyPatch, part: PartDone, verdict: Verdict, note: str
) -> None:
    found = search_of(monkeypatch, part)
    assert {law.verdict for law in found.summary.laws} == {verdict.word}
    assert "".join(found.notes).startswith(note)
    assert bool(found.notes) == bool(note)


@pytest.mark.parametrize(
    ("clause", "verdict"), [("URL-9", Verdict.PASSED), ("URL-1", Verdict.INCONCLUSIVE)]
)
def test_a_twin_that_fails_as_is_known_leaves_nothing_undecided(
    monkeypatch: pytest.MonkeyPatch, clause: str, verdict: Verdict
) -> None:
    twin = Undecided(PLAIN, "why", clause, (REFUSED,))
    known = ExpectedFailure("as it is known", cause=REFUSED.key, clauses=("URL-9",))
    part = PartDone(verdicts={"passed": 2, "inconclusive": 1}, undecided=(twin,))
    settings = Settings(expected_failures=ExpectedFailures(by_cause={REFUSED.key: known}))
    found = search_of(monkeypatch, part, settings=settings)
    assert {law.verdict for law in found.summary.laws} == {verdict.word}
