"""The suite has teeth: what each broken implementation does not pass is pinned, exactly."""

from __future__ import annotations

import re

import pytest

from connect_contracts.chapters.case import Case
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.judging.verify import verify
from connect_contracts.model.clause import Depth, Profile
from connect_contracts.model.verdict import Verdict, exit_status
from connect_contracts.selftest import Broken, every_broken_implementation
from connect_contracts.selftest.matrix import PINNED, KillMatrix, cases_for, met, verdict_of
from connect_contracts.selftest.proof import a_few
from connect_contracts.selftest.registry import judged
from other_implementations.registry import PINNED as PINNED_OTHERS
from other_implementations.registry import every_broken_other

BROKEN = {broken.name: broken for broken in every_broken_implementation()}
MATRICES = {
    **dict.fromkeys(BROKEN.values(), PINNED),
    **dict.fromkeys(every_broken_other(), PINNED_OTHERS),
}
IN_EACH_PROFILE = pytest.mark.parametrize(
    ("broken", "profile"),
    [
        pytest.param(broken, profile, id=f"{broken.name}-{profile}")
        for broken in MATRICES
        for profile in broken.profiles
    ],
)
EVERY = 100
"""In every run a broken implementation meets one of so many cases, besides those it must fail."""

MOST = 3
"""Of each clause that it must fail, so many cases stand for all in every run."""


def cases_in_every_run(broken: Broken, profile: Profile) -> list[Case]:
    """A few cases of each thing that it must fail, and a slice of all.

    The slices of all meet most cases together. In its second profile a few stand for those that the
    first has too: what is broken is the same.
    """
    cases = cases_for(broken, profile)
    begin = sum(map(ord, broken.name + profile))
    chosen = {case.id for case in cases[begin % EVERY :: EVERY]}
    for name in broken.fails:
        meant = judged((name,), profile, broken.depth)
        step = -(-len(meant) // MOST)
        chosen |= {case.id for case in meant[begin % max(1, step) :: max(1, step)]}
    first = broken.profiles[0]
    if profile is not first:
        chosen = {name for name in chosen if first not in catalogue().cases[name].profiles}
        chosen |= {case.id for case in a_few(broken, profile)}
    return [case for case in cases if case.id in chosen]


@IN_EACH_PROFILE
def test_it_fails_what_it_must_and_a_slice_is_as_pinned(broken: Broken, profile: Profile) -> None:
    matrix = MATRICES[broken]
    cases = cases_in_every_run(broken, profile)
    pinned = matrix.row(broken, profile)
    found = met(broken, profile, cases)
    assert found == {case.id: pinned[case.id] for case in cases if case.id in pinned}
    assert exit_status(map(verdict_of, found.values())) == 1


@pytest.mark.matrix
@IN_EACH_PROFILE
def test_it_fails_nothing_else(broken: Broken, profile: Profile) -> None:
    found = met(broken, profile, cases_for(broken, profile))
    assert found == MATRICES[broken].row(broken, profile)
    assert exit_status(map(verdict_of, found.values())) == 1


def test_every_clause_that_gives_a_verdict_is_failed_by_one_at_the_default_depth() -> None:
    assert PINNED.undefended(Depth.DEFAULT) == [], (
        "add a broken implementation to connect_contracts/selftest and pin it: "
        "connect-contract selftest --matrix --pin NAME"
    )


@pytest.mark.parametrize("matrix", [PINNED, PINNED_OTHERS], ids=["references", "others"])
def test_nobody_survives(matrix: KillMatrix) -> None:
    assert matrix.survivors() == []


@IN_EACH_PROFILE
def test_it_is_pinned_as_failing_what_it_is_there_to_fail(broken: Broken, profile: Profile) -> None:
    row = MATRICES[broken].row(broken, profile)
    for name in broken.fails:
        cases = judged((name,), profile, broken.depth)
        failed = [case.id for case in cases if row.get(case.id) == Verdict.FAILED.word]
        if MATRICES[broken] is PINNED_OTHERS:
            assert failed == [case.id for case in cases]
        assert failed or not cases, name


@pytest.mark.parametrize("broken", MATRICES, ids=lambda broken: broken.name)
def test_it_is_described_and_what_else_it_fails_has_a_reason(broken: Broken) -> None:
    assert broken.description.endswith(".")
    others = set()
    for profile in broken.profiles:
        meant = {case.clause.id for case in judged(broken.fails, profile, broken.depth)}
        others |= {
            catalogue().cases[case].clause.id
            for case, word in MATRICES[broken].row(broken, profile).items()
            if word != Verdict.NOT_APPLICABLE.word  # a part that it does not have is no mistake
        } - meant
    assert bool(others) == bool(broken.because), sorted(others)


def test_three_fail_what_matters_most() -> None:
    most = (
        *(
            "AUTH-2",
            "AUTH-3",
            "AUTH-4",
            "AUTH-5",
            "CA-1",
            "CA-2",
            "CA-3",
            "CA-10",
            "CA-12",
            "CA-16",
        ),
        *("LIVE-2", "LIVE-4", "LIVE-5", "LIVE-6"),
    )
    failing = {
        (catalogue().cases[case].clause.id, name)
        for (name, _), row in PINNED.rows().items()
        for case, word in row.items()
        if word == Verdict.FAILED.word
    }
    few = [clause for clause in most if len([1 for failed, _ in failing if failed == clause]) < 3]
    assert few == []


NOT_BELIEVED = "of step 1 (connect): it raises; not one HTTP byte reaches the target"
HTTP_ARRIVED = "...HTTP reached the target: GET /versions/rest..."
SENT_NOTHING = (
    "it was refused as it must be, but so was the twin, the same without its defect: "
    "step 1 (connect) raised RuntimeError: not today: it sent nothing to any target"
)


@pytest.mark.parametrize(
    ("name", "case", "verdict", "expected", "seen"),
    [
        (
            *("always_raises", "SIG-5[unknown-keyword]", Verdict.FAILED),
            *("step 1 (connect) of the twin succeeds (AUTH-2)", SENT_NOTHING),
        ),
        (
            *("always_raises", "CA-2[without-the-file]", Verdict.FAILED),
            *("step 1 (connect) of the twin succeeds (CA-1)", SENT_NOTHING),
        ),
        (
            *("always_raises", "CA-1[authority-given]", Verdict.FAILED, "...it returns..."),
            "...it raised RuntimeError: not today...",
        ),
        ("verifies_nothing", "CA-2[without-the-file]", Verdict.FAILED, NOT_BELIEVED, HTTP_ARRIVED),
        ("verifies_nothing", "CA-12[leaf-expired]", Verdict.FAILED, NOT_BELIEVED, HTTP_ARRIVED),
        ("verifies_nothing", "CA-10[wrong-dns-name]", Verdict.FAILED, NOT_BELIEVED, HTTP_ARRIVED),
        (
            *("ignores_certificate_authority", "CA-1[authority-given]", Verdict.FAILED),
            "...it returns; every request is known to the target as admin's...",
            "...it raised httpx.ConnectError...certificate verify failed...",
        ),
        (
            *("sends_latin_1", "AUTH-3[latin-1]", Verdict.FAILED),
            "...the credentials arrive byte for byte, in UTF-8...",
            "...the credentials were sent in latin-1...",
        ),
        (
            *("raises_at_connect_without_the_role", "LIVE-4[without-the-role]", Verdict.FAILED),
            "of step 1 (connect): it returns",
            "of step 1 (connect): it raised "
            "...LiveExtensionUnavailableError: Live extension is not available...",
        ),
    ],
)
def test_the_judgement_says_why(
    name: str, case: str, verdict: Verdict, expected: str, seen: str
) -> None:
    found = verify(catalogue().cases[case], BROKEN[name].v0_9_1, Profile.V0_9_1).judgement
    assert found.verdict is verdict
    for pattern, text in ((expected, found.expected), (seen, found.seen)):
        assert re.fullmatch(re.escape(pattern).replace(r"\.\.\.", ".*"), text, re.DOTALL), text
    assert "pässwörd" not in found.seen
