"""The kill matrix: what each broken implementation does not pass, case by case, as it is pinned.

That of the package lies beside this module, as JSON. A clause stands for all its cases that give a
verdict in the profile, at the depth at which the implementation meets the suite.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import msgspec

from connect_contracts.chapters.case import Case
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.judging.verify import verify
from connect_contracts.model.clause import Depth, Level, Profile
from connect_contracts.model.verdict import Verdict
from connect_contracts.selftest.registry import Broken, every_broken_implementation, judged

PASSING = tuple(verdict for verdict in Verdict if verdict.outcome == "passed")

Row = dict[str, Verdict]
"""The verdicts on the cases that are not passed, by the case's id."""

Key = tuple[str, Profile]
"""A broken implementation, by its name, in one of its profiles."""

_Rows = dict[str, dict[str, dict[str, list[str]]]]


def met(one: Broken, profile: Profile, cases: Iterable[Case]) -> Row:
    """What ``one`` does not pass of ``cases``; what this machine cannot test is left out.

    Each case meets it anew, for some remember what they should not: what is found does not depend
    on which cases went before.
    """
    return not_passed(judged_anew(one, profile, cases))


def not_passed(verdicts: Row) -> Row:
    """Those of ``verdicts`` that are none of a pass; what could not be tested is left out."""
    return {
        case: verdict
        for case, verdict in verdicts.items()
        if verdict not in (*PASSING, Verdict.NOT_TESTABLE)
    }


def judged_anew(one: Broken, profile: Profile, cases: Iterable[Case]) -> Row:
    """Every verdict on ``one``, which each case meets anew."""
    found: Row = {}
    # A case lets warnings and output through, and some of these tell keys and passwords.
    with warnings.catch_warnings(), redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        warnings.showwarning = _unshown
        for case in cases:
            judgement = verify(case, one.implementation(profile), profile).judgement
            found[case.id] = judgement.verdict
    return found


def _unshown(*_: object, **__: object) -> None:
    pass


def cases_for(one: Broken, profile: Profile) -> list[Case]:
    """The cases that ``one`` meets in ``profile``."""
    return [
        case for case in catalogue().cases.values() if profile in case.profiles and one.meets(case)
    ]


class KillMatrix:
    """What is pinned of broken implementations, in a file.

    Parameters:
        file: The JSON file.
        everyone: Gives the broken implementations that it is about.
    """

    def __init__(self, file: Path, everyone: Callable[[], Sequence[Broken]]) -> None:
        self.file = file
        self.everyone = everyone
        self._rows: Mapping[Key, Row] | None = None

    def rows(self) -> Mapping[Key, Row]:
        """The matrix as it is pinned."""
        if self._rows is None:
            self._rows = self._read()
        return self._rows

    def row(self, one: Broken, profile: Profile) -> Row:
        """What is pinned of ``one``; nothing if it is not in the matrix yet."""
        return self.rows().get((one.name, profile), {})

    def pin(self, rows: Mapping[Key, Row]) -> None:
        """Write ``rows`` into the file, in place of what is pinned of the same implementations.

        What is pinned of an implementation that is no longer there goes.
        """
        whole = {**(self.rows() if self.file.exists() else {}), **rows}
        written: _Rows = {
            one.name: {
                profile.value: _folded(one, profile, whole[one.name, profile])
                for profile in one.profiles
                if (one.name, profile) in whole
            }
            for one in self.everyone()
        }
        text = msgspec.json.format(msgspec.json.encode(written), indent=1)
        self.file.write_bytes(text + b"\n")
        self._rows = None

    def undefended(self, depth: Depth = Depth.SLOW) -> list[tuple[str, Profile]]:
        """The clauses that give a verdict and that no broken implementation fails at this depth."""
        found = []
        for profile in Profile:
            killed = {
                catalogue().cases[case].clause.id
                for (_, its), row in self.rows().items()
                if its is profile
                for case, verdict in row.items()
                if verdict in (Verdict.FAILED, Verdict.HANG)
                and depth.contains(catalogue().cases[case].depth)
            }
            for clause in catalogue().clauses.values():
                judging = [
                    case
                    for case in catalogue().of(clause)
                    if case.level is not Level.OBSERVE and profile in case.profiles
                ]
                if judging and clause.id not in killed:
                    found.append((clause.id, profile))
        return found

    def survivors(self) -> list[Key]:
        """The broken implementations that fail nothing in one of their profiles."""
        return [
            (one.name, profile)
            for one in self.everyone()
            for profile in one.profiles
            if Verdict.FAILED not in self.row(one, profile).values()
        ]

    def _read(self) -> dict[Key, Row]:
        rows = msgspec.json.decode(self.file.read_bytes(), type=_Rows)
        everyone = {one.name: one for one in self.everyone()}
        return {
            (name, Profile(profile)): _unfolded(everyone[name], Profile(profile), verdicts)
            for name, by_profile in rows.items()
            if name in everyone
            for profile, verdicts in by_profile.items()
        }


PINNED = KillMatrix(Path(__file__).with_name("kill_matrix.json"), every_broken_implementation)
"""The matrix of the broken implementations of this package."""


def _folded(one: Broken, profile: Profile, row: Row) -> dict[str, list[str]]:
    left = dict(row)
    folded: dict[str, list[str]] = {}
    clauses = dict.fromkeys(catalogue().cases[case].clause.id for case in row)
    for clause in clauses:
        ids = [case.id for case in judged((clause,), profile, one.depth)]
        verdicts = {left.get(case) for case in ids}
        if len(ids) > 1 and len(verdicts) == 1 and (verdict := verdicts.pop()) is not None:
            folded.setdefault(verdict.word, []).append(clause)
            for case in ids:
                del left[case]
    for case, verdict in left.items():
        folded.setdefault(verdict.word, []).append(case)
    return {word: folded[word] for word in sorted(folded)}


def _unfolded(one: Broken, profile: Profile, verdicts: Mapping[str, list[str]]) -> Row:
    known = [name for name in itertools.chain.from_iterable(verdicts.values()) if _known(name)]
    return {
        case: Verdict.of(word)
        for word, names in verdicts.items()
        for name in names
        if name in known
        for case in _cases(name, one, profile)
    }


def _cases(name: str, one: Broken, profile: Profile) -> list[str]:
    # A case may be failed that only observes: a password in the clear is no matter of choice.
    if name in catalogue().cases:
        return [name]
    return [case.id for case in judged((name,), profile, one.depth)]


def _known(name: str) -> bool:
    # A case may have been renamed or taken out since: the row is then no longer what is met.
    return name in catalogue().cases or name in catalogue().clauses
