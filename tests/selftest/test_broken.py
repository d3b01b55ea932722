"""The suite has teeth: what each broken implementation does not pass is pinned, exactly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

import pytest

from connect_contracts.chapters.case import Case
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.judging.verify import verify
from connect_contracts.model.clause import Depth, Profile
from connect_contracts.model.verdict import Verdict, exit_status
from connect_contracts.selftest import Broken, every_broken_implementation
from connect_contracts.selftest.matrix import PINNED, KillMatrix, cases_for, met, verdict_of
from connect_contracts.selftest.registry import judged
from other_implementations.registry import PINNED as PINNED_OTHERS
from other_implementations.registry import every_broken_other

BROKEN = {broken.name: broken for broken in every_broken_implementation()}
MATRICES = {
    **dict.fromkeys(BROKEN.values(), PINNED),
    **dict.fromkeys(every_broken_other(), PINNED_OTHERS),
}
EACH = pytest.mark.parametrize("broken", MATRICES, ids=lambda broken: broken.name)


def one_of_each(broken: Broken) -> Iterator[tuple[Case, Profile]]:
    """A case of each thing that it must fail, in one of its profiles.

    ``connect-contract selftest`` meets it in each, and what it must pass as well.
    """
    turn = sum(map(ord, broken.name))
    for name in broken.fails:
        failing = [
            (case, profile)
            for profile in broken.profiles
            for case in judged((name,), profile, broken.depth)
            if MATRICES[broken].row(broken, profile).get(case.id) == Verdict.FAILED.word
        ]
        # A fresh interpreter takes as long as twenty other cases.
        few = [each for each in failing if each[0].scenario.isolation == "call"] or failing
        if few:
            yield few[turn % len(few)]


@EACH
def test_it_fails_what_it_must(broken: Broken) -> None:
    for case, profile in one_of_each(broken):
        assert met(broken, profile, [case]) == {case.id: Verdict.FAILED.word}


@pytest.mark.matrix
@EACH
def test_it_fails_nothing_else(broken: Broken) -> None:
    for profile in broken.profiles:
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


def test_each_is_pinned_as_failing_what_it_is_there_to_fail() -> None:
    for broken, matrix in MATRICES.items():
        for profile, name in product(broken.profiles, broken.fails):
            row = matrix.row(broken, profile)
            cases = judged((name,), profile, broken.depth)
            failed = [case.id for case in cases if row.get(case.id) == Verdict.FAILED.word]
            if matrix is PINNED_OTHERS:
                assert failed == [case.id for case in cases], broken.name
            assert failed or not cases, (broken.name, name)


def test_each_is_described_and_what_else_it_fails_has_a_reason() -> None:
    for broken, matrix in MATRICES.items():
        assert broken.description.endswith("."), broken.name
        others = set()
        for profile in broken.profiles:
            meant = {case.clause.id for case in judged(broken.fails, profile, broken.depth)}
            others |= {
                catalogue().cases[case].clause.id
                for case, word in matrix.row(broken, profile).items()
                if word != Verdict.NOT_APPLICABLE.word  # a part that it lacks is no mistake
            } - meant
        assert bool(others) == bool(broken.because), (broken.name, sorted(others))


def test_three_fail_what_matters_most() -> None:
    most = (
        *("AUTH-2", "AUTH-3", "AUTH-4", "AUTH-5", "CA-1", "CA-2", "CA-3", "CA-10", "CA-12"),
        *("CA-16", "LIVE-2", "LIVE-4", "LIVE-5", "LIVE-6"),
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
