"""A search: the same in one process and on several, and never stuck."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import Any

import pytest

from connect_contracts.chapters.builder import (
    AS_ADMIN,
    add,
    arm,
    connect,
    connect_tls,
    head,
    https,
    list_tables,
)
from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.loading import load
from connect_contracts.judging.settings import UnderTest, under_test
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Connect, Scenario, TargetSpec, Use
from connect_contracts.search.budget import SearchSettings
from connect_contracts.search.failures import shrink_failure, shrink_failures
from connect_contracts.search.laws.every_law import LAWS
from connect_contracts.search.laws.examine import broken, examine
from connect_contracts.search.laws.law import Law, Signature
from connect_contracts.search.search import Found, PartDone, distinct_failures, search
from connect_contracts.search.strategies.building import Drawn
from connect_contracts.selftest.reference_copy import ReferenceCopy
from connect_contracts.selftest.registry import changed_reference

LITTLE = SearchSettings("little", scenarios=20, parts=2, derandomised=True, ladder=False)

Searched = tuple[UnderTest, tuple[PartDone, ...]]


@pytest.fixture(scope="module")
def wrapping() -> Searched:
    """An implementation that returns no session of its own, and the search of it here."""
    subject = under_test(load("connect_contracts.selftest.sig:returns_a_wrapper.v0_9_1"), None)
    return subject, search(subject, LAWS, LITTLE)


def signatures(parts: tuple[PartDone, ...]) -> list[Signature]:
    return [found.breach.signature for found in distinct_failures(parts)]


def test_several_processes_come_to_the_same(wrapping: Searched) -> None:
    subject, serial = wrapping
    parallel = search(subject, LAWS, LITTLE, workers=2)
    assert [one.verdicts for one in parallel] == [one.verdicts for one in serial]
    assert [one.examined for one in parallel] == [one.examined for one in serial]
    assert "oracle-holds" in {one.law for one in signatures(serial)}
    assert signatures(parallel) == signatures(serial)


def test_what_is_known_is_counted_and_not_told(wrapping: Searched) -> None:
    subject, before = wrapping
    after = search(subject, LAWS, LITTLE, known=signatures(before))
    assert signatures(after) == []
    # Of a scenario in which all that breaks a law is pinned, one is counted.
    assert sum(one.known for one in after) > 0
    assert [one.verdicts for one in after] == [one.verdicts for one in before]


def test_what_is_known_hides_no_later_step() -> None:
    subject = under_test(load("connect_contracts.selftest.ca:verifies_nothing.v0_9_1"), None)
    steps = connect_tls(session="first"), connect_tls(session="second", target="other")
    targets = https(defect="leaf expired"), https(name="other", names=("another.test",))
    scenario = Scenario(targets, steps)
    (first,) = examine(scenario, subject, LAWS).breaches
    both = examine(scenario, subject, LAWS, [first.signature]).breaches
    assert [breach.step for breach in both] == [0, 1]
    assert both[0].signature == first.signature != both[1].signature


@pytest.mark.parametrize("profile", Profile)
def test_the_reference_breaks_nothing(profile: Profile) -> None:
    subject = under_test(load(f"connect_contracts.reference.v{profile.replace('.', '_')}"), None)
    parts = search(subject, LAWS, LITTLE)
    assert distinct_failures(parts) == ()
    assert {word for part in parts for word in part.verdicts} <= {"passed", "observed"}


def test_what_failed_once_is_told_as_such(wrapping: Searched) -> None:
    _, parts = wrapping
    # In the same process, and it does not show this failure.
    reference = under_test(load("connect_contracts.reference.v0_9_1"), None)
    failure = shrink_failure(distinct_failures(parts)[0], reference, LAWS, LITTLE)
    assert failure.breach.seen.endswith("(once, and not when it was run again)")


def test_what_is_known_stays_as_it_was_found(wrapping: Searched) -> None:
    subject, parts = wrapping
    found = max(distinct_failures(parts), key=lambda each: len(repr(each.scenario)))
    excused = shrink_failures([found], subject, LAWS, LITTLE, excused=lambda _seen: True)
    (small,), (as_found,) = shrink_failures([found], subject, LAWS, LITTLE).small, excused.small
    assert as_found.examined.scenario == found.scenario != small.examined.scenario


def _with_the_last_database_listed(reference: ReferenceCopy) -> None:
    @reference.around("_versions.Versions.rest_path")
    def last(rest_path: Any, versions: Any, api: str, *known: str) -> Any:
        if api != "activeviam/database":
            return rest_path(versions, api, *known)
        return versions.apis[api]["versions"][-1]["restPath"]


def test_one_cause_is_told_once_under_the_clause_that_it_is_about() -> None:
    implementation = changed_reference(_with_the_last_database_listed)(Profile.V0_9_1, "")
    subject = UnderTest(implementation, Profile.V0_9_1, "asked for")
    prefix = arm("versions extended"), connect(AS_ADMIN)
    shown = list_tables(), Use("keys"), add(("a",)), head()
    found = [
        Found(scenario, breach)
        for step in shown
        for scenario in [Scenario((TargetSpec(),), (*prefix, step))]
        for breach in examine(scenario, subject, LAWS).breaches
    ]
    assert len(distinct_failures([PartDone(found=tuple(found))])) >= 3
    made = shrink_failures(found, subject, LAWS, replace(LITTLE, runs_to_shrink=0))
    assert [failure.breach.signature.clause for failure in made.small] == ["URL-5"]


class Sleeping(Implementation):
    """Its ``connect`` waits for what never happens."""

    def connect(self, *args: object, **keywords: object) -> object:
        threading.Event().wait()
        raise AssertionError


SLEEPING = UnderTest(Sleeping(lambda url, **given: None), Profile.V6_2, "asked for")


def test_a_call_that_never_ends_is_a_hang_with_its_stack() -> None:
    began = time.monotonic()
    seen = examine(Scenario((TargetSpec(),), (Connect(),), limit=0.2), SLEEPING, LAWS)
    assert time.monotonic() - began < 60
    assert seen.verdict.word == "hang"
    (breach,) = seen.breaches
    assert breach.signature.kind == "hang"
    assert "had not ended at its limit" in breach.seen
    assert "connect (test_search.py:" in broken(seen, breach).judgement.seen


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_what_hangs_never_passes_and_ends_the_search_whatever_law_is_chosen(
    law: Law, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging = [
        Drawn(Scenario((TargetSpec(),), (Connect(),), limit=0.2 + 0.01 * number))
        for number in range(20)
    ]
    monkeypatch.setattr("connect_contracts.search.search.scenarios_of_part", lambda *_: hanging)
    # It would hang there too.
    monkeypatch.setattr("connect_contracts.search.laws.examine.warm_up", lambda *_: None)
    (done,) = search(SLEEPING, (law,), replace(LITTLE, parts=1, most_hangs=2))
    assert done.cut_short
    assert len(done.examined) == 2
    assert sum(done.verdicts.values()) == 2
    assert "passed" not in done.verdicts
