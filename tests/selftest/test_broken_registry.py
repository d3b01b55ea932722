"""Broken implementations are copies, named and described."""

from __future__ import annotations

from pathlib import Path

import pytest

from connect_contracts.chapters.catalogue import UnknownId
from connect_contracts.execution.loading import load
from connect_contracts.model.clause import Depth, Profile
from connect_contracts.model.verdict import Verdict
from connect_contracts.reference import v0_9_1, v6_2
from connect_contracts.selftest import ReferenceCopy, broken, every_broken_implementation
from connect_contracts.selftest.matrix import KillMatrix
from connect_contracts.selftest.registry import judged

PROFILE = Profile.V0_9_1


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
    implementation = load("connect_contracts.selftest.ca:verifies_nothing.v6_2")
    assert implementation.profile == Profile.V6_2
    assert implementation.reference == "connect_contracts.selftest.ca:verifies_nothing.v6_2"


def test_a_name_is_taken_once() -> None:
    taken = every_broken_implementation()[0]
    with pytest.raises(ValueError, match="is there twice"):
        broken(fails=("CA-1",))(taken.change)


def test_a_docstring_is_demanded() -> None:
    def nothing_said(reference: ReferenceCopy) -> None:
        del reference

    with pytest.raises(ValueError, match="has no docstring"):
        broken(fails=("CA-1",))(nothing_said)


def cases_of(profile: Profile, *ids: str, depth: Depth = Depth.FULL) -> set[str]:
    return {case.id for case in judged(ids, profile, depth)}


def test_a_clause_stands_for_its_cases_that_give_a_verdict() -> None:
    assert cases_of(Profile.V0_9_1, "SIG-4", "SIG-6") == {
        "SIG-4[a-session]",
        *("SIG-6[no-url]", "SIG-6[none-as-url]", "SIG-6[a-number-as-url]"),
    }


def test_an_id_may_be_of_one_profile() -> None:
    assert cases_of(Profile.V0_9_1, "6.2:SIG-1") == set()
    assert cases_of(Profile.V6_2, "6.2:SIG-1") == {"SIG-1[by-position]"}


def test_topics_beside_tls_meet_the_suite_at_the_default_depth() -> None:
    depths = {one.module.rpartition(".")[2]: one.depth for one in every_broken_implementation()}
    assert depths["ca"] is depths["mtls_files"] is Depth.FULL
    assert depths["auth"] is depths["live_rights"] is Depth.DEFAULT
    assert "CA-11[one-a-label]" in cases_of(Profile.V0_9_1, "CA-11")
    assert cases_of(Profile.V0_9_1, "CA-11", depth=Depth.DEFAULT) == {"CA-11[one-label]"}


def test_an_unknown_id_is_an_error() -> None:
    with pytest.raises(UnknownId, match="SIG-99"):
        judged(("SIG-99",), Profile.V6_2)


def test_what_is_pinned_is_read_as_it_was_written(tmp_path: Path) -> None:
    matrix = KillMatrix(tmp_path / "matrix.json", every_broken_implementation)
    one = next(one for one in every_broken_implementation() if one.name == "verifies_nothing")
    # A whole clause, a case of another, and one that only observes.
    failed = [case.id for case in judged(("CA-2",), PROFILE, one.depth)]
    row = dict.fromkeys((*failed, "CA-12[leaf-expired]", "CA-19[eku-any]"), Verdict.FAILED)
    undecided = {"CA-1[authority-given]": Verdict.INCONCLUSIVE}
    matrix.pin({(one.name, PROFILE): {**row, **undecided}})
    assert '"CA-2"' in matrix.file.read_text(encoding="utf-8")
    assert KillMatrix(matrix.file, every_broken_implementation).row(one, PROFILE) == {
        **row,
        **undecided,
    }
    assert matrix.row(one, Profile.V6_2) == {}
