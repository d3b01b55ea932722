"""Expected failures: what is known to fail, why, and in what way; kept in a TOML file.

An entry is one ``[[expected-failure]]``::

    [[expected-failure]]
    case = "CA-2[without-the-file]"     # or clause = "CA-2", for every case of the clause
    reason = "the client trusts whatever it is shown"
    way = ["it returned", "HTTP reached the target"]   # a text that the finding contains; of
                                        # several findings a text of each
    verdict = "failed"                  # without the entry; or "hang", or "inconclusive"
    flaky = false                       # true: it may also pass
    owner = "team data"                 # who looks after it
    issue = "https://example.org/17"    # where it is discussed
    expires = 2031-01-31                # the last day; an error from the day after

The list is strict: a case must fail as its entry says, and in no other way besides. One that passes
is stale and makes the run fail, and so does one that fails otherwise; an entry that has expired, or
names what is not there, ends the run before anything is judged.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

import msgspec

from connect_contracts.chapters.case import Case
from connect_contracts.chapters.catalogue import UnknownId, catalogue
from connect_contracts.judging.judgement import Judgement
from connect_contracts.model.cause import Cause
from connect_contracts.model.clause import Level
from connect_contracts.model.json_text import MEBIBYTE, read_regular
from connect_contracts.model.verdict import Verdict

LARGEST = MEBIBYTE
"""The size in bytes up to which a file of expected failures is read."""


class BadExpectedFailures(Exception):
    """The file of expected failures cannot be used; the text says why and what to do."""


class ExpectedFailure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry, with the keys that stand above."""

    reason: str
    way: str | tuple[str, ...]
    case: str | None = None
    clause: str | None = None
    verdict: Literal["failed", "hang", "inconclusive"] = "failed"
    flaky: bool = False
    owner: str | None = None
    issue: str | None = None
    expires: dt.date | None = None

    @property
    def subject(self) -> str:
        """The id that it names."""
        return self.case or self.clause or ""

    @property
    def ways(self) -> tuple[str, ...]:
        return (self.way,) if isinstance(self.way, str) else self.way


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    entries: tuple[ExpectedFailure, ...] = msgspec.field(name="expected-failure", default=())


def read_expected_failures(
    path: Path, *, today: dt.date | None = None
) -> Mapping[str, ExpectedFailure]:
    """The entries of the file at ``path``, by the id of each case that they are about.

    Raises:
        BadExpectedFailures: The file cannot be read, an entry has an unknown or a missing key,
            names what is not there or what another entry names, or has expired.
    """
    try:
        file = msgspec.toml.decode(read_regular(path, LARGEST), type=_File)
    except OSError as error:
        why = f"cannot be read: {error.strerror}"
        raise BadExpectedFailures(f"The file of expected failures {path} {why}.") from error
    except (RecursionError, msgspec.DecodeError, ValueError) as error:
        deep = isinstance(error, RecursionError)
        # A key may hold a line end, after which anything might stand.
        why = "it is nested too deeply" if deep else str(error).replace("\n", "\\n")
        raise BadExpectedFailures(
            f"The file of expected failures {path} is not as it must be: {why}."
        ) from error
    try:
        return _by_case(file.entries, today or dt.date.today())
    except BadExpectedFailures as error:
        raise BadExpectedFailures(f"In the file of expected failures {path}: {error}") from error


def _by_case(entries: Iterable[ExpectedFailure], today: dt.date) -> dict[str, ExpectedFailure]:
    found: dict[str, ExpectedFailure] = {}
    for number, entry in enumerate(entries, 1):
        _check(entry, number, today)
        for case in _cases(entry, number):
            if case.id in found:
                raise BadExpectedFailures(
                    f"two entries are about {case.id}: keep one of them (entry {number} repeats it)"
                )
            found[case.id] = entry
    return found


def _check(entry: ExpectedFailure, number: int, today: dt.date) -> None:
    if (entry.case is None) == (entry.clause is None):
        raise BadExpectedFailures(f"entry {number} must name either a case or a clause")
    if not all(text.strip() for text in (entry.reason, *(entry.ways or ("",)))):
        raise BadExpectedFailures(
            f"entry {number} ({entry.subject}) must give a reason and a way that are not empty"
        )
    if entry.expires is not None and entry.expires < today:
        owner = f", ask {entry.owner}" if entry.owner else ""
        raise BadExpectedFailures(
            f"the entry of {entry.subject} expired on {entry.expires}: fix what fails, or decide "
            f"anew and move the date{owner}"
        )


def _cases(entry: ExpectedFailure, number: int) -> list[Case]:
    every = catalogue()
    known = every.cases if entry.case is not None else every.clauses
    try:
        cases = every.select([entry.subject])
    except UnknownId as error:
        raise BadExpectedFailures(f"entry {number} matches nothing: {error}") from error
    if entry.subject not in known:
        kind = "case" if entry.case is not None else "clause"
        raise BadExpectedFailures(f"entry {number} matches nothing: {entry.subject} is no {kind}")
    demanding = [case for case in cases if case.level is not Level.OBSERVE]
    if not demanding:
        raise BadExpectedFailures(
            f"entry {number} matches nothing that can fail: {entry.subject} is only observed"
        )
    return demanding


def expected(judgement: Judgement, entry: ExpectedFailure | None) -> Judgement:
    """What becomes of ``judgement`` for a case of ``entry``.

    What says nothing about the implementation stays as it is.
    """
    verdict = judgement.verdict
    decided = verdict is Verdict.PASSED or verdict.status == 1
    if entry is None or (not decided and verdict.word != entry.verdict):
        return judgement
    if verdict is Verdict.PASSED:
        return _passed(judgement, entry)
    findings = judgement.findings or (judgement.seen,)
    undeclared = [text for text in findings if not any(way in text for way in entry.ways)]
    as_declared = verdict.word == entry.verdict and all(
        any(way in text for text in findings) for way in entry.ways
    )
    if as_declared and not undeclared:
        kind = Verdict.FLAKY if entry.flaky else Verdict.KNOWN
        return msgspec.structs.replace(judgement, verdict=kind)
    ways = " and ".join(repr(way) for way in entry.ways)
    seen = f"{verdict.word}, {judgement.seen}"
    if as_declared:
        seen = f"besides that, and not declared: {'; '.join(undeclared)}"
    # Another cause than that of cases without an entry, among which it would not be seen.
    declared = f"{entry.verdict} with {ways}"
    why = Cause(f"not as declared | {entry.subject}", declared, "it fails otherwise than expected")
    return msgspec.structs.replace(
        judgement,
        verdict=Verdict.FAILED,
        causes=(why,),
        seen=f"it fails otherwise than expected, where {entry.verdict} with {ways} was "
        f"declared ({entry.reason}): {seen}",
    )


def _passed(judgement: Judgement, entry: ExpectedFailure) -> Judgement:
    if entry.flaky:
        verdict, seen = Verdict.FLAKY, f"it passed this time ({entry.reason})"
    else:
        what = "remove the entry" if entry.case else "name the cases that still fail, one by one"
        seen = f"it passed, so the expected failure is stale: {what}"
        verdict, seen = Verdict.FAILED, f"{seen} (entry of {entry.subject}: {entry.reason})"
    return msgspec.structs.replace(judgement, verdict=verdict, seen=seen)
