"""A case: one scenario under one clause, and what must be seen of it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypedDict, Unpack

from connect_contracts.checks.expectation import Expectation, Raises
from connect_contracts.model.clause import FIRST, Clause, Depth, Level, Profile
from connect_contracts.model.scenario import Scenario, without_defects


class BadCase(Exception):
    """A case that cannot be judged: the catalogue does not load with it."""


@dataclass(frozen=True)
class Meanings:
    """What it means, in plain words, that something which no rule settles is accepted or refused.

    Each is a sentence without its end; empty if nothing is to be said.
    """

    accepted: str = ""
    refused: str = ""


@dataclass(frozen=True)
class Case:
    """One scenario under one clause.

    Parameters:
        name: What tells it from the clause's other cases.
        expectations: What must be seen, step by step. A step without one is there to set up:
            if it does not return, the case is failed by the clause that demands it where the
            targets saw that the implementation refused, else inconclusive.
        twin: The scenario that must succeed in the same run, for a case about a refusal.
        level, profiles: The clause's, unless the case has its own.
        depth: The least depth at which it is run.
        recipe: Of a case about TLS, its name among the recipes, such as ``time/expired``.
        rule: What demands the expectation, where it is more particular than the clause's source.
        meanings: Of a case that is observed, what it means in plain words that the implementation
            accepts, and that it refuses.
        sets_up: Whether a step without an expectation is there to set up. In a generated scenario
            it is a step about which the documentation says nothing.
        of_twin: What must be seen of the twin; ``None`` if each of its steps must return.
    """

    clause: Clause
    name: str
    description: str
    scenario: Scenario
    expectations: tuple[Expectation, ...]
    twin: Scenario | None
    level: Level
    profiles: tuple[Profile, ...]
    depth: Depth = Depth.DEFAULT
    recipe: str | None = None
    rule: str = ""
    meanings: Meanings | None = None
    sets_up: bool = True
    of_twin: tuple[Expectation, ...] | None = None

    @property
    def id(self) -> str:
        """Its stable name, such as ``CA-2[without-the-file]``."""
        return f"{self.clause.id}[{self.name}]"


@dataclass(frozen=True)
class Story:
    """What a case function gives: a scenario, and what must be seen of it."""

    scenario: Scenario
    expectations: tuple[Expectation, ...] = ()
    twin: Scenario | None = None
    of_twin: tuple[Expectation, ...] | None = None


CaseFunction = Callable[[], Story]


class CaseOptions(TypedDict, total=False):
    """Fields of :class:`Case`; ``None`` as level or as profiles stands for the clause's."""

    level: Level | None
    profiles: tuple[Profile, ...] | None
    depth: Depth
    recipe: str | None
    rule: str
    meanings: Meanings | None


CaseRow = tuple[str, str, tuple[Any, ...], CaseOptions]


def row(name: str, description: str, *arguments: Any, **options: Unpack[CaseOptions]) -> CaseRow:
    """A case of a table: its name, its published description, what its story function is given."""
    return name, description, arguments, options


class Chapter:
    """The clauses and the cases of one chapter, in the order in which its file states them."""

    def __init__(self, name: str, title: str) -> None:
        self.name = name
        self.title = title
        self.clauses: dict[str, Clause] = {}
        self._stated: list[Callable[[], Case]] = []

    def clause(
        self,
        number: int,
        statement: str,
        source: str,
        level: Level,
        profiles: tuple[Profile, ...] = tuple(Profile),
        since: str = FIRST,
    ) -> Clause:
        """State the clause ``NAME-number``; ``ValueError`` is raised if the number is taken."""
        clause = Clause(f"{self.name}-{number}", statement, source, level, profiles, since)
        if clause.id in self.clauses:
            raise ValueError(f"{clause.id} is there twice")
        self.clauses[clause.id] = clause
        return clause

    def case(
        self, clause: Clause, **options: Unpack[CaseOptions]
    ) -> Callable[[CaseFunction], CaseFunction]:
        """Register the decorated function as a case of ``clause``.

        Its name becomes the case's name, its docstring the published description.
        """

        def register(function: CaseFunction) -> CaseFunction:
            name = function.__name__.replace("_", "-")
            self.add(clause, name, inspect.getdoc(function) or "", function, **options)
            return function

        return register

    def table(
        self,
        clause: Clause,
        story: Callable[..., Story],
        *rows: CaseRow,
        **options: Unpack[CaseOptions],
    ) -> None:
        """Register cases that differ by what one story function is given; a row's options win."""
        for name, description, arguments, own in rows:
            both: CaseOptions = {**options, **own}
            self.add(clause, name, description, partial(story, *arguments), **both)

    def add(
        self,
        clause: Clause,
        name: str,
        description: str,
        function: CaseFunction,
        **options: Unpack[CaseOptions],
    ) -> None:
        """Register a case that is neither a function with a docstring nor a row of a table."""
        level, profiles = options.pop("level", None), options.pop("profiles", None)
        self._stated.append(
            lambda: _built(
                function(),
                clause=clause,
                name=name,
                description=re.sub(r"\s+", " ", description).replace("``", "`"),
                level=level or clause.level,
                profiles=profiles or clause.profiles,
                **options,
            )
        )

    def cases(self) -> list[Case]:
        """All cases of the chapter; ``BadCase`` is raised if one of them cannot be judged."""
        cases: dict[str, Case] = {}
        for stated in self._stated:
            case = stated()
            if case.id in cases:
                raise BadCase(f"{case.id} is there twice")
            cases[case.id] = case
        return sorted(cases.values(), key=lambda case: case.clause.number)


def _built(story: Story, **stated: Any) -> Case:
    case = Case(
        scenario=story.scenario,
        expectations=story.expectations,
        twin=story.twin or without_defects(story.scenario),
        of_twin=story.of_twin,
        **stated,
    )
    if not case.description:
        raise BadCase(f"{case.id} has no docstring")
    if case.level is Level.OBSERVE:
        return replace(case, twin=None)
    if not case.expectations:
        raise BadCase(f"{case.id} demands nothing: it can only be of level observe")
    alternatives = [each for expected in case.expectations for each in expected.alternatives]
    if case.twin is None and any(isinstance(each.outcome, Raises) for each in alternatives):
        raise BadCase(f"{case.id} is about a refusal and has no twin: give one explicitly")
    return case
