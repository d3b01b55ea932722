"""The suite has teeth: what each broken implementation does not pass is pinned, exactly."""

from __future__ import annotations

import pytest

from connect_contracts.chapters.case import Case
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.judging.judge import Judgement
from connect_contracts.judging.verify import verify
from connect_contracts.model.clause import Depth, Profile
from connect_contracts.model.verdict import Verdict, exit_status
from connect_contracts.selftest import Broken, every_broken_implementation
from connect_contracts.selftest.matrix import PINNED, cases_for, met
from connect_contracts.selftest.proof import a_few
from connect_contracts.selftest.registry import judged
from slices import pinned_of, slice_for

BROKEN = {one.name: one for one in every_broken_implementation()}
IN_EACH_PROFILE = [(one, profile) for one in BROKEN.values() for profile in one.profiles]


def meets_the_whole_suite(one: Broken, profile: Profile) -> bool:
    """In every run; all others do so in one of the matrix."""
    return one.whole and profile is one.profiles[0]


def cases_in_every_run(one: Broken, profile: Profile) -> list[Case]:
    """The cases of the clauses that it must fail, and a slice.

    In its second profile a few stand for those that the first has too: what is broken is the same.
    """
    clauses = {case.clause.id for case in judged(one.fails, profile, one.depth)}
    chosen = {case.id for case in slice_for(one, profile)}
    chosen |= {case.id for case in cases_for(one, profile) if case.clause.id in clauses}
    first = one.profiles[0]
    if profile is not first:
        chosen = {name for name in chosen if first not in catalogue().cases[name].profiles}
        chosen |= {case.id for case in a_few(one, profile)}
    return [case for case in cases_for(one, profile) if case.id in chosen]


@pytest.mark.parametrize(
    ("one", "profile"),
    [
        pytest.param(one, profile, id=f"{one.name}-{profile}")
        for one, profile in IN_EACH_PROFILE
        if not meets_the_whole_suite(one, profile)
    ],
)
def test_it_fails_what_it_must_and_a_slice_is_as_pinned(one: Broken, profile: Profile) -> None:
    cases = cases_in_every_run(one, profile)
    found = met(one, profile, cases)
    assert found == pinned_of(PINNED, one, profile, cases)
    assert exit_status(found.values()) == 1


@pytest.mark.parametrize(
    ("one", "profile"),
    [
        pytest.param(
            one,
            profile,
            id=f"{one.name}-{profile}",
            marks=() if meets_the_whole_suite(one, profile) else pytest.mark.matrix,
        )
        for one, profile in IN_EACH_PROFILE
    ],
)
def test_it_fails_nothing_else(one: Broken, profile: Profile) -> None:
    found = met(one, profile, cases_for(one, profile))
    assert found == PINNED.row(one, profile)
    assert exit_status(found.values()) == 1


def test_every_clause_that_gives_a_verdict_is_failed_by_one_at_the_default_depth() -> None:
    assert PINNED.undefended(Depth.DEFAULT) == []


def test_nobody_survives() -> None:
    assert PINNED.survivors() == []


def test_each_is_pinned_as_failing_what_it_is_there_to_fail() -> None:
    wrong = [
        (one.name, profile, name)
        for one, profile in IN_EACH_PROFILE
        for name in one.fails
        if (cases := judged((name,), profile, one.depth))
        and Verdict.FAILED not in {PINNED.row(one, profile).get(case.id) for case in cases}
    ]
    assert wrong == []


def test_what_else_one_fails_has_a_reason() -> None:
    for one in BROKEN.values():
        others = set()
        for profile in one.profiles:
            meant = {case.clause.id for case in judged(one.fails, profile, one.depth)}
            failed = {catalogue().cases[case].clause.id for case in PINNED.row(one, profile)}
            others |= failed - meant
        assert bool(others) == bool(one.because), (one.name, sorted(others))


def test_each_says_what_is_broken() -> None:
    for one in BROKEN.values():
        assert one.description.endswith("."), one.name


def test_there_are_many_and_three_for_what_matters_most() -> None:
    assert len(BROKEN) >= 120
    most = [
        *(f"AUTH-{number}" for number in (2, 3, 4, 5)),
        *(f"CA-{number}" for number in (1, 2, 3)),
    ]
    most += ["CA-10", "CA-12", "CA-16", "LIVE-2", "LIVE-4", "LIVE-5", "LIVE-6", "KEEP-1"]
    for clause in most:
        failing = {
            one.name
            for one, profile in IN_EACH_PROFILE
            for case, verdict in PINNED.row(one, profile).items()
            if verdict is Verdict.FAILED and case.startswith(f"{clause}[")
        }
        assert len(failing) >= 3, clause


def judgement(name: str, case: str, profile: Profile = Profile.V0_9_1) -> Judgement:
    implementation = BROKEN[name].implementation(profile)
    return verify(catalogue().cases[case], implementation, profile).judgement


def test_always_raising_passes_no_refusal() -> None:
    refusal = judgement("always_raises", "SIG-5[unknown-keyword]")
    assert refusal.verdict is Verdict.INCONCLUSIVE
    assert "so was the twin, the same without its defect" in refusal.seen
    refused_target = judgement("always_raises", "CA-2[without-the-file]")
    assert refused_target.verdict is Verdict.INCONCLUSIVE
    assert refused_target.seen == (
        "of step 1 (connect): no connection reached the target. "
        "What each step did: step 1 (connect) raised RuntimeError: not today"
    )
    success = judgement("always_raises", "CA-1[authority-given]")
    assert success.verdict is Verdict.FAILED
    assert "it returns" in success.expected
    assert "it raised RuntimeError: not today" in success.seen


@pytest.mark.parametrize(
    "case", ["CA-2[without-the-file]", "CA-12[leaf-expired]", "CA-10[wrong-dns-name]"]
)
def test_verifying_nothing_is_told_by_what_reached_the_target(case: str) -> None:
    found = judgement("verifies_nothing", case)
    assert found.expected == (
        "of step 1 (connect): it raises; not one HTTP byte reaches the target"
    )
    assert "HTTP reached the target: GET /versions/rest" in found.seen


def test_ignoring_the_authority_is_told_by_what_was_raised() -> None:
    found = judgement("ignores_certificate_authority", "CA-1[authority-given]")
    assert "it returns; every request is known to the target as admin's" in found.expected
    assert "it raised httpx.ConnectError" in found.seen
    assert "certificate verify failed" in found.seen


def test_the_wrong_encoding_is_named() -> None:
    found = judgement("sends_latin_1", "AUTH-3[latin-1]")
    assert "the credentials arrive byte for byte, in UTF-8" in found.expected
    assert "the credentials were sent in latin-1" in found.seen
    assert "pässwörd" not in found.seen


def test_raising_too_early_is_told_by_the_step() -> None:
    found = judgement("raises_at_connect_without_the_role", "LIVE-4[without-the-role]")
    assert found.expected == "of step 1 (connect): it returns"
    assert found.seen.startswith("of step 1 (connect): it raised ")
    assert "LiveExtensionUnavailableError: Live extension is not available" in found.seen
