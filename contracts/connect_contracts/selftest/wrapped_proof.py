"""The proof about one implementation: each wrapper around it is noticed, by the right clause.

An implementation that is wrong already says nothing of the suite: a case that it does not pass by
itself is left aside, and named.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import as_completed
from functools import cache, partial

import msgspec

from connect_contracts.chapters.case import Case
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.loading import load_again
from connect_contracts.execution.processes import as_task, worker_processes
from connect_contracts.judging.judgement import Judgement
from connect_contracts.judging.settings import UnderTest
from connect_contracts.judging.verify import verify
from connect_contracts.model.clause import Profile
from connect_contracts.model.json_text import json_of
from connect_contracts.model.verdict import Verdict, exit_status
from connect_contracts.selftest.matrix import silenced
from connect_contracts.selftest.wrapping import Wrapper, every_wrapper

UNTESTABLE = (Verdict.NOT_TESTABLE, Verdict.NOT_APPLICABLE)
"""Verdicts that say nothing of an implementation."""


class Tried(msgspec.Struct, frozen=True):
    """What came of a wrapper by one of the ids that must notice it.

    Parameters:
        verdicts: The words of the verdicts on the wrapped implementation, by the case's id.
        elsewhere: The clause that was broken, where that is another one.
        noticed: Whether the right clause noticed it.
        aside: Cases that the implementation itself does not pass, with its verdict.
        untestable: Why nothing can be said of other cases, by the case's id.
    """

    id: str
    verdicts: dict[str, str] = {}
    elsewhere: tuple[str, ...] = ()
    noticed: bool = False
    aside: dict[str, str] = {}
    untestable: dict[str, str] = {}

    @property
    def tested(self) -> bool:
        return bool(self.verdicts)


class WrapperProved(msgspec.Struct, frozen=True):
    """What came of one wrapper, by each id that must notice it; none in another profile."""

    name: str
    tried: tuple[Tried, ...]

    @property
    def tested(self) -> bool:
        return any(each.tested for each in self.tried)

    @property
    def noticed(self) -> bool:
        """Whether each clause noticed it that could be tested, and one could."""
        return self.tested and all(each.noticed for each in self.tried if each.tested)


def prove_wrapper(
    wrapper: Wrapper, implementation: Implementation, profile: Profile
) -> WrapperProved:
    """Judge ``implementation`` itself, then wrapped, by the cases that must notice ``wrapper``."""
    cases = wrapper.cases(profile).items()
    return WrapperProved(
        wrapper.name,
        tuple(_tried(name, chosen, wrapper, implementation, profile) for name, chosen in cases),
    )


def _tried(
    name: str,
    cases: Sequence[Case],
    wrapper: Wrapper,
    implementation: Implementation,
    profile: Profile,
) -> Tried:
    tried = Tried(name)
    for case in cases:
        itself = _of_itself(implementation, profile, case.id)
        if itself.verdict in UNTESTABLE:
            tried.untestable[case.id] = itself.seen
        elif itself.verdict is not Verdict.PASSED:
            tried.aside[case.id] = itself.verdict.word
        else:
            calls = wrapper.around(implementation)
            found = _judged(case, calls.implementation, profile)
            # What a fresh interpreter calls is not known here.
            used = calls.used or case.scenario.isolation == "process"
            if found.verdict in UNTESTABLE or not used:
                tried.untestable[case.id] = found.seen if used else "what is wrong is not called"
                continue
            tried.verdicts[case.id] = found.verdict.word
            # Asked of what ends every run: a failure that no status tells of is not noticed.
            if exit_status([found.verdict]) != Verdict.FAILED.status:
                continue
            if found.broken is None:
                return msgspec.structs.replace(tried, noticed=True)
            tried = msgspec.structs.replace(tried, elsewhere=(*tried.elsewhere, found.broken))
    return tried


@cache
def _of_itself(implementation: Implementation, profile: Profile, case: str) -> Judgement:
    return _judged(catalogue().cases[case], implementation, profile)


def _judged(case: Case, implementation: Implementation, profile: Profile) -> Judgement:
    with silenced():
        return verify(case, implementation, profile).judgement


def wrapper_proofs(
    subject: UnderTest, names: Sequence[str], workers: int | None = None
) -> Iterator[WrapperProved]:
    """Prove the wrappers of these names around ``subject``, as they end.

    Parameters:
        workers: How many processes; by default one for each processor.

    Raises:
        ImplementationEnded: A process ended before its wrappers were judged.
    """
    identity = json_of(subject.implementation.identity)
    reference = subject.implementation.reference or ""
    with worker_processes(workers or os.cpu_count() or 1) as pool:
        asked = [
            pool.submit(as_task, _elsewhere, reference, identity, subject.profile, name)
            for name in sorted(names, key=partial(_cost, subject.profile))
        ]
        for done in as_completed(asked):
            yield msgspec.json.decode(done.result(), type=WrapperProved)


def _cost(profile: Profile, name: str) -> int:
    """The wrappers whose cases take long come first, so that no process waits for them alone."""
    cases = every_wrapper()[name].cases(profile).values()
    return -sum(chosen[0].scenario.isolation == "process" for chosen in cases)


def _elsewhere(reference: str, identity: bytes, profile: str, name: str) -> bytes:
    proved = prove_wrapper(every_wrapper()[name], _loaded(reference, identity), Profile(profile))
    return json_of(proved)


@cache
def _loaded(reference: str, identity: bytes) -> Implementation:
    return load_again(reference, identity)
