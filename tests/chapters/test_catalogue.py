"""What holds of every clause and every case of the catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec
import pytest

from connect_contracts.chapters.builder import AS_ADMIN, AS_USER, connect, must, secure, story
from connect_contracts.chapters.case import BadCase, Chapter, Story, row
from connect_contracts.chapters.catalogue import UnknownId, catalogue
from connect_contracts.checks.expectation import Raises, Returns
from connect_contracts.model.clause import Clause, Depth, Level, Profile
from connect_contracts.model.scenario import without_defects
from connect_harness.certificates import DEFECTS

CASES = catalogue().cases
CHAPTERS = {
    "SIG": {*range(1, 8)},
    "URL": {*range(1, 10), 14},
    "AUTH": {*range(1, 15), 17},
    "CA": {*range(1, 22)},
    "MTLS": {*range(1, 9)},
    "LIVE": {*range(1, 15)},
    "KEEP": {1, 2, 3, 4},
    "FAULT": {*range(1, 8)},
    "CLEAN": {*range(1, 9)},
}


def test_a_published_number_stays() -> None:
    published = {f"{chapter}-{n}" for chapter, numbers in CHAPTERS.items() for n in numbers}
    assert published <= set(catalogue().clauses)


def test_a_clause_has_a_statement_for_list() -> None:
    clauses = catalogue().clauses.values()
    assert [clause.id for clause in clauses if not clause.statement.strip()] == []


def test_every_clause_has_a_case_in_each_of_its_profiles() -> None:
    for clause in catalogue().clauses.values():
        covered = {profile for case in catalogue().of(clause) for profile in case.profiles}
        assert covered == set(clause.profiles), clause.id


@pytest.mark.parametrize("profile", Profile)
def test_core_is_each_sentence_of_the_page_once(profile: Profile) -> None:
    clauses = [clause for clause in catalogue().clauses.values() if profile in clause.profiles]
    core = [
        case.clause
        for case in CASES.values()
        if profile in case.profiles and case.depth is Depth.CORE
    ]
    documented = {clause.id for clause in clauses if clause.level is Level.DOCUMENTED}
    quoted = {clause.source for clause in clauses if '"' in clause.source}
    assert len(core) == len({clause.id for clause in core})
    assert documented <= {clause.id for clause in core}
    assert quoted <= {clause.source for clause in core}
    assert all(clause.id in documented or clause.source in quoted for clause in core)


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


def test_a_case_is_described_and_its_twin_has_no_defect() -> None:
    for case in CASES.values():
        assert case.description.endswith("."), case.id
        assert case.twin is None or without_defects(case.twin) is None, case.id


@pytest.mark.parametrize(
    ("story_of", "description", "error"),
    [
        (lambda: story(secure(), must(connect(AS_ADMIN), Raises())), "Described.", "has no twin"),
        (lambda: story(secure(), must(connect(AS_ADMIN), Returns())), "", "no docstring"),
        (lambda: story(secure(), connect(AS_ADMIN)), "Described.", "demands nothing"),
    ],
    ids=["a refusal without a twin", "no description", "nothing is demanded"],
)
def test_what_cannot_be_judged_does_not_load(
    story_of: Callable[[], Story], description: str, error: str
) -> None:
    chapter = Chapter("X", "for this test")
    clause = chapter.clause(1, "a statement", "-", Level.ROBUST)
    chapter.add(clause, "a-case", description, story_of)
    with pytest.raises(BadCase, match=error):
        chapter.cases()


def test_a_row_of_a_table_is_a_case_with_the_options_of_all_rows_and_its_own() -> None:
    chapter = Chapter("X", "for this test")
    clause = chapter.clause(1, "a statement", "-", Level.ROBUST)
    chapter.table(
        clause,
        lambda user: story(secure(), must(connect(user), Returns())),
        row("first", "The administrator connects.", AS_ADMIN),
        row("second", "Someone else connects.", AS_USER, depth=Depth.SLOW, recipe="x/y"),
        rule="a rule",
        depth=Depth.CORE,
    )
    cases = chapter.cases()
    assert [(case.id, case.depth, case.recipe, case.rule) for case in cases] == [
        ("X-1[first]", Depth.CORE, None, "a rule"),
        ("X-1[second]", Depth.SLOW, "x/y", "a rule"),
    ]
    assert cases[0].scenario != cases[1].scenario


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
