"""The mistakes that HTTP libraries invite are caught, each where it is made."""

from __future__ import annotations

import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.execution.loading import load
from connect_contracts.model.clause import Profile
from connect_contracts.model.verdict import Verdict
from connect_contracts.selftest.matrix import cases_for, met
from connect_contracts.selftest.registry import judged
from other_implementations import on_aiohttp, on_requests
from other_implementations.registry import (
    PINNED,
    BrokenOther,
    OtherCopy,
    broken_other,
    every_broken_other,
)
from slices import pinned_of, slice_for

IN_EACH_PROFILE = [
    pytest.param(one, profile, id=f"{one.name}-{profile}")
    for one in every_broken_other()
    for profile in one.profiles
]


@pytest.mark.parametrize(("one", "profile"), IN_EACH_PROFILE)
def test_it_fails_what_it_must_and_a_slice_is_as_pinned(one: BrokenOther, profile: Profile) -> None:
    meant = judged(one.fails, profile, one.depth)
    clauses = {case.clause.id for case in meant}
    sliced = {case.id for case in slice_for(one, profile)}
    cases = [
        case for case in cases_for(one, profile) if case.clause.id in clauses or case.id in sliced
    ]
    found = met(one, profile, cases)
    assert found == pinned_of(PINNED, one, profile, cases)
    failed = {case for case, word in found.items() if word is Verdict.FAILED}
    assert failed >= {case.id for case in meant}
    assert failed


@pytest.mark.matrix
@pytest.mark.parametrize(("one", "profile"), IN_EACH_PROFILE)
def test_it_fails_nothing_else(one: BrokenOther, profile: Profile) -> None:
    assert met(one, profile, cases_for(one, profile)) == PINNED.row(one, profile)


def test_what_else_one_fails_has_a_reason() -> None:
    for one in every_broken_other():
        for profile in one.profiles:
            meant = {case.clause.id for case in judged(one.fails, profile, one.depth)}
            # A part that it does not have is no mistake.
            wrong = {
                catalogue().cases[case].clause.id
                for case, word in PINNED.row(one, profile).items()
                if word is not Verdict.NOT_APPLICABLE
            }
            assert bool(wrong - meant) == bool(one.because), (one.name, sorted(wrong - meant))


def test_each_says_what_is_broken_and_each_library_invites_many() -> None:
    bases = [one.base for one in every_broken_other()]
    assert {base for base in bases if bases.count(base) >= 4} == {
        "on_http_client",
        "on_requests",
        "on_aiohttp",
    }
    for one in every_broken_other():
        assert one.description.endswith("."), one.name


def test_what_is_changed_in_a_copy_is_changed_nowhere_else() -> None:
    before = on_requests.Session.close
    copy, other = OtherCopy("on_requests"), OtherCopy("on_requests")
    copy["Session.close"] = None
    assert copy["Session.close"] is None
    assert (on_requests.Session.close, other["Session"].__qualname__) == (before, "Session")
    assert other["Session.close"] is not None


def test_what_copies_share_cannot_be_changed() -> None:
    before = on_aiohttp.Table.head
    copy = OtherCopy("on_aiohttp")
    with pytest.raises(AttributeError, match="not of this copy"):
        copy["Table.head"] = None
    with pytest.raises(AttributeError, match="no_such_part"):
        copy["no_such_part"] = None
    assert on_aiohttp.Table.head is before


def test_one_can_be_named_on_the_command_line() -> None:
    name = "other_implementations.broken_on_requests:leaves_basic_to_requests.v6_2"
    implementation = load(name)
    assert (implementation.reference, implementation.profile) == (name, Profile.V6_2)


def test_a_docstring_is_demanded() -> None:
    def nothing_said(copy: OtherCopy) -> None:
        del copy

    with pytest.raises(ValueError, match="has no docstring"):
        broken_other("on_requests", fails=("CA-1",))(nothing_said)
