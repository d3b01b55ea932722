"""What is broken is found within ``ci``, made small, and shown again by its capsule alone."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.execution.loading import load
from connect_contracts.judging.settings import UnderTest, under_test
from connect_contracts.judging.verify import verify
from connect_contracts.model.clause import Depth, Profile
from connect_contracts.model.json_text import canonical
from connect_contracts.model.scenario import Scenario
from connect_contracts.model.verdict import Verdict
from connect_contracts.regressions.capsule import capsule_of
from connect_contracts.regressions.folder import write_capsule
from connect_contracts.regressions.replay import Outcome, replay
from connect_contracts.search.budget import search_settings
from connect_contracts.search.drawing import scenarios_of_part
from connect_contracts.search.failures import Failure, shrink_failure
from connect_contracts.search.laws.every_law import LAWS
from connect_contracts.search.laws.examine import examine
from connect_contracts.search.search import Found
from connect_contracts.selftest import Broken, every_broken_implementation
from connect_contracts.selftest.unseen import UNSEEN

BROKEN = {one.name: one for one in every_broken_implementation()} | UNSEEN
PROFILE = Profile.V0_9_1
REFERENCE = "connect_contracts.reference.v0_9_1"
CI = search_settings("ci")

FOUND = {
    "returns_a_wrapper": "SIG",
    "goes_on_after_errors": "URL",
    "decodes_the_path_of_its_url": "URL",
    "drops_a_path_over_tls": "URL",
    "sends_latin_1": "AUTH",
    "leaves_403_for_later": "AUTH",
    "cuts_passwords_at_the_euro_sign": "AUTH",
    "writes_latin_1_below_a_path": "AUTH",
    "ignores_dates": "CA",
    "ignores_host_names": "CA",
    "verifies_nothing": "CA",
    "presents_its_certificate_once": "MTLS",
    "presents_nothing_to_an_address": "MTLS",
    "adds_a_row_once": "LIVE",
    "shows_ten_rows": "LIVE",
    "takes_null_for_nothing": "LIVE",
    "strips_texts": "LIVE",
    "takes_a_slash_for_two_names": "LIVE",
    "forgets_the_keys_of_a_few_rows": "LIVE",
    "hides_the_rows_of_others": "LIVE",
    "remembers_its_list_of_tables": "LIVE",
    "checks_no_name_beside_a_client_certificate": "CA",
    "brings_rows_back": "KEEP",
    "leaves_its_connections_open": "KEEP",
    "goes_on_without_an_answer": "FAULT",
    "sets_a_variable": "CLEAN",
    "adds_again_after_a_reset": "FAULT-5",
    "shares_one_cookie_jar": "AUTH-11",
    "redirected_with_its_credentials": "URL-10",
    "leaves_its_heartbeat_running": "CLEAN-1",
    "leaves_a_thread_of_each_session": "CLEAN-5",
    "prefers_netrc": "AUTH-2",
    "prefers_the_bundle_of_the_environment": "CA-1",
    "remembers_logins_by_user": "AUTH-4",
}
"""By the name of a broken implementation the chapter that it breaks, or the clause under which its
failure must stand."""

EACH_TIME = {
    "returns_a_wrapper": "",
    "decodes_the_path_of_its_url": "",
    "prefers_netrc": '"netrc"',
    "verifies_nothing": "",
    "presents_nothing_to_an_address": "required",
    "takes_a_slash_for_two_names": "a/b",
    "leaves_its_connections_open": "",
    "adds_again_after_a_reset": '"changes"',
    "sets_a_variable": "",
}
"""One of each chapter, with a text that the scenarios have among which every run looks for it.

A run of the matrix looks for the others among all scenarios."""

LARGEST = 2200
"""Bytes of the largest capsule that is still minimal: a few fields besides what frames them."""


@cache
def scenarios() -> tuple[Scenario, ...]:
    """All scenarios of ``ci``, drawn once."""
    parts = range(CI.parts)
    return tuple(
        drawn.scenario for part in parts for drawn in scenarios_of_part(LAWS, PROFILE, CI, part, 0)
    )


def small(subject: UnderTest, text: str) -> Failure | None:
    """The first failure that a search of the scenarios with ``text`` comes upon, made small."""
    for scenario in scenarios():
        if text.encode() in canonical(scenario):
            for breach in examine(scenario, subject, LAWS).breaches:
                return shrink_failure(Found(scenario, breach), subject, LAWS, CI)
    return None


def test_there_are_twenty_and_one_of_each_chapter() -> None:
    assert len(FOUND) >= 20
    chapters = {one.name for one in catalogue().chapters}
    assert {FOUND[name].partition("-")[0] for name in EACH_TIME} == chapters


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name in EACH_TIME else pytest.mark.matrix) for name in FOUND],
)
def test_it_is_found_and_its_capsule_shows_it_again(name: str, tmp_path: Path) -> None:
    subject = under_test(BROKEN[name].implementation(PROFILE), None)
    failure = small(subject, EACH_TIME.get(name, ""))
    assert failure is not None
    capsule = capsule_of(failure.examined, failure.breach, subject)
    path = write_capsule(tmp_path, capsule)
    assert len(path.read_bytes()) < LARGEST
    assert capsule.clause.startswith(FOUND[name] if "-" in FOUND[name] else "")
    assert len(capsule.scenario.steps) <= len(failure.examined.scenario.steps) <= 6
    assert replay(path, subject).outcome is Outcome.STILL_FAILING
    reference = under_test(load(REFERENCE), None)
    assert replay(path, reference).outcome is Outcome.FIXED


@pytest.mark.matrix
@pytest.mark.parametrize("one", UNSEEN.values(), ids=UNSEEN)
def test_no_case_catches_it(one: Broken) -> None:
    implementation = one.implementation(PROFILE)
    cases = [case for case in catalogue().select((), Depth.FULL) if PROFILE in case.profiles]
    judged = {case.id: verify(case, implementation, PROFILE).judgement.verdict for case in cases}
    assert {one: verdict for one, verdict in judged.items() if verdict.status == 1} == {}
    assert Verdict.PASSED in judged.values()
