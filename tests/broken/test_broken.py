"""The suite has teeth: each broken implementation fails what is pinned, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from broken_implementations import Broken, every_broken_implementation
from broken_implementations.registry import judged

from connect_contracts.case import Case
from connect_contracts.catalogue import catalogue
from connect_contracts.clauses import Depth, Level, Profile
from connect_contracts.judge import Judgement
from connect_contracts.verdict import Verdict, exit_status
from connect_contracts.verify import verify

BROKEN = {one.name: one for one in every_broken_implementation()}
IN_EACH_PROFILE = [(one, profile) for one in BROKEN.values() for profile in one.profiles]
HARMLESS = (Verdict.PASSED, Verdict.OBSERVED)


def meets_the_whole_suite(one: Broken, profile: Profile) -> bool:
    """In every run; all others do so in one of the matrix."""
    return one.whole and profile is one.profiles[0]


def cases_of(profile: Profile, depth: Depth = Depth.FULL) -> list[Case]:
    return [case for case in catalogue().select(depth=depth) if profile in case.profiles]


def verdicts(one: Broken, profile: Profile, cases: Iterable[Case]) -> dict[str, Verdict]:
    """The verdict on each of the cases that this machine can run, by its id."""
    implementation = one.implementation(profile)
    found = {case.id: verify(case, implementation, profile).judgement.verdict for case in cases}
    return {case: given for case, given in found.items() if given is not Verdict.NOT_TESTABLE}


def not_passed(found: dict[str, Verdict]) -> dict[str, Verdict]:
    return {case: verdict for case, verdict in found.items() if verdict not in HARMLESS}


def pinned(one: Broken, profile: Profile, found: Iterable[str]) -> dict[str, Verdict]:
    known = one.pinned(profile)
    return {case: known[case] for case in found if case in known}


@pytest.mark.parametrize(
    ("one", "profile"),
    [
        pytest.param(one, profile, id=f"{one.name}-{profile}")
        for one, profile in IN_EACH_PROFILE
        if not meets_the_whole_suite(one, profile)
    ],
)
def test_it_fails_what_it_must(one: Broken, profile: Profile) -> None:
    clauses = {case.clause.id for case in judged(one.fails, profile, one.depth)}
    found = verdicts(
        one, profile, [case for case in cases_of(profile, one.depth) if case.clause.id in clauses]
    )
    assert not_passed(found) == pinned(one, profile, found)
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
    found = verdicts(one, profile, cases_of(profile, one.depth))
    assert not_passed(found) == pinned(one, profile, found)
    assert exit_status(found.values()) == 1


@pytest.mark.parametrize("profile", Profile)
def test_every_clause_that_gives_a_verdict_is_failed_by_one(profile: Profile) -> None:
    judged = {case.clause.id for case in cases_of(profile) if case.level is not Level.OBSERVE}
    failed = {
        case.partition("[")[0]
        for one, its_profile in IN_EACH_PROFILE
        if its_profile is profile
        for case, verdict in one.pinned(profile).items()
        if verdict is Verdict.FAILED
    }
    assert judged - failed == set()


def test_each_says_what_is_broken_and_breaks_it_in_each_of_its_profiles() -> None:
    for one, profile in IN_EACH_PROFILE:
        assert one.description.endswith("."), one.name
        assert Verdict.FAILED in one.pinned(profile).values(), (one.name, profile)


def judgement(name: str, case: str, profile: Profile = Profile.V0_9_1) -> Judgement:
    implementation = BROKEN[name].implementation(profile)
    return verify(catalogue().cases[case], implementation, profile).judgement


def test_always_raising_passes_no_refusal() -> None:
    refusal = judgement("always_raises", "SIG-5[unknown-keyword]")
    assert refusal.verdict is Verdict.INCONCLUSIVE
    assert "so was the twin, the same without its defect" in refusal.seen
    refused_target = judgement("always_raises", "CA-2[without-the-file]")
    assert refused_target.verdict is Verdict.INCONCLUSIVE
    assert refused_target.seen == "of step 1 (connect): no connection reached the target"
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
