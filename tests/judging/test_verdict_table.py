"""The table of verdicts: what each makes of a run's status, alone and beside any other."""

from __future__ import annotations

from itertools import combinations, product

import pytest

from connect_contracts.model.verdict import Verdict, exit_status, verdict_table
from connect_contracts.report.model import verdict_of_clause

STATUS = {
    "passed": 0,
    "observed": 0,
    "known": 0,
    "flaky": 0,
    "not applicable": 0,
    "not testable": 0,
    "failed": 1,
    "hang": 1,
    "inconclusive": 2,
    "harness error": 2,
    "not run": 2,
}

OUTCOME = {
    "passed": "passed",
    "observed": "passed",
    "known": "xfailed",
    "flaky": "xfailed",
    "not applicable": "skipped",
    "not testable": "skipped",
    "failed": "failed",
    "hang": "failed",
    "inconclusive": "failed",
    "harness error": "failed",
    "not run": "failed",
}

WITHOUT_A_WORD_ON_THE_IMPLEMENTATION = (
    Verdict.NOT_APPLICABLE,
    Verdict.NOT_TESTABLE,
    Verdict.NOT_RUN,
    Verdict.HARNESS_ERROR,
)

EVERY_SET = [chosen for size in range(len(Verdict) + 1) for chosen in combinations(Verdict, size)]


def test_the_table_is_the_documented_one() -> None:
    assert {one.word: one.status for one in Verdict} == STATUS
    assert {one.word: one.outcome for one in Verdict} == OUTCOME
    assert all(one.meaning for one in Verdict)


def test_the_table_has_a_row_for_each_verdict() -> None:
    header, line, *rows = verdict_table().splitlines()
    assert [one.strip() for one in header.strip("|").split("|")] == [
        "verdict",
        "meaning",
        "status of the run",
    ]
    assert line == "|---|---|---|"
    cells = [[one.strip() for one in row.strip("|").split("|")] for row in rows]
    assert {word: (meaning, status) for word, meaning, status in cells} == {
        one.word: (one.meaning, f"{one.status}; 2 with `--require-all`")
        if one is Verdict.NOT_TESTABLE
        else (one.meaning, str(one.status))
        for one in Verdict
    }
    assert all(row.startswith("| ") and row.endswith(" |") for row in rows)


def test_verdicts_are_found_by_their_word() -> None:
    assert [Verdict.of(one.word) for one in Verdict] == list(Verdict)
    with pytest.raises(ValueError, match="no verdict 'green'"):
        Verdict.of("green")


@pytest.mark.parametrize("require_all", [False, True])
def test_status_of_every_set_of_verdicts(require_all: bool) -> None:
    """1 beats 2 beats 0; a run without any word on the implementation is 2, or what is worse."""
    for chosen in EVERY_SET:
        statuses = {STATUS[one.word] for one in chosen}
        untested = require_all and Verdict.NOT_TESTABLE in chosen
        unjudged = all(one in WITHOUT_A_WORD_ON_THE_IMPLEMENTATION for one in chosen)
        expected = 1 if 1 in statuses else 2 if 2 in statuses or untested or unjudged else 0
        assert exit_status(chosen, require_all=require_all) == expected, chosen


def test_what_could_not_be_tested_is_no_matter_by_default() -> None:
    assert exit_status([Verdict.PASSED, Verdict.NOT_TESTABLE]) == 0


def test_a_verdict_given_often_counts_as_once() -> None:
    for one, other in product(Verdict, Verdict):
        assert exit_status([one, other, one, one]) == exit_status([one, other])


def test_every_verdict_has_a_weight() -> None:
    assert sorted(WEIGHT, key=list(Verdict).index) == list(Verdict)


def test_a_clause_is_as_good_as_the_worst_of_its_cases() -> None:
    for chosen in EVERY_SET[1:]:
        verdict = verdict_of_clause(chosen)
        assert verdict in chosen
        assert verdict_of_clause(reversed(chosen)) is verdict


def test_no_clause_passes_with_a_case_that_does_not() -> None:
    """What does not apply, or is only recorded, leaves a clause to its other cases."""
    beside = {Verdict.PASSED, Verdict.OBSERVED, Verdict.NOT_APPLICABLE}
    for one in Verdict:
        together = verdict_of_clause([Verdict.PASSED, one])
        assert (together is Verdict.PASSED) == (one in beside)


def test_the_worse_status_wins_in_a_clause() -> None:
    rank = {1: 0, 2: 1, 0: 2}
    for chosen in EVERY_SET[1:]:
        worst = min(rank[one.status] for one in chosen)
        assert rank[verdict_of_clause(chosen).status] == worst
