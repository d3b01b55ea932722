"""What a search draws: the same for the same settings, whatever else is loaded."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import hypothesis
import msgspec
import pytest

from connect_contracts.model.clause import Profile
from connect_contracts.search.budget import (
    SEARCH_SETTINGS,
    SearchSettings,
    UnknownBudget,
    search_settings,
)
from connect_contracts.search.drawing import scenarios_of_part
from connect_contracts.search.laws.every_law import LAWS
from connect_contracts.search.strategies.building import Drawn
from connect_fixtures.cli.arguments import print_unsteady

LITTLE = SearchSettings("little", scenarios=40, parts=1, derandomised=True, ladder=False)


def drawn(settings: SearchSettings, seed: int = 0) -> list[Drawn]:
    return [
        one
        for part in range(settings.parts)
        for one in scenarios_of_part(LAWS, Profile.V6_2, settings, part, seed)
    ]


def test_ci_draws_the_same_scenarios_each_time() -> None:
    ci = replace(search_settings("ci"), scenarios=40, parts=1, ladder=False)
    first = drawn(ci)
    assert len(first) > 30
    assert first == drawn(ci)
    assert first != drawn(ci, seed=1)


IN_A_FRESH_PROCESS = """
import hashlib, sys
import test_more_constants
import msgspec
from connect_contracts.model.clause import Profile
from connect_contracts.search.budget import SearchSettings
from connect_contracts.search.laws.every_law import LAWS
from connect_contracts.search.drawing import scenarios_of_part
settings = SearchSettings("with the ladder", scenarios=40, parts=1, derandomised=True)
drawn = scenarios_of_part(LAWS, Profile.V6_2, settings, 0, 0)
print(hashlib.sha256(msgspec.json.encode(drawn)).hexdigest())
"""


def test_ladder_and_draws_are_the_same_in_every_process(tmp_path: Path) -> None:
    words = [f"constant {number} of a user" for number in range(400)]
    tmp_path.joinpath("test_more_constants.py").write_text(f"WORDS = {words!r}")
    done = subprocess.run(
        [sys.executable, "-c", IN_A_FRESH_PROCESS],
        cwd=tmp_path,
        env={**os.environ, "PYTHONHASHSEED": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    here = msgspec.json.encode(drawn(replace(LITTLE, ladder=True)))
    assert done.stdout.split()[-1] == hashlib.sha256(here).hexdigest()


def test_settings_are_handed_on_and_loaded_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = hypothesis.settings.get_current_profile_name(), hypothesis.settings.default
    for one in SEARCH_SETTINGS.values():
        handed = one.hypothesis(7)
        assert (handed.max_examples, handed.database, handed.deadline) == (7, None, None)
        assert handed.derandomize is one.derandomised
    drawn(LITTLE)
    assert before == (hypothesis.settings.get_current_profile_name(), hypothesis.settings.default)
    assert list(tmp_path.iterdir()) == []


def test_a_nightly_search_has_ten_thousand() -> None:
    assert search_settings("nightly").scenarios >= 10_000
    assert not search_settings("nightly").derandomised
    with pytest.raises(UnknownBudget, match="choose one of ci, dev, nightly"):
        search_settings("weekly")


def test_where_a_private_part_is_missing_it_is_said_and_the_search_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    print_unsteady()
    assert capsys.readouterr().err == ""
    monkeypatch.setitem(sys.modules, "hypothesis.internal.constants_ast", None)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    print_unsteady()
    assert "may differ from machine to machine" in capsys.readouterr().err
    assert len(drawn(LITTLE)) > 30
    assert list(tmp_path.iterdir()) == []
