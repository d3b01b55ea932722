"""Infinity and NaN are neither demanded nor forbidden: no page speaks of them (LIVE-7)."""

from __future__ import annotations

from typing import Any

import pytest

from connect_contracts.chapters.builder import AS_ADMIN, add, connect, head, owner_rows, secure
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.loading import load
from connect_contracts.judging.settings import UnderTest
from connect_contracts.judging.verify import verify
from connect_contracts.model.clause import Level, Profile
from connect_contracts.model.scenario import Scenario, TableSpec
from connect_contracts.model.verdict import Verdict
from connect_contracts.search.laws.every_law import LAWS
from connect_contracts.search.laws.examine import examine

NOT_FINITE = ("Infinity", "-Infinity", "NaN")


def refusing(implementation: Implementation, monkeypatch: pytest.MonkeyPatch) -> Implementation:
    added = implementation.add

    def refuse(table: Any, row: Any) -> Any:
        if any(isinstance(one, float) and one - one != 0 for one in row):
            raise ValueError("JSON has no such number")
        return added(table, row)

    monkeypatch.setattr(implementation, "add", refuse)
    return implementation


@pytest.mark.parametrize("kind", ["float", "double"])
@pytest.mark.parametrize("refuses", [False, True])
def test_either_is_sound(monkeypatch: pytest.MonkeyPatch, kind: str, refuses: bool) -> None:
    implementation = load("connect_contracts.reference.v0_9_1")
    if refuses:
        implementation = refusing(implementation, monkeypatch)
    demanded = catalogue().cases[f"LIVE-7[{kind}s]"]
    observed = catalogue().cases[f"LIVE-7[{kind}s-that-are-not-finite]"]
    assert (demanded.level, observed.level) == (Level.DOCUMENTED, Level.OBSERVE)
    assert verify(demanded, implementation, Profile.V0_9_1).judgement.verdict is Verdict.PASSED
    judgement = verify(observed, implementation, Profile.V0_9_1).judgement
    assert judgement.verdict is Verdict.OBSERVED
    assert judgement.seen.count("raised ValueError: JSON has no such number") == 3 * refuses
    assert judgement.seen.count("(add) returned") == 3 * (not refuses)


@pytest.mark.parametrize("value", NOT_FINITE)
@pytest.mark.parametrize("refuses", [False, True])
def test_no_law_demands_or_forbids_it(
    monkeypatch: pytest.MonkeyPatch, value: str, refuses: bool
) -> None:
    implementation = load("connect_contracts.reference.v0_9_1")
    if refuses:
        implementation = refusing(implementation, monkeypatch)
    columns = (("Id", "String"), ("Value", "double"), ("Other", "float"))
    target = secure(tables=(TableSpec("Example", columns),))
    steps = (connect(AS_ADMIN), add(("a", value, value)), owner_rows(), head())
    subject = UnderTest(implementation, Profile.V0_9_1, "declared")
    examined = examine(Scenario((target,), steps), subject, LAWS)
    assert (examined.verdict, examined.breaches) == (Verdict.PASSED, ())
