"""The suite is not tuned to the reference: implementations that share nothing with it pass."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import other_implementations
from connect_contracts.chapters.case import Case
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.execution.loading import load
from connect_contracts.judging.settings import under_test
from connect_contracts.judging.verify import verify
from connect_contracts.model.clause import Depth, Profile
from connect_contracts.model.json_text import without_defaults
from connect_contracts.model.verdict import Verdict
from connect_contracts.upgrades.scenarios import listed_scenarios, observe

FOLDER = Path(other_implementations.__file__).parent
OTHERS = {
    "http.client": ("other_implementations.on_http_client:Adapter", Profile.V0_9_1),
    "requests": ("other_implementations.on_requests", Profile.V0_9_1),
    "requests-6.2": ("other_implementations.on_requests:Adapter62", Profile.V6_2),
    "aiohttp": ("other_implementations.on_aiohttp", Profile.V0_9_1),
    "httpx2": ("other_implementations.on_httpx2", Profile.V6_2),
}
ALIKE_IN_BOTH_PROFILES = ("AUTH", "CA", "MTLS")
"""What these chapters judge is the same code in both profiles; of 6.2 httpx2 alone meets them, and
the matrix has them again."""
SOUND = (Verdict.PASSED, Verdict.OBSERVED, Verdict.NOT_APPLICABLE, Verdict.NOT_TESTABLE)


def cases_for(name: str, chapter: str, depth: Depth) -> list[Case]:
    """The cases of the chapter that belong to the profile of the implementation."""
    _, profile = OTHERS[name]
    return [case for case in catalogue().select([chapter], depth) if profile in case.profiles]


def cases_in_every_run(name: str, chapter: str) -> list[Case]:
    """The core cases, of one library those of the profile 6.2 alone, and a third of the others.

    Each library has another third; that of the last is the first one's. Of those in a fresh
    interpreter, which takes seconds, it has a third of the core cases and of those of 6.2.
    """
    third = ("http.client", "requests", "aiohttp", "httpx2").index(name.removesuffix("-6.2")) % 3
    has_6_2 = name == "requests-6.2" or chapter in ALIKE_IN_BOTH_PROFILES

    def is_chosen(case: Case) -> bool:
        return case.depth is Depth.CORE or (has_6_2 and Profile.V0_9_1 not in case.profiles)

    cases = cases_for(name, chapter, Depth.DEFAULT)
    quick = [case for case in cases if case.scenario.isolation == "call"]
    slow = [case for case in cases if case not in quick and is_chosen(case)]
    return [
        *(case for case in quick if is_chosen(case) or case in quick[third::3]),
        *slow[third::3],
    ]


def not_sound(name: str, cases: list[Case]) -> dict[str, str]:
    """What the suite finds wrong with the implementation, by case."""
    reference, profile = OTHERS[name]
    implementation = load(reference)
    judgements = {case.id: verify(case, implementation, profile).judgement for case in cases}
    return {
        case: f"{judgement.verdict.name}: {judgement.seen}"
        for case, judgement in judgements.items()
        if judgement.verdict not in SOUND
    }


CHAPTERS = sorted({case.clause.id.partition("-")[0] for case in catalogue().select()})


@pytest.mark.parametrize(
    ("name", "chapter"),
    [
        (name, chapter)
        for name in OTHERS
        for chapter in CHAPTERS
        if name != "requests-6.2" or chapter not in ALIKE_IN_BOTH_PROFILES
    ],
)
def test_it_passes(name: str, chapter: str) -> None:
    assert not_sound(name, cases_in_every_run(name, chapter)) == {}


@pytest.mark.matrix
@pytest.mark.parametrize("chapter", CHAPTERS)
@pytest.mark.parametrize("name", OTHERS)
def test_it_passes_at_full_depth(name: str, chapter: str) -> None:
    assert not_sound(name, cases_for(name, chapter, Depth.FULL)) == {}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_not_testable_is_no_more_than_what_it_lacks(name: str) -> None:
    reference, profile = OTHERS[name]
    implementation = load(reference)
    cases = catalogue().select(["SIG-4", "KEEP-4"], Depth.DEFAULT)
    lacking = {
        case.id
        for case in cases
        if profile in case.profiles
        and verify(case, implementation, profile).judgement.verdict is Verdict.NOT_TESTABLE
    }
    assert lacking == ({"KEEP-4[used-after-with]"} if "requests" in name else set())


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name == "aiohttp" else pytest.mark.matrix) for name in OTHERS],
)
def test_two_records_of_it_are_the_same_file(name: str) -> None:
    reference, profile = OTHERS[name]
    subject = under_test(load(reference), profile)
    ids = ("AUTH-4", "CA-2", "FAULT-1")
    scenarios = listed_scenarios(Depth.DEFAULT, ids, origin="cases")
    first, second = (observe(subject, scenarios, Depth.DEFAULT) for _ in range(2))
    raised = [step for each in first.scenarios for step in each.steps if step.raised]
    assert len(raised) > 10
    assert without_defaults(first) == without_defaults(second)


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


@pytest.mark.parametrize("library", ["http_client", "requests", "aiohttp", "httpx2"])
def test_it_shares_nothing_with_the_reference_nor_with_another(library: str) -> None:
    found = imported(FOLDER / f"on_{library}.py")
    shared = ("httpx.", "connect_contracts.reference.", f"{other_implementations.__name__}.")
    assert [name for name in found if f"{name}.".startswith(shared)] == []
