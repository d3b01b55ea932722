"""CA-20 on clients that learn in several ways that their connection was cut."""

from __future__ import annotations

from typing import Any

import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.loading import load
from connect_contracts.judging.verify import Verified, verify
from connect_contracts.model.clause import Profile
from connect_contracts.model.evidence import Strength
from connect_contracts.model.verdict import Verdict

CASES = [one for one in catalogue().cases if one.startswith("CA-20[")]


@pytest.fixture
def reference() -> Implementation:
    return load("connect_contracts.reference.v0_9_1")


def judged(name: str, implementation: Implementation) -> Verified:
    return verify(catalogue().cases[name], implementation, Profile.V0_9_1)


@pytest.mark.parametrize("name", CASES)
def test_one_that_learns_it_by_an_exception_and_then_connects_anew(
    monkeypatch: pytest.MonkeyPatch, reference: Implementation, name: str
) -> None:
    asked: list[Any] = []
    listed = reference.list_tables

    def learning(session: Any) -> Any:
        if session not in asked:
            asked.append(session)
            raise ConnectionResetError("the kept connection is gone")
        return listed(session)

    monkeypatch.setattr(reference, "list_tables", learning)
    verified = judged(name, reference)
    assert verified.judgement.verdict is Verdict.PASSED, verified.judgement.seen
    assert verified.twin is not None
    assert [one.how for one in verified.twin.results][-2:] == ["raised", "returned"]


@pytest.mark.parametrize("name", CASES)
def test_one_that_connects_anew_at_once(reference: Implementation, name: str) -> None:
    verified = judged(name, reference)
    assert verified.judgement.verdict is Verdict.PASSED
    assert verified.judgement.evidence is not None
    assert verified.judgement.evidence.strength is Strength.CLIENT_ALERT


def test_one_that_gives_its_session_up_when_it_was_refused(
    monkeypatch: pytest.MonkeyPatch, reference: Implementation
) -> None:
    refused: list[Any] = []
    listed = reference.list_tables

    def giving_up(session: Any) -> Any:
        if session in refused:
            raise ConnectionError("the session was given up")
        refused.append(session)
        try:
            tables = listed(session)
        except OSError as error:
            raise ConnectionError("refused") from error
        refused.remove(session)
        return tables

    monkeypatch.setattr(reference, "list_tables", giving_up)
    verified = judged("CA-20[of-another-authority]", reference)
    assert verified.judgement.verdict is Verdict.PASSED, verified.judgement.seen


def test_one_that_never_connects_anew_is_told_with_what_it_raised(
    monkeypatch: pytest.MonkeyPatch, reference: Implementation
) -> None:
    def gone(_: Any) -> Any:
        raise ConnectionResetError("gone for good")

    monkeypatch.setattr(reference, "list_tables", gone)
    judgement = judged("CA-20[of-another-authority]", reference).judgement
    assert judgement.verdict is Verdict.INCONCLUSIVE
    assert "step 3 (list tables) raised ConnectionResetError: gone for good" in judgement.seen
    assert "step 4 (list tables) raised ConnectionResetError: gone for good" in judgement.seen
