"""Broken implementations are copies, named and described."""

from __future__ import annotations

from pathlib import Path

import pytest

from connect_contracts.chapters.catalogue import UnknownId
from connect_contracts.execution.loading import load
from connect_contracts.model.clause import Depth, Profile
from connect_contracts.reference import v0_9_1, v6_2
from connect_contracts.selftest import ReferenceCopy, broken, every_broken_implementation
from connect_contracts.selftest.ca import verifies_nothing
from connect_contracts.selftest.matrix import KillMatrix
from connect_contracts.selftest.registry import judged
from other_implementations import on_requests
from other_implementations.registry import OtherCopy

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


def test_what_is_changed_in_a_copy_of_another_is_changed_nowhere_else() -> None:
    before = on_requests.Session.close
    copy, other = OtherCopy("on_requests"), OtherCopy("on_requests")
    copy["Session.close"] = None
    assert copy["Session.close"] is None
    assert on_requests.Session.close is before
    assert other["Session.close"] is not None


def test_what_is_put_around_a_part_is_given_the_part() -> None:
    copy = ReferenceCopy(PROFILE)

    @copy.around("Session.connect")
    def counted(connect: object, cls: type, *given: object) -> object:
        return cls.__name__, connect is v0_9_1.Session.connect, given

    assert copy.module.Session.connect(1, 2) == ("Session", False, (1, 2))
    with pytest.raises(TypeError, match="is a str, not int"):
        v0_9_1.Session.connect(1)  # type: ignore[arg-type]


@pytest.mark.parametrize("copy", [ReferenceCopy(PROFILE), OtherCopy("on_aiohttp")], ids=["a", "b"])
def test_a_part_that_is_not_there_cannot_be_changed(copy: ReferenceCopy | OtherCopy) -> None:
    with pytest.raises(AttributeError, match="no_such_part"):
        copy["no_such_part"] = None


@pytest.mark.parametrize(
    "name",
    [
        "connect_contracts.selftest.ca:verifies_nothing.v6_2",
        "other_implementations.broken:tries_again_without_verifying.v6_2",
    ],
)
def test_one_can_be_named_on_the_command_line(name: str) -> None:
    implementation = load(name)
    assert (implementation.reference, implementation.profile) == (name, Profile.V6_2)


def test_a_name_is_taken_once() -> None:
    def verifies_nothing(reference: ReferenceCopy) -> None:
        """Its name is that of another."""

    with pytest.raises(ValueError, match="is there twice"):
        broken(fails=("CA-1",))(verifies_nothing)


def test_a_docstring_is_demanded() -> None:
    def nothing_said(reference: ReferenceCopy) -> None:
        del reference

    with pytest.raises(ValueError, match="has no docstring"):
        broken(fails=("CA-1",))(nothing_said)


@pytest.mark.parametrize(
    ("profile", "depth", "ids", "cases"),
    [
        # A clause stands for its cases that give a verdict.
        (
            *(PROFILE, Depth.FULL, ("SIG-4", "SIG-6")),
            {"SIG-4[a-session]", "SIG-6[no-url]", "SIG-6[none-as-url]", "SIG-6[a-number-as-url]"},
        ),
        # An id may be of one profile.
        (PROFILE, Depth.FULL, ("6.2:SIG-1",), set()),
        (Profile.V6_2, Depth.FULL, ("6.2:SIG-1",), {"SIG-1[by-position]"}),
        (PROFILE, Depth.FULL, ("CA-11[one-a-label]",), {"CA-11[one-a-label]"}),
        (PROFILE, Depth.DEFAULT, ("CA-11",), {"CA-11[one-label]"}),
    ],
)
def test_ids_stand_for_cases(
    profile: Profile, depth: Depth, ids: tuple[str, ...], cases: set[str]
) -> None:
    assert {case.id for case in judged(ids, profile, depth)} == cases


def test_topics_beside_tls_meet_the_suite_at_the_default_depth() -> None:
    depths = {each.module.rpartition(".")[2]: each.depth for each in every_broken_implementation()}
    deep = {topic for topic, depth in depths.items() if depth is Depth.FULL}
    assert deep == {"ca", "ca_connections", "mtls"}
    assert set(depths.values()) == {Depth.FULL, Depth.DEFAULT}


def test_an_unknown_id_is_an_error() -> None:
    with pytest.raises(UnknownId, match="SIG-99"):
        judged(("SIG-99",), Profile.V6_2)


def test_what_is_pinned_is_read_as_it_was_written(tmp_path: Path) -> None:
    matrix = KillMatrix(tmp_path / "matrix.json", every_broken_implementation)
    # A whole clause, a case of another, and one that only observes.
    failed = [case.id for case in judged(("CA-2",), PROFILE, verifies_nothing.depth)]
    row = dict.fromkeys((*failed, "CA-12[leaf-expired]", "CA-19[eku-any]"), "failed")
    row |= {"CA-1[authority-given]": "inconclusive", "CA-3[another-authority]": "failed by CA-1"}
    matrix.pin({(verifies_nothing.name, PROFILE): row})
    assert '"CA-2"' in matrix.file.read_text(encoding="utf-8")
    again = KillMatrix(matrix.file, every_broken_implementation)
    assert again.row(verifies_nothing, PROFILE) == row
    assert matrix.row(verifies_nothing, Profile.V6_2) == {}
