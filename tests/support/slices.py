"""The part of a kill matrix that every run holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from connect_contracts.chapters.case import Case
from connect_contracts.model.clause import Profile
from connect_contracts.selftest.matrix import KillMatrix, Row, cases_for
from connect_contracts.selftest.registry import Broken

EVERY = 25
"""In every run a broken implementation meets one of so many cases, besides those it must fail."""


def slice_for(one: Broken, profile: Profile) -> Sequence[Case]:
    """The cases that ``one`` meets; each begins elsewhere, so that together they meet all."""
    begin = sum(map(ord, one.name + profile)) % EVERY
    return cases_for(one, profile)[begin::EVERY]


def pinned_of(matrix: KillMatrix, one: Broken, profile: Profile, cases: Iterable[Case]) -> Row:
    """What is pinned of ``one`` for these cases."""
    ids = {case.id for case in cases}
    return {case: word for case, word in matrix.row(one, profile).items() if case in ids}
