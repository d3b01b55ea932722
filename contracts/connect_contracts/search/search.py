"""A search: the scenarios of each part are examined, and what breaks a law is gathered.

Of each distinct failure the smallest scenario is kept, and the search goes on. The failures are
made small only when every part is done. So one process and several find the same.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import Future
from functools import partial

import msgspec

from connect_contracts.checks.secrets.redaction import Redaction
from connect_contracts.execution.capture.output_capture import output_unshown
from connect_contracts.execution.processes import as_task, worker_processes
from connect_contracts.judging.settings import Elsewhere, UnderTest, subject_of
from connect_contracts.model.cause import Cause
from connect_contracts.model.json_text import json_of
from connect_contracts.model.scenario import Scenario
from connect_contracts.search.budget import SearchSettings
from connect_contracts.search.drawing import scenarios_of_part
from connect_contracts.search.laws.every_law import laws_named
from connect_contracts.search.laws.examine import Examined, broken, examine
from connect_contracts.search.laws.law import Breach, Law, Signature
from connect_contracts.search.strategies.building import Drawn


class Found(msgspec.Struct, frozen=True):
    """A scenario that breaks a law in one way; ``causes`` say why, if that was looked at."""

    scenario: Scenario
    breach: Breach
    causes: tuple[Cause, ...] = ()


class Undecided(msgspec.Struct, frozen=True):
    """A scenario that could not be judged, and why.

    Parameters:
        broken: The clause that its twin breaks, if that is why.
        causes: What is wrong with the twin.
    """

    scenario: Scenario
    why: str
    broken: str | None = None
    causes: tuple[Cause, ...] = ()


class PartDone(msgspec.Struct, frozen=True):
    """The results of one part of a search.

    Parameters:
        found: Of each distinct failure the smallest scenario.
        known: How many failures had a signature that is pinned as known.
        undecided: Of the scenarios that could not be judged the first of each cause.
        cut_short: Whether it ended early, after too many hangs.
        interrupted: Whether it ended early, since the process was asked to end.
    """

    examined: tuple[Drawn, ...] = ()
    verdicts: dict[str, int] = msgspec.field(default_factory=dict)
    found: tuple[Found, ...] = ()
    known: int = 0
    undecided: tuple[Undecided, ...] = ()
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
    undecided: dict[tuple[str, ...], Undecided] = {}
    examined: list[Drawn] = []
    hangs = 0
    interrupted = False
    try:
        for drawn in scenarios_of_part(laws, subject.profile, settings, part, seed):
            seen = examine(drawn.scenario, subject, laws, known)
            examined.append(drawn)
            verdicts[seen.verdict.word] += 1
            hangs += seen.hung
            found += [_found(seen, breach) for breach in seen.breaches]
            twin = seen.verified.case.twin
            if twin is not None:
                found += [Found(twin, breach) for breach in seen.of_twin]
            if seen.verdict.status == 2:
                judgement = seen.verified.judgement
                causes = tuple(cause.key for cause in judgement.causes)
                why = (judgement.seen, judgement.broken, judgement.causes)
                undecided.setdefault(causes, Undecided(drawn.scenario, *why))
            if hangs >= settings.most_hangs:
                break
    except KeyboardInterrupt:
        interrupted = True
    new = [failure for failure in found if failure.breach.signature not in known]
    return PartDone(
        tuple(examined),
        dict(verdicts),
        _distinct(new),
        len(found) - len(new),
        tuple(undecided.values()),
        hangs >= settings.most_hangs,
        interrupted,
    )


def _found(examined: Examined, breach: Breach) -> Found:
    """What is kept of a failure: without its run, and so without the secrets of that."""
    seen = examined.verified
    redacted = Redaction(*filter(None, (seen.observation, seen.twin)))
    causes = (
        msgspec.structs.replace(
            cause, demanded=redacted(cause.demanded), seen=redacted(cause.seen), where=()
        )
        for cause in broken(examined, breach).judgement.causes
    )
    told = msgspec.structs.replace(
        breach, expected=redacted(breach.expected), seen=redacted(breach.seen)
    )
    return Found(examined.scenario, told, tuple(causes))


def distinct_failures(parts: Iterable[PartDone]) -> tuple[Found, ...]:
    return _distinct(failure for part in parts for failure in part.found)


def _distinct(found: Iterable[Found]) -> tuple[Found, ...]:
    """Of each failure the smallest scenario, in the order in which failures came first."""
    by_signature: dict[Signature, list[Found]] = {}
    for failure in found:
        by_signature.setdefault(failure.breach.signature, []).append(failure)
    return tuple(min(failures, key=_size) for failures in by_signature.values())


def _size(failure: Found) -> tuple[int, bytes]:
    text = msgspec.json.encode(failure.scenario)
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
        workers: How many processes; 0 for this one. They need the implementation by its name.
        progress: Called with each part when it is done.

    Raises:
        ImplementationEnded: A process ended before its part was done.
    """
    seed = 0 if settings.derandomised else secrets.randbelow(2**32)
    done: list[PartDone] = []
    if not workers:
        for part in range(settings.parts):
            done.append(search_part(subject, laws, settings, part, seed, known))
            if done[-1].interrupted:
                break
            progress(done[-1])
        return tuple(done)
    search_one = partial(
        part_elsewhere,
        subject.elsewhere,
        tuple(law.name for law in laws),
        settings,
        seed=seed,
        known=msgspec.json.encode(list(known)),
    )
    futures: list[Future[bytes]] = []
    try:
        with worker_processes(workers) as pool:
            futures += [pool.submit(as_task, search_one, part) for part in range(settings.parts)]
            for future in futures:
                done.append(_decoded(future))
                progress(done[-1])
    except KeyboardInterrupt:
        # The workers have ended by now, and returned what they had.
        done += [_decoded(future) for future in futures[len(done) :] if _returned(future)]
        done.append(PartDone(interrupted=True))
    return tuple(done)


def _decoded(future: Future[bytes]) -> PartDone:
    return msgspec.json.decode(future.result(), type=PartDone)


def _returned(future: Future[bytes]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def part_elsewhere(
    subject: Elsewhere,
    laws: Sequence[str],
    settings: SearchSettings,
    part: int,
    *,
    seed: int,
    known: bytes,
) -> bytes:
    """Search one part in a process of its own; what goes in and comes out can be pickled."""
    pinned = msgspec.json.decode(known, type=list[Signature])
    with output_unshown():
        return json_of(
            search_part(subject_of(subject), laws_named(laws), settings, part, seed, pinned)
        )
