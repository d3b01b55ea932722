"""Cases, runs and results that are written by hand, for what judges them."""

from __future__ import annotations

from typing import Any

import msgspec

from connect_contracts.chapters.builder import AS_ADMIN, connect, must, secure, story
from connect_contracts.chapters.case import Case, Chapter, Story
from connect_contracts.checks.expectation import Raises
from connect_contracts.model.clause import Level
from connect_contracts.model.observation import Observation, Result


def case_of(told: Story, level: Level = Level.ROBUST) -> Case:
    """The case that tells ``told``, of a clause of this level."""
    chapter = Chapter("X", "for this test")
    clause = chapter.clause(1, "a statement", "-", level)

    def one_case() -> Story:
        """A case."""
        return told

    chapter.case(clause)(one_case)
    (case,) = chapter.cases()
    return case


def result(index: int, how: str = "returned", **more: Any) -> Result:
    """How the step ``index`` ended; one that raised raised a ``ValueError`` by default."""
    if how == "raised":
        more = {"raised": {"type": "ValueError", "names": ("ValueError",), "text": "no"}, **more}
    fields = {"who": "session", "what": "connect", "how": how, "began": 0, "ended": 9, **more}
    return msgspec.convert({"place": (index,), **fields}, Result)


def seen(case: Case, *results: Result, **more: Any) -> Observation:
    """The run of ``case`` that has these results."""
    return Observation(case.scenario, results, **more)


REFUSAL = case_of(story(secure(), must(connect(AS_ADMIN, defect="no url"), Raises())))
