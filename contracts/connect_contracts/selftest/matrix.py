"""The kill matrix: what each broken implementation does not pass, case by case, as it is pinned.

That of the package lies beside this module, as JSON. A clause stands for all its cases that give a
verdict in the profile, at the depth at which the implementation meets the suite.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from connect_contracts.chapters.case import Case
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.execution.capture.output_capture import output_unshown
from connect_contracts.judging.judgement import Judgement
from connect_contracts.judging.verify import verify
from connect_contracts.model.clause import Depth, Level, Profile
from connect_contracts.model.verdict import Verdict
from connect_contracts.selftest.registry import Broken, every_broken_implementation, judged

PASSING = tuple(verdict for verdict in Verdict if verdict.outcome == "passed")

FAILING = (Verdict.FAILED, Verdict.HANG)

OF_ITS_CLAUSE = tuple(verdict.word for verdict in FAILING)

Row = dict[str, str]
"""What is said of the cases that are not passed, by the case's id: the word of the verdict, and the
clause that is broken, where it is not the case's own: ``failed by CA-1``."""

Key = tuple[str, Profile]
"""A broken implementation, by its name, in one of its profiles."""

_Rows = dict[str, dict[str, dict[str, list[str]]]]


def met(broken: Broken, profile: Profile, cases: Iterable[Case]) -> Row:
    """What ``broken`` does not pass of ``cases``; what this machine cannot test is left out."""
    return not_passed(judged_anew(broken, profile, cases))


def not_passed(found: Row) -> Row:
    """Those of ``found`` that are no pass; what could not be tested is left out."""
    left_out = (*PASSING, Verdict.NOT_TESTABLE)
    return {case: word for case, word in found.items() if verdict_of(word) not in left_out}


def word_of(judgement: Judgement) -> str:
    """What a row says of a case that is judged so."""
    by = f"{_BY}{judgement.broken}" if judgement.broken else ""
    return f"{judgement.verdict.word}{by}"


def verdict_of(word: str) -> Verdict:
    """The verdict of which a row says so; ``ValueError`` is raised if there is none."""
    return Verdict.of(word.partition(_BY)[0])


_BY = " by "


def judged_anew(broken: Broken, profile: Profile, cases: Iterable[Case]) -> Row:
    """Every verdict on ``broken``.

    Each case meets it anew, for some remember what they should not: what is found does not depend
    on which cases went before.
    """
    found: Row = {}
    with silenced():
        for case in cases:
            judgement = verify(case, broken.implementation(profile), profile).judgement
            found[case.id] = word_of(judgement)
    return found


@contextmanager
def silenced() -> Iterator[None]:
    """Meanwhile no warning is shown and nothing is printed: some of it tells keys and passwords."""
    with warnings.catch_warnings(), output_unshown():
        warnings.showwarning = lambda *_, **__: None
        yield


def cases_for(broken: Broken, profile: Profile) -> list[Case]:
    cases = catalogue().cases.values()
    return [case for case in cases if profile in case.profiles and broken.meets(case)]


class KillMatrix:
    """What is pinned of broken implementations, in a file.

    Parameters:
        everyone: Gives the broken implementations that it is about.
    """

    def __init__(self, file: Path, everyone: Callable[[], Sequence[Broken]]) -> None:
        self.file = file
        self.everyone = everyone
        self._rows: Mapping[Key, Row] | None = None

    def rows(self) -> Mapping[Key, Row]:
        if self._rows is None:
            pinned = msgspec.json.decode(self.file.read_bytes(), type=_Rows)
            self._rows = {
                (broken.name, Profile(profile)): _unfolded(broken, Profile(profile), verdicts)
                for broken in self.everyone()
                for profile, verdicts in pinned.get(broken.name, {}).items()
            }
        return self._rows

    def row(self, broken: Broken, profile: Profile) -> Row:
        """What is pinned of ``broken``; nothing if it is not in the matrix yet."""
        return self.rows().get((broken.name, profile), {})

    def pin(self, rows: Mapping[Key, Row]) -> None:
        """Write ``rows`` into the file, in place of what is pinned of the same implementations.

        What is pinned of an implementation that is no longer there goes.
        """
        whole = {**(self.rows() if self.file.exists() else {}), **rows}
        written: _Rows = {
            broken.name: {
                profile.value: _folded(broken, profile, whole[broken.name, profile])
                for profile in broken.profiles
                if (broken.name, profile) in whole
            }
            for broken in self.everyone()
        }
        text = msgspec.json.format(msgspec.json.encode(written), indent=1)
        self.file.write_bytes(text + b"\n")
        self._rows = None

    def undefended(self, depth: Depth = Depth.SLOW) -> list[tuple[str, Profile]]:
        """The clauses that give a verdict and that no broken implementation fails at this depth.

        A case that is failed by another clause says nothing of its own.
        """
        known = catalogue().cases
        killed = {
            (known[case].clause.id, profile)
            for (_, profile), row in self.rows().items()
            for case, word in row.items()
            if word in OF_ITS_CLAUSE and depth.contains(known[case].depth)
        }
        judging = {
            (case.clause.id, profile): None
            for profile in Profile
            for case in known.values()
            if case.level is not Level.OBSERVE and profile in case.profiles
        }
        return [clause for clause in judging if clause not in killed]

    def survivors(self) -> list[Key]:
        """The broken implementations that fail nothing in one of their profiles."""
        return [
            (broken.name, profile)
            for broken in self.everyone()
            for profile in broken.profiles
            if Verdict.FAILED.word not in self.row(broken, profile).values()
        ]


PINNED = KillMatrix(Path(__file__).with_name("kill_matrix.json"), every_broken_implementation)
"""The matrix of the broken implementations of this package."""


def _folded(broken: Broken, profile: Profile, row: Row) -> dict[str, list[str]]:
    left = dict(row)
    folded: dict[str, list[str]] = {}
    clauses = dict.fromkeys(catalogue().cases[case].clause.id for case in row)
    for clause in clauses:
        ids = [case.id for case in judged((clause,), profile, broken.depth)]
        words = {left.get(case) for case in ids}
        if len(ids) > 1 and len(words) == 1 and (word := words.pop()) is not None:
            folded.setdefault(word, []).append(clause)
            for case in ids:
                del left[case]
    for case, word in left.items():
        folded.setdefault(word, []).append(case)
    return {word: folded[word] for word in sorted(folded)}


def _unfolded(broken: Broken, profile: Profile, verdicts: Mapping[str, list[str]]) -> Row:
    return {
        case: word
        for word, names in verdicts.items()
        for name in names
        for case in _cases(name, broken, profile)
    }


def _cases(name: str, broken: Broken, profile: Profile) -> list[str]:
    # A case may be failed that only observes: a password in the clear is no matter of choice.
    if name in catalogue().cases:
        return [name]
    # A case may have been renamed or taken out since: the row is then no longer what is met.
    known = (name,) if name in catalogue().clauses else ()
    return [case.id for case in judged(known, profile, broken.depth)]
