"""Clauses that are newer than the version that a user pins: reported, and no failure."""

from __future__ import annotations

import msgspec
from packaging.version import InvalidVersion, Version

from connect_contracts.judging.judgement import Judgement
from connect_contracts.model.clause import Clause
from connect_contracts.model.verdict import Verdict


class BadVersion(Exception):
    """What is pinned is no version; the text is one sentence that says what to do."""


def version_of(text: str) -> Version:
    """The version that a user pins; ``BadVersion`` is raised if it is none."""
    try:
        return Version(text)
    except InvalidVersion:
        raise BadVersion(
            f"{text!r} of --since is no version: give the one of this suite that you pin."
        ) from None


def unless_newer(judgement: Judgement, clause: Clause, pinned: Version | None) -> Judgement:
    """``judgement``, which is recorded and no more if its clause came after ``pinned``.

    Parameters:
        clause: The clause that was broken, or the case's own.
    """
    verdict = judgement.verdict
    if pinned is None or not verdict.is_finding or Version(clause.since) <= pinned:
        return judgement
    came = f"{clause.id} came with {clause.since}, and {pinned} is pinned"
    seen = f"{came}; it would be {verdict.word}: {judgement.seen}"
    return msgspec.structs.replace(judgement, verdict=Verdict.OBSERVED, would_be=verdict, seen=seen)
