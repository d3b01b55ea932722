"""All chapters together: clauses and cases by id, and selections of them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import import_module

from connect_contracts.chapters.case import Case, Chapter
from connect_contracts.model.clause import Clause, Depth

CHAPTERS = ("sig", "url", "auth", "ca", "mtls", "live", "keep", "fault", "clean")


class UnknownId(Exception):
    """A clause or case that the catalogue does not have; the text says what to do."""


class Catalogue:
    """Every clause and every case, in the order of the chapters."""

    def __init__(self, chapters: Iterable[Chapter]) -> None:
        self.chapters = tuple(chapters)
        self.clauses: dict[str, Clause] = {}
        self.cases: dict[str, Case] = {}
        for chapter in self.chapters:
            self.clauses |= chapter.clauses
            self.cases |= {case.id: case for case in chapter.cases()}
        self._known = {name for case in self.cases.values() for name in _names(case)}

    def of(self, clause: Clause) -> list[Case]:
        return [case for case in self.cases.values() if case.clause.id == clause.id]

    def select(self, ids: Sequence[str] = (), depth: Depth = Depth.SLOW) -> list[Case]:
        """The cases of these chapters, clauses or cases at this depth; all of them for none.

        A case that is named itself is chosen at any depth. ``UnknownId`` is raised for an id that
        is not in the catalogue.
        """
        for name in ids:
            if name not in self._known:
                raise UnknownId(self._unknown(name))
        return [
            case
            for case in self.cases.values()
            if case.id in ids
            or (depth.contains(case.depth) and (not ids or set(ids) & set(_names(case))))
        ]

    def _unknown(self, name: str) -> str:
        known = [*self.cases, *self.clauses, *(chapter.name for chapter in self.chapters)]
        if name in self.clauses:
            return f"The clause {name} has no case yet: choose another."
        by_capitals = {each.upper(): each for each in known}
        near = difflib.get_close_matches(name.upper(), by_capitals, 1)
        hint = f"did you mean {by_capitals[near[0]]}? " if near else ""
        return f"There is no clause or case {name!r}: {hint}`connect-contract list` shows them all."


def _names(case: Case) -> tuple[str, ...]:
    return case.id, case.clause.id, case.clause.chapter


@cache
def catalogue() -> Catalogue:
    """The catalogue of this project, made once."""
    return Catalogue(
        import_module(f"connect_contracts.chapters.{name}").CHAPTER for name in CHAPTERS
    )
