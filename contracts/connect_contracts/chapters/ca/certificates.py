"""The cases that are derived from the defects of certificates: each defect is one, with its rule.

A defect is written down once, in ``connect_harness.certificates.defects``; its docstring, its rule
and its expectation are those of its case here.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from connect_contracts.chapters.ca.chapter import CHAPTER, believed, observed, refused
from connect_contracts.chapters.case import Meanings, Story
from connect_contracts.model.clause import Depth, Level
from connect_contracts.model.scenario import AuthorityFile, TargetSpec
from connect_harness.certificates import DEFECTS, Defect

_STORIES = {"refused": refused, "accepted": believed, "observe": observed}


def _story(defect: Defect) -> Story:
    target = TargetSpec(scheme="https", chain=replace(defect.chain, defect=defect.name))
    given = AuthorityFile(defect.given)
    return _STORIES[defect.expectation](target, defect.host, authority_file=given)


def _add(defect: Defect) -> None:
    CHAPTER.add(
        CHAPTER.clauses[defect.clause],
        defect.slug.replace("_", "-"),
        defect.description,
        partial(_story, defect),
        level=Level.OBSERVE if defect.expectation == "observe" else None,
        depth=Depth(defect.depth),
        recipe=defect.recipe,
        rule=defect.rule,
        meanings=Meanings(defect.if_accepted, defect.if_refused),
    )


for _defect in DEFECTS.values():
    if _defect.chain.purpose == "server":
        _add(_defect)
