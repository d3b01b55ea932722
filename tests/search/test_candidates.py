"""Smaller scenarios are scenarios: none is tried that could not be written down."""

from __future__ import annotations

import pytest

from connect_contracts.model.scenario import Connect, Scenario, TargetSpec, Use
from connect_contracts.search.shrinking.candidates import smaller


@pytest.mark.parametrize("name", ["b", "ball", "owners", "a "])
def test_a_session_is_never_called_what_no_session_is_called(name: str) -> None:
    steps = Connect(session=name), Use("close", session=name)
    found = list(smaller(Scenario((TargetSpec(),), steps)))
    sessions = {one.session for each in found for one in each.steps if isinstance(one, Connect)}
    assert "session" in sessions
    assert not sessions & {"", " ", "owner", "all"}
