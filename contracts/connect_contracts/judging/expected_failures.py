"""Expected failures: what is known to fail, why, and in what way; kept in a TOML file.

An entry is one ``[[expected-failure]]``::

    [[expected-failure]]
    cause = "leak | a password appeared in the authentication"  # every case that has this cause
    reason = "the client's BasicAuthentication shows its password"
    clauses = ["AUTH-12"]               # left out: wherever it is met; else in these alone

    [[expected-failure]]
    case = "CA-2[without-the-file]"     # or clause = "CA-2", for every case of the clause
    reason = "the client trusts whatever it is shown"
    way = ["it returned", "HTTP reached the target"]   # a text that the finding contains; of
                                        # several findings a text of each; not with a cause
    verdict = "failed"                  # without the entry; or "hang", or "inconclusive"
    flaky = false                       # true: it may also pass
    owner = "team data"                 # who looks after it
    issue = "https://example.org/17"    # where it is discussed
    expires = 2031-01-31                # the last day; from the day after its cases fail

A cause is named by its key, as a run prints it. What a search found, and a capsule, can be declared
by its cause alone. A case is known if each of its findings is
declared, by its entry or by an entry of a cause. The list is strict: a case that passes although it
has an entry is stale and makes the run fail, and so does one that fails otherwise. An entry that
names what is not there ends the run before anything is judged. ``connect-contract expected`` finds
an entry of a cause that no case has any more.
"""

from __future__ import annotations

import codecs
import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import msgspec

from connect_contracts.chapters.case import Case
from connect_contracts.chapters.catalogue import UnknownId, catalogue
from connect_contracts.checks.causes import broken_by
from connect_contracts.judging.judgement import Judgement
from connect_contracts.model.cause import Cause
from connect_contracts.model.clause import Level
from connect_contracts.model.json_text import MEBIBYTE, read_regular
from connect_contracts.model.verdict import Verdict
from connect_harness.refusals import no_such
from connect_harness.transcript import one_line

STALE, OTHERWISE = "stale | ", "not as declared | "
"""How the key of the cause begins where an entry is stale, or its case fails otherwise."""
EXPIRED = "its entry expired on "
"""How what was seen begins in a cause whose entry has expired."""
UNEXPLAINED = "to be explained: "
"""How the reason begins of an entry that the command wrote, and that no person completed yet."""

LARGEST = MEBIBYTE
"""The size in bytes up to which a file of expected failures is read."""


_NAMES = ("case", "clause", "cause")
_KEYS = (
    "give a case, a clause or a cause, a reason, a way (not beside a cause), and where needed "
    'clauses (beside a cause), verdict ("failed", "hang" or "inconclusive"), flaky (true), owner, '
    "issue, and expires (a day without quotes, such as 2031-01-31)"
)


class BadExpectedFailures(Exception):
    """The file of expected failures cannot be used; the text says why and what to do."""


class ExpectedFailure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry, with the keys that stand above."""

    reason: str
    way: str | tuple[str, ...] = ()
    cause: str | None = None
    case: str | None = None
    clause: str | None = None
    clauses: tuple[str, ...] = ()
    verdict: Literal["failed", "hang", "inconclusive"] = "failed"
    flaky: bool = False
    owner: str | None = None
    issue: str | None = None
    expires: dt.date | None = None

    @property
    def subject(self) -> str:
        """The id that it names."""
        return self.case or self.clause or self.cause or ""

    @property
    def ways(self) -> tuple[str, ...]:
        return (self.way,) if isinstance(self.way, str) else self.way

    def covers(self, clause: str) -> bool:
        """Whether what breaks ``clause`` is known by it; of an entry by cause."""
        return not self.clauses or clause in self.clauses

    def expired(self, today: dt.date) -> bool:
        return self.expires is not None and self.expires < today


NONE_KNOWN: Mapping[str, ExpectedFailure] = MappingProxyType({})


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    entries: tuple[dict[str, Any], ...] = msgspec.field(name="expected-failure", default=())


@dataclass(frozen=True)
class ExpectedFailures:
    """The entries of a file.

    Parameters:
        by_case: By the id of each case that they are about, those of clauses too.
        by_cause: By the key of the cause.
        today: The day by which they expire.
        file: The file that they stand in, as from the working folder.
    """

    by_case: Mapping[str, ExpectedFailure] = field(default_factory=dict)
    by_cause: Mapping[str, ExpectedFailure] = field(default_factory=dict)
    today: dt.date = dt.date.min
    file: str = field(default="", compare=False)

    def judge(
        self,
        case: str,
        judgement: Judgement,
        known: Mapping[str, ExpectedFailure] = NONE_KNOWN,
        clause: str = "",
    ) -> Judgement:
        """What becomes of ``judgement`` for the case of this id.

        Parameters:
            known: What its client is known for, by the key of the cause; the file wins over it.
            clause: The id of the one that is broken.
        """
        own = {
            key: entry
            for key, entry in self.by_cause.items()
            if entry.covers(broken_by(key, clause))
        }
        return expected(judgement, self.by_case.get(case), {**known, **own}, self.today)


def read_expected_failures(path: Path, *, today: dt.date | None = None) -> ExpectedFailures:
    """The entries of the file at ``path``.

    Raises:
        BadExpectedFailures: The file cannot be read, an entry has an unknown or a missing key,
            names what is not there, or names what another entry names.
    """
    try:
        # Some editors of Windows write a byte order mark.
        content = read_regular(path, LARGEST).removeprefix(codecs.BOM_UTF8)
        file = msgspec.toml.decode(content, type=_File)
    except OSError as error:
        why = f"cannot be read: {error.strerror}"
        raise BadExpectedFailures(f"The file of expected failures {path} {why}.") from error
    except (RecursionError, msgspec.DecodeError, ValueError) as error:
        deep = isinstance(error, RecursionError)
        # A key may hold a line end, after which anything might stand.
        why = "it is nested too deeply" if deep else str(error).replace("\n", "\\n")
        if isinstance(error, msgspec.ValidationError):
            why = f"{why}: write each entry under [[expected-failure]]"
        raise BadExpectedFailures(
            f"The file of expected failures {path} is not as it must be: {why}."
        ) from error
    by_case: dict[str, ExpectedFailure] = {}
    by_cause: dict[str, ExpectedFailure] = {}
    try:
        for number, given in enumerate(file.entries, 1):
            entry = _entry(given, number)
            _check(entry, number)
            if entry.cause is not None:
                _add(by_cause, [entry.cause], entry, number)
            else:
                _add(by_case, [case.id for case in _cases(entry, number)], entry, number)
    except BadExpectedFailures as error:
        raise BadExpectedFailures(f"In the file of expected failures {path}: {error}") from error
    inside = path.is_relative_to(Path.cwd())
    named = one_line(str(path.relative_to(Path.cwd()) if inside else path))
    return ExpectedFailures(by_case, by_cause, today or dt.date.today(), named)


def _entry(given: Mapping[str, Any], number: int) -> ExpectedFailure:
    try:
        # As in a file of TOML, where a day is no text.
        return msgspec.convert(given, ExpectedFailure, builtin_types=(dt.date, dt.datetime))
    except msgspec.ValidationError as error:
        why = str(error).replace("\n", "\\n").replace(" - at `$.", " in `")
        why = why.removeprefix("Object ")
        subject = "".join(f" ({given[name]})" for name in _NAMES if name in given)
        raise BadExpectedFailures(f"entry {number}{subject}: {why}; {_KEYS}") from error


def _add(
    found: dict[str, ExpectedFailure], names: Iterable[str], entry: ExpectedFailure, number: int
) -> None:
    for name in names:
        if name in found:
            raise BadExpectedFailures(
                f"two entries are about {name}: keep one of them (entry {number} repeats it)"
            )
        found[name] = entry


def _check(entry: ExpectedFailure, number: int) -> None:
    if [entry.case, entry.clause, entry.cause].count(None) != 2:
        raise BadExpectedFailures(f"entry {number} must name either a case, a clause or a cause")
    if entry.cause is not None and entry.ways:
        raise BadExpectedFailures(
            f"entry {number} ({entry.subject}) names a cause, which is the way: leave `way` out"
        )
    if entry.cause is None and entry.clauses:
        raise BadExpectedFailures(
            f"entry {number} ({entry.subject}) names no cause: `clauses` stand beside a cause alone"
        )
    for clause in entry.clauses:
        if clause not in catalogue().clauses:
            text = no_such("clause", clause, catalogue().clauses, "connect-contract list")
            raise BadExpectedFailures(f"entry {number} matches nothing: {text}")
    named = "a reason and a way" if entry.cause is None else "a cause and a reason"
    needed = (entry.subject,) if entry.cause is not None else entry.ways or ("",)
    if not all(text.strip() for text in (entry.reason, *needed)):
        raise BadExpectedFailures(
            f"entry {number} ({entry.subject}) must give {named} that are not empty"
        )


def _cases(entry: ExpectedFailure, number: int) -> list[Case]:
    every = catalogue()
    known = every.cases if entry.case is not None else every.clauses
    try:
        cases = every.select([entry.subject])
    except UnknownId as error:
        raise BadExpectedFailures(
            f"entry {number} matches nothing: {error} What a search found, and a law that it "
            "breaks, are declared by the cause"
        ) from error
    if entry.subject not in known:
        name = entry.subject
        do = "a chapter: write an entry for each of its clauses that fails"
        do = f'a clause: write clause = "{name}"' if name in every.clauses else do
        do = f'a case: write case = "{name}"' if name in every.cases else do
        raise BadExpectedFailures(f"entry {number} matches nothing: {name} is {do}")
    demanding = [case for case in cases if case.level is not Level.OBSERVE]
    if not demanding:
        raise BadExpectedFailures(
            f"entry {number} matches nothing that can fail: {entry.subject} is only observed"
        )
    return demanding


def is_stale(causes: Sequence[Cause]) -> bool:
    """Whether nothing is wrong with a case of ``causes`` but that its entry is stale."""
    return bool(causes) and all(cause.key.startswith(STALE) for cause in causes)


def has_expired(causes: Sequence[Cause]) -> bool:
    """Whether an entry of a case of ``causes`` has expired."""
    return any(cause.seen.startswith(EXPIRED) for cause in causes)


def expected(
    judgement: Judgement,
    entry: ExpectedFailure | None,
    by_cause: Mapping[str, ExpectedFailure] | None = None,
    today: dt.date = dt.date.min,
) -> Judgement:
    """What becomes of ``judgement`` for a case of ``entry``, with the entries of causes.

    What says nothing about the implementation stays as it is.
    """
    verdict = judgement.verdict
    if verdict is Verdict.PASSED:
        return (
            judgement
            if entry is None
            else _unless_expired(_passed(judgement, entry), [entry], today)
        )
    causes = {key: each for key, each in (by_cause or {}).items() if each.verdict == verdict.word}
    if entry is None or (verdict.status != 1 and verdict.word != entry.verdict):
        return _by_cause(judgement, causes, today)
    findings = judgement.findings or (judgement.seen,)
    used = [entry]
    undeclared = []
    for text, of_causes in zip(findings, _entries(judgement, causes), strict=True):
        if any(way in text for way in entry.ways):
            continue
        used += of_causes
        undeclared += [] if of_causes else [text]
    as_declared = verdict.word == entry.verdict and all(
        any(way in text for text in findings) for way in entry.ways
    )
    if as_declared and not undeclared:
        return _unless_expired(_known(judgement, used), used, today)
    ways = " and ".join(repr(way) for way in entry.ways)
    seen = f"{verdict.word}, {judgement.seen}"
    if as_declared:
        texts = (json.dumps(way) for way in (*entry.ways, *map(_way, undeclared)))
        write = f"mend it, or write way = [{', '.join(dict.fromkeys(texts))}]"
        seen = f"besides that, and not declared: {'; '.join(undeclared)}; {write}"
    # Another cause than that of cases without an entry, among which it would not be seen.
    declared = f"{entry.verdict} with {ways}"
    why = Cause(f"{OTHERWISE}{entry.subject}", declared, "it fails otherwise than expected")
    return msgspec.structs.replace(
        judgement,
        verdict=Verdict.FAILED,
        causes=(why, *_told(judgement.causes, causes)),
        seen=f"{why.seen}, where {declared} was declared ({entry.reason}): {seen}",
    )


def _by_cause(
    judgement: Judgement, causes: Mapping[str, ExpectedFailure], today: dt.date
) -> Judgement:
    found = list(_entries(judgement, causes))
    if not causes or not all(found):
        return msgspec.structs.replace(judgement, causes=tuple(_told(judgement.causes, causes)))
    used = [entry for entries in found for entry in entries]
    return _unless_expired(_known(judgement, used), used, today)


def _way(finding: str) -> str:
    """What other runs have of a finding, too: not its step, nor what follows a colon."""
    return re.sub(r"^of step .*?\): ", "", finding).partition(":")[0]


def _told(causes: Iterable[Cause], known: Mapping[str, ExpectedFailure]) -> Iterator[Cause]:
    """``causes``; what is expected is told apart from what makes the case fail."""
    for cause in causes:
        reason = known[cause.key].reason if cause.key in known else cause.known
        yield msgspec.structs.replace(cause, known=reason)


def _entries(
    judgement: Judgement, entries: Mapping[str, ExpectedFailure]
) -> Iterator[list[ExpectedFailure]]:
    """The entries that declare each finding; none where one of its causes has no entry."""
    every = tuple(cause.key for cause in judgement.causes)
    for keys in judgement.of_findings or (every,):
        known = [entries[key] for key in keys if key in entries]
        yield known if len(known) == len(keys) else []


def _known(judgement: Judgement, used: Sequence[ExpectedFailure]) -> Judgement:
    flaky = any(entry.flaky for entry in used)
    verdict = Verdict.FLAKY if flaky else Verdict.KNOWN
    reasons = tuple(dict.fromkeys(entry.reason for entry in used))
    return msgspec.structs.replace(judgement, verdict=verdict, reasons=reasons)


def _unless_expired(
    judgement: Judgement, used: Sequence[ExpectedFailure], today: dt.date
) -> Judgement:
    """A failure by the first of the entries in use that has expired; else ``judgement``."""
    late = next((entry for entry in used if entry.expired(today)), None)
    if late is None or judgement.verdict not in (Verdict.KNOWN, Verdict.FLAKY):
        return judgement
    owner = f", ask {late.owner}" if late.owner else ""
    issue = f", see {late.issue}" if late.issue else ""
    seen = (
        f"the entry of {late.subject} expired on {late.expires}: fix what fails, or decide anew "
        f"and move the date{owner}{issue} ({late.reason}): {judgement.seen}"
    )
    told = f"{EXPIRED}{late.expires}{owner}{issue} ({late.reason})"
    # A flaky one that passed has no cause of its own.
    why = Cause(f"expired | {late.subject}", "no entry has expired", told)
    # With the keys that they have without an entry: reports show the causes, and not the text.
    causes = tuple(
        msgspec.structs.replace(cause, seen=f"{told}: {cause.seen}")
        if late.cause in (None, cause.key)
        else cause
        for cause in judgement.causes
    ) or (why,)
    return msgspec.structs.replace(judgement, verdict=Verdict.FAILED, seen=seen, causes=causes)


def _passed(judgement: Judgement, entry: ExpectedFailure) -> Judgement:
    causes: tuple[Cause, ...] = ()
    if entry.flaky:
        verdict, seen = Verdict.FLAKY, f"it passed this time ({entry.reason})"
    else:
        of_clause = f", or, if other cases of {entry.clause} still fail, name these"
        what = "remove the entry" if entry.case else f"remove the entry{of_clause}"
        seen = f"it passed, so the expected failure is stale: {what}"
        verdict, seen = Verdict.FAILED, f"{seen} (entry of {entry.subject}: {entry.reason})"
        stale = "the entry is stale: the case passes"
        causes = (Cause(f"{STALE}{entry.subject}", "it fails as declared", stale),)
    return msgspec.structs.replace(judgement, verdict=verdict, seen=seen, causes=causes)
