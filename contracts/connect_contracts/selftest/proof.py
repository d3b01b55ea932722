"""The proof that verdicts can be trusted: broken implementations are judged, and the references.

Each is judged in a process of its own pool, since what is wrong with one must not touch another.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass, replace

from connect_contracts.chapters.case import Case
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.execution.processes import as_task, worker_processes
from connect_contracts.model.clause import Depth, Level, Profile
from connect_contracts.model.verdict import Verdict, exit_status
from connect_contracts.selftest.matrix import (
    OF_ITS_CLAUSE,
    PASSING,
    PINNED,
    Row,
    cases_for,
    judged_anew,
    not_passed,
    verdict_of,
)
from connect_contracts.selftest.registry import Broken, every_broken_implementation, judged

MUST_PASS = 3
"""Cases that each broken implementation has to pass, besides those that it has to fail."""

NOT_OF_ITS_CLAUSE = 3
"""Cases that are undecided, or failed by another clause than their own, of each that has some: with
a twin, and as many without one."""


@dataclass(frozen=True)
class Difference:
    """A verdict that is another one than is pinned.

    Parameters:
        name, profile: The broken implementation, in one of its profiles.
        pinned, found: As in a row of the matrix; ``passed`` for any verdict that is no fault.
    """

    name: str
    profile: str
    case: str
    pinned: str
    found: str


@dataclass(frozen=True)
class Proved:
    """What came of one broken implementation in one profile.

    Parameters:
        row: What it did not pass.
        caught: Whether a run with these verdicts ends with the status of a failure.
        differences: Where it is not as pinned.
    """

    name: str
    profile: Profile
    cases: int
    row: Row
    caught: bool
    differences: tuple[Difference, ...]
    untested: tuple[str, ...] = ()


def a_few(broken: Broken, profile: Profile) -> list[Case]:
    """One case for each thing that ``broken`` is there to fail, and a few others of each kind."""
    row = PINNED.row(broken, profile)
    chosen: list[Case] = []
    for name in broken.fails:
        cases = judged((name,), profile, broken.depth)
        failing = [case for case in cases if row.get(case.id) == Verdict.FAILED.word]
        chosen += sorted(failing, key=_cost)[:1]
    quick = [case for case in cases_for(broken, profile) if case.scenario.isolation == "call"]
    other = [case for case in quick if case.id in row and row[case.id] not in OF_ITS_CLAUSE]
    passing = [
        case
        for case in quick
        if case.id not in row
        and case.level is not Level.OBSERVE
        and Depth.DEFAULT.contains(case.depth)
    ]
    chosen += _spread(broken, [case for case in other if case.twin], NOT_OF_ITS_CLAUSE)
    chosen += _spread(broken, [case for case in other if not case.twin], NOT_OF_ITS_CLAUSE)
    chosen += _spread(broken, passing, MUST_PASS)
    return list({case.id: case for case in chosen}.values())


def _spread(broken: Broken, cases: Sequence[Case], most: int) -> list[Case]:
    # Spread over the catalogue, beginning elsewhere for each: together they meet much of it.
    begin = sum(map(ord, broken.name)) % max(1, len(cases))
    step = max(1, len(cases) // most)
    return [cases[(begin + number * step) % len(cases)] for number in range(min(most, len(cases)))]


def _cost(case: Case) -> tuple[bool, int, str]:
    return (case.scenario.isolation == "process", list(Depth).index(case.depth), case.id)


def prove(broken: Broken, profile: Profile, cases: Sequence[Case]) -> Proved:
    """Judge ``cases`` on ``broken``, and hold the verdicts against what is pinned."""
    judged = judged_anew(broken, profile, cases)
    verdicts = {case: verdict_of(word) for case, word in judged.items()}
    pinned = PINNED.row(broken, profile)
    # Of what this machine cannot test nothing is known: it stays as it is pinned.
    untested = {case for case, verdict in verdicts.items() if verdict is Verdict.NOT_TESTABLE}
    found = not_passed(judged)
    found |= {case: pinned[case] for case in untested & pinned.keys()}
    differences = tuple(
        Difference(broken.name, profile, case, _word(pinned.get(case)), _word(found.get(case)))
        for case in verdicts
        if pinned.get(case) != found.get(case)
    )
    tested = [verdict for case, verdict in verdicts.items() if case not in untested]
    must_fail = {case for case in verdicts if pinned.get(case) == Verdict.FAILED.word}
    # Asked of what ends every run: a failure that no status tells of is not caught.
    failed = exit_status(tested) == Verdict.FAILED.status
    caught = failed or (bool(must_fail) and must_fail <= untested)
    left = tuple(sorted(untested))
    return Proved(broken.name, profile, len(cases), found, caught, differences, left)


def _word(pinned: str | None) -> str:
    return PASSING[0].word if pinned is None else pinned


def proofs(
    keys: Sequence[tuple[str, Profile]],
    *,
    whole: bool,
    workers: int | None = None,
    select: Sequence[str] = (),
) -> Iterator[Proved]:
    """Prove these broken implementations, as they end.

    Parameters:
        whole: All cases at their depth, not a few.
        workers: How many processes; by default one for each processor.
        select: Ids of chapters, clauses or cases: those alone; of the others the rows stay.
    """
    with worker_processes(workers or os.cpu_count() or 1) as pool:
        asked = [
            pool.submit(as_task, _proved, name, profile, whole, tuple(select))
            for name, profile in keys
        ]
        for done in as_completed(asked):
            yield done.result()


def _proved(name: str, profile: Profile, whole: bool, select: tuple[str, ...]) -> Proved:
    broken = next(each for each in every_broken_implementation() if each.name == name)
    cases = (cases_for if whole else a_few)(broken, profile)
    if not select:
        return prove(broken, profile, cases)
    chosen = {case.id for case in catalogue().select(select)}
    proved = prove(broken, profile, [case for case in cases if case.id in chosen])
    pinned = PINNED.row(broken, profile).items()
    kept = {case: verdict for case, verdict in pinned if case not in chosen}
    # Which cases are chosen does not depend on what the implementation fails.
    return replace(proved, row={**kept, **proved.row}, caught=True)
