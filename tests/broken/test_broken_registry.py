"""Broken implementations are copies, named, described, and pinned with a reason."""

from __future__ import annotations

import pytest

from connect_contracts.broken import Broken, ReferenceCopy, broken, every_broken_implementation
from connect_contracts.catalogue import UnknownId
from connect_contracts.clauses import Profile
from connect_contracts.implementation import load
from connect_contracts.reference import v0_9_1, v6_2
from connect_contracts.verdict import Verdict


@pytest.mark.parametrize("profile", Profile)
def test_what_is_changed_in_a_copy_is_changed_nowhere_else(profile: Profile) -> None:
    original = v0_9_1 if profile is Profile.V0_9_1 else v6_2
    copy, other = ReferenceCopy(profile), ReferenceCopy(profile)
    before = original.Table.head, other["_tables.Table.head"], other["_trust.trusting"]
    copy["_tables.Table.head"] = None
    copy["_trust.trusting"] = None
    assert copy.module.Table.head is None
    assert copy["_session.trusting"] is None
    assert before == (
        original.Table.head,
        other["_tables.Table.head"],
        other["_session.trusting"],
    )


def test_a_part_that_is_not_there_cannot_be_changed() -> None:
    with pytest.raises(AttributeError, match="no_such_part"):
        ReferenceCopy(Profile.V6_2)["_tables.Table.no_such_part"] = None


def test_one_can_be_named_on_the_command_line() -> None:
    implementation = load("connect_contracts.broken.ca:verifies_nothing.v6_2")
    assert implementation.profile == Profile.V6_2
    assert implementation.reference == "connect_contracts.broken.ca:verifies_nothing.v6_2"


def test_a_name_is_taken_once() -> None:
    taken = every_broken_implementation()[0]
    with pytest.raises(ValueError, match="is there twice"):
        broken(fails=("CA-1",))(taken.change)


def test_a_docstring_is_demanded() -> None:
    def nothing_said(reference: ReferenceCopy) -> None:
        del reference

    with pytest.raises(ValueError, match="has no docstring"):
        broken(fails=("CA-1",))(nothing_said)


@pytest.mark.parametrize("reason", [{"also": ("CA-2",)}, {"because": "of nothing"}])
def test_what_else_is_failed_needs_a_reason(reason: dict[str, str]) -> None:
    def reasonless(reference: ReferenceCopy) -> None:
        """Breaks nothing."""

    with pytest.raises(ValueError, match="needs a reason"):
        broken(fails=("CA-1",), **reason)(reasonless)


def _pinned(
    profile: Profile,
    *fails: str,
    inconclusive: tuple[str, ...] = (),
    passes: tuple[str, ...] = (),
    topic: str = "ca",
) -> dict[str, Verdict]:
    one = Broken(
        "one",
        "One.",
        f"connect_contracts.broken.{topic}",
        tuple(Profile),
        fails,
        (),
        inconclusive,
        passes,
        "",
        whole=False,
        change=lambda _: None,
    )
    return one.pinned(profile)


def test_a_clause_stands_for_its_cases_that_give_a_verdict() -> None:
    pinned = _pinned(Profile.V0_9_1, "SIG-4", "SIG-6")
    assert set(pinned) == {
        "SIG-4[a-session]",
        *("SIG-6[no-url]", "SIG-6[none-as-url]", "SIG-6[a-number-as-url]"),
    }


def test_the_more_particular_id_decides() -> None:
    pinned = _pinned(Profile.V6_2, "SIG-4", "SIG-6[no-url]", inconclusive=("SIG", "SIG-6"))
    assert pinned["SIG-4[a-session]"] is Verdict.FAILED
    assert pinned["SIG-6[no-url]"] is Verdict.FAILED
    assert pinned["SIG-6[none-as-url]"] is Verdict.INCONCLUSIVE
    assert pinned["SIG-1[by-position]"] is Verdict.INCONCLUSIVE


def test_an_id_may_be_of_one_profile() -> None:
    assert _pinned(Profile.V0_9_1, "6.2:SIG-1") == {}
    assert _pinned(Profile.V6_2, "6.2:SIG-1") == {"SIG-1[by-position]": Verdict.FAILED}


def test_a_word_after_an_id_takes_its_refusals_or_successes() -> None:
    refusals = _pinned(Profile.V0_9_1, "CA-4 refusals")
    assert refusals == {"CA-4[another-is-trusted]": Verdict.FAILED}
    successes = _pinned(Profile.V0_9_1, "CA-4 successes")
    assert successes == {"CA-4[trusted-without-the-file]": Verdict.FAILED}


def test_what_passes_all_the_same_is_taken_out() -> None:
    pinned = _pinned(Profile.V0_9_1, "SIG-6", passes=("SIG-6[no-url]",))
    assert set(pinned) == {"SIG-6[none-as-url]", "SIG-6[a-number-as-url]"}


def test_topics_beside_tls_meet_the_core_alone() -> None:
    deep = _pinned(Profile.V0_9_1, "CA-11[one-a-label]", "CA-11")
    assert "CA-11[one-a-label]" in deep
    assert set(_pinned(Profile.V0_9_1, "CA-11", topic="auth")) == {"CA-11[one-label]"}


def test_an_unknown_id_is_an_error() -> None:
    with pytest.raises(UnknownId, match="SIG-99"):
        _pinned(Profile.V6_2, "SIG-99")
