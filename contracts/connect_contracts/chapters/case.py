"""A case: one scenario under one clause, and what must be seen of it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from connect_contracts.checks.expectation import Alternative, Expectation, Raises
from connect_contracts.model.clause import Clause, Depth, Level, Profile
from connect_contracts.model.scenario import Scenario, without_defects


class BadCase(Exception):
    """A case that cannot be judged: the catalogue does not load with it."""


@dataclass(frozen=True)
class Meanings:
    """What it means, in plain words, that something which no rule settles is accepted or refused.

    Parameters:
        accepted, refused: A sentence without its end; empty if nothing is to be said.
    """

    accepted: str = ""
    refused: str = ""


@dataclass(frozen=True)
class Case:
    """One scenario under one clause.

    Parameters:
        clause: The clause.
        name: What tells it from the clause's other cases.
        description: Its docstring.
        scenario: What is done.
        expectations: What must be seen, step by step. A step without one is there to set up:
            if it does not return, the case is inconclusive.
        twin: The scenario that must succeed in the same run, for a case about a refusal.
        level, profiles: The clause's, unless the case has its own.
        depth: The least depth at which it is run.
        recipe: Of a case about TLS, its name among the recipes, such as ``time/expired``.
        rule: What demands the expectation, where it is more particular than the clause's source.
        meanings: Of a case that is observed, what it means in plain words that the implementation
            accepts, and that it refuses.
        sets_up: Whether a step without an expectation is there to set up. In a scenario that
            nobody wrote by hand it is one of which the documentation says nothing.
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


@dataclass(frozen=True)
class _Registered:
    clause: Clause
    name: str
    description: str
    function: CaseFunction
    level: Level
    profiles: tuple[Profile, ...]
    depth: Depth
    recipe: str | None
    rule: str
    meanings: Meanings | None


class Chapter:
    """The clauses and the cases of one chapter, in the order in which its file states them.

    Parameters:
        name: The part of the ids before the number.
        title: What the chapter is about.
    """

    def __init__(self, name: str, title: str) -> None:
        self.name = name
        self.title = title
        self.clauses: dict[str, Clause] = {}
        self._registered: list[_Registered] = []

    def clause(
        self,
        number: int,
        statement: str,
        source: str,
        level: Level,
        profiles: tuple[Profile, ...] = tuple(Profile),
    ) -> Clause:
        """State the clause ``NAME-number``.

        Raises:
            ValueError: The number is taken.
        """
        clause = Clause(f"{self.name}-{number}", statement, source, level, profiles)
        if clause.id in self.clauses:
            raise ValueError(f"{clause.id} is there twice")
        self.clauses[clause.id] = clause
        return clause

    def case(
        self,
        clause: Clause,
        *,
        level: Level | None = None,
        profiles: tuple[Profile, ...] | None = None,
        depth: Depth = Depth.DEFAULT,
        recipe: str | None = None,
        rule: str = "",
    ) -> Callable[[CaseFunction], CaseFunction]:
        """Register the decorated function as a case of ``clause``.

        Its name becomes the case's name, its docstring the published description.
        """

        def register(function: CaseFunction) -> CaseFunction:
            self.add(
                clause,
                function.__name__.replace("_", "-"),
                inspect.getdoc(function) or "",
                function,
                level=level,
                profiles=profiles,
                depth=depth,
                recipe=recipe,
                rule=rule,
            )
            return function

        return register

    def add(
        self,
        clause: Clause,
        name: str,
        description: str,
        function: CaseFunction,
        *,
        level: Level | None = None,
        profiles: tuple[Profile, ...] | None = None,
        depth: Depth = Depth.DEFAULT,
        recipe: str | None = None,
        rule: str = "",
        meanings: Meanings | None = None,
    ) -> None:
        """Register a case that is made from something else than a function with a docstring."""
        self._registered.append(
            _Registered(
                clause,
                name,
                re.sub(r"\s+", " ", description),
                function,
                level or clause.level,
                profiles or clause.profiles,
                depth,
                recipe,
                rule,
                meanings,
            )
        )

    def cases(self) -> list[Case]:
        """All cases of the chapter.

        Raises:
            BadCase: One has no description, a name that is taken, or a refusal without a twin.
        """
        cases: dict[str, Case] = {}
        for one in self._registered:
            case = _built(one)
            if case.id in cases:
                raise BadCase(f"{case.id} is there twice")
            cases[case.id] = case
        return sorted(cases.values(), key=lambda case: case.clause.number)


def _built(one: _Registered) -> Case:
    story = one.function()
    if not one.description:
        raise BadCase(f"{one.clause.id}[{one.name}] has no docstring")
    case = Case(
        clause=one.clause,
        name=one.name,
        description=one.description,
        scenario=story.scenario,
        expectations=story.expectations,
        twin=story.twin or without_defects(story.scenario),
        level=one.level,
        profiles=one.profiles,
        depth=one.depth,
        recipe=one.recipe,
        rule=one.rule,
        meanings=one.meanings,
        of_twin=story.of_twin,
    )
    if one.level is Level.OBSERVE:
        return replace(case, twin=None)
    if not case.expectations:
        raise BadCase(f"{case.id} demands nothing: it can only be of level observe")
    if case.twin is None and any(_may_refuse(one) for one in case.expectations):
        raise BadCase(f"{case.id} is about a refusal and has no twin: give one explicitly")
    return case


def _may_refuse(expectation: Expectation) -> bool:
    return any(_raises(one) for one in expectation.alternatives)


def _raises(alternative: Alternative) -> bool:
    return isinstance(alternative.outcome, Raises)
