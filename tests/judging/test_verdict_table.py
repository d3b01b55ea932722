"""The table of verdicts: what each is, and what it makes of a run's status and of a clause.

A new verdict is a row in ``model/verdict.py`` and a row here.
"""

from __future__ import annotations

from itertools import combinations

import pytest

from connect_contracts.model.verdict import Verdict, exit_status
from connect_contracts.report.model import verdict_of_clause

# The heaviest first: status, pytest's outcome and letter, how a summary shows it, judged or not.
TABLE = {
    "failed": (1, "failed", "F", "at length", True),
    "hang": (1, "failed", "H", "at length", True),
    "harness error": (2, "failed", "E", "at length", False),
    "inconclusive": (2, "failed", "I", "at length", True),
    "not run": (2, "failed", "N", "in a line", False),
    "flaky": (0, "xfailed", "x", "in a line", True),
    "known": (0, "xfailed", "x", "in a line", True),
    "not testable": (0, "skipped", "?", "in a line", False),
    "passed": (0, "passed", ".", None, True),
    "observed": (0, "passed", "o", None, True),
    "not applicable": (0, "skipped", "-", "in a line", False),
}

EVERY_SET = [chosen for size in range(len(Verdict) + 1) for chosen in combinations(Verdict, size)]


@pytest.mark.parametrize("verdict", Verdict, ids=lambda verdict: verdict.word)
def test_a_verdict_is_the_documented_one(verdict: Verdict) -> None:
    row = verdict.status, verdict.outcome, verdict.letter, verdict.shown, verdict.judged
    assert row == TABLE[verdict.word]
    assert Verdict.of(verdict.word) is verdict


def test_verdicts_in_the_order_of_their_weights() -> None:
    heaviest_first = sorted(Verdict, key=lambda verdict: -verdict.weight)
    assert [verdict.word for verdict in heaviest_first] == list(TABLE)


def test_an_unknown_word() -> None:
    with pytest.raises(ValueError, match="no verdict 'green'"):
        Verdict.of("green")


@pytest.mark.parametrize("require_all", [False, True])
def test_status_of_every_set_of_verdicts(require_all: bool) -> None:
    """1 beats 2 beats 0; a run without any word on the implementation is 2, or what is worse."""
    for chosen in EVERY_SET:
        statuses = {TABLE[verdict.word][0] for verdict in chosen}
        untested = require_all and Verdict.NOT_TESTABLE in chosen
        unjudged = not any(TABLE[verdict.word][4] for verdict in chosen)
        expected = 1 if 1 in statuses else 2 if 2 in statuses or untested or unjudged else 0
        assert exit_status([*chosen, *chosen], require_all=require_all) == expected, chosen


def test_a_clause_is_as_good_as_the_worst_of_its_cases() -> None:
    """It passes with cases that do not apply, or are only recorded, and with no others."""
    order = list(TABLE)
    for chosen in EVERY_SET[1:]:
        assert verdict_of_clause(chosen).word == min(
            (each.word for each in chosen), key=order.index
        )
    assert order[-3:] == ["passed", "observed", "not applicable"]
