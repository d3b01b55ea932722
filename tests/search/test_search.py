"""A search: the same each time, in one process and on several, and never stuck."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import hypothesis
import msgspec
import pytest

from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.loading import load
from connect_contracts.judging.settings import UnderTest, under_test
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Basic, Call, Connect, Scenario, TargetSpec, User
from connect_contracts.search.budget import (
    SEARCH_SETTINGS,
    SearchSettings,
    UnknownBudget,
    search_settings,
)
from connect_contracts.search.drawing import scenarios_of_part
from connect_contracts.search.laws.every_law import LAWS
from connect_contracts.search.laws.examine import broken, examine
from connect_contracts.search.laws.law import Law
from connect_contracts.search.search import PartDone, search
from connect_contracts.search.shrinking.failures import distinct_failures, made_small
from connect_contracts.search.shrinking.shrink import shrunk
from connect_contracts.selftest.auth import sends_latin_1
from connect_contracts.selftest.ca import verifies_nothing

LITTLE = SearchSettings("little", scenarios=90, parts=2, derandomised=True, ladder=False)


def drawn(settings: SearchSettings, seed: int = 0) -> list[Scenario]:
    parts = range(settings.parts)
    return [
        one for part in parts for one in scenarios_of_part(LAWS, Profile.V6_2, settings, part, seed)
    ]


# Settings.


def test_ci_draws_the_same_scenarios_each_time() -> None:
    ci = replace(search_settings("ci"), ladder=False)
    first = drawn(ci)
    assert len(first) > 30
    assert first == drawn(ci)
    assert first != drawn(ci, seed=1)


IN_A_FRESH_PROCESS = """
import hashlib, json, this, sys
sys.path.insert(0, {tests!r})
import test_more_constants
import msgspec
from connect_contracts.model.clause import Profile
from connect_contracts.search.budget import SearchSettings
from connect_contracts.search.laws.every_law import LAWS
from connect_contracts.search.drawing import scenarios_of_part
settings = SearchSettings("little", scenarios=60, parts=1, derandomised=True, ladder=False)
drawn = scenarios_of_part(LAWS, Profile.V6_2, settings, 0, 0)
print(hashlib.sha256(msgspec.json.encode(drawn)).hexdigest())
"""


def test_what_is_drawn_depends_on_no_other_module(tmp_path: Path) -> None:
    words = [f"constant {number} of a user" for number in range(400)]
    tmp_path.joinpath("test_more_constants.py").write_text(f"WORDS = {words!r}")
    code = IN_A_FRESH_PROCESS.format(tests=str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    settings = SearchSettings("little", scenarios=60, parts=1, derandomised=True, ladder=False)
    here = msgspec.json.encode(drawn(settings))
    assert done.stdout.split()[-1] == hashlib.sha256(here).hexdigest()


def test_settings_are_handed_on_and_loaded_nowhere(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = hypothesis.settings.get_current_profile_name(), hypothesis.settings.default
    for one in SEARCH_SETTINGS.values():
        handed = one.hypothesis(7)
        assert (handed.max_examples, handed.database, handed.deadline) == (7, None, None)
        assert handed.derandomize is one.derandomised
    drawn(LITTLE)
    assert before == (
        hypothesis.settings.get_current_profile_name(),
        hypothesis.settings.default,
    )
    assert list(tmp_path.iterdir()) == []


def test_a_nightly_search_has_ten_thousand() -> None:
    assert search_settings("nightly").scenarios >= 10_000
    assert not search_settings("nightly").derandomised
    with pytest.raises(UnknownBudget, match="choose one of ci, dev, nightly"):
        search_settings("weekly")


# Searches.


@pytest.fixture(scope="module")
def trusting() -> tuple[UnderTest, tuple[PartDone, ...]]:
    subject = under_test(load("connect_contracts.selftest.ca:verifies_nothing.v0_9_1"), None)
    return subject, search(subject, LAWS, LITTLE)


def test_several_processes_come_to_the_same(
    trusting: tuple[UnderTest, tuple[PartDone, ...]],
) -> None:
    subject, serial = trusting
    parallel = search(subject, LAWS, LITTLE, workers=2)
    assert [one.verdicts for one in parallel] == [one.verdicts for one in serial]
    assert [one.scenarios for one in parallel] == [one.scenarios for one in serial]
    signatures = [one.signature for one in distinct_failures(serial)]
    assert signatures
    assert [one.signature for one in distinct_failures(parallel)] == signatures


def test_what_is_known_is_counted_and_not_told(
    trusting: tuple[UnderTest, tuple[PartDone, ...]],
) -> None:
    subject, before = trusting
    known = [one.signature for one in distinct_failures(before)]
    # What is pinned hides no later step of its scenario: more may show behind it.
    while behind := distinct_failures(after := search(subject, LAWS, LITTLE, known=known)):
        assert not {one.signature for one in behind} & set(known)
        known += [one.signature for one in behind]
    # Of a scenario in which all that breaks a law is pinned, one is counted.
    assert sum(one.known for one in after) > 0
    assert [one.verdicts for one in after] == [one.verdicts for one in before]


def test_the_reference_breaks_nothing() -> None:
    subject = under_test(load("connect_contracts.reference.v6_2"), None)
    parts = search(subject, LAWS, LITTLE)
    assert distinct_failures(parts) == ()
    assert sum(one.verdicts.get("passed", 0) for one in parts) > 10


def test_two_implementations_in_one_process() -> None:
    for one, law in ((verifies_nothing, "no-secret"), (sends_latin_1, "as-given")):
        subject = under_test(one.implementation(Profile.V6_2), None)
        found = distinct_failures(search(subject, LAWS, LITTLE))
        laws = {each.signature.law for each in found}
        assert law in laws


class Sleeping(Implementation):
    """Its ``connect`` waits for what never happens."""

    def connect(self, *args: object, **keywords: object) -> object:
        threading.Event().wait()
        raise AssertionError


def test_a_call_that_never_ends_is_a_hang_with_its_stack() -> None:
    implementation = Sleeping(lambda url, **given: None)
    subject = UnderTest(implementation, Profile.V6_2, "asked for")
    began = time.monotonic()
    seen = examine(Scenario((TargetSpec(),), (Connect(),), limit=0.2), subject, LAWS)
    assert time.monotonic() - began < 60
    assert seen.verdict.word == "hang"
    (breach,) = seen.breaches
    assert breach.signature.kind == "hang"
    assert "had not ended at its limit" in breach.seen
    told = broken(seen, breach, "").judgement.seen
    assert "connect (test_search.py:" in told


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_what_hangs_never_passes_and_ends_the_search_whatever_law_is_chosen(
    law: Law, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = [Scenario((TargetSpec(),), (Connect(),), limit=0.2 + 0.01 * one) for one in range(20)]
    monkeypatch.setattr("connect_contracts.search.search.scenarios_of_part", lambda *_: again)
    # It would hang there too.
    monkeypatch.setattr("connect_contracts.search.laws.examine.warm_up", lambda *_: None)
    subject = UnderTest(Sleeping(lambda url, **given: None), Profile.V6_2, "asked for")
    (done,) = search(subject, (law,), replace(LITTLE, parts=1, most_hangs=2))
    assert done.cut_short
    assert len(done.scenarios) == 2
    assert sum(done.verdicts.values()) == 2
    assert "passed" not in done.verdicts


# Making small.

SPECIAL = Scenario(
    (TargetSpec(users=(User("zoë", "a#b", ("ROLE_ADMIN",)),), base_path="/one/two"),),
    (Connect(Call(authentication=Basic("zoë", "a#b"))), Connect(Call(), "second")),
    limit=5.0,
)


def test_all_that_does_not_matter_goes() -> None:
    def breaks(scenario: Scenario) -> bool:
        given = [one.call.authentication for one in scenario.steps if isinstance(one, Connect)]
        return any(isinstance(one, Basic) and "#" in one.password for one in given)

    smallest = shrunk(SPECIAL, breaks, 500)
    assert breaks(smallest)
    assert smallest.targets == (TargetSpec(),)
    assert smallest.steps == (Connect(Call(authentication=Basic("admin", "#"))),)
    assert smallest.limit == SPECIAL.limit


def test_a_password_stays_that_of_its_user() -> None:
    def breaks(scenario: Scenario) -> bool:
        users = {one.name: one.password for one in scenario.targets[0].users}
        given = [one.call.authentication for one in scenario.steps if isinstance(one, Connect)]
        return any(
            isinstance(one, Basic)
            and "#" in one.password
            and users.get(one.username) == one.password
            for one in given
        )

    smallest = shrunk(SPECIAL, breaks, 500)
    (user,) = smallest.targets[0].users
    assert user.password == "#"
    assert len(msgspec.json.encode(smallest)) < len(msgspec.json.encode(SPECIAL))


def test_no_more_runs_than_allowed() -> None:
    runs = []

    def breaks(scenario: Scenario) -> bool:
        runs.append(scenario)
        return False

    assert shrunk(SPECIAL, breaks, 5) == SPECIAL
    assert len(runs) == 5


def test_what_fails_only_once_is_told_as_such() -> None:
    subject = under_test(load("connect_contracts.reference.v6_2"), None)
    latin = under_test(sends_latin_1.implementation(Profile.V6_2), None)
    failures = distinct_failures(search(latin, LAWS, LITTLE))
    small = made_small(failures[0], subject, LAWS, LITTLE)
    assert small.breach.seen.endswith("(once, and not when it was run again)")
