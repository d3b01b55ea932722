"""A connect that contacts nobody passes nothing, whatever it returns or refuses."""

from __future__ import annotations

import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.execution.implementation import Implementation
from connect_contracts.judging.verify import verify
from connect_contracts.model.clause import Depth, Profile
from connect_contracts.model.verdict import Verdict


def contacts_nobody(
    url: str, *, authentication: object = None, certificate_authority: object = None
) -> object:
    if not isinstance(url, str):
        raise TypeError("no URL")
    return object()


@pytest.mark.parametrize(
    ("profile", "depth", "left_out"),
    [
        (Profile.V0_9_1, Depth.DEFAULT, ()),
        # What both profiles have was judged in the first; a run of the matrix has all of it.
        (Profile.V6_2, Depth.DEFAULT, (Profile.V0_9_1,)),
        pytest.param(Profile.V0_9_1, Depth.SLOW, (), marks=pytest.mark.matrix),
        pytest.param(Profile.V6_2, Depth.SLOW, (), marks=pytest.mark.matrix),
    ],
)
def test_nothing_passes(profile: Profile, depth: Depth, left_out: tuple[Profile, ...]) -> None:
    implementation = Implementation(contacts_nobody)
    passed = [
        case.id
        for case in catalogue().select(depth=depth)
        if not set(left_out) & set(case.profiles)
        and verify(case, implementation, profile).judgement.verdict is Verdict.PASSED
    ]
    assert passed == []
