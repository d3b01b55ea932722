"""A search, part by part: examine, gather what breaks a law, make it small.

First every scenario of every part is examined, and of each distinct failure the smallest scenario
is kept; that goes on around what was found, and around what is pinned as known. Only then are the
failures made small. So a search in one process and one on several come to the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from functools import partial

import msgspec

from connect_contracts.execution.identity import Identity
from connect_contracts.execution.loading import load
from connect_contracts.execution.processes import as_task, worker_processes
from connect_contracts.judging.settings import UnderTest
from connect_contracts.model.clause import Profile
from connect_contracts.model.json_text import json_of
from connect_contracts.model.scenario import Scenario
from connect_contracts.search.budget import SearchSettings
from connect_contracts.search.drawing import fresh_seed, scenarios_of_part
from connect_contracts.search.laws.every_law import laws_named
from connect_contracts.search.laws.examine import examine
from connect_contracts.search.laws.law import Law
from connect_contracts.search.laws.signature import Signature


class ImplementationEnded(Exception):
    """The implementation ended the process that it was called in; the text says so."""


class Found(msgspec.Struct, frozen=True):
    """A scenario that breaks a law in one way.

    Parameters:
        step, expected, seen: Those of the breach.
    """

    signature: Signature
    scenario: Scenario
    step: int
    expected: str
    seen: str


class Undecided(msgspec.Struct, frozen=True):
    """A scenario that could not be judged, and why."""

    scenario: Scenario
    why: str


class PartDone(msgspec.Struct, frozen=True):
    """What one part of a search came to.

    Parameters:
        scenarios: Those that were examined.
        verdicts: How often each verdict came.
        found: Of each distinct failure the smallest scenario.
        known: How many failures had a signature that is pinned as known.
        undecided: The first scenario that could not be judged; ``None`` if all could.
        cut_short: Whether it ended early, after too many hangs.
        interrupted: Whether it ended early, since the process was asked to end.
    """

    scenarios: tuple[Scenario, ...] = ()
    verdicts: dict[str, int] = msgspec.field(default_factory=dict)
    found: tuple[Found, ...] = ()
    known: int = 0
    undecided: Undecided | None = None
    cut_short: bool = False
    interrupted: bool = False


def search_part(
    subject: UnderTest,
    laws: Sequence[Law],
    settings: SearchSettings,
    part: int,
    seed: int,
    known: Collection[Signature],
) -> PartDone:
    """Examine the scenarios of one part; an interrupt ends it with what is known by then."""
    verdicts: Counter[str] = Counter()
    found: list[Found] = []
    undecided = None
    examined: list[Scenario] = []
    pinned = hangs = 0
    interrupted = False
    try:
        for scenario in scenarios_of_part(laws, subject.profile, settings, part, seed):
            seen = examine(scenario, subject, laws, known)
            examined.append(scenario)
            verdicts[seen.verdict.word] += 1
            hangs += seen.hung
            twin = seen.verified.case.twin
            for one, where in [
                *((one, scenario) for one in seen.breaches),
                *((one, twin) for one in seen.of_twin if twin is not None),
            ]:
                if one.signature in known:
                    pinned += 1
                else:
                    found.append(Found(one.signature, where, one.step, one.expected, one.seen))
            if seen.verdict.status == 2 and undecided is None:
                undecided = Undecided(scenario, seen.verified.judgement.seen)
            if hangs >= settings.most_hangs:
                break
    except KeyboardInterrupt:
        interrupted = True
    return PartDone(
        tuple(examined),
        dict(verdicts),
        distinct(found),
        pinned,
        undecided,
        hangs >= settings.most_hangs,
        interrupted,
    )


def distinct(found: Iterable[Found]) -> tuple[Found, ...]:
    """Of each failure the smallest scenario, in the order in which failures came first."""
    smallest: dict[Signature, Found] = {}
    for one in found:
        other = smallest.get(one.signature)
        if other is None or _size(one) < _size(other):
            smallest[one.signature] = one
    return tuple(smallest.values())


def _size(one: Found) -> tuple[int, bytes]:
    text = msgspec.json.encode(one.scenario)
    return len(text), text


def search(
    subject: UnderTest,
    laws: Sequence[Law],
    settings: SearchSettings,
    *,
    known: Collection[Signature] = (),
    workers: int = 0,
    progress: Callable[[PartDone], None] = lambda _done: None,
) -> tuple[PartDone, ...]:
    """Examine all parts, in this process or on several.

    An interrupt ends it: a part that is ``interrupted`` is the last one then.

    Parameters:
        known: The signatures that are pinned.
        workers: How many processes; 0 for this one. They need the implementation by its name.
        progress: Told of each part when it is done.

    Raises:
        ImplementationEnded: A process ended before its part was done.
    """
    seed = fresh_seed(settings)
    done: list[PartDone] = []
    if not workers:
        for part in range(settings.parts):
            done.append(search_part(subject, laws, settings, part, seed, known))
            if done[-1].interrupted:
                break
            progress(done[-1])
        return tuple(done)
    asked = partial(
        part_elsewhere,
        subject.implementation.reference or "",
        json_of(subject.implementation.identity),
        subject.profile,
        tuple(law.name for law in laws),
        settings,
        seed=seed,
        known=msgspec.json.encode(list(known)),
    )
    futures: list[Future[bytes]] = []
    try:
        with worker_processes(workers) as pool:
            futures += [pool.submit(as_task, asked, part) for part in range(settings.parts)]
            for future in futures:
                done.append(_decoded(future))
                progress(done[-1])
    except BrokenProcessPool as error:
        raise ImplementationEnded(
            "A process ended before its part of the search did, most likely by the "
            "implementation: `connect-contract run -n 1` names the case."
        ) from error
    except KeyboardInterrupt:
        # The workers have ended by now, and returned what they had.
        done += [_decoded(one) for one in futures[len(done) :] if _returned(one)]
        done.append(PartDone(interrupted=True))
    return tuple(done)


def _decoded(future: Future[bytes]) -> PartDone:
    return msgspec.json.decode(future.result(), type=PartDone)


def _returned(future: Future[bytes]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def part_elsewhere(
    reference: str,
    identity: bytes,
    profile: str,
    laws: Sequence[str],
    settings: SearchSettings,
    part: int,
    *,
    seed: int,
    known: bytes,
) -> bytes:
    """One part in a process of its own: what goes in and comes out is plain."""
    known_as = msgspec.json.decode(identity, type=Identity | None)
    subject = UnderTest(load(reference, known_as), Profile(profile), "asked for")
    pinned = msgspec.json.decode(known, type=list[Signature])
    return json_of(search_part(subject, laws_named(laws), settings, part, seed, pinned))
