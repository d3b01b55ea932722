"""What a search draws depends on no loaded module, and where it does, that is said."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from connect_contracts.search.budget import undisturbed
from connect_fixtures.cli.arguments import print_unsteady

DRAWING = settings(
    max_examples=300, derandomize=True, database=None, deadline=None, phases=[Phase.generate]
)


def drawn() -> list[str]:
    found: list[str] = []

    @DRAWING
    @given(st.text())
    def collect(text: str) -> None:
        found.append(text)

    with undisturbed():
        collect()
    return found


def test_with_this_release_nothing_is_lost(capsys: pytest.CaptureFixture[str]) -> None:
    print_unsteady()
    assert capsys.readouterr().err == ""
    assert drawn() == drawn()


def test_where_a_private_part_is_missing_it_is_said_and_the_search_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "hypothesis.internal.constants_ast", None)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    print_unsteady()
    assert "may differ from machine to machine" in capsys.readouterr().err
    assert len(drawn()) == 300
    assert list(tmp_path.iterdir()) == []
