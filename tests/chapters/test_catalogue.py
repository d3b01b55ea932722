"""What holds of every clause and every case of the catalogue."""

from __future__ import annotations

import re

import msgspec
import pytest

from connect_contracts.chapters.builder import AS_ADMIN, connect, must, secure, story
from connect_contracts.chapters.case import BadCase, Chapter, Story
from connect_contracts.chapters.catalogue import UnknownId, catalogue
from connect_contracts.checks.expectation import Raises, Returns
from connect_contracts.model.clause import Clause, Depth, Level, Profile
from connect_contracts.model.scenario import Scenario, without_defects
from connect_harness.certificates import DEFECTS

CASES = catalogue().cases
CHAPTERS = {
    "SIG": {*range(1, 8)},
    "URL": {*range(1, 10), 14},
    "AUTH": {*range(1, 10), 11, 12, 13, 17},
    "CA": {*range(1, 22)},
    "MTLS": {*range(1, 9)},
    "LIVE": {*range(1, 9), 11, 12, 13, 14},
    "KEEP": {1, 2, 3, 4},
    "FAULT": {1, 2, 4},
}


def test_the_clauses_are_those_of_the_chapters() -> None:
    wanted = {f"{chapter}-{number}" for chapter, numbers in CHAPTERS.items() for number in numbers}
    assert set(catalogue().clauses) == wanted


def test_every_clause_has_a_case_in_each_of_its_profiles() -> None:
    for clause in catalogue().clauses.values():
        covered = {profile for case in catalogue().of(clause) for profile in case.profiles}
        assert covered == set(clause.profiles), clause.id


@pytest.mark.parametrize("profile", Profile)
def test_core_is_each_sentence_of_the_page_once(profile: Profile) -> None:
    clauses = [one for one in catalogue().clauses.values() if profile in one.profiles]
    cases = [one for one in CASES.values() if profile in one.profiles]
    core = [case.clause for case in cases if case.depth is Depth.CORE]
    documented = {one.id for one in clauses if one.level is Level.DOCUMENTED}
    quoted = {one.source for one in clauses if '"' in one.source}
    assert len(core) == len({one.id for one in core})
    assert documented <= {one.id for one in core}
    assert quoted <= {one.source for one in core}
    assert all(one.id in documented or one.source in quoted for one in core)


@pytest.mark.parametrize("profile", Profile)
def test_every_clause_that_gives_a_verdict_gives_it_at_the_default_depth(profile: Profile) -> None:
    judging = [
        case for case in CASES.values() if profile in case.profiles and case.level != Level.OBSERVE
    ]
    by_default = {case.clause.id for case in judging if Depth.DEFAULT.contains(case.depth)}
    assert by_default == {case.clause.id for case in judging}


def test_what_only_a_tls_library_can_get_wrong_is_not_judged_by_default() -> None:
    of_a_connect = {"client", "constraints", "names", "trust", "validity"}
    for case in CASES.values():
        if Depth.DEFAULT.contains(case.depth):
            scenario = msgspec.json.encode(case.scenario).decode()
            for name in DEFECTS.keys() & set(re.findall(r'"defect":"([^"]*)"', scenario)):
                topic = DEFECTS[name].apply.__module__.rpartition(".")[2]
                assert topic in of_a_connect, case.id


def test_a_clause_without_a_source_can_only_be_robust_or_observe() -> None:
    for level in Level:
        if level in (Level.ROBUST, Level.OBSERVE):
            assert Clause("X-1", "a statement", "-", level).source == "-"
        else:
            with pytest.raises(ValueError, match="has no source"):
                Clause("X-1", "a statement", "-", level)


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_a_case_is_described_and_its_scenario_is_plain_data(case: object) -> None:
    assert isinstance(case, type(next(iter(CASES.values()))))
    assert case.description.endswith((".", "not."))
    encoded = msgspec.json.encode(case.scenario)
    decoded = msgspec.json.decode(encoded, type=Scenario)
    assert msgspec.json.encode(decoded) == encoded


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_a_twin_has_no_defect(case: object) -> None:
    assert isinstance(case, type(next(iter(CASES.values()))))
    if case.twin is not None:
        assert without_defects(case.twin) is None


def test_a_refusal_without_a_twin_does_not_load() -> None:
    chapter = Chapter("X", "for this test")
    clause = chapter.clause(1, "a statement", "-", Level.ROBUST)

    @chapter.case(clause)
    def without_a_twin() -> Story:
        """A refusal that nothing is the twin of."""
        return story(secure(), must(connect(AS_ADMIN), Raises()))

    with pytest.raises(BadCase, match="has no twin"):
        chapter.cases()


def test_a_case_without_a_description_does_not_load() -> None:
    chapter = Chapter("X", "for this test")
    clause = chapter.clause(1, "a statement", "-", Level.ROBUST)

    @chapter.case(clause)
    def undescribed() -> Story:
        return story(secure(), must(connect(AS_ADMIN), Returns()))

    with pytest.raises(BadCase, match="no docstring"):
        chapter.cases()


def test_a_case_that_demands_nothing_can_only_observe() -> None:
    chapter = Chapter("X", "for this test")
    clause = chapter.clause(1, "a statement", "-", Level.ROBUST)

    @chapter.case(clause)
    def nothing_demanded() -> Story:
        """Nothing is demanded."""
        return story(secure(), connect(AS_ADMIN))

    with pytest.raises(BadCase, match="demands nothing"):
        chapter.cases()


def test_a_number_is_given_once() -> None:
    chapter = Chapter("X", "for this test")
    chapter.clause(1, "a statement", "-", Level.ROBUST)
    with pytest.raises(ValueError, match="twice"):
        chapter.clause(1, "another", "-", Level.ROBUST)


def test_selection_by_chapter_clause_and_case() -> None:
    some = catalogue().select(["KEEP", "CA-2", "SIG-6[no-url]"])
    assert {case.clause.id for case in some} >= {"KEEP-1", "CA-2", "SIG-6"}
    assert [case.id for case in some if case.clause.id == "SIG-6"] == ["SIG-6[no-url]"]


@pytest.mark.parametrize("wrong", ["CA-99", "CA-2[nope]", "ca-2", ""])
def test_an_unknown_id_is_named(wrong: str) -> None:
    with pytest.raises(UnknownId, match="connect-contract list"):
        catalogue().select([wrong])


def test_profiles_are_the_two_documentations() -> None:
    assert [profile.value for profile in Profile] == ["0.9.1", "6.2"]
