"""Two implementations at hand are searched: a difference is found, and shrunk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connect_contracts.execution.implementation import Implementation
from connect_contracts.judging.settings import UnderTest, under_test
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Basic, Call, Connect, Own, Scenario, TargetSpec, Use
from connect_contracts.search.budget import SearchSettings
from connect_contracts.upgrades.differences import differences
from connect_contracts.upgrades.groups import traits
from connect_contracts.upgrades.scenarios import Listed, observed
from connect_contracts.upgrades.searching import Search


def little(scenarios: int, most: int) -> SearchSettings:
    return SearchSettings("little", scenarios, 1, derandomised=True, most_differences=most)


def copy() -> Any:
    from connect_contracts.selftest import ReferenceCopy

    return ReferenceCopy(Profile.V0_9_1)


def as_subject(changed: Any) -> UnderTest:
    module = changed.module
    return under_test(Implementation(module.Session, module=module), Profile.V0_9_1)


def refusing(part: str) -> UnderTest:
    """Refuses every URL with this part."""
    changed = copy()
    connect = changed["Session.connect"].__func__

    def refusing(cls: Any, url: Any, **named: Any) -> Any:
        if part in str(url):
            raise LookupError("another URL, please")
        return connect(cls, url, **named)

    changed["Session.connect"] = classmethod(refusing)
    return as_subject(changed)


def test_a_difference_is_found_and_shrunk(
    reference: UnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    search = Search(reference, refusing("https:"), little(40, 1), set())
    (pair,) = search.pairs()
    (difference,) = differences(*pair)
    assert difference.second == "raised LookupError, nothing asked"
    assert traits(pair[0].scenario) == ("HTTPS",)
    assert len(pair[0].scenario.steps) == 1
    assert list(tmp_path.iterdir()) == []


def test_equal_implementations_are_searched_in_vain(reference: UnderTest) -> None:
    assert list(Search(reference, as_subject(copy()), little(15, 3), set()).pairs()) == []


def test_a_scenario_is_reduced_to_what_makes_the_difference(reference: UnderTest) -> None:
    scenario = Scenario(
        (TargetSpec(base_path="/base"),),
        (
            Own("rows"),
            Connect(Call(host="127.0.0.1", authentication=Basic(), url_by_keyword=False)),
            Use("list tables"),
        ),
    )
    second = refusing("127.0.0.1")
    pair = observed(reference, Listed(scenario)), observed(second, Listed(scenario))
    (difference,) = differences(*pair)
    search = Search(reference, second, little(1, 1), set())
    reduced = search.reduced(difference, pair)[0].scenario
    assert reduced == Scenario(
        (TargetSpec(),), (Connect(Call(host="127.0.0.1", authentication=Basic())),)
    )
