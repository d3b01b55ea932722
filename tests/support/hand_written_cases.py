"""Cases, runs and results that are written by hand, for what judges them."""

from __future__ import annotations

from typing import Any

import msgspec

from connect_contracts.chapters.builder import AS_ADMIN, connect, must, secure, story
from connect_contracts.chapters.case import Case, Chapter, Story
from connect_contracts.checks.expectation import Raises
from connect_contracts.judging import judge as judging
from connect_contracts.judging.judgement import Judgement
from connect_contracts.model.clause import Level, Profile
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


def judge(case: Case, observation: Observation) -> Judgement:
    """The verdict on ``case`` in the profile 0.9.1, its twin left aside."""
    return judging.judge(case, observation, Profile.V0_9_1)


REFUSAL = case_of(story(secure(), must(connect(AS_ADMIN, defect="no url"), Raises())))
